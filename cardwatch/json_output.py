"""The JSON shapes that docs/reference/json.md promises, made from what the catalog answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from cardwatch.normalize.text import canonical_number

if TYPE_CHECKING:
    from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
    from cardwatch.db.query.dated_prices import Cost, OfferOnDate, PriceOnDate
    from cardwatch.db.query.reports import Conflict, ModelSummary
    from cardwatch.db.query.unread import ReadingFinding
    from cardwatch.db.schedule.crawl_plan import FreshnessBudget
    from cardwatch.db.staleness.stale_facts import LevelCounts, StaleFact, StaleReport

HOLD_COLUMNS = (
    "id", "source", "model", "provider", "attribute", "old", "new", "reason", "since", "if_undecided",
)  # fmt: skip
STALE_COLUMNS = (
    "level", "model", "offer", "source", "attribute", "last_verified", "age_days", "limit_days",
    "reason", "next_due", "weight",
)  # fmt: skip
PRICES = ("input_price", "output_price")


def model_json(row: ModelSummary) -> dict[str, Any]:
    """Return one line of `models`."""
    return asdict(row)


def change_json(change: Change) -> dict[str, Any]:
    """Return one published change; `provider` is None for a fact about the model as such."""
    return {
        "at": change.at,
        "model": change.model,
        "provider": change.provider,
        "attribute": change.attribute,
        "from": change.old,
        "to": change.new,
        "source": change.source,
        "url": change.url,
        "offer": change.offer,
        "qualifier": dict(change.qualifier),
        "kind": change.kind,
        "seen_before": change.seen_before,
        "seen_after": None if change.told else change.at,
        "published_at": change.published_at,
        "told": change.told,
        "percent": None
        if change.percent is None
        else str(change.percent.quantize(Decimal("0.1"), ROUND_HALF_UP)),
        "reverted": change.reverted,
        "unconfirmed": change.unconfirmed,
    }


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """Return one conflict with every claim, who was chosen and why."""
    return {
        "model": conflict.model,
        "provider": conflict.provider,
        "attribute": conflict.attribute,
        "values": [asdict(value) for value in conflict.values],
        "chosen": conflict.chosen,
        "why": conflict.why,
        "rule": conflict.rule,
        "monthly_usd": conflict.monthly_usd,
        "offer": conflict.offer,
        "qualifier": dict(conflict.qualifier),
    }


def fact_json(fact: Fact, number: int) -> dict[str, Any]:
    """Return a fact as a comparison has it, with its own dates beside."""
    from cardwatch.compare.display_facts import fact_text

    return {
        "id": f"f{number}",
        "model": fact.model,
        "offer": fact.offer,
        "attribute": fact.attribute,
        "state": fact.state,
        "value": fact.value,
        "display": fact_text(fact),
        "reason": fact.reason,
        "unit": fact.unit,
        "scope": fact.scope,
        "qualifier": dict(fact.qualifier),
        "evidence": [asdict(evidence) for evidence in fact.evidence],
        "others": [asdict(other) for other in fact.others],
        "why": fact.why,
        "rule": fact.rule,
        "first_seen": fact.first_seen,
        "last_changed": fact.last_changed,
        "last_verified": fact.last_verified,
        "reviewed_on": fact.reviewed_on,
        "confirmed_by_person_on": fact.confirmed_by_person_on,
        "effective_from": fact.effective_from,
        "published_on": fact.published_on,
        "held": asdict(fact.held) if fact.held else None,
    }


def offer_json(offer: Offer) -> dict[str, Any]:
    """Return one offer: its variant, its plain values, and when they were last reviewed."""
    known = {name: fact.value for name, fact in offer.facts.items() if fact.state == "known"}
    dates = [fact.reviewed_on for name, fact in offer.facts.items() if name in PRICES and fact.reviewed_on]
    return {
        "key": offer.key,
        "provider": offer.provider,
        "provider_name": offer.provider_name,
        "provider_kind": offer.provider_kind,
        "provider_model": offer.provider_model,
        "tier": offer.tier,
        "region": offer.region,
        "snapshot": offer.snapshot,
        "quantization": offer.quantization,
        "mode": offer.mode,
        "listed": offer.listed,
        "input_price": None,
        "output_price": None,
        **known,
        "tiers": [
            {"attribute": fact.attribute, "value": fact.value, "qualifier": dict(fact.qualifier)}
            for fact in offer.tiers
        ],
        "reviewed_on": min(dates, default=None),
    }


def card_json(card: ModelCard, conflicts: Sequence[Conflict]) -> dict[str, Any]:
    """Return the shape of `show`."""
    facts = [fact for _, fact in sorted(card.facts.items())]
    return {
        "model": {"id": card.id, "name": card.name, "vendor": card.vendor, "aliases": list(card.aliases)},
        "facts": [fact_json(fact, number) for number, fact in enumerate(facts, 1)],
        "offers": [offer_json(offer) for offer in card.offers],
        "benchmarks": [
            fact_json(fact, number) for number, fact in enumerate(card.benchmarks, len(facts) + 1)
        ],
        "conflicts": [conflict_json(conflict) for conflict in conflicts],
        "changes": [change_json(change) for change in card.changes],
    }


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


def cost_json(cost: Cost) -> dict[str, Any]:
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
        "evidence": [asdict(one) for one in cost.evidence],
    }


def offer_on_date_json(offer: OfferOnDate) -> dict[str, Any]:
    """Return the prices of one offer on a day."""
    prices = {name: price_on_date_json(price) for name, price in offer.prices.items()}
    return {
        "offer": offer.offer, "provider": offer.provider, "tier": offer.tier, "region": offer.region, "prices": prices
    }  # fmt: skip


def price_on_date_json(price: PriceOnDate) -> dict[str, Any]:
    """Return one price of a day: null with a reason, and both candidates where it changed between two looks."""
    return {
        "known": price.usd is not None,
        "usd": decimal_text(price.usd),
        "reason": price.reason or None,
        "candidates": [decimal_text(value) for value in price.candidates],
        "seen_before": price.seen_before,
        "seen_after": price.seen_after,
        "told": price.told,
        "evidence": [asdict(one) for one in price.evidence],
    }


def decimal_text(value: Decimal | None) -> str | None:
    """Return a canonical decimal string, None for what is unknown."""
    return None if value is None else canonical_number(value)
