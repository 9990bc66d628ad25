"""The catalog in the shape of models.dev's api.json; prices are USD per million tokens.

That list says some things of every model, and its readers rely on it: a model of which we do not know one of
them is left out.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from cardwatch.compare.wording.labels import MAIN_PRICES
from cardwatch.db.query.cards import ModelCard, Offer
from cardwatch.normalize.providers import PROVIDERS
from cardwatch.site.data_files import compact_json, known_value
from cardwatch.site.price_lists import (
    Cards,
    Json,
    is_plain_offer,
    json_number,
    long_prompt_prices,
    provider_model_name,
    token_limits,
)

COST = {
    "input": "input_price",
    "output": "output_price",
    "reasoning": "reasoning_price",
    "cache_read": "cache_read_price",
    "cache_write": "cache_write_price",
    "input_audio": "input_audio_price",
    "output_audio": "output_audio_price",
}
ANSWERS = {
    "reasoning": "reasoning",
    "tool_call": "function_calling",
    "structured_output": "structured_outputs",
}
FILES = {"file": "pdf", "image": "image", "audio": "audio", "video": "video", "text": "text"}
REQUIRED = ("attachment", "reasoning", "tool_call", "open_weights", "release_date", "modalities", "limit")
MONTH = re.compile(r"\d{4}-\d{2}(-\d{2})?")
STATUS = {"preview": "beta", "deprecated": "deprecated"}


def models_dev_json(cards: Cards) -> bytes:
    """Return providers with their models in the shape of models.dev's api.json; prices per million tokens."""
    made: dict[str, Json] = {}
    for card in cards.values():
        for offer in filter(is_plain_offer, card.offers):
            provider = made.setdefault(offer.provider, models_dev_provider(offer))
            if model := models_dev_model(card, offer):
                provider["models"].setdefault(model["id"], model)
    for provider in made.values():
        provider["models"] = dict(sorted(provider["models"].items()))
    return compact_json({name: provider for name, provider in sorted(made.items()) if provider["models"]})


def models_dev_provider(offer: Offer) -> Json:
    """Return one provider without models; what it is called from code is empty, as no source states it."""
    known_as = PROVIDERS.get(offer.provider)
    doc = known_as.url if known_as else ""
    return {"id": offer.provider, "env": [], "npm": "", "name": offer.provider_name, "doc": doc, "models": {}}


def models_dev_model(card: ModelCard, offer: Offer) -> Json | None:
    """Return one model at one provider, None if a required part is not known."""
    released = known_month(known_value(card.facts, "release_date"))
    entry = {
        "id": provider_model_name(card, offer),
        "name": card.name,
        "family": known_value(card.facts, "family"),
        "attachment": takes_attachments(card),
        **{theirs: known_value(card.facts, f"capability.{ours}") for theirs, ours in ANSWERS.items()},
        "knowledge": known_month(known_value(card.facts, "knowledge_cutoff")),
        "release_date": released,
        "last_updated": max((c.at[:10] for c in card.changes), default=released),
        "modalities": known_modalities(card),
        "open_weights": open_weights(card),
        "limit": token_limits(
            card, offer, context="context_window", input="max_input_tokens", output="max_output_tokens"
        ),
        "status": STATUS.get(str(known_value(card.facts, "lifecycle"))),
        "cost": offer_cost(offer),
    }
    known = {name: value for name, value in entry.items() if value not in (None, {})}
    whole = known.keys() >= {*REQUIRED} and {"context", "output"} <= known["limit"].keys()
    return known if whole and {"input", "output"} <= known["modalities"].keys() else None


def known_month(day: Any) -> Any:
    """Return a date that is known to the month, else None."""
    return day if day is not None and MONTH.fullmatch(str(day)) else None


def takes_attachments(card: ModelCard) -> bool | None:
    """Return whether the model takes anything but text, None if its input is not known."""
    listed = known_value(card.facts, "modality.input")
    return None if listed is None else any(kind != "text" for kind in listed)


def known_modalities(card: ModelCard) -> Json:
    """Return the known modalities in models.dev's words."""
    found = {side: known_value(card.facts, f"modality.{side}") for side in ("input", "output")}
    return {side: [FILES[kind] for kind in kinds if kind in FILES] for side, kinds in found.items() if kinds}


def open_weights(card: ModelCard) -> bool | None:
    """Return whether the weights are open, None if that is not known."""
    openness = known_value(card.facts, "openness")
    return None if openness is None else openness != "proprietary"


def offer_cost(offer: Offer) -> Json:
    """Return the prices of an offer that states both main ones, with those for longer prompts."""
    if any(known_value(offer.facts, name) is None for name in MAIN_PRICES):
        return {}
    bands: dict[int, Json] = {}
    for above, fact in long_prompt_prices(offer):
        name = next((theirs for theirs, ours in COST.items() if ours == fact.attribute), None)
        if name:
            bands.setdefault(above, {})[name] = json_number(Decimal(str(fact.value)))
    tiers = [
        {**prices, "tier": {"type": "context", "size": above}}
        for above, prices in sorted(bands.items())
        if {"input", "output"} <= prices.keys()
    ]
    plain = {
        theirs: json_number(Decimal(price))
        for theirs, ours in COST.items()
        if (price := known_value(offer.facts, ours)) is not None
    }
    return {**plain, **({"tiers": tiers} if tiers else {})}
