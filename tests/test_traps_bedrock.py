"""AWS's price list and model list: meters per thousand tokens, zeros that mean zero, regions in a chain."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, recorded_page, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow, UnreadPart
from cardwatch.normalize.prices import parse_usd_per_mtok

LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock"
INDEX = f"{LIST}/current/region_index.json"
REGION = f"{LIST}/20260911124408/us-east-1/index.json"
MODELS = "https://bedrock.us-east-1.amazonaws.com/foundation-models"
TERM = {
    "effectiveDate": "2026-08-01T00:00:00Z",
    "priceDimensions": {
        "S.T.R": {
            "unit": "1K tokens",
            "beginRange": "0",
            "endRange": "Inf",
            "pricePerUnit": {"USD": "0.0033"},
        }
    },
}


def offer_file(attributes: dict[str, str], term: dict[str, Any] | None = None) -> list[Any]:
    attributes_ = {"regionCode": "us-east-1", "feature": "On-demand Inference", **attributes}
    body = {
        "products": {"S": {"attributes": attributes_}},
        "terms": {"OnDemand": {"S": {"S.T": term or TERM}}},
    }
    return list(spider("bedrock_prices").rows(json_answer(body, REGION)))


def recorded() -> dict[str, RawRow]:
    rows = spider("bedrock_prices").rows(recorded_page("bedrock_prices", "us-east-1.json", REGION))
    return {next(iter(row.cells)): row for row in rows}


def test_a_price_per_thousand_keeps_its_ten_decimals() -> None:
    cell = recorded()["input_price"].cells["input_price"]
    assert (cell.text, cell.unit) == ("0.0000600000", "usd/1K tokens")
    assert parse_usd_per_mtok(cell.text, cell.unit) == Decimal("0.06")


def test_a_cache_write_of_zero_is_free() -> None:
    row = recorded()["cache_write_price"]
    assert row.cells["cache_write_price"].text == "0.0000000000"
    assert spider("bedrock_prices").price_words == {}


def test_each_meter_says_its_region_and_since_when() -> None:
    for row in recorded().values():
        assert (row.name, row.provider) == ("Nova Lite", "Amazon Bedrock")
        assert dict(row.variant) == {"region": "us-east-1"}
        assert row.dates == {"effective_from": "2026-08-01T00:00:00Z"}


def test_a_titan_stands_under_another_key() -> None:
    [row] = offer_file({"titanModel": "TitanTextG1-Lite", "inferenceType": "Input tokens"})
    assert (row.name, row_texts(row)["input_price"]) == ("TitanTextG1-Lite", "0.0033")


@pytest.mark.parametrize(
    ("kind", "usage", "attribute", "marks"),
    [
        ("input tokens batch", "", "input_price", {"region": "us-east-1", "tier": "batch"}),
        ("Output tokens global priority", "", "output_price", {"region": "global", "tier": "priority"}),
        (
            "Prompt cache read input tokens flex",
            "",
            "cache_read_price",
            {"region": "us-east-1", "tier": "flex"},
        ),
        ("Cache write tokens 30m global", "", "cache_write_price", {"region": "global", "ttl": "30m"}),
        ("Text Input Tokens", "", "input_price", {"region": "us-east-1"}),
        (
            "Output tokens",
            "USE1-Claude4.6Sonnet-output-tokens-cross-region-global",
            "output_price",
            {"region": "global"},
        ),
        (
            "Input tokens",
            "USE1-Nova2.0Lite-input-tokens-cross-region-global-batch",
            "input_price",
            {"region": "global", "tier": "batch"},
        ),
        (
            "Prompt cache read input tokens",
            "EU-NovaLite-cache-read-input-token-count-cross-region-eu",
            "cache_read_price",
            {"region": "eu"},
        ),
        (
            "Input tokens",
            "USE1-gpt-oss-120b-input-tokens-batch",
            "input_price",
            {"region": "us-east-1", "tier": "batch"},
        ),
    ],
)
def test_words_of_a_meter_are_tiers_scopes_and_lifetimes(
    kind: str, usage: str, attribute: str, marks: dict[str, str]
) -> None:
    [row] = offer_file({"model": "m", "inferenceType": kind, "usagetype": usage})
    assert [*row.cells] == [attribute]
    assert {**row.variant, **row.qualifier} == marks


@pytest.mark.parametrize(
    ("product", "attribute", "marks"),
    [
        ({"tokenType": "input_tokens_mantle", "service_tier": "standard"}, "input_price", {}),
        ({"tokenType": "output_tokens_mantle", "service_tier": "flex"}, "output_price", {"tier": "flex"}),
        ({"tokenType": "Cache Read Input Tokens", "service_tier": "priority"}, "cache_read_price", {"tier": "priority"}),
        ({"tokenType": "input_tokens_mantle", "service_tier": "global-standard"}, "input_price", {"region": "global"}),
        ({"tokenType": "input-tokens-long-ctx", "serviceTier": "batch"}, "input_price",
         {"tier": "batch", "mode": "long-context"}),
        ({"inferenceType": "input tokens batch", "service_tier": "batch", "feature": ""}, "input_price", {"tier": "batch"}),
        ({"inferenceType": "Input tokens", "feature": "Batch Inference"}, "input_price", {"tier": "batch"}),
        ({"inferenceType": "Input tokens", "usagetype": "USE1-flex.priority-1-input-tokens"}, "input_price", {}),
        ({"inferenceType": "cachedInputTokens read"}, "cache_read_price", {}),
    ],
)  # fmt: skip
def test_the_words_of_a_meter_may_stand_in_any_of_its_fields(
    product: dict[str, str], attribute: str, marks: dict[str, str]
) -> None:
    [row] = offer_file({"model": "m", **product})
    assert [*row.cells] == [attribute]
    assert {**row.variant, **row.qualifier} == {"region": "us-east-1", **marks}


@pytest.mark.parametrize(
    "product",
    [
        {"tokenType": "input_tokens_mantle", "service_tier": "turbo"},
        {"inferenceType": "Input tokens flex", "service_tier": "priority"},
        {"inferenceType": "Input tokens off-peak"},
        {
            "inferenceType": "Input tokens",
            "usagetype": "USE1-m-input-tokens-flex",
            "feature": "Batch Inference",
        },
        {"inferenceType": "tokens"},
        {"inferenceType": "cached tokens"},
        {"inferenceType": "Input tokens", "usagetype": "USW2-NovaPro-input-tokens-cross-region-geo"},
        {"inferenceType": "Input tokens", "model": None},
    ],
)
def test_a_meter_with_an_unknown_word_two_tiers_or_no_model_is_counted_as_unread(
    product: dict[str, str | None],
) -> None:
    good = {"regionCode": "us-east-1", "model": "m", "inferenceType": "Output tokens"}
    body = {
        "products": {"G": {"attributes": good}, "S": {"attributes": {"model": "m", **product}}},
        "terms": {"OnDemand": {"G": {"G.T": TERM}, "S": {"S.T": TERM}}},
    }
    row, part = spider("bedrock_prices").rows(json_answer(body, REGION))
    assert isinstance(row, RawRow)
    assert isinstance(part, UnreadPart)
    assert ([*row.cells], part.locator) == (["output_price"], "/products/S")


@pytest.mark.parametrize("unit", ["1K tokens", "1k tokens", "1M tokens", "1m Tokens"])
def test_a_unit_may_be_written_in_any_case(unit: str) -> None:
    term: dict[str, Any] = deepcopy(TERM)
    term["priceDimensions"]["S.T.R"]["unit"] = unit
    [row] = offer_file({"model": "m", "inferenceType": "Input tokens"}, term)
    assert row.cells["input_price"].unit == f"usd/1{unit[1].upper()} tokens"


@pytest.mark.parametrize(
    "attributes",
    [
        {"inferenceType": "Input Image Token Count"},
        {"inferenceType": "T2I 1024 Standard"},
        {"inferenceType": "Input tokens", "feature": "Model Customization"},
        {"inferenceType": "Output tokens", "usagetype": "USE1-Nova2.0Lite-output-tokens-custom-model"},
        {"inferenceType": "Output tokens", "usagetype": "USE1-NovaPro-output-tokens-cross-region"},
    ],
)
def test_what_counts_no_text_tokens_is_left_out(attributes: dict[str, str]) -> None:
    with pytest.raises(PageChangedError, match="token meters"):
        offer_file({"model": "m", **attributes})


@pytest.mark.parametrize(
    "dimension",
    [
        {"unit": "Hrs"},
        {"pricePerUnit": {"CNY": "1"}},
        {"pricePerUnit": {"USD": "1", "CNY": "7"}},
        {"beginRange": "1000000"},
    ],
)
def test_another_unit_currency_or_range_is_a_changed_page(dimension: dict[str, Any]) -> None:
    term: dict[str, Any] = deepcopy(TERM)
    term["priceDimensions"]["S.T.R"].update(dimension)
    with pytest.raises(PageChangedError):
        offer_file({"model": "m", "inferenceType": "Input tokens"}, term)


def test_the_index_leads_through_the_regions_to_the_end() -> None:
    source = spider("bedrock_prices")
    index = recorded_page("bedrock_prices", "region_index.json", INDEX)
    assert list(source.rows(index)) == []
    found, answer = [], index
    while url := source.next_page(answer):
        found.append(url)
        answer = json_answer({"products": {}}, url)
    regions = ["us-east-1", "us-west-2", "eu-central-1"]
    assert found == [f"{LIST}/20260911124408/{region}/index.json" for region in regions]
    assert all(source.find_page(url) for url in (INDEX, *found))


def test_an_index_without_our_regions_is_a_changed_page() -> None:
    with pytest.raises(PageChangedError, match="us-east-1"):
        spider("bedrock_prices").next_page(json_answer({"regions": {"mars-north-1": {}}}, INDEX))


def models() -> list[RawRow]:
    return list(spider("bedrock_models").rows(recorded_page("bedrock_models", "2026-05-06.json", MODELS)))


def test_the_end_of_a_model_on_bedrock_is_not_the_end_of_the_model() -> None:
    name = "anthropic.claude-sonnet-4-20250514-v1:0"
    assert {"lifecycle", "shutdown_date"} & find_row(models(), "model", name).cells.keys() == set()
    assert row_texts(find_row(models(), "offer", name))["shutdown_date"] == "2026-10-14T08:00:00Z"


def test_not_embedded_reasoning_is_no_no() -> None:
    assert "capability.reasoning" not in find_row(models(), "model", "openai.gpt-oss-120b-1:0").cells


def test_provisioned_sizes_are_modes_of_one_model() -> None:
    modes = {row.variant.get("mode") for row in models() if row.name == "amazon.nova-pro-v1:0"}
    assert modes == {None, "24k"}


def test_the_list_is_off_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    source = spider("bedrock_models")
    monkeypatch.delenv(source.key_env, raising=False)
    assert source.headers() == {}
    monkeypatch.setenv(source.key_env, "secret")
    assert source.headers() == {"Authorization": "Bearer secret"}
