"""The questions of a page, in order; each is asked only if a statement there answers it. At most eight."""

from __future__ import annotations

from collections.abc import Container, Mapping

from msgspec import Struct

from cardwatch.compare.wording.grammar import SentenceTemplate

StatementKey = tuple[str, str]
"""A rule and what it speaks about."""


class Question(Struct, eq=False):
    """`every` is asked when all `answers` are on the page, `first` or `second` when only that one is."""

    answers: tuple[StatementKey, ...]
    every: str
    first: str = ""
    second: str = ""
    templates: Mapping[tuple[StatementKey, ...], SentenceTemplate] = {}
    """By those of the answers that are on the page."""

    def __post_init__(self) -> None:
        first, *rest = self.answers
        asked: dict[tuple[StatementKey, ...], str] = {(first,): self.first}
        asked |= {(key,): self.second for key in rest}
        asked[self.answers] = self.every
        self.templates = {keys: SentenceTemplate(words) for keys, words in asked.items() if words}


def ask_of_either(rule: str, question: str) -> Question:
    """Ask what one of the two sides answers."""
    return Question(((rule, "a"), (rule, "b")), question, question, question)


FAQ = (
    ask_of_either("larger_context", "Which has the larger context window, {a} or {b}?"),
    Question((("same_context", "pair"),), "Which has the larger context window, {a} or {b}?"),
    ask_of_either("cheaper", "Which is cheaper at {traffic}, {a} or {b}?"),
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


def answered_questions(
    on_page: Container[StatementKey], slots: Mapping[str, str]
) -> list[tuple[str, tuple[StatementKey, ...]]]:
    """Return the questions that the statements on a page answer, each with the rule and subject of these statements."""
    found = [(question, tuple([key for key in question.answers if key in on_page])) for question in FAQ]
    return [
        (question.templates[keys].fill(slots), keys) for question, keys in found if keys in question.templates
    ]
