"""The catalog in the shape of LiteLLM's price map; prices are USD per token."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from cardwatch.compare.wording.labels import MAIN_PRICES
from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.db.store.default_offer import STANDARD
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

MILLION = Decimal(1_000_000)
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


def litellm_json(cards: Cards) -> bytes:
    """Return offers in the shape of LiteLLM's price map; prices per token."""
    made: dict[str, Json] = {}
    for card in cards.values():
        for offer in filter(is_plain_offer, card.offers):
            tiers = tiers_of(offer, card.offers)
            made.setdefault(litellm_key(card, offer), litellm_offer(card, offer, tiers))
    return compact_json(dict(sorted(made.items())))


def tiers_of(offer: Offer, offers: Iterable[Offer]) -> list[Offer]:
    """Return the batch, priority and flex variants of the same route."""
    plain = replace(offer, key="", tier=STANDARD, provider_model="", facts={}, tiers=())
    return [
        other
        for other in offers
        if other.listed
        and other.tier in TIER
        and replace(other, key="", tier=STANDARD, provider_model="", facts={}, tiers=()) == plain
    ]


def litellm_key(card: ModelCard, offer: Offer) -> str:
    """Return the key of an offer in the map: "openrouter/openai/gpt-4.1", or "gpt-4.1" at its maker."""
    word = offer.provider.replace("-", "_")
    _, before = NAMES.get(offer.provider, (word, f"{word}/"))
    name = provider_model_name(card, offer)
    return name if name.startswith(before) else before + name


def litellm_offer(card: ModelCard, offer: Offer, tiers: list[Offer]) -> Json:
    """Return one offer with the prices of its tiers and of longer prompts."""
    word, _ = NAMES.get(offer.provider, (offer.provider.replace("-", "_"), ""))
    entry: Json = {
        "litellm_provider": word,
        "mode": MODES.get(str(known_value(card.facts, "product_type")), "chat"),
        **token_limits(
            card, offer, max_input_tokens="max_input_tokens", max_output_tokens="max_output_tokens"
        ),
        **token_costs(offer.facts, TOKEN_COST),
    }
    entry.setdefault(
        "max_input_tokens",
        known_value(offer.facts, "context_window") or known_value(card.facts, "context_window"),
    )
    for tier in tiers:
        plain = token_costs(tier.facts, {name: TOKEN_COST[name] for name in TIERED})
        entry |= {f"{name}{TIER[tier.tier]}": usd for name, usd in plain.items()}
    for above, fact in long_prompt_prices(offer):
        for name in TIERED:
            if TOKEN_COST[name] == fact.attribute and above % 1000 == 0:
                entry[f"{name}_above_{above // 1000}k_tokens"] = per_token(fact.value)
    entry |= {theirs: known_value(card.facts, f"capability.{ours}") for theirs, ours in SUPPORTS.items()}
    entry["deprecation_date"] = known_value(card.facts, "shutdown_date")
    entry["source"] = next(
        (e.url for name in MAIN_PRICES if (f := offer.facts.get(name)) for e in f.evidence), None
    )
    return {name: value for name, value in entry.items() if value is not None}


def token_costs(facts: Mapping[str, Fact], names: Mapping[str, str]) -> Json:
    """Return known prices per token."""
    return {
        theirs: per_token(price)
        for theirs, ours in names.items()
        if (price := known_value(facts, ours)) is not None
    }


def per_token(price: Any) -> float | int:
    """Return a price per million tokens as one per token."""
    return json_number(Decimal(str(price)) / MILLION)
