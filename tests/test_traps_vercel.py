"""What Vercel's gateway has done to others, on its own lexemes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, recording_path, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

URL = "https://ai-gateway.vercel.sh/v1/models"
ITEM: dict[str, Any] = {
    "id": "openai/gpt-5.4",
    "object": "model",
    "created": 1755815280,
    "released": 1772668800,
    "owned_by": "openai",
    "name": "GPT 5.4",
    "context_window": 1050000,
    "max_tokens": 128000,
    "type": "language",
    "tags": ["tool-use"],
    "pricing": {"input": "0.0000025", "output": "0.000015"},
}


def rows(**changes: Any) -> list[RawRow]:
    body = {"object": "list", "data": [{**ITEM, **changes}]}
    return list(spider("vercel_models").rows(json_answer(body, URL)))


def priced(**pricing: Any) -> list[RawRow]:
    return rows(pricing={**ITEM["pricing"], **pricing})


def offer(found: list[RawRow], *hints: str) -> dict[str, str]:
    return dict(row_texts(find_row(found, "offer", ITEM["id"], *hints)))


def test_web_search_counts_a_thousand_searches_here_and_one_at_openrouter() -> None:
    cell = find_row(priced(web_search="10"), "offer", ITEM["id"]).cells["web_search_price"]
    assert (cell.text, cell.unit) == ("10", "usd/1K searches")


@pytest.mark.parametrize(
    ("bands", "above"),
    [
        ([{"cost": "1", "min": 0, "max": 200001}, {"cost": "2", "min": 200001}], "200000"),
        ([{"cost": "1", "min": 0, "max": 200001}, {"cost": "2", "min": 200000}], "200000"),
        ([{"cost": "1", "max": 32769}, {"cost": "2", "min": 32769}], "32768"),
        ([{"cost": "1", "min": 0, "max": 512000}, {"cost": "2", "min": 512000}], "511999"),
    ],
)
def test_a_band_begins_one_token_below_its_minimum(bands: list[dict[str, Any]], above: str) -> None:
    found = priced(input_tiers=bands)
    assert offer(found)["input_price"] == "0.0000025"
    assert offer(found, f"context_above={above}") == {"input_price": "2"}


def test_the_first_band_is_the_default_where_no_price_stands_beside_it() -> None:
    found = rows(pricing={"input_tiers": [{"cost": "1", "min": 0, "max": 9}, {"cost": "2", "min": 9}]})
    assert offer(found)["input_price"] == "1"


def test_a_band_nobody_understands_is_handed_on_to_be_refused() -> None:
    texts = offer(priced(input_tiers=[{"cost": "1", "min": "low"}, {"cost": "2", "min": 5, "unit": "img"}]))
    assert {name for name in texts if name.startswith("unknown")} == {
        "unknown.pricing.input_tiers.0",
        "unknown.pricing.input_tiers.1",
    }


def test_a_band_begins_where_it_does_whatever_is_not_understood_of_the_one_below() -> None:
    upper = {"cost": "2", "min": 200000}
    found = priced(input_tiers=[{"cost": "1", "min": 0, "max": 200001, "unit": "img"}, upper])
    assert offer(found, "context_above=200000") == {"input_price": "2"}
    texts = offer(priced(input_tiers=[{"cost": "1", "min": 0, "max": "high"}, upper]))
    assert "unknown.pricing.input_tiers.1" in texts


def test_faster_tiers_and_regions_are_offers_of_their_own() -> None:
    found = priced(
        fast={"input": "0.000005", "output": "0.00003"},
        service_tiers={"flex": {"input": "0.00000125", "long_context": {"threshold": 272000, "input": "1"}}},
        regional={"eu": {"input": "0.00000275", "fast": {"input": "0.0000055"}}},
    )
    assert offer(found, "tier=fast") == {"input_price": "0.000005", "output_price": "0.00003"}
    assert offer(found, "tier=flex")["input_price"] == "0.00000125"
    assert offer(found, "tier=flex", "context_above=272000") == {"input_price": "1"}
    assert offer(found, "region=eu") == {"input_price": "0.00000275"}
    assert offer(found, "region=eu", "tier=fast") == {"input_price": "0.0000055"}
    assert offer(found)["context_window"] == "1050000"


def test_no_price_at_all_is_no_price_and_not_zero() -> None:
    texts = offer(rows(pricing={}))
    assert not [name for name in texts if name.endswith("_price")]


def test_limits_of_zero_are_unknown() -> None:
    for row in rows(context_window=0, max_tokens=0, type="video"):
        assert not {"context_window", "max_output_tokens"} & row.cells.keys()


def test_the_constant_created_is_never_a_date() -> None:
    without = {key: value for key, value in ITEM.items() if key != "released"}
    body = {"object": "list", "data": [without]}
    found = list(spider("vercel_models").rows(json_answer(body, URL)))
    assert not [row for row in found if "1755815280" in row_texts(row).values()]
    assert "release_date" not in row_texts(find_row(found, "model", ITEM["id"]))


def test_rounded_prices_are_kept_as_printed() -> None:
    assert offer(priced(input_cache_read="0.00000013"))["cache_read_price"] == "0.00000013"


def test_the_keys_of_autumn_2026_read() -> None:
    live = json.loads(
        recording_path("vercel-ai-gateway/live-row.2026-09-01.alibaba-qwen-3-14b.json").read_text()
    )
    found = rows(**live, supported_specifications=["v2", "v3"], regions=["eu"], video_capabilities=None)
    model = row_texts(find_row(found, "model", "alibaba/qwen-3-14b"))
    assert model["knowledge_cutoff"] == "2025-04"
    assert model["modality.input"] == '["text"]'
    assert model["capability.tool_use"] in {"tools", "tool-use"}
    assert not [name for row in found for name in row.cells if name.startswith("unknown")]


def test_the_documented_example_reads() -> None:
    path = recording_path("vercel-ai-gateway/docs-example.models.gemini-3-pro.json")
    found = list(spider("vercel_models").rows(json_answer(path.read_text(), URL)))
    assert len(found) == 3
    above = row_texts(find_row(found, "offer", "google/gemini-3-pro", "context_above=200000"))
    assert (above["input_price"], above["cache_write_price"]) == ("0.000004", "0.000004")


@pytest.mark.parametrize(
    ("stamp", "unit"), [(1782777600, "unix seconds"), (1782777600000, "unix milliseconds")]
)
def test_the_day_a_route_was_given_up_says_what_it_counts(stamp: int, unit: str) -> None:
    cell = find_row(rows(deprecated_at=stamp), "offer", ITEM["id"]).cells["deprecation_date"]
    assert (cell.text, cell.unit) == (str(stamp), unit)


def test_a_price_key_nobody_knows_is_refused_by_name() -> None:
    texts = offer(priced(peak_pricing={"multiplier": 2}))
    assert texts["unknown.pricing.peak_pricing"] == '{"multiplier": "2"}'
    assert texts["input_price"] == "0.0000025"


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"models": []}'])
def test_a_page_that_is_no_listing_says_so(body: str) -> None:
    with pytest.raises(PageChangedError):
        list(spider("vercel_models").rows(json_answer(body, URL)))
