"""Google's price list: promotions with an end, prices by prompt length, tabs, a free column."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_rows, read_edited
from support.recorded_pages import find_row, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

PAGE = ("google_pricing", "2026-08.html")


def said(
    text: str, label: str = "Input price", free: str = "Not available", tab: str = "Standard"
) -> list[RawRow]:
    head = "<tr><th></th><th>Free Tier</th><th>Paid Tier, per 1M tokens in USD</th></tr>"
    table = f"<table>{head}<tr><td>{label}</td><td>{free}</td><td>{text}</td></tr></table>"
    return read_edited(*PAGE, f"<div><h2>Gemini X</h2><code>gemini-x</code></div><h3>{tab}</h3>{table}")


def conditions(rows: list[RawRow]) -> dict[tuple[tuple[str, str], ...], str]:
    return {tuple(row.qualifier.items()): row.cells["input_price"].text for row in rows}


@pytest.mark.parametrize(
    "text",
    [
        "$0.75 through December 31, 2026. $1.50",
        "$0.75 through December 31, 2026.<br>$1.50 starting January 1, 2027.",
    ],
)
def test_a_promotion_is_two_prices_one_after_the_other(text: str) -> None:
    assert conditions(said(text)) == {
        (("to", "2027-01-01"),): "$0.75",
        (("from", "2027-01-01"),): "$1.50",
    }


@pytest.mark.parametrize(
    "text",
    [
        "$2.00, prompts &lt;= 200k tokens $4.00, prompts &gt; 200k",
        "$2.00, prompts &lt;= 200k tokens<br>$4.00, prompts &gt; 200k tokens",
    ],
)
def test_a_price_by_prompt_length_is_the_base_price_and_one_above_it(text: str) -> None:
    assert conditions(said(text)) == {(): "$2.00", (("context_above", "200k"),): "$4.00"}


def test_a_free_tier_is_an_offer_of_its_own() -> None:
    rows = said("$0.30", free="Free of charge")
    assert {row.variant["tier"]: row_texts(row)["input_price"] for row in rows} == {
        "free": "Free of charge",
        "standard": "$0.30",
    }
    assert spider("google_pricing").card().price_words == {"Free of charge": "free"}


@pytest.mark.parametrize("tab", ["Batch", "Flex", "Priority"])
def test_the_tab_is_the_tier(tab: str) -> None:
    assert [row.variant for row in said("$0.15", tab=tab)] == [{"tier": tab.casefold()}]


def test_a_tab_nobody_knows_is_refused() -> None:
    with pytest.raises(PageChangedError, match=r"tab: wanted one of .* found 'Turbo'"):
        said("$0.15", tab="Turbo")


def test_kinds_in_brackets_go_to_their_meters() -> None:
    row = said("$0.30 (text / image / video)<br>$1.00 (audio)")[0]
    assert row_texts(row) == {"input_price": "$0.30", "input_audio_price": "$1.00"}
    output = said("$12.00 (text and thinking)<br>$120.00 (images)", "Output price")[0]
    assert row_texts(output) == {"output_price": "$12.00", "output_image_price": "$120.00"}


def test_a_price_for_one_picture_is_no_price_for_tokens() -> None:
    assert row_texts(said("$1.00 (text),<br>$0.0006 (image)<sup>*</sup>")[0]) == {"input_price": "$1.00"}


def test_storage_is_no_price_of_reading_a_cache() -> None:
    text = "$0.125<br>$4.50 / 1,000,000 tokens per hour (storage price)"
    assert row_texts(said(text, "Context caching price")[0]) == {"cache_read_price": "$0.125"}


def test_nothing_offered_is_no_row() -> None:
    assert said("Not available") == []


@pytest.mark.parametrize(
    "text", ["$0.75 until next year", "€0.75", "$0.75 (smell)", "$0.75, prompts of 200k", "free"]
)
def test_words_nobody_decided_about_are_refused(text: str) -> None:
    with pytest.raises(PageChangedError, match="price"):
        said(text)


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(PageChangedError, match="date"):
        said("$0.75 through February 31, 2026. $1.50")


def test_the_name_for_people_gives_way_to_the_id() -> None:
    assert find_row(edited_rows(*PAGE), "offer", "gemini-3-pro-image", "tier=standard")
