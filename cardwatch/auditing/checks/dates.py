"""Days: when a page was last reviewed, how old that is, and the steps of its prices."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.checks.facts import fact_key
from cardwatch.auditing.figure_text import price_text
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

WORDS: Mapping[str, str] = {
    "fresh": "Fresh",
    "warn": "Review due",
    "error": "Out of date",
    "never": "Never reviewed",
}
WORSE = tuple(WORDS)


def check_review_dates(page: AuditedPage) -> Differences:
    """The page is as old as its oldest fact, and its badge is the worst of all limits."""
    known = [fact for fact in page.document["facts"] if fact["state"] == "known"]
    oldest = min((fact["reviewed_on"] for fact in known if fact["reviewed_on"]), default=None)
    yield from expect_equal("reviewed_on", oldest, page.document["reviewed_on"])
    if page.today is not None:
        yield from expect_equal("freshness", page_freshness(page, known), page.document["freshness"])


def page_freshness(page: AuditedPage, known: list[Json]) -> str:
    """Return the worst freshness among the known facts of a page, never if it has none."""
    authorities = {
        (
            one.model,
            one.offer,
            one.attribute,
            json.dumps(dict(one.qualifier), sort_keys=True),
        ): one.authority
        for side in page.truth.sides
        for one in side.facts
    }
    levels = (_level(page, fact, authorities.get(fact_key(fact), "")) for fact in known)
    return max(levels, key=WORSE.index, default="never")


def _level(page: AuditedPage, fact: Json, authority: str) -> str:
    if not fact["reviewed_on"] or page.today is None:
        return "never"
    limit = page.limits.of(fact["attribute"], source=fact["evidence"][0]["source"], authority=authority)
    age = page.today - date.fromisoformat(fact["reviewed_on"][:10])
    if age.days <= limit.warn:
        return "fresh"
    return "warn" if age.days <= limit.error else "error"


def check_rendered_review_dates(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered days and the badge."""
    wanted = page.document["reviewed_on"] or "unknown"
    status = view.section("status").table()
    yield from expect_equal(
        "status, oldest review", (wanted,), status.row("Oldest review of a fact here")[1:]
    )
    badge = WORDS.get(page.document["freshness"], "a level")
    yield from expect_equal("status, freshness", (badge,), status.row("Freshness")[1:])
    if "data-level" in view.details.marks:
        yield from expect_equal("data-level", page.document["freshness"], view.details.marks["data-level"])


def check_price_steps(page: AuditedPage) -> Differences:
    """The steps of a price are in order, each with a source, and end in the price shown."""
    for side_id, series in page.document["price_history"].items():
        for printed in series:
            what = f"price_history.{side_id}.{printed['offer']}.{printed['attribute']}"
            shown = page.facts.get(printed["fact"], {})
            points = printed["points"]
            yield from expect_equal(f"{what}, last point", shown.get("value"), points[-1]["value"])
            days = [point["since"] for point in points]
            yield from expect_equal(f"{what}, days", sorted(days), days)
            yield from expect_equal(
                f"{what}, points", _recorded(page, side_id, printed), [_point(p) for p in points]
            )
            unsourced = [point["since"] for point in points if not point["source"]]
            yield from expect_equal(f"{what}, points without a source", [], unsourced)


def _point(point: Json) -> tuple[str, str, bool, str, str]:
    looks = (point["seen_before"] or "", point["seen_after"] or "")
    return point["since"], point["value"], point["told"], *looks


def _recorded(page: AuditedPage, side_id: str, printed: Json) -> list[tuple[str, str, bool, str, str]]:
    """Return the steps that the catalog has of a price, from the source the page takes them from."""
    sources = {point["source"] for point in printed["points"]}
    prices = page.truth.side(side_id).card.prices
    found = [p for p in prices if (p.offer, p.attribute) == (printed["offer"], printed["attribute"])]
    return sorted(
        (p.since, p.value, p.stated, p.seen_before or "", p.seen_after or "")
        for p in found
        if p.source in sources
    )


def check_rendered_price_steps(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered steps end in the price shown, drawn and in words."""
    for words, points in view.details.points:
        last = points.rpartition("=")[2]
        stated = words.rpartition(", ")[2].partition(" ")[0]
        yield from expect_equal(f"drawing of {words}", price_text(Decimal(last)), stated)
    printed = [series for side_id in ("a", "b") for series in page.document["price_history"][side_id]]
    section = view.section("price-history")
    found = Counter(row[-1] for row in section.table().rows)
    changed = Counter(_words(series) for series in printed if len(series["points"]) > 1)
    yield from expect_equal("price history left out", [], sorted(changed - found))
    yield from expect_equal("price history from nowhere", [], sorted(found - changed))


def _words(series: Json) -> str:
    return ", ".join(f"{price_text(Decimal(point['value']))} {_when(point)}" for point in series["points"])


def _when(point: Json) -> str:
    """Return when a price began: only its source says "from", looks prove no more than "between"."""
    if point["told"] and not point["seen_after"]:
        return f"from {point['since'][:10]}"
    after, before = (point["seen_after"] or point["since"])[:10], (point["seen_before"] or "")[:10]
    if not before:
        return f"first seen {after}"
    return f"on {after}" if before == after else f"between {before} and {after}"


def check_changes(page: AuditedPage) -> Differences:
    """Changes on the page are those of the catalog."""
    for side in page.truth.sides:
        printed = [change for change in page.document["changes"] if change["model"] == side.card.id]
        wanted = sorted((change.at, change.attribute, change.offer or "") for change in side.card.changes)
        found = sorted((change["at"], change["attribute"], change["offer"] or "") for change in printed)
        yield from wrong_if(wanted != found, f"changes of {side.name}", len(wanted), len(found))
