"""A model card for a terminal, freshness at a glance, and the archived bytes behind a fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cardwatch.app import App
from cardwatch.compare.display_facts import fact_text, held_text, value_text
from cardwatch.compare.offers import qualifier_text
from cardwatch.config import ExchangeRate
from cardwatch.crawler.warc import BodyIndex, DamagedArchiveError
from cardwatch.db.query.cards import Fact, ModelCard
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.terminal import output
from cardwatch.terminal.exchange_rates import in_dollars

STYLES = {"fresh": "green", "warn": "yellow", "error": "red"}
EXCERPT = 600
OFFER_FACTS = ("input_price", "output_price", "cache_read_price", "context_window")
OFFER_COLUMNS = (
    "provider", "tier", "region", "variant", "input", "output", "cache read", "context", "reviewed on",
)  # fmt: skip


def print_card(card: ModelCard, conflicts: Sequence[Conflict], app: App) -> None:
    """Print the card: facts, offers, benchmarks, conflicts and the latest changes."""
    now, limits, rates = app.now(), app.limits, app.config.display.rates
    console = output.stdout_console()
    console.print(Text.assemble((card.name, "bold"), f"  {card.id}  by {card.vendor}"))
    parts = [_facts(card, now, limits), _offers(card)]
    if any(offer.tiers for offer in card.offers):
        parts.append(_other_prices(card, rates))
    if card.benchmarks:
        parts.append(_benchmarks(card))
    if conflicts:
        parts.append(_conflicts(conflicts))
    if card.changes:
        parts.append(_changes(card))
    console.print(Group(*(part for table in parts for part in (Text(""), table))))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", header_style="dim")
    return table


def _facts(card: ModelCard, now: datetime, limits: FreshnessLimits) -> Table:
    table = _table("Facts", "", "attribute", "value", "source", "reviewed on", "others")
    for name, fact in sorted(card.facts.items()):
        others = "; ".join(f"{other.source}: {value_text(name, other.value)}" for other in fact.others[:2])
        table.add_row(
            _badge(fact, now, limits), name, _value(fact), _source(fact), fact.reviewed_on or "", others
        )
    return table


def _badge(fact: Fact, now: datetime, limits: FreshnessLimits) -> Text:
    if fact.reviewed_on is None or fact.state != "known":
        return Text("·", style="dim")
    source = fact.evidence[0].source if fact.evidence else ""
    level = limits.level(
        fact.attribute,
        source=source,
        authority=fact.authority,
        reviewed_on=fact.reviewed_on,
        today=now.date(),
    )
    return Text("●", style=STYLES[level])


def _value(fact: Fact) -> Text:
    if fact.state == "known":
        shown = Text(fact_text(fact))
        return shown.append(f" ({held_text(fact)})", style="yellow") if fact.held else shown
    return Text(f"unknown ({(fact.reason or fact.state).replace('_', ' ')})", style="dim")


def _source(fact: Fact) -> str:
    return fact.evidence[0].source if fact.evidence else ""


def _offers(card: ModelCard) -> Table:
    table = _table("Offers, USD per million tokens", *OFFER_COLUMNS)
    for offer in card.offers:
        variant = " ".join(part for part in (offer.snapshot, offer.quantization, offer.mode) if part)
        facts = [offer.facts.get(name) for name in OFFER_FACTS]
        dates = [fact.reviewed_on for fact in facts if fact and fact.reviewed_on]
        name = offer.provider_name if offer.listed else f"{offer.provider_name} (withdrawn)"
        cells = [Text("unknown", style="dim") if fact is None else _value(fact) for fact in facts]
        table.add_row(name, offer.tier, offer.region or "", variant, *cells, min(dates, default=""))
    return table


def _other_prices(card: ModelCard, rates: Mapping[str, ExchangeRate]) -> Table:
    """List the prices that hold under a condition, or in foreign money."""
    table = _table("Prices under conditions", "offer", "price", "value", "condition", "source")
    for offer in card.offers:
        for fact in offer.tiers:
            shown = " ".join(part for part in (fact_text(fact), in_dollars(fact, rates)) if part)
            table.add_row(offer.key, fact.attribute, shown, qualifier_text(fact.qualifier), _source(fact))
    return table


def _benchmarks(card: ModelCard) -> Table:
    table = _table("Benchmarks", "benchmark", "score", "conditions", "reporter", "source")
    for fact in card.benchmarks:
        rest = {k: v for k, v in fact.qualifier.items() if k != "reporter"}
        conditions = ", ".join(f"{key} {value}" for key, value in rest.items())
        name = fact.attribute.removeprefix("benchmark.")
        table.add_row(name, _value(fact), conditions, fact.qualifier.get("reporter", ""), _source(fact))
    return table


def _conflicts(conflicts: Sequence[Conflict]) -> Table:
    table = _table("Conflicts", "offer", "attribute", "chosen", "claims", "why")
    for row in conflicts:
        claims = "; ".join(
            f"{value_text(row.attribute, value.value)}: {value.listing} ({value.source})"
            for value in row.values
        )
        table.add_row(row.offer or "", row.attribute, value_text(row.attribute, row.chosen), claims, row.why)
    return table


def _changes(card: ModelCard) -> Table:
    table = _table("Changes", "at", "offer", "attribute", "from", "to", "source")
    for change in reversed(card.changes[-20:]):
        table.add_row(
            change.at[:10],
            change.offer or "",
            change.attribute,
            value_text(change.attribute, change.old),
            value_text(change.attribute, change.new),
            change.source,
        )
    return table


def evidence_text(card: ModelCard, attribute: str, archive: Path) -> str:
    """Return where each matching fact was read, and the archived text around it.

    Raises UsageError when the card has no such fact, CardwatchError when the archive lacks the bytes.
    """
    facts = [fact for name, fact in card.facts.items() if name == attribute]
    facts += [fact for offer in card.offers for name, fact in offer.facts.items() if name == attribute]
    facts += [fact for fact in card.benchmarks if fact.attribute == attribute]
    if not facts:
        raise UsageError(f"{card.id}: no fact {attribute!r}; `cardwatch show {card.id}` lists them")
    index = BodyIndex.load(archive)
    return "\n\n".join(_evidence(fact, index) for fact in facts)


def _evidence(fact: Fact, index: BodyIndex) -> str:
    lines = [f"{fact.offer or 'model'}  {fact.attribute} = {fact_text(fact)}"]
    for evidence in fact.evidence:
        lines += [f"  {evidence.source}  {evidence.url}", f"  reviewed on {evidence.reviewed_on}"]
        if evidence.document:
            lines += [
                f"  {evidence.document} at {evidence.locator}",
                *_excerpt(evidence.document, evidence.locator, index),
            ]
    return "\n".join(lines)


def _excerpt(document: str, locator: str, index: BodyIndex) -> list[str]:
    from cardwatch.terminal.locator_text import text_at_locator

    try:
        body = index.body(document)
    except (KeyError, DamagedArchiveError) as error:
        raise CardwatchError(f"archive: wanted {document}, found none: {error}") from error
    return [f"    {line}" for line in text_at_locator(body, locator)[:EXCERPT].splitlines()]
