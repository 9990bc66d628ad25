"""Statements: each sentence has a rule and the facts it rests on, and none is printed without them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.figure_text import visible_text
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedHeading, RenderedPage, RenderedSection

OF_BOTH = (
    "cheaper", "larger_context", "context_changes", "cost_changes", "same_context", "benchmark_leads",
    "more_providers", "more_open", "lifecycle_ahead", "only_here", "gains", "loses", "types_differ",
    "shared_providers", "no_shared_provider", "longer_output", "newer_cutoff", "cheaper_cache",
    "cheaper_images",
)  # fmt: skip
OF_ONE = ("lifecycle_notice", "what_it_is", "listed_by", "open_source", "in_plans", "made_for", "verdict")
MORE = re.compile(r"\+\d+ more")
MORE_SCORES = re.compile(r"\+\d+ more scores?")
NO_WINNER = re.compile(r"No overall winner: [a-z ]+")
UNKNOWN = re.compile(r"Unknown facts: \d+ of \d+\.")
FIXED = {
    "changes": MORE,
    "benchmarks": MORE_SCORES,
    "verdict": NO_WINNER,
    "unknown": UNKNOWN,
}
"""What a section may say outside its statements."""


def check_statements_founded(page: AuditedPage) -> Differences:
    """Each statement has a rule this audit knows, and known facts: of both models if it compares them."""
    for statement in page.document["claims"]:
        what = f"claims.{statement['id']}"
        named = statement["rule"] in (*OF_BOTH, *OF_ONE)
        yield from wrong_if(not named, f"{what}.rule", "a rule of the design", statement["rule"])
        known = page.known(statement["facts"])
        yield from expect_equal(f"{what}.facts known", len(statement["facts"]), len(known))
        models = {fact["model"] for fact in known}
        least = 2 if statement["rule"] in OF_BOTH else 1
        if statement["rule"] == "verdict" and not any(side.retired for side in page.truth.sides):
            least = 2
        yield from wrong_if(len(models) < least, f"{what}.facts", f"facts of {least}", sorted(models))
    yield from _fits(page)
    yield from _answers(page)


def _fits(page: AuditedPage) -> Differences:
    """Tags and phrases lean on known facts of their model, but for the one that says nothing."""
    for side_id, fits in page.document["fit"].items():
        for fit in fits:
            known = page.known(fit["facts"])
            needed = fit["rule"] != "best_default"
            unfounded = len(known) < max(len(fit["facts"]), needed)
            yield from wrong_if(unfounded, f"fit.{side_id}.{fit['name']}", "known facts", fit["facts"])


def _answers(page: AuditedPage) -> Differences:
    """Every question is answered by statements of the page, and there are at most eight."""
    ids = {statement["id"] for statement in page.document["claims"]}
    for asked in page.document["faq"]:
        answered = bool(asked["claims"]) and ids.issuperset(asked["claims"])
        yield from wrong_if(not answered, f"faq, {asked['question']}", "claims of the page", asked["claims"])
    count = len(page.document["faq"])
    yield from wrong_if(count > 8, "faq", "eight questions at most", count)
    moves = (*page.document["switching"]["a_to_b"], *page.document["switching"]["b_to_a"])
    yield from expect_equal("switching, claims that are not there", [], [c for c in moves if c not in ids])


def check_rendered_statements(page: AuditedPage, view: RenderedPage) -> Differences:
    """Every sentence of the rendered page is a statement, every statement and question is there."""
    yield from _check_no_orphans(page, view)
    texts = {statement["id"]: _line(statement) for statement in page.document["claims"]}
    for statement, text in view.details.statements:
        yield from expect_equal(f"claim {statement}", texts.get(statement), text)
    shown = " ".join(text for _, text in view.texts())
    yield from expect_equal("claims left out", [], [key for key, text in texts.items() if text not in shown])
    asked = [block.text for block in view.section("faq").blocks if isinstance(block, RenderedHeading)]
    yield from expect_equal(
        "questions", [" ".join(one["question"].split()) for one in page.document["faq"]], asked
    )


def _check_no_orphans(page: AuditedPage, view: RenderedPage) -> Differences:
    lines = sorted({_line(statement) for statement in page.document["claims"]}, key=len, reverse=True)
    for name, section in view.sections.items():
        for text in _sentences(section):
            rest = text if text in _labels(page) else _without(text, lines)
            fixed = not rest.strip() or _fixed(name, rest, page)
            yield from wrong_if(not fixed, f"{name}, a sentence without a claim", "a claim", rest.strip())


def _line(statement: Json) -> str:
    return " ".join(str(statement["text"]).split())


def _sentences(section: RenderedSection) -> Iterator[str]:
    return (
        block.text
        for block in section.blocks
        if hasattr(block, "text") and not isinstance(block, RenderedHeading)
    )


def _without(text: str, lines: list[str]) -> str:
    for sentence in lines:
        text = text.replace(sentence, "")
    return text


def _labels(page: AuditedPage) -> set[str]:
    """Return the fixed words that hold a name or a date."""
    a, b = page.truth.sides
    makers = f"{a.name} ({a.vendor}) · {b.name} ({b.vendor})"
    winners = {f"Recommended: {side.name}" for side in page.truth.sides}
    related = " · ".join(" ".join(one["title"].split()) for one in page.document.get("related", ()))
    nothing = {f"Nothing known speaks for {side.name}." for side in page.truth.sides}
    return {visible_text(makers, len(makers)), related, "None.", *winners, *nothing}


def _fixed(section: str, text: str, page: AuditedPage) -> bool:
    wanted = FIXED.get(section)
    return text.strip() in _labels(page) or (
        wanted is not None and wanted.fullmatch(text.strip()) is not None
    )
