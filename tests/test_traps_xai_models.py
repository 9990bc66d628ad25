"""xAI's models page: prices in ten-thousand-millionths of a dollar, aliases, long context, clusters."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from support.edited_pages import edited_complaints, edited_rows, read_edited
from support.recorded_pages import find_row, row_texts

from cardwatch.crawler.documents import RawRow
from cardwatch.normalize.prices import parse_usd_per_mtok

PAGE = ("xai_models", "models.html")
MODEL: dict[str, Any] = {"name": "grok-x", "promptTextTokenPrice": "20000", "cluster": "us-east-1"}


def clusters(*lists: list[dict[str, Any]]) -> list[RawRow]:
    page = json.dumps({"clusterConfigs": [{"languageModels": models} for models in lists]})
    return read_edited(*PAGE, f"<html><script>globalThis.__XAI_PUBLIC_MODELS__={page};</script></html>")


def offers(rows: list[RawRow]) -> list[RawRow]:
    return [row for row in rows if row.kind == "offer"]


def test_twenty_thousand_is_two_dollars_a_million() -> None:
    cell = find_row(edited_rows(*PAGE), "offer", "grok-4.7").cells["input_price"]
    assert parse_usd_per_mtok(cell.text, cell.unit) == Decimal(2)


def test_two_hundred_million_is_two_cents_a_picture() -> None:
    cell = find_row(edited_rows(*PAGE), "offer", "grok-imagine-image").cells["image_price"]
    assert (cell.text, cell.unit) == ("200000000", "1e-10 usd/image")


def test_long_context_prices_begin_above_the_threshold_that_the_page_names() -> None:
    row = find_row(edited_rows(*PAGE), "offer", "grok-4.7", "context_above=200000")
    assert row_texts(row) == {"input_price": "40000", "cache_read_price": "10000", "output_price": "120000"}
    unbounded = ('"longContextThreshold": "200000",', "")
    assert "unknown.promptTextTokenPriceLongContext" in edited_complaints(*PAGE, unbounded)
    assert not [
        row for row in edited_rows(*PAGE, unbounded) if "40000" in row_texts(row).get("input_price", "")
    ]


def test_an_alias_is_no_model_of_its_own() -> None:
    assert not [row for row in edited_rows(*PAGE) if row.name.startswith("grok-code-fast")]


def test_a_discount_is_no_price() -> None:
    assert edited_rows(*PAGE) == edited_rows(
        *PAGE, ('"batchDiscountPercent": 20', '"batchDiscountPercent": 50')
    )
    assert not [row for row in edited_rows(*PAGE) if row.variant.get("tier") == "batch"]


def test_a_size_is_a_mode_only_where_it_costs_something_else() -> None:
    assert len(offers(edited_rows(*PAGE))) == 5
    dearer = (
        '"IMAGE_RESOLUTION_2K", "pricePerImage": "200000000"',
        '"IMAGE_RESOLUTION_2K", "pricePerImage": "7"',
    )
    row = find_row(edited_rows(*PAGE, dearer), "offer", "grok-imagine-image", "mode=2K")
    assert row_texts(row) == {"image_price": "7"}


def test_a_second_cluster_with_the_same_prices_says_nothing_new() -> None:
    assert len(clusters([MODEL], [{**MODEL, "cluster": "eu-west-1"}])) == 2


def test_a_second_cluster_with_other_prices_is_a_region() -> None:
    dearer = {**MODEL, "cluster": "eu-west-1", "promptTextTokenPrice": "22000"}
    assert [(row.variant, row_texts(row)) for row in offers(clusters([MODEL], [dearer]))] == [
        ({}, {"input_price": "20000"}),
        ({"region": "eu-west-1"}, {"input_price": "22000"}),
    ]


def test_what_may_be_put_in_is_a_limit_of_the_prompt_not_the_window() -> None:
    texts = row_texts(find_row(edited_rows(*PAGE), "model", "grok-4.7"))
    assert texts["max_input_tokens"] == "500000"
    assert "context_window" not in texts


@pytest.mark.parametrize("key", ["promptVideoTokenPrice", "thinkingPrice"])
def test_a_key_that_nobody_decided_about_is_named(key: str) -> None:
    rows = clusters([{**MODEL, key: "1"}])
    assert f"unknown.{key}" in row_texts(find_row(rows, "model", "grok-x"))
    assert row_texts(find_row(rows, "offer", "grok-x")) == {"input_price": "20000"}


def test_a_new_kind_of_model_is_named() -> None:
    change = ('"imageGenerationModels"', '"worldModels"')
    assert "found worldModels" in edited_complaints(*PAGE, change)
    assert find_row(edited_rows(*PAGE, change), "offer", "grok-4.7", "xAI")


def test_the_quality_of_a_picture_is_a_condition_of_its_price() -> None:
    rows = edited_rows("xai_models", "2026-10-01.html")
    prices = {
        row.variant.get("mode", ""): row_texts(row)["image_price"]
        for row in rows
        if row.kind == "offer" and row.name == "grok-imagine-image-2.0"
    }
    assert prices == {
        "": "600000000",
        "1K low": "400000000",
        "1P5K low": "500000000",
        "2K low": "600000000",
        "1K medium": "600000000",
        "1P5K medium": "700000000",
        "2K medium": "800000000",
    }


def test_a_condition_of_a_picture_s_price_that_nobody_knows_costs_that_price() -> None:
    page = ("xai_models", "2026-10-01.html")
    change = ('"pricePerImage": "400000000", "quality": "low"', '"pricePerImage": "400000000", "mood": "low"')
    assert "mood" in edited_complaints(*page, change)
    assert not [row for row in edited_rows(*page, change) if "400000000" in row_texts(row).values()]
