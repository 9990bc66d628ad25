"""JSON, Markdown and HTML carry the same values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest

from cardwatch.auditing.checks.routes import more, offer_tables
from cardwatch.auditing.findings import Found, differs
from cardwatch.auditing.page import Json, Page
from cardwatch.auditing.truth import BOTH
from cardwatch.auditing.view import Block, Section, Table, View

LONE = 3
"""Columns of the table of scores that only one model has."""


def views(page: Page) -> Found:
    """Every rendering has the same sections with the same content."""
    for first, second in zip(page.views, page.views[1:], strict=False):
        yield from differs("title", first.title, second.title)
        yield from differs("sections", list(first.sections), list(second.sections))
        for name, section in first.sections.items():
            yield from _sections(f"{name}, {second.form} and {first.form}", section, second.section(name))


def _sections(what: str, first: Section, second: Section) -> Found:
    if first == second:
        return
    yield from differs(f"{what}, title", first.title, second.title)
    for x, y in zip_longest(_lines(first.blocks), _lines(second.blocks)):
        yield from differs(what, x, y)


def _lines(blocks: Iterable[Block]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for block in blocks:
        found += (
            [block.head, *block.rows] if isinstance(block, Table) else [(type(block).__name__, block.text)]
        )
    return found


def tables(page: Page, view: View) -> Found:
    """Every table has the values of the document."""
    document, names = page.document, tuple(side.name for side in page.truth.sides)
    yield from differs("title", " vs ".join(one["name"] for one in document["models"]), view.title)
    for name in ("scorecard", "specs"):
        table = view.section(name).table()
        yield from differs(f"{name}, head", names, table.head[1:])
        yield from _rows(
            name, [(row["a"], row["b"]) for row in document[name]], [row[1:] for row in table.rows]
        )
    yield from _rows(
        "benchmarks", [_scores(row) for row in document["benchmarks"] if _shared(row)], _score_rows(view)
    )
    yield from _offers(page, view)
    yield from _lone_scores(page, view)


def _rows(what: str, wanted: list[tuple[str, ...]], found: Iterable[tuple[str, ...]]) -> Found:
    for n, (row, cells) in enumerate(zip_longest(wanted, found)):
        yield from differs(f"{what}, row {n}", row, cells)


def _shared(row: Json) -> bool:
    return bool(row["why_not"] != "one_side")


def _scores(row: Json) -> tuple[str, ...]:
    return row["name"], row["a"], row["b"]


def _score_rows(view: View) -> list[tuple[str, ...]]:
    shared = [row for row in view.section("benchmarks").table().rows if len(row) == 5]
    return [(row[0], *(cell.partition(" ")[0] for cell in row[1:3])) for row in shared]


def _offers(page: Page, view: View) -> Found:
    for side, table in offer_tables(page, view):
        rest = iter([_priced(page, offer) for offer in page.document["offers"][side.seat]])
        strays = [row[:3] for row in table.rows if row[:3] not in rest]
        yield from differs(f"offers of {side.name}, not in the order of the document", [], strays)


def _lone_scores(page: Page, view: View) -> Found:
    """The scores of one model only are those of the document; what is left out is counted."""
    names = {side.card.id: side.name for side in page.truth.sides}
    lone = [page.facts[row["facts"][0]] for row in page.document["benchmarks"] if not _shared(row)]
    wanted = Counter((fact["label"], names[fact["model"]], fact["display"]) for fact in lone)
    blocks = view.section("benchmarks").blocks
    rows = [row for block in blocks if isinstance(block, Table) for row in block.rows if len(row) == LONE]
    found = Counter((row[0], row[1], row[2].partition(" (")[0]) for row in rows)
    yield from differs("scores of one model only, from nowhere", [], sorted(found - wanted))
    rest = (wanted - found).total()
    count = [f"+{rest} more score{'' if rest == 1 else 's'}"] if rest else []
    yield from differs("scores of one model only, the rest", count, more(blocks))


def _priced(page: Page, offer: Json) -> tuple[str, ...]:
    """Return an offer's name and what its two prices are shown as."""
    facts = [page.facts[fact] for fact in offer["facts"]]
    shown = {fact["attribute"]: fact["display"] for fact in facts if not fact["qualifier"]}
    return offer["name"], *(shown.get(name, "unknown") for name in BOTH)
