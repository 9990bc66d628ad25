"""Portkey's files: cents per token, numbers a thousand times off, prices per region and context."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, nothing_read, recorded_page, row_texts, spider

from cardwatch.crawler.documents import RawRow
from cardwatch.normalize.prices import parse_usd_per_mtok

URL = "https://raw.githubusercontent.com/Portkey-AI/models/main/pricing"


def recorded(name: str) -> list[RawRow]:
    return list(spider("portkey_pricing").rows(recorded_page("portkey_pricing", name, f"{URL}/{name}")))


def rows(**model: Any) -> list[RawRow]:
    return list(spider("portkey_pricing").rows(json_answer({"m": model}, f"{URL}/openai.json")))


def paid(**meters: Any) -> dict[str, Any]:
    return {"pay_as_you_go": {key: {"price": value} for key, value in meters.items()}}


def test_cents_per_token_are_dollars_per_million_times_a_hundredth() -> None:
    cell = find_row(recorded("openai.json"), "offer", "gpt-5.1-codex-max").cells["input_price"]
    assert (cell.text, cell.unit) == ("0.000125", "cents/token")
    assert parse_usd_per_mtok(cell.text, cell.unit) == Decimal("1.25")


def test_a_thousandfold_slip_is_kept_as_it_stands() -> None:
    cell = find_row(recorded("together-ai.json"), "offer", "MiniMaxAI/MiniMax-M2.5").cells["input_price"]
    assert parse_usd_per_mtok(cell.text, cell.unit) == 300


def test_swapped_cache_prices_are_kept_as_they_stand() -> None:
    texts = row_texts(find_row(recorded("azure-openai.json"), "offer", "codex-mini-latest"))
    assert texts["cache_read_price"] == texts["output_price"] == "0.0006"


def test_the_template_entry_and_models_without_token_prices_are_no_offers() -> None:
    names = {row.name for row in (*recorded("openai.json"), *recorded("azure-openai.json"))}
    assert names & {"default", "dall-e-3", "code-davinci-002"} == set()


def test_a_zero_is_not_published_here() -> None:
    zero = row_texts(find_row(recorded("azure-openai.json"), "offer", "text-moderation-004"))["input_price"]
    assert spider("portkey_pricing").price_words[zero] == "not_published"


def test_where_a_file_prices_one_thing_twice_the_plain_price_counts() -> None:
    [only] = [row for row in recorded("openai.json") if row.name == "gpt-3.5-turbo-16k"]
    assert row_texts(only) == {"input_price": "0.0003", "output_price": "0.0004"}


def test_regions_tiers_and_contexts_are_offers_of_their_own() -> None:
    found = recorded("openai.json")
    assert row_texts(find_row(found, "offer", "gpt-5.4", "context_above=272000"))["input_price"] == "0.0005"
    assert row_texts(find_row(found, "offer", "gpt-5.4", "tier=priority"))["input_price"] == "0.0005"
    europe = find_row(found, "offer", "gpt-5.4", "region=eu", "tier=flex", "context_above=272000")
    assert row_texts(europe)["output_price"] == "0.0012375"
    assert "us,eu,au,ca,jp,in,sg,kr,gb,ae" in europe.locator + europe.cells["output_price"].at


def test_a_name_that_ends_in_a_length_of_prompt_is_one_model_at_two_prices() -> None:
    prices = {
        "gemini-2.5-pro-lte-128k": paid(request_token=0.000125, response_token=0.001),
        "gemini-2.5-pro-gt-128k": paid(request_token=0.00025, response_token=0.0015),
        "gemini-3.1-pro-preview-gt-200k": paid(request_token=0.0004),
    }
    body = {name: {"pricing_config": config} for name, config in prices.items()}
    found = list(spider("portkey_pricing").rows(json_answer(body, f"{URL}/google.json")))
    assert [(row.name, dict(row.qualifier), row_texts(row)["input_price"]) for row in found] == [
        ("gemini-2.5-pro", {}, "0.000125"),
        ("gemini-2.5-pro", {"context_above": "128000"}, "0.00025"),
        ("gemini-3.1-pro-preview", {"context_above": "200000"}, "0.0004"),
    ]


def test_an_hour_of_cache_and_a_fee_per_request() -> None:
    config = paid(request_token=0.0003) | {"fixed_cost": {"request": {"price": 0.5}}}
    config["pay_as_you_go"]["additional_units"] = {"cache_write_1h": {"price": 0.0006}}
    found = rows(pricing_config=config)
    cells = {name: cell for row in found if not row.qualifier for name, cell in row.cells.items()}
    assert (cells["request_price"].text, cells["request_price"].unit) == ("0.5", "cents/request")
    assert row_texts(find_row(found, "offer", "m", "ttl=1h")) == {"cache_write_price": "0.0006"}


def test_batch_prices_are_another_tier() -> None:
    found = rows(
        pricing_config=paid(request_token=0.0003) | {"batch_config": {"request_token": {"price": 0.00015}}}
    )
    assert row_texts(find_row(found, "offer", "m", "tier=batch")) == {"input_price": "0.00015"}


def test_a_new_meter_is_refused_by_name() -> None:
    [row] = rows(pricing_config=paid(request_token=0.0003, thought_token=1))
    assert "unknown.pricing_config.pay_as_you_go.thought_token" in row.cells


@pytest.mark.parametrize(
    "model",
    [
        {"pricing_config": {"pay_as_you_go": {"request_token": 0.1}}},
        {"pricing_config": {"pay_as_you_go": {}, "currency": "EUR"}},
        {"pricing_config": {"pay_per_use": {}}},
        {"custom_pricing": {"regions": {"default": {"execution_modes": {"turbo": {}}}}}},
        {
            "custom_pricing": {
                "regions": {"default": {"execution_modes": {"batch": {"context_tiers": {"big": {}}}}}}
            }
        },
    ],
)
def test_another_shape_costs_the_model(model: dict[str, Any]) -> None:
    assert "wanted" in nothing_read(rows(**model))


def test_every_provider_is_a_page_and_claimed_from_archives() -> None:
    source = spider("portkey_pricing")
    pages = [request.url for request in source.pages()]
    assert f"{URL}/azure-openai.json" in pages
    assert len(pages) == len({*pages}) == 43
    assert all(source.find_page(url) for url in pages)
