"""The catalog as files for programs: facts, prices and lists, without what may not be passed on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cardwatch.compare.render.record_json import fact_json
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.normalize.attributes import PRICES
from cardwatch.site.freshness import card_facts
from cardwatch.site.redistribution import WITHHELD
from cardwatch.terminal import output

Json = dict[str, Any]
OFFER_COLUMNS = (
    "model", "name", "vendor", "provider", "provider_name", "provider_kind", "provider_model", "tier",
    "region", "snapshot", "quantization", "mode", *PRICES, "context_window", "max_output_tokens",
    "reviewed_on", "source", "url",
)  # fmt: skip
"""Of `prices.csv`; all prices are USD per million tokens."""


def compact_json(value: Any) -> bytes:
    """Return JSON on one line."""
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def script_json(value: Any) -> str:
    """Return JSON that may stand in a script element: nothing in it ends one."""
    return output.json_line(value).replace("<", "\\u003c")


def catalog_jsonl(cards: Mapping[str, ModelCard]) -> Iterator[bytes]:
    """Yield one fact a line, in the shape of `show`."""
    return (compact_json(line) for card in cards.values() for line in fact_lines(card))


def fact_lines(card: ModelCard) -> Iterator[Json]:
    """Yield the facts of a card that may be passed on; a withdrawn offer's say so."""
    offers = {offer.key: offer for offer in card.offers}
    for fact in card_facts(card):
        if fact.reason != WITHHELD:
            document = fact_json(fact, "")
            del document["id"]
            yield {**document, "listed": offers[fact.offer].listed if fact.offer else True}


def prices_csv(cards: Mapping[str, ModelCard]) -> bytes:
    """Return one listed offer a line; empty cells are unknown, 0 is free."""
    rows = [offer_row(card, offer) for card in cards.values() for offer in card.offers if offer.listed]
    return output.csv_text(rows, OFFER_COLUMNS).encode()


def offer_row(card: ModelCard, offer: Offer) -> Json:
    """Return one offer with its plain values and where the first of them was read."""
    facts = [fact for name in OFFER_COLUMNS if (fact := offer.facts.get(name)) and fact.state == "known"]
    first = facts[0].evidence[0] if facts and facts[0].evidence else None
    variant = {name: getattr(offer, name) for name in OFFER_COLUMNS[3:12]}
    return {
        "model": card.id,
        "name": clean_text(card.name),
        "vendor": clean_text(card.vendor),
        **{name: value and clean_text(value) for name, value in variant.items()},
        **{fact.attribute: fact.value for fact in facts},
        "reviewed_on": min((day for fact in facts if (day := fact.reviewed_on)), default=None),
        "source": first.source if first else None,
        "url": first.url if first else None,
    }


def known_value(facts: Mapping[str, Fact], name: str) -> Any:
    """Return the value of a known fact, else None."""
    fact = facts.get(name)
    return fact.value if fact and fact.state == "known" else None
