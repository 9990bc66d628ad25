"""Context windows: who is said to have the larger one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cardwatch.auditing.findings import Found, differs, wrong_if
from cardwatch.auditing.numbers import count_text, figures
from cardwatch.auditing.page import Page, Text
from cardwatch.auditing.truth import Side

LARGER = "the larger context window"


def larger(page: Page) -> Found:
    """A claim that one window is larger needs both, in that order, with their figures."""
    for claim, me, it in page.sided("larger_context"):
        what = f"claims.{claim['id']}"
        yield from wrong_if(not _larger(me, it), what, "both windows known, this one larger", windows(me, it))
        yield from _figures(page, claim["text"], me, it, what)
    for claim, me, it in page.sided("context_changes"):
        what = f"claims.{claim['id']}"
        yield from wrong_if(None in (me.window, it.window), what, "both windows known", windows(me, it))
        grows = "grows" in claim["text"]
        yield from wrong_if(grows is not _larger(me, it), what, "the true direction", claim["text"])
        yield from _figures(page, claim["text"], me, it, what)
    a, b = page.truth.sides
    said = bool(page.claims("same_context"))
    yield from wrong_if(
        said and (a.window is None or a.window != b.window), "same_context", "equal", windows(a, b)
    )


def told(page: Page, texts: Sequence[Text]) -> Found:
    """The same for the words, whichever rule they come from."""
    a, b = page.truth.sides
    for where, text in texts if a.name != b.name else ():
        for me, it in ((a, b), (b, a)):
            said = f"{me.name} has {LARGER}" in text
            yield from wrong_if(said and not _larger(me, it), where, f"{me.name} larger", windows(me, it))


def agree(page: Page) -> Found:
    """Reasons, verdict, moves and questions name the same side."""
    named = {str(claim["about"]) for claim in page.claims("larger_context")}
    named |= {"tie" for _ in page.claims("same_context")}
    found = {"the reasons": named, "the moves": set(_moved(page)), "the questions": set(_asked(page))}
    judged = str(page.criterion("context"))
    wanted = set() if judged == "unknown" else {judged}
    for what, sides in found.items():
        expected = wanted - {"tie"} if what == "the moves" else wanted
        yield from differs(f"larger context in {what}", sorted(expected), sorted(sides))


def _moved(page: Page) -> Iterator[str]:
    for claim, me, it in page.sided("context_changes"):
        yield me.seat if "grows" in claim["text"] else it.seat


def _asked(page: Page) -> Iterator[str]:
    answers = {claim for asked in page.document["faq"] for claim in asked["claims"]}
    for claim in page.claims("larger_context", "same_context"):
        if claim["id"] in answers:
            yield claim["about"] if claim["rule"] == "larger_context" else "tie"


def windows(me: Side, it: Side) -> str:
    """Return both windows as a violation shows them."""
    return f"{me.name} {me.window}, {it.name} {it.window}"


def _larger(me: Side, it: Side) -> bool:
    return me.window is not None and it.window is not None and me.window > it.window


def _figures(page: Page, text: str, me: Side, it: Side, what: str) -> Found:
    """The figures are the windows in three digits, or in full where three digits make them look alike."""
    if me.window is None or it.window is None:
        return
    wanted = sorted(count_text(tokens, "KM") for tokens in (me.window, it.window))
    if wanted[0] == wanted[1] and me.window != it.window:
        wanted = sorted(f"{tokens:,}" for tokens in (me.window, it.window))
    yield from differs(f"{what} figures", wanted, sorted(figures(page.truth.bare(text))))
