"""The JSON shapes of reports and dated prices; facts, offers, changes and conflicts are in compare.render.record_json."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from cardwatch.normalize.text import canonical_number

if TYPE_CHECKING:
    from cardwatch.db.query.coverage import ModelCoverage, PartyCoverage
    from cardwatch.db.query.dated_prices import Cost, OfferOnDate, PriceOnDate
    from cardwatch.db.query.unread import ReadingFinding
    from cardwatch.db.schedule.freshness_budget import FreshnessBudget
    from cardwatch.db.staleness.stale_facts import LevelCounts, StaleFact, StaleReport

HOLD_COLUMNS = (
    "id", "source", "model", "provider", "attribute", "old", "new", "reason", "since", "if_undecided",
)  # fmt: skip
STALE_COLUMNS = (
    "level", "model", "offer", "source", "attribute", "last_verified", "age_days", "limit_days",
    "reason", "next_due", "weight",
)  # fmt: skip


def stale_report_json(
    report: StaleReport, kept: FreshnessBudget | None = None, findings: Sequence[ReadingFinding] = ()
) -> dict[str, Any]:
    """Return the report in the shape that docs/reference/json.md describes."""
    return {
        "generated_at": report.generated_at,
        "summary": {
            **_shares(report.total),
            "never_sourced": report.never_sourced,
            "held": report.held,
            "quarantined": report.quarantined,
            "oldest": report.oldest,
            "last_run": report.last_run,
            "next_run": report.next_run,
            "schedule_dead": report.schedule_dead,
            "limits": limits_json(kept) if kept else None,
            "reading": [asdict(each) for each in findings],
            "by_attribute": {name: _shares(count) for name, count in report.by_attribute.items()},
            "by_source": {name: _shares(count) for name, count in report.by_source.items()},
        },
        "rows": [stale_row_json(row) for row in report.rows],
    }


def limits_json(kept: FreshnessBudget) -> dict[str, Any]:
    """Return whether limits can be kept: visits a run needed and there, and how much longer limits would have to be."""
    return {
        "kept": kept.ok,
        "needed": round(kept.needed, 1),
        "budget": kept.budget,
        "host_allowance": kept.host_allowance,
        "crowded": {host: round(needed, 1) for host, needed in kept.crowded.items()},
        "stretch": round(kept.stretch, 2),
    }


def _shares(count: LevelCounts) -> dict[str, int]:
    return {"fresh": count.fresh, "warn": count.warn, "error": count.error}


def stale_row_json(row: StaleFact) -> dict[str, Any]:
    """Return one fact of the report."""
    return {column: getattr(row, column) for column in STALE_COLUMNS}


def dated_cost_json(cost: Cost) -> dict[str, Any]:
    """Return what tokens cost on a day; an unknown amount is null and has a reason."""
    return {
        "model": cost.model,
        "on": cost.on,
        "provider": cost.provider,
        "offer": cost.offer,
        "tier": cost.tier,
        "known": cost.known,
        "usd": decimal_text(cost.usd),
        "reason": cost.reason or None,
        "seen_before": cost.seen_before,
        "seen_after": cost.seen_after,
        "prices": {name: price_on_date_json(price) for name, price in (cost.prices or {}).items()},
        "conditional": [conditional_price_json(price) for price in cost.conditional],
        "evidence": [asdict(one) for one in cost.evidence],
    }


def offer_on_date_json(offer: OfferOnDate) -> dict[str, Any]:
    """Return the prices of one offer on a day."""
    prices = {name: price_on_date_json(price) for name, price in offer.prices.items()}
    return {
        "offer": offer.offer, "provider": offer.provider, "tier": offer.tier, "region": offer.region, "prices": prices,
        "conditional": [conditional_price_json(price) for price in offer.conditional],
    }  # fmt: skip


def conditional_price_json(price: PriceOnDate) -> dict[str, Any]:
    """Return a price of a day that holds under a condition alone."""
    return {"attribute": price.attribute, "qualifier": dict(price.qualifier), **price_on_date_json(price)}


def price_on_date_json(price: PriceOnDate) -> dict[str, Any]:
    """Return one price of a day: null with a reason, and both candidates where it changed between two looks."""
    return {
        "known": price.usd is not None,
        "usd": decimal_text(price.usd),
        "reason": price.reason or None,
        "candidates": [decimal_text(value) for value in price.candidates],
        "seen_before": price.seen_before,
        "seen_after": price.seen_after,
        "told": price.stated,
        "evidence": [asdict(one) for one in price.evidence],
    }


def decimal_text(value: Decimal | None) -> str | None:
    """Return a canonical decimal string, None for what is unknown."""
    return None if value is None else canonical_number(value)


def model_coverage_json(row: ModelCoverage) -> dict[str, Any]:
    """Return which headlines the maker of a model says itself, and which it could and does not."""
    return {
        "model": row.model,
        "providers": row.providers,
        "said": sorted(row.stated),
        "missing": list(row.missing),
        "sold": row.sold,
    }


def coverage_json(row: PartyCoverage) -> dict[str, Any]:
    """Return who speaks for a maker or provider."""
    share = row.own_share
    return {
        "party": row.party,
        "role": row.role,
        "sources": sorted(row.sources),
        "last_read": row.last_read,
        "models": len(row.models),
        "facts": row.facts,
        "own_facts": row.own_facts,
        "own_share": None if share is None else round(share, 3),
        "only_others": dict(sorted(row.only_others.items())),
    }
