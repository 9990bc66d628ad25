"""The six models of the five seed pages as cards, from the figures printed there, and small card builders.

A printed No without a source is not carried over, nor are parameter counts and architectures of closed
models: see DELIBERATE in test_compare_seeds.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from db.cards import Evidence, Fact, ModelCard, Offer, Plain

URL = "https://seed.example/pages/"
PRICE = "usd_per_mtok"
PROVIDERS = {
    "openrouter": ("OpenRouter", "gateway"),
    "vercel-ai-gateway": ("Vercel AI Gateway", "gateway"),
    "azure-openai": ("Azure OpenAI", "cloud"),
    "openai": ("OpenAI API", "first-party"),
}


def evidence(reviewed_on: str = "2026-05-22", source: str = "curated") -> tuple[Evidence, ...]:
    """Return the evidence of one look."""
    return (
        Evidence(
            source, f"{URL}{source}", "sha256:" + "0" * 64, "/row", f"{reviewed_on}T06:00:00Z", reviewed_on
        ),
    )


def fact(model: str, attribute: str, value: Plain, *, on: str = "2026-05-22", **more: object) -> Fact:
    """Return a known fact with evidence, or the fact that nobody knows when `value` is None."""
    if value is None:
        return Fact(model, attribute, "unknown", reason="never_sourced")
    unit = PRICE if attribute.endswith("_price") else ""
    made = Fact(model, attribute, "known", value, unit=unit, evidence=evidence(on), reviewed_on=on)
    return replace(made, **more)  # type: ignore[arg-type]


def offer(
    model: str,
    provider: str,
    prices: tuple[str, str] | None = None,
    *,
    on: str = "2026-05-22",
    **more: object,
) -> Offer:
    """Return a listed offer; without prices only its listing is on record."""
    name, kind = PROVIDERS.get(provider, (provider.title(), "host"))
    said: dict[str, Plain] = {"availability": "listed"}
    if prices:
        said.update(input_price=prices[0], output_price=prices[1])
    made = Offer(provider, model, provider, name, kind, provider_model=model)
    made = replace(made, **more)  # type: ignore[arg-type]
    facts = {name: fact(model, name, value, on=on, offer=made.key) for name, value in said.items()}
    return replace(made, facts={**facts, **made.facts})


def card(
    model: str,
    name: str,
    vendor: str,
    said: Mapping[str, Plain],
    offers: Iterable[Offer] = (),
    scores: Iterable[Fact] = (),
    on: str = "2026-05-22",
) -> ModelCard:
    """Return a card whose every fact was reviewed on one day."""
    facts = {name: fact(model, name, value, on=on) for name, value in said.items()}
    return ModelCard(model, name, vendor, facts, tuple(offers), tuple(scores))


def yes(*capabilities: str) -> dict[str, Plain]:
    """Return capabilities as Yes."""
    return {f"capability.{capability}": True for capability in capabilities}


CODEX_TYPE = "coding-specialized model"
CLOSED: dict[str, Plain] = {
    "license": "Proprietary",
    "openness": "proprietary",
    "commercial_use": "with conditions",
}
MAX_ID, CODEX_1_ID, CODEX_52_ID = "openai/gpt-5.1-codex-max", "openai/codex-1", "openai/gpt-5.2-codex"
GPT_41_ID, VISION_ID, QWEN_ID = "openai/gpt-4.1", "openai/gpt-4-vision-preview", "alibaba/qwen3.5-4b"

CODEX_MAX = card(
    MAX_ID,
    "GPT-5.1 Codex Max",
    "OpenAI",
    {
        **CLOSED,
        "product_type": CODEX_TYPE,
        "release_date": "2025-11-19",
        "knowledge_cutoff": "2024-09",
        **yes("multimodal", "reasoning", "function_calling", "tool_use", "structured_outputs"),
    },
    [offer(MAX_ID, "openrouter", ("1.25", "10")), offer(MAX_ID, "vercel-ai-gateway")],
)
CODEX_1 = card(
    CODEX_1_ID,
    "Codex 1",
    "OpenAI",
    {
        **CLOSED,
        "product_type": CODEX_TYPE,
        "release_date": "2025-05-16",
        "context_window": 192_000,
        **yes("reasoning", "code_execution"),
    },
    on="2026-05-19",
)
CODEX_52 = card(
    CODEX_52_ID,
    "GPT-5.2 Codex",
    "OpenAI",
    {
        **CLOSED,
        "product_type": CODEX_TYPE,
        "release_date": "2025-12-18",
        "knowledge_cutoff": "2025-08",
        **yes("vision", "multimodal", "reasoning", "function_calling", "tool_use", "code_execution"),
    },
    [offer(CODEX_52_ID, "vercel-ai-gateway", ("1.75", "14"))],
)
GPT_41 = card(
    GPT_41_ID,
    "GPT-4.1",
    "OpenAI",
    {
        **CLOSED,
        "product_type": "standalone API model",
        "release_date": "2025-04",
        "context_window": 1_047_576,
        "knowledge_cutoff": "2025-01",
        **yes("vision", "multimodal", "function_calling", "tool_use", "structured_outputs", "code_execution"),
    },
    [
        offer(GPT_41_ID, "openrouter", ("2", "8")),
        *(offer(GPT_41_ID, provider) for provider in ("azure-openai", "openai", "vercel-ai-gateway")),
    ],
    [fact(GPT_41_ID, "benchmark.mmlu_pro", "81.8", unit="percent")],
)
VISION = card(
    VISION_ID,
    "GPT-4 Vision Preview",
    "OpenAI",
    {
        **CLOSED,
        "product_type": "standalone API model",
        "release_date": "2023-11-06",
        "context_window": 128_000,
        "knowledge_cutoff": "2023-04",
        "lifecycle": "retired",
        "shutdown_date": "2024-12-06",
        "replacement": "gpt-4o",
        **yes("vision", "multimodal", "code_execution"),
    },
    [offer(VISION_ID, "azure-openai", ("10", "40"), on="2026-05-19")],
    on="2026-05-19",
)
QWEN = card(
    QWEN_ID,
    "Qwen3.5-4B",
    "Alibaba",
    {
        "product_type": "open-weights model",
        "release_date": "2026-03-02",
        "context_window": 262_144,
        "parameters_total": 4_000_000_000,
        "license": "Apache-2.0",
        "osi_approved": True,
        "openness": "open source",
        "commercial_use": "allowed",
        **yes("vision", "multimodal"),
    },
    scores=[
        fact(QWEN_ID, "benchmark.mmlu_pro", "79.1", unit="percent", qualifier={"reporter": "Alibaba"}),
    ],
)
OTHERS = (CODEX_MAX, CODEX_1, CODEX_52, GPT_41, VISION)
