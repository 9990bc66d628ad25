"""A model card as tables, freshness at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cardwatch.app import App
from cardwatch.compare.display_facts import fact_text, held_text, value_text
from cardwatch.compare.history import change_when
from cardwatch.compare.offers import qualifier_text
from cardwatch.config import ExchangeRate
from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.db.query.reports import Conflict
from cardwatch.terminal import output
from cardwatch.terminal.exchange_rates import in_dollars
from cardwatch.terminal.output import cell_text, print_tables
from cardwatch.terminal.text_table import TextCell, TextTable

STYLES = {"fresh": "green", "warn": "yellow", "error": "red"}
LATEST_CHANGES = 20
OFFER_FACTS = ("input_price", "output_price", "cache_read_price", "context_window")
OFFER_COLUMNS = (
    "provider", "tier", "region", "variant", "input", "output", "cache read", "context", "reviewed on",
)  # fmt: skip


def print_card(card: ModelCard, conflicts: Sequence[Conflict], app: App) -> None:
    """Print the card: facts, offers, benchmarks, conflicts and the latest changes."""
    rates = app.config.display.rates
    output.echo(f"  {card.id}  by {card.vendor}\n", bold=card.name)
    tables = [_facts(card, app), _offers(card)]
    if (other_prices := _other_prices(card, rates)).rows:
        tables.append(other_prices)
    if card.benchmarks:
        tables.append(_benchmarks(card))
    if conflicts:
        tables.append(_conflicts(conflicts))
    if card.changes:
        tables.append(_changes(card))
    print_tables(*tables)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | TextCell]]) -> TextTable:
    made = [[TextCell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    return TextTable(columns, made, title)


def _facts(card: ModelCard, app: App) -> TextTable:
    rows = [
        (_badge(fact, app), name, _value(fact), _source(fact), fact.reviewed_on or "", _others(fact))
        for name, fact in sorted(card.facts.items())
    ]
    return _table("Facts", ("", "attribute", "value", "source", "reviewed on", "others"), rows)


def _others(fact: Fact) -> str:
    return "; ".join(
        f"{other.source}: {value_text(fact.attribute, other.value)}" for other in fact.others[:2]
    )


def _badge(fact: Fact, app: App) -> TextCell:
    level = fact.level(app.limits, app.now().date())
    return TextCell("●", STYLES[level]) if level in STYLES else TextCell("·", "dim")


def _value(fact: Fact) -> TextCell:
    if fact.state == "known":
        shown = fact_text(fact)
        return TextCell(f"{shown} ({held_text(fact)})", "yellow") if fact.held else TextCell(shown)
    return TextCell(f"unknown ({(fact.reason or fact.state).replace('_', ' ')})", "dim")


def _source(fact: Fact) -> str:
    return fact.evidence[0].source if fact.evidence else ""


def _offers(card: ModelCard) -> TextTable:
    return _table("Offers, USD per million tokens", OFFER_COLUMNS, map(_offer_row, card.offers))


def _offer_row(offer: Offer) -> Sequence[str | TextCell]:
    variant = " ".join(part for part in (offer.snapshot, offer.quantization, offer.mode) if part)
    facts = [offer.facts.get(name) for name in OFFER_FACTS]
    dates = [fact.reviewed_on for fact in facts if fact and fact.reviewed_on]
    name = offer.provider_name if offer.listed else f"{offer.provider_name} (withdrawn)"
    cells = [cell_text(None) if fact is None else _value(fact) for fact in facts]
    return name, offer.tier, offer.region or "", variant, *cells, min(dates, default="")


def _other_prices(card: ModelCard, rates: Mapping[str, ExchangeRate]) -> TextTable:
    """List the prices of what is no text, and those that hold under a condition, or in foreign money."""
    rows = []
    for offer in card.offers:
        plain = (fact for name, fact in sorted(offer.facts.items()) if name.endswith("_price"))
        beside = (fact for fact in plain if fact.attribute not in OFFER_FACTS and fact.value is not None)
        for fact in (*beside, *offer.tiers):
            shown = " ".join(part for part in (fact_text(fact), in_dollars(fact, rates)) if part)
            rows.append((offer.key, fact.attribute, shown, qualifier_text(fact.qualifier), _source(fact)))
    return _table("Other prices", ("offer", "price", "value", "condition", "source"), rows)


def _benchmarks(card: ModelCard) -> TextTable:
    rows = []
    for fact in card.benchmarks:
        rest = {k: v for k, v in fact.qualifier.items() if k != "reporter"}
        conditions = ", ".join(f"{key} {value}" for key, value in rest.items())
        name, reporter = fact.attribute.removeprefix("benchmark."), fact.qualifier.get("reporter", "")
        rows.append((name, _value(fact), conditions, reporter, _source(fact)))
    return _table("Benchmarks", ("benchmark", "score", "conditions", "reporter", "source"), rows)


def _conflicts(conflicts: Sequence[Conflict]) -> TextTable:
    rows = []
    for row in conflicts:
        claims = "; ".join(
            f"{value_text(row.attribute, value.value)}: {value.listing} ({value.source})"
            for value in row.values
        )
        rows.append((row.offer or "", row.attribute, value_text(row.attribute, row.chosen), claims, row.why))
    return _table("Conflicts", ("offer", "attribute", "chosen", "claims", "why"), rows)


def _changes(card: ModelCard) -> TextTable:
    rows = [
        (
            change_when(change),
            change.offer or "",
            change.attribute,
            value_text(change.attribute, change.old),
            value_text(change.attribute, change.new),
            change.source,
        )
        for change in reversed(card.changes[-LATEST_CHANGES:])
    ]
    return _table("Changes", ("when", "offer", "attribute", "from", "to", "source"), rows)
