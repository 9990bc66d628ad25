"""llm-prices.com: spans that are told, not observed, and entries that stand for long prompts."""

from __future__ import annotations

import pytest
from support.recorded_pages import find_row, json_answer, nothing_read, recorded_page, row_texts, spider

from cardwatch.crawler.documents import RawRow

URL = "https://www.llm-prices.com/historical-v1.json"
RECORD = {
    "id": "m",
    "vendor": "openai",
    "name": "M",
    "input": 1,
    "output": 2,
    "from_date": None,
    "to_date": None,
}


def rows(*records: object) -> list[RawRow]:
    body = {"updated_at": "2026-08-05", "prices": list(records)}
    return list(spider("llm_prices").rows(json_answer(body, URL)))


def test_an_open_end_is_no_date() -> None:
    recorded = list(spider("llm_prices").rows(recorded_page("llm_prices", "deepseek.json", URL)))
    spans = {
        row_texts(row)["input_price"]: dict(row.qualifier) for row in recorded if row.name == "deepseek-chat"
    }
    assert spans == {"0.27": {"from": "2025-02-08"}, "0.14": {"to": "2025-02-08"}}


def test_a_price_without_dates_is_the_plain_one() -> None:
    [row] = rows(RECORD)
    assert (dict(row.qualifier), row.provider) == ({}, "openai")
    assert "cache_read_price" not in row.cells


@pytest.mark.parametrize(
    ("name", "title", "model", "above"),
    [
        ("qwen3.6-plus-256k", "Qwen3.6 Plus >256k", "qwen3.6-plus", "256000"),
        ("claude-sonnet-4.5-200k", "Claude Sonnet 4 and 4.5 >200k", "claude-sonnet-4.5", "200000"),
        ("gemini-3-1-pro-preview-200k", "Gemini 3.1 Pro >200k", "gemini-3-1-pro-preview", "200000"),
        ("grok-4", "Grok 4 ≤128k", "grok-4", None),
        ("gpt-3.5-turbo-16k", "GPT-3.5 Turbo 16k", "gpt-3.5-turbo-16k", None),
    ],
)
def test_a_size_behind_the_name_is_a_threshold_only_where_the_title_says_above(
    name: str, title: str, model: str, above: str | None
) -> None:
    [row] = rows({**RECORD, "id": name, "name": title})
    assert (row.name, row.qualifier.get("context_above")) == (model, above)


def test_both_files_say_the_same() -> None:
    source = spider("llm_prices")
    flat = list(source.rows(recorded_page("llm_prices", "historical-v1.json", URL)))
    vendor = list(source.rows(recorded_page("llm_prices", "openai.json", URL)))
    assert row_texts(find_row(flat, "offer", "o3")) == row_texts(find_row(vendor, "offer", "o3"))


@pytest.mark.parametrize(
    "body", [[], {"prices": {}}, {"prices": [], "as_of": "now"}, {"prices": [{"id": "m"}]}]
)
def test_another_shape_gives_no_row(body: object) -> None:
    assert "wanted" in nothing_read(spider("llm_prices").rows(json_answer(body, URL)))
