"""Scores: which are set against each other, who leads, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.expected_pair import leader_of_scores
from cardwatch.auditing.figure_text import canonical_decimal, score_text
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

SHARED_HEAD = 5
"""Columns of the table of scores that both have."""


def compared_scores(page: AuditedPage, row: Json) -> tuple[Json, Json] | None:
    """Return the two known facts that a row compares, None if it compares nothing."""
    known = page.known(row["facts"])
    ids = [side.card.id for side in page.truth.sides]
    return (known[0], known[1]) if [fact["model"] for fact in known] == ids else None


def row_leader(a: Json, b: Json) -> str:
    """Return who leads by two scores of the document."""
    known = all(fact["qualifier"].get("harness") for fact in (a, b))
    return leader_of_scores(a["attribute"], a["unit"], str(a["value"]), str(b["value"]), exact=known)


def check_score_figures(page: AuditedPage) -> Differences:
    """Difference and leader follow from the two scores, in the data and in every sentence."""
    for n, row in enumerate(page.document["benchmarks"]):
        pair = compared_scores(page, row)
        if not row["comparable"] or pair is None:
            continue
        a, b = (score_text(fact["value"]) for fact in pair)
        ahead = row_leader(*pair)
        yield from expect_equal(
            f"benchmarks.{n}.delta", canonical_decimal(abs(Decimal(a) - Decimal(b))), row["delta"]
        )
        yield from expect_equal(f"benchmarks.{n}.leader", ahead if ahead != "tie" else None, row["leader"])
    yield from _counts(page)
    yield from _told(page)


def _counts(page: AuditedPage) -> Differences:
    """How many benchmarks each side leads, in scorecard and verdict."""
    total = len(page.truth.settled_scores)
    wanted = {s.side_id: f"leads {page.truth.leads(s.side_id)} of {total}" if total else "none shared"
              for s in page.truth.sides}  # fmt: skip
    for line in page.document["scorecard"]:
        if line["signal"] == "shared_benchmarks":
            yield from expect_equal("scorecard.shared_benchmarks", wanted, {s: line[s] for s in ("a", "b")})
    result = page.truth.results["shared_benchmarks"]
    yield from expect_equal("verdict.shared_benchmarks", result, page.criterion("shared_benchmarks"))


def _told(page: AuditedPage) -> Differences:
    """Each score that a sentence about leads prints is led, by the difference that stands there."""
    for statement, this, other in page.sided("benchmark_leads"):
        rows = _led(page, this.side_id)
        missing = [
            row["name"] for row in rows if not _stated(row, this.side_id, other.side_id, statement["text"])
        ]
        yield from expect_equal(f"claims.{statement['id']} leaves out", [], missing)
        count = statement["text"].count(" against ")
        yield from expect_equal(f"claims.{statement['id']}, leads", page.truth.leads(this.side_id), count)


def _led(page: AuditedPage, side_id: str) -> Iterator[Json]:
    """Yield the rows that a side leads for certain."""
    certain = {(s.attribute, s.version, s.mode) for s in page.truth.settled_scores if s.leaders == {side_id}}
    for row in page.document["benchmarks"]:
        stated = (row["conditions"] or {}).get("a") or {}
        if (row["attribute"], stated.get("version") or "", stated.get("mode") or "") in certain and row[
            "comparable"
        ]:
            yield row


def _stated(row: Json, mine: str, its: str, text: str) -> bool:
    """Say whether a sentence has a lead by its difference, then both scores, the leader's first."""
    delta = canonical_decimal(abs(Decimal(row[mine]) - Decimal(row[its])))
    words = f"{row['name']} by {delta}", f"({row[mine]}", f" against {row[its]}"
    return re.search(r"(?![\d.]).*?".join(map(re.escape, words)) + r"(?![\d.]*\d)", text) is not None


def check_rendered_scores(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered difference and leader follow from the rendered scores."""
    names = {side.side_id: side.name for side in page.truth.sides}
    compared = [row for row in page.document["benchmarks"] if row["why_not"] != "one_side"]
    for n, (wanted, row) in enumerate(zip(compared, _rows(view), strict=False)):
        if row[3] == "not comparable":
            continue
        a, b = (cell.partition(" ")[0] for cell in row[1:3])
        pair = compared_scores(page, wanted)
        ahead = row_leader(*pair) if pair else "nobody"
        yield from expect_equal(f"benchmarks, row {n}, leader", names.get(ahead, "tie"), row[3])
        delta = canonical_decimal(abs(Decimal(a) - Decimal(b)))
        yield from expect_equal(f"benchmarks, row {n}, difference", delta, row[4].partition(" ")[0])


def _rows(view: RenderedPage) -> list[tuple[str, ...]]:
    """Return the rows of the table of scores that both have."""
    table = view.section("benchmarks").table()
    return [row for row in table.rows if len(row) == SHARED_HEAD]


def check_comparability(page: AuditedPage) -> Differences:
    """Only the same benchmark, version, mode and unit are set against each other; all of those are."""
    for n, row in enumerate(page.document["benchmarks"]):
        pair = compared_scores(page, row)
        alike = pair is not None and _condition(pair[0]) == _condition(pair[1])
        yield from wrong_if(row["comparable"] and not alike, f"benchmarks.{n}", "not comparable", row["name"])
        bare = row["leader"] is None and row["delta"] is None
        yield from wrong_if(not row["comparable"] and not bare, f"benchmarks.{n}", "no leader", row["leader"])
    found = {_key(page, row) for row in page.document["benchmarks"] if row["comparable"]}
    for score in page.truth.scores:
        key = (score.attribute, score.version, score.mode)
        missing = len(score.units) == 1 and key not in found
        yield from wrong_if(missing, f"benchmarks, {score.attribute}", "compared", "not compared")


def _key(page: AuditedPage, row: Json) -> tuple[str, str, str] | None:
    pair = compared_scores(page, row)
    return _condition(pair[0])[:3] if pair else None


def _condition(fact: Json) -> tuple[str, str, str, str]:
    qualifier = fact["qualifier"]
    return fact["attribute"], qualifier.get("version") or "", qualifier.get("mode") or "", fact["unit"]


def check_rendered_comparability(page: AuditedPage, view: RenderedPage) -> Differences:
    """Rows that may not be compared say so, and no others."""
    compared = [row for row in page.document["benchmarks"] if row["why_not"] != "one_side"]
    for n, (row, cells) in enumerate(zip(compared, _rows(view), strict=False)):
        pair = compared_scores(page, row)
        alike = pair is not None and _condition(pair[0]) == _condition(pair[1])
        yield from expect_equal(f"benchmarks, row {n}, compared", alike, cells[3] != "not comparable")
