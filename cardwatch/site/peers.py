"""The catalog in the shapes of two published price lists, so that tools made for those can read ours.

Only what is known is written, never guessed: a model that lacks what models.dev says of every model is left
out there. Prices go out as JSON numbers, as the lists have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from cardwatch.site.data import compact, known
from cardwatch.site.places import model_part
from compare.offers import BOTH
from db.cards import Fact, ModelCard, Offer
from normalize.providers import PROVIDERS

Json = dict[str, Any]
Cards = Mapping[str, ModelCard]
MILLION = Decimal(1_000_000)

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

TOKEN_COST = {
    "input_cost_per_token": "input_price",
    "output_cost_per_token": "output_price",
    "cache_read_input_token_cost": "cache_read_price",
    "cache_creation_input_token_cost": "cache_write_price",
    "output_cost_per_reasoning_token": "reasoning_price",
    "input_cost_per_audio_token": "input_audio_price",
    "output_cost_per_audio_token": "output_audio_price",
}
TIER = {"batch": "_batches", "priority": "_priority", "flex": "_flex"}
TIERED = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")
SUPPORTS = {
    "supports_vision": "vision",
    "supports_reasoning": "reasoning",
    "supports_function_calling": "function_calling",
    "supports_response_schema": "structured_outputs",
    "supports_computer_use": "computer_use",
}
MODES = {"embedding model": "embedding", "image model": "image_generation"}
NAMES = {
    "openai": ("openai", ""),
    "anthropic": ("anthropic", ""),
    "azure-openai": ("azure", "azure/"),
    "azure-ai-foundry": ("azure_ai", "azure_ai/"),
    "amazon-bedrock": ("bedrock", ""),
    "google-gemini": ("gemini", "gemini/"),
    "google-vertex": ("vertex_ai", "vertex_ai/"),
    "alibaba": ("dashscope", "dashscope/"),
    "moonshotai": ("moonshot", "moonshot/"),
    "fireworks-ai": ("fireworks_ai", "fireworks_ai/"),
    "novita-ai": ("novita", "novita/"),
    "ollama-cloud": ("ollama", "ollama/"),
}
"""How LiteLLM calls a provider, and what it puts before a model there, where that is not our id."""


def default(offer: Offer) -> bool:
    """Say whether an offer is the plain one: standard or free tier, no special region, not fine-tuned."""
    plain = offer.tier in {"standard", "free"} and offer.region in {None, "global"}
    return offer.listed and plain and offer.mode != "fine-tuned"


def name_there(card: ModelCard, offer: Offer) -> str:
    """Return what the provider calls the model; the model part of our id if its list has only meters."""
    printed = offer.provider_model
    return printed if printed and " " not in printed else model_part(card.id)


def number(usd: Decimal) -> float | int:
    """Return a price as the JSON number that prints shortest."""
    return int(usd) if usd == usd.to_integral_value() else float(usd)


def models_dev_json(cards: Cards) -> bytes:
    """Return providers with their models in the shape of models.dev's api.json; prices per million tokens."""
    made: dict[str, Json] = {}
    for card in cards.values():
        for offer in filter(default, card.offers):
            provider = made.setdefault(offer.provider, models_dev_provider(offer))
            if model := models_dev_model(card, offer):
                provider["models"].setdefault(model["id"], model)
    for provider in made.values():
        provider["models"] = dict(sorted(provider["models"].items()))
    return compact({name: provider for name, provider in sorted(made.items()) if provider["models"]})


def models_dev_provider(offer: Offer) -> Json:
    """Return one provider without models; what it is called from code is empty, as no source states it."""
    known_as = PROVIDERS.get(offer.provider)
    doc = known_as.url if known_as else ""
    return {"id": offer.provider, "env": [], "npm": "", "name": offer.provider_name, "doc": doc, "models": {}}


def models_dev_model(card: ModelCard, offer: Offer) -> Json | None:
    """Return one model at one provider, None if a required part is not known."""
    released = month(known(card.facts, "release_date"))
    said = {
        "id": name_there(card, offer),
        "name": card.name,
        "family": known(card.facts, "family"),
        "attachment": attachment(card),
        **{theirs: known(card.facts, f"capability.{ours}") for theirs, ours in ANSWERS.items()},
        "knowledge": month(known(card.facts, "knowledge_cutoff")),
        "release_date": released,
        "last_updated": max((c.at[:10] for c in card.changes), default=released),
        "modalities": modalities(card),
        "open_weights": open_weights(card),
        "limit": limits(
            card, offer, context="context_window", input="max_input_tokens", output="max_output_tokens"
        ),
        "status": STATUS.get(str(known(card.facts, "lifecycle"))),
        "cost": cost(offer),
    }
    told = {name: value for name, value in said.items() if value not in (None, {})}
    whole = told.keys() >= {*REQUIRED} and {"context", "output"} <= told["limit"].keys()
    return told if whole and {"input", "output"} <= told["modalities"].keys() else None


def month(day: Any) -> Any:
    """Return a date that is known to the month, else None."""
    return day if day is not None and MONTH.fullmatch(str(day)) else None


def attachment(card: ModelCard) -> bool | None:
    """Return whether the model takes anything but text, None if its input is not known."""
    listed = known(card.facts, "modality.input")
    return None if listed is None else any(kind != "text" for kind in listed)


