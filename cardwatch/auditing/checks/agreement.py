"""JSON, Markdown and HTML carry the same values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.checks.offers import remainder_lines
from cardwatch.auditing.findings import Differences, expect_equal
from cardwatch.auditing.rendered_page import Block, RenderedPage, RenderedSection, RenderedTable

LONE = 3
"""Columns of the table of scores that only one model has."""


def check_renderings_agree(page: AuditedPage) -> Differences:
    """Every rendering has the same sections with the same content."""
    for first, second in zip(page.views, page.views[1:], strict=False):
        yield from expect_equal("title", first.title, second.title)
        yield from expect_equal("sections", list(first.sections), list(second.sections))
        for name, section in first.sections.items():
            yield from _sections(f"{name}, {second.form} and {first.form}", section, second.section(name))


def _sections(what: str, first: RenderedSection, second: RenderedSection) -> Differences:
    if first == second:
        return
    yield from expect_equal(f"{what}, title", first.title, second.title)
    for x, y in zip_longest(_lines(first.blocks), _lines(second.blocks)):
        yield from expect_equal(what, x, y)


def _lines(blocks: Iterable[Block]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for block in blocks:
        found += (
            [block.head, *block.rows]
            if isinstance(block, RenderedTable)
            else [(type(block).__name__, block.text)]
        )
    return found


def check_rendered_tables(page: AuditedPage, view: RenderedPage) -> Differences:
    """Every table has the values of the document."""
    document, names = page.document, tuple(side.name for side in page.truth.sides)
    yield from expect_equal("title", " vs ".join(one["name"] for one in document["models"]), view.title)
    for name in ("scorecard", "specs"):
        table = view.section(name).table()
        yield from expect_equal(f"{name}, head", names, table.head[1:])
        yield from _rows(
            name, [(row["a"], row["b"]) for row in document[name]], [row[1:] for row in table.rows]
        )
    yield from _rows(
        "benchmarks", [_scores(row) for row in document["benchmarks"] if _shared(row)], _score_rows(view)
    )
    yield from _lone_scores(page, view)


def _rows(what: str, wanted: list[tuple[str, ...]], found: Iterable[tuple[str, ...]]) -> Differences:
    for n, (row, cells) in enumerate(zip_longest(wanted, found)):
        yield from expect_equal(f"{what}, row {n}", row, cells)


def _shared(row: Json) -> bool:
    return bool(row["why_not"] != "one_side")


def _scores(row: Json) -> tuple[str, ...]:
    return row["name"], row["a"], row["b"]


def _score_rows(view: RenderedPage) -> list[tuple[str, ...]]:
    shared = [row for row in view.section("benchmarks").table().rows if len(row) == 5]
    return [(row[0], *(cell.partition(" ")[0] for cell in row[1:3])) for row in shared]


def _lone_scores(page: AuditedPage, view: RenderedPage) -> Differences:
    """The scores of one model only are those of the document; what is left out is counted."""
    names = {side.card.id: side.name for side in page.truth.sides}
    lone = [page.facts[row["facts"][0]] for row in page.document["benchmarks"] if not _shared(row)]
    wanted = Counter((fact["label"], names[fact["model"]], fact["display"]) for fact in lone)
    blocks = view.section("benchmarks").blocks
    rows = [
        row for block in blocks if isinstance(block, RenderedTable) for row in block.rows if len(row) == LONE
    ]
    found = Counter((row[0], row[1], row[2].partition(" (")[0]) for row in rows)
    yield from expect_equal("scores of one model only, from nowhere", [], sorted(found - wanted))
    rest = (wanted - found).total()
    count = [f"+{rest} more score{'' if rest == 1 else 's'}"] if rest else []
    yield from expect_equal("scores of one model only, the rest", count, remainder_lines(blocks))
