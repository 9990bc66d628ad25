"""What the route pages of both gateways have done to others, on their own lexemes."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

URL = "https://openrouter.ai/api/v1/models/deepseek/deepseek-v3.2/endpoints"
ROUTE: dict[str, Any] = {
    "name": "DeepInfra | deepseek/deepseek-v3.2-20251201",
    "provider_name": "DeepInfra",
    "tag": "deepinfra/fp8",
    "quantization": "fp8",
    "status": 0,
    "context_length": 163840,
    "max_completion_tokens": None,
    "max_prompt_tokens": 131072,
    "pricing": {"prompt": "0.00000026", "completion": "0.00000038", "discount": 0},
}


def rows(*routes: dict[str, Any], source: str = "openrouter_endpoints") -> list[RawRow]:
    body = {"data": {"id": "deepseek/deepseek-v3.2", "endpoints": [{**ROUTE, **route} for route in routes]}}
    return list(spider(source).rows(json_answer(body, URL)))


def test_a_route_is_a_qualified_fact_and_never_the_default() -> None:
    (row,) = rows({})
    assert (row.provider, row.variant, row.qualifier) == ("openrouter", {}, {"route": "deepinfra/fp8"})
    assert row_texts(row)["max_input_tokens"] == "131072"
    assert "max_output_tokens" not in row.cells


def test_a_route_that_stands_twice_counts_once() -> None:
    assert len(rows({}, {"uptime_last_30m": 99.1})) == 1


def test_two_routes_of_one_tag_with_other_facts_both_stay() -> None:
    found = rows({}, {"context_length": 32768})
    assert [row.qualifier["route"] for row in found] == ["deepinfra/fp8", "deepinfra/fp8 #2"]


def test_without_a_tag_the_provider_names_the_route() -> None:
    assert rows({"tag": None})[0].qualifier == {"route": "DeepInfra"}


@pytest.mark.parametrize("status", [0, -1, -2, -3, -5, -10])
def test_every_status_is_copied(status: int) -> None:
    assert row_texts(rows({"status": status})[0])["availability"] == str(status)


def test_no_status_says_nothing() -> None:
    assert "availability" not in rows({"status": None})[0].cells


@pytest.mark.parametrize("latency", [None, 0.61, {"p50": 0.25, "p99": 0.85}])
def test_latency_may_be_a_number_or_percentiles_and_is_no_fact(latency: object) -> None:
    assert len(rows({"latency_last_30m": latency, "throughput_last_30m": latency})[0].cells) == 6


def test_a_route_has_its_own_price_steps() -> None:
    steps = {"prompt": "1", "overrides": [{"min_prompt_tokens": 200000, "prompt": "2"}]}
    assert row_texts(
        find_row(rows({"pricing": steps}), "offer", "deepseek/deepseek-v3.2", "context_above=200000")
    ) == {"input_price": "2"}


def test_vercel_prints_the_same_shape_with_bands() -> None:
    bands = {"prompt": "1", "prompt_tiers": [{"cost": "1", "max": 200001}, {"cost": "2", "min": 200001}]}
    found = rows({"pricing": bands}, source="vercel_endpoints")
    assert [dict(row.qualifier) for row in found] == [
        {"route": "deepinfra/fp8"},
        {"context_above": "200000", "route": "deepinfra/fp8"},
    ]


@pytest.mark.parametrize("source", ["openrouter_endpoints", "vercel_endpoints"])
def test_the_seed_models_have_their_pages(source: str) -> None:
    pages = [page.url for page in spider(source).pages()]
    assert len(pages) == 3
    assert all(type(spider(source)).find_page(url) for url in pages)


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"data": {"id": "a/b"}}', '{"data": {"endpoints": []}}']
)
def test_a_page_that_is_no_list_of_routes_says_so(body: str) -> None:
    with pytest.raises(PageChangedError):
        list(spider("openrouter_endpoints").rows(json_answer(body, URL)))
