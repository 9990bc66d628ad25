"""Scores: which are set against each other, who leads, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cardwatch.auditing.findings import Found, differs, wrong_if
from cardwatch.auditing.numbers import canonical
from cardwatch.auditing.page import Json, Page
from cardwatch.auditing.pair import leader
from cardwatch.auditing.view import View

SHARED_HEAD = 5
"""Columns of the table of scores that both have."""


def scores(page: Page, row: Json) -> tuple[Json, Json] | None:
    """Return the two known facts that a row compares, None if it compares nothing."""
    known = page.known(row["facts"])
    ids = [side.card.id for side in page.truth.sides]
    return (known[0], known[1]) if [fact["model"] for fact in known] == ids else None


def figures_right(page: Page) -> Found:
    """Difference and leader follow from the two scores, in the data and in every sentence."""
    for n, row in enumerate(page.document["benchmarks"]):
        pair = scores(page, row)
        if not row["comparable"] or pair is None:
            continue
        a, b = (str(fact["value"]) for fact in pair)
        ahead = leader(row["attribute"], a, b)
        yield from differs(f"benchmarks.{n}.delta", canonical(abs(Decimal(a) - Decimal(b))), row["delta"])
        yield from differs(f"benchmarks.{n}.leader", ahead if ahead != "tie" else None, row["leader"])
    yield from _counts(page)
    yield from _told(page)


def _counts(page: Page) -> Found:
    """How many benchmarks each side leads, in scorecard and verdict."""
    total = len(page.truth.settled_scores)
    wanted = {s.seat: f"leads {page.truth.leads(s.seat)} of {total}" if total else "none shared"
              for s in page.truth.sides}  # fmt: skip
    for line in page.document["scorecard"]:
        if line["signal"] == "shared_benchmarks":
            yield from differs("scorecard.shared_benchmarks", wanted, {s: line[s] for s in ("a", "b")})
    result = page.truth.results["shared_benchmarks"]
    yield from differs("verdict.shared_benchmarks", result, page.criterion("shared_benchmarks"))


def _told(page: Page) -> Found:
    """Each score that a sentence about leads prints is led, by the difference that stands there."""
    for claim, me, it in page.sided("benchmark_leads"):
        rows = _led(page, me.seat)
        missing = [row["name"] for row in rows if not _stated(row, me.seat, it.seat, claim["text"])]
        yield from differs(f"claims.{claim['id']} leaves out", [], missing)
        count = claim["text"].count(" against ")
        yield from differs(f"claims.{claim['id']}, leads", page.truth.leads(me.seat), count)


def _led(page: Page, seat: str) -> Iterator[Json]:
    """Yield the rows that a side leads for certain."""
    certain = {(s.attribute, s.version, s.mode) for s in page.truth.settled_scores if s.leaders == {seat}}
    for row in page.document["benchmarks"]:
        said = (row["conditions"] or {}).get("a") or {}
        if (row["attribute"], said.get("version") or "", said.get("mode") or "") in certain and row[
            "comparable"
        ]:
            yield row


def _stated(row: Json, mine: str, its: str, text: str) -> bool:
    """Say whether a sentence has a lead by its difference, then both scores, the leader's first."""
    delta = canonical(abs(Decimal(row[mine]) - Decimal(row[its])))
    words = f"{row['name']} by {delta}", f"({row[mine]}", f" against {row[its]}"
    return re.search(r"(?![\d.]).*?".join(map(re.escape, words)) + r"(?![\d.]*\d)", text) is not None


def table_right(page: Page, view: View) -> Found:
    """The rendered difference and leader follow from the rendered scores."""
    names = {side.seat: side.name for side in page.truth.sides}
    compared = [row for row in page.document["benchmarks"] if row["why_not"] != "one_side"]
    for n, (told, row) in enumerate(zip(compared, _rows(view), strict=False)):
        if row[3] == "not comparable":
            continue
        a, b = (cell.partition(" ")[0] for cell in row[1:3])
        ahead = leader(told["attribute"], a, b)
        yield from differs(f"benchmarks, row {n}, leader", names.get(ahead, "tie"), row[3])
        delta = canonical(abs(Decimal(a) - Decimal(b)))
        yield from differs(f"benchmarks, row {n}, difference", delta, row[4].partition(" ")[0])


def _rows(view: View) -> list[tuple[str, ...]]:
    """Return the rows of the table of scores that both have."""
    table = view.section("benchmarks").table()
    return [row for row in table.rows if len(row) == SHARED_HEAD]


def comparable(page: Page) -> Found:
    """Only the same benchmark, version, mode and unit are set against each other; all of those are."""
    for n, row in enumerate(page.document["benchmarks"]):
        pair = scores(page, row)
        alike = pair is not None and _condition(pair[0]) == _condition(pair[1])
        yield from wrong_if(row["comparable"] and not alike, f"benchmarks.{n}", "not comparable", row["name"])
        bare = row["leader"] is None and row["delta"] is None
        yield from wrong_if(not row["comparable"] and not bare, f"benchmarks.{n}", "no leader", row["leader"])
    found = {_key(page, row) for row in page.document["benchmarks"] if row["comparable"]}
    for score in page.truth.scores:
        key = (score.attribute, score.version, score.mode)
        missing = len(score.units) == 1 and key not in found
        yield from wrong_if(missing, f"benchmarks, {score.attribute}", "compared", "not compared")


def _key(page: Page, row: Json) -> tuple[str, str, str] | None:
    pair = scores(page, row)
    return _condition(pair[0])[:3] if pair else None


def _condition(fact: Json) -> tuple[str, str, str, str]:
    said = fact["qualifier"]
    return fact["attribute"], said.get("version") or "", said.get("mode") or "", fact["unit"]


def comparable_in_view(page: Page, view: View) -> Found:
    """Rows that may not be compared say so, and no others."""
    compared = [row for row in page.document["benchmarks"] if row["why_not"] != "one_side"]
    for n, (row, cells) in enumerate(zip(compared, _rows(view), strict=False)):
        pair = scores(page, row)
        alike = pair is not None and _condition(pair[0]) == _condition(pair[1])
        yield from differs(f"benchmarks, row {n}, compared", alike, cells[3] != "not comparable")