def modalities(card: ModelCard) -> Json:
    """Return the known modalities in models.dev's words."""
    found = {side: known(card.facts, f"modality.{side}") for side in ("input", "output")}
    return {side: [FILES[kind] for kind in kinds if kind in FILES] for side, kinds in found.items() if kinds}


def open_weights(card: ModelCard) -> bool | None:
    """Return whether the weights are open, None if that is not known."""
    openness = known(card.facts, "openness")
    return None if openness is None else openness != "proprietary"


def limits(card: ModelCard, offer: Offer, **names: str) -> Json:
    """Return the limits of the route, else the model's, under the given names."""
    found = ((theirs, known(offer.facts, ours) or known(card.facts, ours)) for theirs, ours in names.items())
    return {theirs: limit for theirs, limit in found if limit is not None}


def cost(offer: Offer) -> Json:
    """Return the prices of an offer that states both main ones, with those for longer prompts."""
    if any(known(offer.facts, name) is None for name in BOTH):
        return {}
    bands: dict[int, Json] = {}
    for above, fact in longer_prompts(offer):
        name = next((theirs for theirs, ours in COST.items() if ours == fact.attribute), None)
        if name:
            bands.setdefault(above, {})[name] = number(Decimal(str(fact.value)))
    tiers = [
        {**prices, "tier": {"type": "context", "size": above}}
        for above, prices in sorted(bands.items())
        if {"input", "output"} <= prices.keys()
    ]
    plain = {
        theirs: number(Decimal(price))
        for theirs, ours in COST.items()
        if (price := known(offer.facts, ours)) is not None
    }
    return {**plain, **({"tiers": tiers} if tiers else {})}


def longer_prompts(offer: Offer) -> Iterator[tuple[int, Fact]]:
    """Yield the prices that hold above a prompt length alone, with that length in tokens."""
    for fact in offer.tiers:
        above = fact.qualifier.get("context_above", "")
        if fact.state == "known" and above.isdecimal() and len(fact.qualifier) == 1:
            yield int(above), fact


def litellm_json(cards: Cards) -> bytes:
    """Return offers in the shape of LiteLLM's price map; prices per token."""
    made: dict[str, Json] = {}
    for card in cards.values():
        for offer in filter(default, card.offers):
            tiers = tiers_of(offer, card.offers)
            made.setdefault(litellm_key(card, offer), litellm_offer(card, offer, tiers))
    return compact(dict(sorted(made.items())))


def tiers_of(offer: Offer, offers: Iterable[Offer]) -> list[Offer]:
    """Return the batch, priority and flex variants of the same route."""
    plain = replace(offer, key="", tier="standard", provider_model="", facts={}, tiers=())
    return [
        other
        for other in offers
        if other.listed
        and other.tier in TIER
        and replace(other, key="", tier="standard", provider_model="", facts={}, tiers=()) == plain
    ]


def litellm_key(card: ModelCard, offer: Offer) -> str:
    """Return the key of an offer in the map: "openrouter/openai/gpt-4.1", or "gpt-4.1" at its maker."""
    word = offer.provider.replace("-", "_")
    _, before = NAMES.get(offer.provider, (word, f"{word}/"))
    name = name_there(card, offer)
    return name if name.startswith(before) else before + name


def litellm_offer(card: ModelCard, offer: Offer, tiers: list[Offer]) -> Json:
    """Return one offer with the prices of its tiers and of longer prompts."""
    word, _ = NAMES.get(offer.provider, (offer.provider.replace("-", "_"), ""))
    said: Json = {
        "litellm_provider": word,
        "mode": MODES.get(str(known(card.facts, "product_type")), "chat"),
        **limits(card, offer, max_input_tokens="max_input_tokens", max_output_tokens="max_output_tokens"),
        **token_costs(offer.facts, TOKEN_COST),
    }
    said.setdefault(
        "max_input_tokens", known(offer.facts, "context_window") or known(card.facts, "context_window")
    )
    for tier in tiers:
        plain = token_costs(tier.facts, {name: TOKEN_COST[name] for name in TIERED})
        said |= {f"{name}{TIER[tier.tier]}": usd for name, usd in plain.items()}
    for above, fact in longer_prompts(offer):
        for name in TIERED:
            if TOKEN_COST[name] == fact.attribute and above % 1000 == 0:
                said[f"{name}_above_{above // 1000}k_tokens"] = per_token(fact.value)
    said |= {theirs: known(card.facts, f"capability.{ours}") for theirs, ours in SUPPORTS.items()}
    said["deprecation_date"] = known(card.facts, "shutdown_date")
    said["source"] = next((e.url for name in BOTH if (f := offer.facts.get(name)) for e in f.evidence), None)
    return {name: value for name, value in said.items() if value is not None}


def token_costs(facts: Mapping[str, Fact], names: Mapping[str, str]) -> Json:
    """Return known prices per token."""
    return {
        theirs: per_token(price)
        for theirs, ours in names.items()
        if (price := known(facts, ours)) is not None
    }


def per_token(price: Any) -> float | int:
    """Return a price per million tokens as one per token."""
    return number(Decimal(str(price)) / MILLION)
