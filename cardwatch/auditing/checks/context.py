"""Context windows: who is said to have the larger one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardwatch.auditing.audited_page import AuditedPage, Text
from cardwatch.auditing.expected_pair import count_ahead
from cardwatch.auditing.expected_side import ExpectedSide
from cardwatch.auditing.figure_text import count_text, find_figures
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if

LARGER = "the larger context window"


def check_larger_context(page: AuditedPage) -> Differences:
    """A statement that one window is larger needs both, in that order, with their figures."""
    for statement, this, other in page.sided("larger_context"):
        what = f"claims.{statement['id']}"
        yield from wrong_if(
            not _larger(page, this, other),
            what,
            "both windows known, this one larger",
            windows_text(this, other),
        )
        yield from _figures(page, statement["text"], this, other, what)
    for statement, this, other in page.sided("context_changes"):
        what = f"claims.{statement['id']}"
        yield from wrong_if(
            None in (this.window, other.window), what, "both windows known", windows_text(this, other)
        )
        grows = "grows" in statement["text"]
        yield from wrong_if(
            grows is not _larger(page, this, other), what, "the true direction", statement["text"]
        )
        yield from _figures(page, statement["text"], this, other, what)
    a, b = page.truth.sides
    claimed = bool(page.statements("same_context"))
    level = count_ahead(a.window, b.window) == "tie"
    yield from wrong_if(claimed and not level, "same_context", "about equal", windows_text(a, b))


def check_context_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """The same for the words, whichever rule they come from."""
    a, b = page.truth.sides
    for where, text in texts if a.name != b.name else ():
        for this, other in ((a, b), (b, a)):
            claimed = f"{this.name} has {LARGER}" in text
            yield from wrong_if(
                claimed and not _larger(page, this, other),
                where,
                f"{this.name} larger",
                windows_text(this, other),
            )


def check_context_agreement(page: AuditedPage) -> Differences:
    """Reasons, verdict, moves and questions name the same side; a retired one is named in none but the moves."""
    named = {str(statement["about"]) for statement in page.statements("larger_context")}
    named |= {"tie" for _ in page.statements("same_context")}
    found = {"the reasons": named, "the moves": set(_moved(page)), "the questions": set(_asked(page))}
    judged = str(page.criterion("context"))
    wanted = set() if judged == "unknown" else {judged}
    gone = {side.side_id for side in page.truth.sides if side.unsettled}
    for what, sides in found.items():
        expected = wanted - ({"tie"} if what == "the moves" else gone)
        yield from expect_equal(f"larger context in {what}", sorted(expected), sorted(sides))


def _moved(page: AuditedPage) -> Iterator[str]:
    for statement, this, other in page.sided("context_changes"):
        yield this.side_id if "grows" in statement["text"] else other.side_id


def _asked(page: AuditedPage) -> Iterator[str]:
    answers = {statement for asked in page.document["faq"] for statement in asked["claims"]}
    for statement in page.statements("larger_context", "same_context"):
        if statement["id"] in answers:
            yield statement["about"] if statement["rule"] == "larger_context" else "tie"


def windows_text(this: ExpectedSide, other: ExpectedSide) -> str:
    """Return both windows as a violation shows them."""
    return f"{this.name} {this.window}, {other.name} {other.window}"


def _larger(page: AuditedPage, this: ExpectedSide, other: ExpectedSide) -> bool:
    return page.truth.text_measures and count_ahead(this.window, other.window) == "a"


def _figures(page: AuditedPage, text: str, this: ExpectedSide, other: ExpectedSide, what: str) -> Differences:
    """The figures are the windows in three digits, or in full where three digits make them look alike."""
    if this.window is None or other.window is None:
        return
    wanted = sorted(count_text(tokens, "KM") for tokens in (this.window, other.window))
    if wanted[0] == wanted[1] and this.window != other.window:
        wanted = sorted(f"{tokens:,}" for tokens in (this.window, other.window))
    yield from expect_equal(f"{what} figures", wanted, sorted(find_figures(page.truth.bare(text))))
