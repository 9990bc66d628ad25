"""The questions of a page, in order; each is asked only if a claim there answers it. At most eight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, str]
"""A rule and what it speaks about."""


@dataclass(frozen=True, slots=True)
class Question:
    """`every` is asked when all `answers` are on the page, `first` or `second` when only that one is."""

    answers: tuple[Key, ...]
    every: str
    first: str = ""
    second: str = ""

    def put(self, found: tuple[Key, ...]) -> str:
        """Return the question as it is asked when only `found` answer it; "" if it is not."""
        if found == self.answers:
            return self.every
        if not found:
            return ""
        return self.first if found[0] == self.answers[0] else self.second


def either(rule: str, question: str) -> Question:
    """Ask what one of the two sides answers."""
    return Question(((rule, "a"), (rule, "b")), question, question, question)


FAQ = (
    either("larger_context", "Which has the larger context window, {a} or {b}?"),
    Question((("same_context", "pair"),), "Which has the larger context window, {a} or {b}?"),
    either("cheaper", "Which is cheaper at {traffic}, {a} or {b}?"),
    Question((("open_source", "a"),), "Is {a} open source?"),
    Question((("open_source", "b"),), "Is {b} open source?"),
    Question((("only_here", "a"),), "Which of the two has {only_a}?"),
    Question((("only_here", "b"),), "Which of the two has {only_b}?"),
    Question(
        (("listed_by", "a"), ("listed_by", "b")),
        "Where can I run {a} and {b}?",
        "Where can I run {a}?",
        "Where can I run {b}?",
    ),
    Question((("verdict", "pair"),), "When should I pick {a}, and when {b}?"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as put, and the claims that answer it, by rule and subject."""

    question: str
    answers: tuple[Key, ...]


def asked(on_page: Mapping[Key, object], slots: Mapping[str, str]) -> tuple[Asked, ...]:
    """Return the questions that the claims on a page answer."""
    found = ((q, tuple(key for key in q.answers if key in on_page)) for q in FAQ)
    put = ((question.put(keys), keys) for question, keys in found)
    return tuple(Asked(words.format_map(slots), keys) for words, keys in put if words)
