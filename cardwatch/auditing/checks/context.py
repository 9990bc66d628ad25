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
    """A claim that one window is larger needs both, in that order, with their figures."""
    for claim, me, it in page.sided("larger_context"):
        what = f"claims.{claim['id']}"
        yield from wrong_if(
            not _larger(page, me, it), what, "both windows known, this one larger", windows_text(me, it)
        )
        yield from _figures(page, claim["text"], me, it, what)
    for claim, me, it in page.sided("context_changes"):
        what = f"claims.{claim['id']}"
        yield from wrong_if(None in (me.window, it.window), what, "both windows known", windows_text(me, it))
        grows = "grows" in claim["text"]
        yield from wrong_if(grows is not _larger(page, me, it), what, "the true direction", claim["text"])
        yield from _figures(page, claim["text"], me, it, what)
    a, b = page.truth.sides
    claimed = bool(page.claims("same_context"))
    level = count_ahead(a.window, b.window) == "tie"
    yield from wrong_if(claimed and not level, "same_context", "about equal", windows_text(a, b))


def check_context_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """The same for the words, whichever rule they come from."""
    a, b = page.truth.sides
    for where, text in texts if a.name != b.name else ():
        for me, it in ((a, b), (b, a)):
            claimed = f"{me.name} has {LARGER}" in text
            yield from wrong_if(
                claimed and not _larger(page, me, it), where, f"{me.name} larger", windows_text(me, it)
            )


def check_context_agreement(page: AuditedPage) -> Differences:
    """Reasons, verdict, moves and questions name the same side; a retired one is named in none but the moves."""
    named = {str(claim["about"]) for claim in page.claims("larger_context")}
    named |= {"tie" for _ in page.claims("same_context")}
    found = {"the reasons": named, "the moves": set(_moved(page)), "the questions": set(_asked(page))}
    judged = str(page.criterion("context"))
    wanted = set() if judged == "unknown" else {judged}
    gone = {side.side_id for side in page.truth.sides if side.unsettled}
    for what, sides in found.items():
        expected = wanted - ({"tie"} if what == "the moves" else gone)
        yield from expect_equal(f"larger context in {what}", sorted(expected), sorted(sides))


def _moved(page: AuditedPage) -> Iterator[str]:
    for claim, me, it in page.sided("context_changes"):
        yield me.side_id if "grows" in claim["text"] else it.side_id


def _asked(page: AuditedPage) -> Iterator[str]:
    answers = {claim for asked in page.document["faq"] for claim in asked["claims"]}
    for claim in page.claims("larger_context", "same_context"):
        if claim["id"] in answers:
            yield claim["about"] if claim["rule"] == "larger_context" else "tie"


def windows_text(me: ExpectedSide, it: ExpectedSide) -> str:
    """Return both windows as a violation shows them."""
    return f"{me.name} {me.window}, {it.name} {it.window}"


def _larger(page: AuditedPage, me: ExpectedSide, it: ExpectedSide) -> bool:
    return page.truth.text_measures and count_ahead(me.window, it.window) == "a"


def _figures(page: AuditedPage, text: str, me: ExpectedSide, it: ExpectedSide, what: str) -> Differences:
    """The figures are the windows in three digits, or in full where three digits make them look alike."""
    if me.window is None or it.window is None:
        return
    wanted = sorted(count_text(tokens, "KM") for tokens in (me.window, it.window))
    if wanted[0] == wanted[1] and me.window != it.window:
        wanted = sorted(f"{tokens:,}" for tokens in (me.window, it.window))
    yield from expect_equal(f"{what} figures", wanted, sorted(find_figures(page.truth.bare(text))))
