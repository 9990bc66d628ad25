"""The two vocabularies: every provider a recording prints is known, and no spelling means two of them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.normalize.providers import (
    DEVELOPERS,
    PROVIDERS,
    ProviderKind,
    developer_of,
    provider_id,
    source_group,
)

TABLES = Path(__file__).parents[1] / "normalize"
RECORDINGS = Path(__file__).parents[2] / "shared" / "data"
NO_PROVIDER = {"", "one of https://docs.litellm.ai/docs/providers"}


def recorded(path: str) -> Any:
    file = RECORDINGS / path
    if not file.exists():
        pytest.skip(f"no recording ../shared/data/{path}")
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("key", "name", "kind"),
    [
        ("openrouter", "OpenRouter", "gateway"),
        ("vercel-ai-gateway", "Vercel AI Gateway", "gateway"),
        ("azure-openai", "Azure OpenAI", "cloud"),
        ("openai", "OpenAI API", "first-party"),
        ("amazon-bedrock", "Amazon Bedrock", "cloud"),
        ("google-vertex", "Google Vertex AI", "cloud"),
        ("google-gemini", "Google Gemini API", "first-party"),
        ("huggingface", "Hugging Face", "gateway"),
    ],
)
def test_the_names_that_outside_checks_rely_on(key: str, name: str, kind: str) -> None:
    assert (PROVIDERS[key].id, PROVIDERS[key].name, PROVIDERS[key].kind) == (key, name, kind)


def test_every_entry_is_complete() -> None:
    for provider in PROVIDERS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", provider.id)
        assert provider.name
        assert provider.kind in get_args(ProviderKind)
        assert not provider.url or provider.url.startswith("https://")
    for developer in DEVELOPERS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", developer.id)
        assert developer.name


@pytest.mark.parametrize("file", ["providers.toml", "developers.toml"])
def test_no_spelling_means_two_things(file: str) -> None:
    seen: dict[str, str] = {}
    for key, row in tomllib.loads((TABLES / file).read_text(encoding="utf-8")).items():
        for text in {key, row["name"].casefold(), *row.get("as", ()), *row.get("aliases", ())}:
            assert seen.setdefault(text, key) == key, f"{text!r} is {seen[text]} and {key}"


@pytest.mark.parametrize(
    ("source", "printed", "key"),
    [
        ("openrouter_endpoints", "Google", "google-vertex"),
        ("openrouter_endpoints", "Google AI Studio", "google-gemini"),
        ("openrouter_endpoints", "deepinfra/fp8", "deepinfra"),
        ("models_dev", "google", "google-gemini"),
        ("models_dev", "vercel", "vercel-ai-gateway"),
        ("litellm_prices", "vertex_ai-anthropic_models", "google-vertex"),
        ("litellm_prices", "bedrock_converse", "amazon-bedrock"),
        ("litellm_prices", "text-completion-openai", "openai"),
        ("genai_prices", "aws", "amazon-bedrock"),
        ("genai_prices", "huggingface_novita", "novita-ai"),
        ("portkey_pricing", "azure-openai", "azure-openai"),
        ("azure_retail_prices", "Azure OpenAI GPT5", "azure-openai"),
        ("azure_retail_prices", "Azure Deepseek Models", "azure-ai-foundry"),
        ("huggingface_cards", "Hugging Face", "huggingface"),
        ("", "  OPENAI  api ", "openai"),
    ],
)
def test_spellings_by_source(source: str, printed: str, key: str) -> None:
    assert provider_id(source, printed) == key


def test_an_unknown_spelling_is_nobody() -> None:
    assert provider_id("litellm_prices", "Nobody & Sons") is None
    assert provider_id("", "") is None


@given(st.text(), st.text(max_size=30))
def test_any_text_has_an_answer(printed: str, source: str) -> None:
    assert provider_id(source, printed) in {None, *PROVIDERS}


@pytest.mark.parametrize("key", sorted(PROVIDERS))
def test_an_id_and_a_name_mean_their_provider(key: str) -> None:
    assert provider_id("", key) == key
    assert provider_id("", PROVIDERS[key].name) == key


def test_a_source_id_belongs_to_its_publisher() -> None:
    assert source_group("openrouter_endpoints") == source_group("openrouter") == "openrouter"
    assert source_group("huggingface_listing") == "huggingface"
    assert source_group("something_else") == "something_else"


def test_the_developer_is_the_first_part_of_an_id() -> None:
    assert developer_of("openai/gpt-4.1") == "openai"


def test_every_provider_of_models_dev_is_known() -> None:
    providers = recorded("models.dev/api.2026-05-12.json")
    assert len(providers) == 119
    assert [key for key in providers if provider_id("models_dev", key) is None] == []
    assert [row["name"] for row in providers.values() if provider_id("models_dev", row["name"]) is None] == []


def test_every_provider_of_litellm_is_known() -> None:
    prices = recorded("litellm/model_prices_and_context_window.v1.109.1.json")
    printed = {row.get("litellm_provider") or "" for row in prices.values()} - NO_PROVIDER
    assert sorted(name for name in printed if provider_id("litellm_prices", name) is None) == []


def test_every_provider_of_the_price_collections_is_known() -> None:
    portkey = recorded("portkey/pricing.all.2026-08-21.json")
    genai = recorded("genai-prices/data.json")
    assert [key for key in portkey if provider_id("portkey_pricing", key) is None] == []
    assert [row["id"] for row in genai if provider_id("genai_prices", row["id"]) is None] == []


def test_every_product_of_azure_with_a_model_is_known() -> None:
    from cardwatch.normalize.identity.resolver import resolve_name

    for row in recorded("azure-retail-prices/grouped-snapshot.2026-08-11.json")["items"]:
        found = resolve_name(row["meterName"], source="azure_retail_prices", provider=row["productName"])
        known = provider_id("azure_retail_prices", row["productName"])
        assert found.model is None or known in ("azure-openai", "azure-ai-foundry"), row["productName"]
