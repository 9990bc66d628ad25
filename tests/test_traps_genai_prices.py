"""What readers of genai-prices got wrong: dates, tiers and hours, on its own entries."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, nothing_read, recorded_page, row_texts, spider

from cardwatch.crawler.documents import RawRow

URL = "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"


@pytest.fixture(scope="module")
def recorded() -> list[RawRow]:
    return list(spider("genai_prices").rows(recorded_page("genai_prices", "2026-08-21.json", URL)))


def rows(prices: Any, **more: Any) -> list[RawRow]:
    model = {"id": "m", "match": {"equals": "m"}, "prices": prices, **more}
    return list(spider("genai_prices").rows(json_answer([{"id": "openai", "models": [model]}], URL)))


def test_the_frozen_first_file_is_not_the_one_we_read() -> None:
    source = spider("genai_prices")
    assert source.url == URL
    assert source.find_page(URL.replace("/new_data/v2", "")) is None


def test_the_last_dated_entry_holds_and_the_first_is_history(recorded: list[RawRow]) -> None:
    found = {
        tuple(r.qualifier.items()): row_texts(r)["input_price"]
        for r in recorded
        if r.name == "o3" and r.qualifier
    }
    assert found == {(("to", "2025-06-10"),): "10", (("from", "2025-06-10"),): "2"}
    assert not [r for r in recorded if r.name == "o3" and r.kind == "offer" and not r.qualifier]


def test_an_announced_rise_is_told_with_its_day(recorded: list[RawRow]) -> None:
    rise = find_row(recorded, "offer", "claude-sonnet-5", "from=2026-09-01")
    assert (row_texts(rise)["input_price"], row_texts(rise)["output_price"]) == ("3", "15")


def test_three_dates_make_closed_spans() -> None:
    entries = [{"prices": {"input_mtok": 3}}] + [
        {"constraint": {"start_date": day}, "prices": {"input_mtok": price}}
        for day, price in (("2025-01-01", 2), ("2026-01-01", 1))
    ]
    spans = [dict(row.qualifier) for row in rows(entries) if row.kind == "offer"]
    assert spans == [
        {"to": "2025-01-01"},
        {"from": "2025-01-01", "to": "2026-01-01"},
        {"from": "2026-01-01"},
    ]


def test_hours_of_the_day_leave_the_first_price_as_the_plain_one(recorded: list[RawRow]) -> None:
    plain, window = [r for r in recorded if r.name == "deepseek-chat" and r.kind == "offer"]
    assert (dict(plain.qualifier), row_texts(plain)["input_price"]) == ({}, "0.135")
    assert (dict(window.qualifier), row_texts(window)["input_price"]) == (
        {"window": "utc 00:30-16:30"},
        "0.27",
    )


def test_tiers_hold_above_their_start(recorded: list[RawRow]) -> None:
    above = find_row(recorded, "offer", "claude-opus-4-6", "google", "context_above=200000")
    assert row_texts(above)["cache_write_price"] == "12.5"
    dated = find_row(
        recorded, "offer", "claude-opus-4-6", "anthropic", "to=2026-03-13", "context_above=200000"
    )
    assert row_texts(dated)["output_price"] == "37.5"


def test_cache_lifetimes_of_the_second_file_stand_apart() -> None:
    tiers = {"base": 6, "tiers": [{"start": 200000, "price": 12}]}
    found = rows({"cache_write_mtok": 3.75, "cache_write_1h_mtok": tiers, "web_searches_kcount": 10})
    assert row_texts(find_row(found, "offer", "m"))["web_search_price"] == "10"
    assert row_texts(find_row(found, "offer", "m", "ttl=1h")) == {"cache_write_price": "6"}
    assert row_texts(find_row(found, "offer", "m", "ttl=1h", "context_above=200000")) == {
        "cache_write_price": "12"
    }


def test_no_prices_are_no_offer_and_never_free(recorded: list[RawRow]) -> None:
    assert [row.kind for row in recorded if row.name == "openai/gpt-oss-20b:free"] == ["model"]


def test_deprecated_is_the_offer_s_state() -> None:
    assert (
        row_texts(find_row(rows({"input_mtok": 1}, deprecated=True), "offer", "m"))["lifecycle"]
        == "deprecated"
    )


def test_an_unknown_meter_is_refused_by_name() -> None:
    found = row_texts(find_row(rows({"input_mtok": 1, "thoughts_kcount": 2}), "offer", "m"))
    assert found == {"input_price": "1", "unknown.prices.thoughts_kcount": "2"}


@pytest.mark.parametrize(
    "prices",
    [
        None,
        {"input_mtok": {"base": 1, "steps": []}},
        [{"constraint": {"weekday": "mon"}, "prices": {}}],
        [{"constraint": {"start_time": "soon", "end_time": "later"}, "prices": {}}],
        [{"constraint": {"start_date": "2026-01-01"}}],
    ],
)
def test_another_shape_costs_the_model(prices: object) -> None:
    assert "wanted" in nothing_read(rows(prices))
