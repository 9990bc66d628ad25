"""Google's price list: promotions with an end, prices by prompt length, tabs, a free column."""

from __future__ import annotations

import pytest
from support.edited_pages import complaints, edited_rows, read_edited
from support.recorded_pages import find_row, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

PAGE = ("google_pricing", "2026-08.html")


def body(text: str, label: str = "Input price", free: str = "Not available", tab: str = "Standard") -> str:
    head = "<tr><th></th><th>Free Tier</th><th>Paid Tier, per 1M tokens in USD</th></tr>"
    table = f"<table>{head}<tr><td>{label}</td><td>{free}</td><td>{text}</td></tr></table>"
    return f"<div><h2>Gemini X</h2><code>gemini-x</code></div><h3>{tab}</h3>{table}"


def texts_of(
    text: str, label: str = "Input price", free: str = "Not available", tab: str = "Standard"
) -> list[RawRow]:
    return read_edited(*PAGE, body(text, label, free, tab))


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
    assert conditions(texts_of(text)) == {
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
    assert conditions(texts_of(text)) == {(): "$2.00", (("context_above", "200k"),): "$4.00"}


def test_a_free_tier_is_an_offer_of_its_own() -> None:
    rows = texts_of("$0.30", free="Free of charge")
    assert {row.variant["tier"]: row_texts(row)["input_price"] for row in rows} == {
        "free": "Free of charge",
        "standard": "$0.30",
    }
    assert spider("google_pricing").card().price_words == {"Free of charge": "free"}


@pytest.mark.parametrize("tab", ["Batch", "Flex", "Priority"])
def test_the_tab_is_the_tier(tab: str) -> None:
    assert [row.variant for row in texts_of("$0.15", tab=tab)] == [{"tier": tab.casefold()}]


def test_a_tab_nobody_knows_is_refused() -> None:
    with pytest.raises(PageChangedError, match=r"tab: 'Turbo'"):
        texts_of("$0.15", tab="Turbo")


def test_kinds_in_brackets_go_to_their_meters() -> None:
    row = texts_of("$0.30 (text / image / video)<br>$1.00 (audio)")[0]
    assert row_texts(row) == {"input_price": "$0.30", "input_audio_price": "$1.00"}
    output = texts_of("$12.00 (text and thinking)<br>$120.00 (images)", "Output price")[0]
    assert row_texts(output) == {"output_price": "$12.00", "output_image_price": "$120.00"}


def test_a_price_for_one_picture_is_no_price_for_tokens() -> None:
    assert row_texts(texts_of("$1.00 (text),<br>$0.0006 (image)<sup>*</sup>")[0]) == {"input_price": "$1.00"}


def test_storage_is_no_price_of_reading_a_cache() -> None:
    text = "$0.125<br>$4.50 / 1,000,000 tokens per hour (storage price)"
    assert row_texts(texts_of(text, "Context caching price")[0]) == {"cache_read_price": "$0.125"}


@pytest.mark.parametrize(
    ("text", "label", "meters"),
    [
        (
            "$0.75 (text)<br>$3.00 or $0.005/min (audio)<br>$1.00 or $0.002/min (image/video)",
            "Input price",
            {"input_price": "$0.75", "input_audio_price": "$3.00"},
        ),
        (
            "$4.50 (text) $12.00 or $0.018/min (audio)",
            "Output price (including thinking tokens)",
            {"output_price": "$4.50", "output_audio_price": "$12.00"},
        ),
        (
            "<em>Same as Standard</em><br>\n  $0.20<br>$4.50 / 1,000,000 tokens per hour (storage price)",
            "Context caching price",
            {"cache_read_price": "$0.20"},
        ),
        (
            "$3 (text and thinking)<br>$60.00 (images)<br>Equivalent to $0.045 per 0.5K image<sup>*</sup><br>"
            "$0.067 per 1K image<sup>*</sup>, $0.101 per 2K image<sup>*</sup>,<br>and $0.151 per 4K image<sup>*</sup>.",
            "Output price",
            {"output_price": "$3", "output_image_price": "$60.00"},
        ),
        ("$0.10 (text / image / video)", "Input price (text, image, video)", {"input_price": "$0.10"}),
        ("$2.00 (text/image), equivalent to $0.0011 per image*", "Input price", {"input_price": "$2.00"}),
        ("<del>$2.22</del> $0.75", "Input price", {"input_price": "$0.75"}),
        ("$0.75 (50% off) <del>$1.50</del>", "Input price", {"input_price": "$0.75"}),
        ("$0.039 per image*", "Output price", {"image_price": "$0.039"}),
        ("$12.00 ($0.00079 per frame)", "Audio input price", {"input_audio_price": "$12.00"}),
    ],
)
def test_a_cell_of_several_prices_gives_each_its_meter(text: str, label: str, meters: dict[str, str]) -> None:
    rows = texts_of(text, label)
    assert [row_texts(row) for row in rows] == [meters]


def test_a_price_for_a_picture_of_some_size_is_an_offer_of_that_size() -> None:
    rows = texts_of(
        "$6.00 (text and thinking)<br>$0.067 per 1K/2K image<br>$0.12 per 4K image", "Output price"
    )
    assert {row.variant.get("mode", ""): row_texts(row) for row in rows} == {
        "": {"output_price": "$6.00"},
        "1K": {"image_price": "$0.067"},
        "2K": {"image_price": "$0.067"},
        "4K": {"image_price": "$0.12"},
    }


def test_a_heading_with_two_ids_is_two_models() -> None:
    page = body("$2.00").replace(
        "<code>gemini-x</code>", "<em><code>gemini-x</code> and <code>gemini-x-tools</code></em>"
    )
    assert [row.name for row in read_edited(*PAGE, page)] == ["gemini-x", "gemini-x-tools"]


def test_a_promotion_of_one_kind_says_nothing_of_another() -> None:
    rows = texts_of("$0.75 (text) through December 31, 2026. $1.50 (text) $2.00 (audio)")
    assert [row_texts(row) for row in rows if not row.qualifier] == [{"input_audio_price": "$2.00"}]


def test_a_line_nobody_knows_costs_itself() -> None:
    page = body("$2.00").replace("</table>", "<tr><td>Smell price</td><td>No</td><td>$9.00</td></tr></table>")
    [row] = read_edited(*PAGE, page)
    assert row_texts(row) == {"input_price": "$2.00"}
    assert "line: wanted ['input price', " in (told := complaints(*PAGE, page))
    assert "'smell price'" in told


def test_nothing_offered_is_no_row() -> None:
    with pytest.raises(PageChangedError, match="tables"):
        texts_of("Not available")


@pytest.mark.parametrize(
    "text", ["$0.75 until next year", "€0.75", "$0.75 (smell)", "$0.75, prompts of 200k", "free"]
)
def test_words_nobody_decided_about_are_refused(text: str) -> None:
    assert f"found {text}" in complaints(*PAGE, body(text))
    assert not any(
        cell.text == text and not cell.wanted for row in texts_of(text) for cell in row.cells.values()
    )


def test_a_day_that_is_none_is_refused() -> None:
    assert "February 31" in complaints(*PAGE, body("$0.75 through February 31, 2026. $1.50"))


def test_the_name_for_people_gives_way_to_the_id() -> None:
    assert find_row(edited_rows(*PAGE), "offer", "gemini-3-pro-image", "tier=standard")
