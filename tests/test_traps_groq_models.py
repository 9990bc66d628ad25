"""Groq's models page: ids glued to links, prices glued together, words in place of prices."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_rows, read_edited
from support.recorded_pages import find_row, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

PAGE = ("groq_models", "models.md")
HEAD = "| MODEL ID | PRICE PER 1M TOKENS | CONTEXT WINDOW (TOKENS) | MAX COMPLETION TOKENS |\n|---|---|---|---|\n"
LINK = "[![OpenAI](https://console.groq.com/logo.svg)GPT](/docs/model/openai/gpt-x)"


def one(price: str = r"\-", window: str = r"\-", model: str = f"{LINK}openai/gpt-x") -> RawRow:
    rows = read_edited(*PAGE, f"## Production Models\n\n{HEAD}| {model} | {price} | {window} | 8,192 |\n")
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(
    ("price", "wanted"),
    [
        ("$0.15 input$0.60 output", {"input_price": "$0.15", "output_price": "$0.60"}),
        (
            "$0.15 input$0.075 cached input$0.60 output",
            {"input_price": "$0.15", "cache_read_price": "$0.075", "output_price": "$0.60"},
        ),
        ("$0.111 per hour", {"hour_price": "$0.111"}),
        ("$40.00 per 1M characters", {"character_price": "$40.00"}),
        ("ContactSales", {"input_price": "ContactSales", "output_price": "ContactSales"}),
        (r"\-", {}),
    ],
)
def test_each_form_of_a_price(price: str, wanted: dict[str, str]) -> None:
    texts = row_texts(one(price))
    assert {name: text for name, text in texts.items() if name.endswith("_price")} == wanted


@pytest.mark.parametrize("price", ["$0.15 input", "$0.15 in $0.60 out", "250K TPM1K RPM", "free"])
def test_another_form_is_refused(price: str) -> None:
    for meter in ("input_price", "output_price"):
        assert one(price).cells[meter].wanted
        assert one(price).cells[meter].text == price


def test_prices_to_ask_for_are_not_published() -> None:
    assert spider("groq_models").card().price_words == {"ContactSales": "not_published"}


def test_an_id_stands_right_behind_its_link_and_agrees_with_it() -> None:
    assert one().name == "openai/gpt-x"
    assert one(model=f"{LINK}Enterpriseopenai/gpt-x").name == "openai/gpt-x"
    for model in (
        "openai/gpt-x",
        f"{LINK}openai/gpt-y",
        f"{LINK} openai/gpt-x",
        f"{LINK}Newopenai/gpt-x",
        LINK,
    ):
        with pytest.raises(PageChangedError, match="model id"):
            one(model=model)


def test_an_escaped_dash_is_no_number() -> None:
    assert "context_window" not in one().cells


def test_rate_limits_are_no_limits_of_the_model() -> None:
    rows = edited_rows(*PAGE)
    assert rows == edited_rows(*PAGE, ("250K TPM1K RPM", "9M TPM9K RPM"))
    assert row_texts(find_row(rows, "offer", "openai/gpt-oss-120b"))["max_output_tokens"] == "65,536"


def test_the_heading_above_is_the_offer_s_state_linked_or_not() -> None:
    rows = edited_rows(*PAGE)
    assert row_texts(find_row(rows, "offer", "openai/gpt-oss-20b"))["lifecycle"] == "production"
    assert row_texts(find_row(rows, "offer", "qwen/qwen3.6-27b"))["lifecycle"] == "preview"


def test_a_section_may_be_empty() -> None:
    assert not [row for row in edited_rows(*PAGE) if row_texts(row)["lifecycle"] == "deprecated"]
