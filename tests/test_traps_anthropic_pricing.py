"""Anthropic's price list: footnotes glued to units, cache writes by lifetime, statuses inside names."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_rows, read_edited
from support.recorded_pages import find_row, row_texts, spider, text_answer

from cardwatch.crawler.documents import PageChangedError, RawRow, UnreadPart

PRICING = "https://platform.claude.com/docs/en/about-claude/pricing.md"
AUTUMN = ("anthropic_pricing", "2026-autumn.md")
SPRING = ("anthropic_pricing", "2026-02.md")
HTML = ("anthropic_pricing", "2026-08.html")
HEAD = "| Model | Base Input Tokens | 5m Cache Writes | 1h Cache Writes | Cache Hits & Refreshes | Output Tokens |\n"
LINE = "|---|---|---|---|---|---|\n"


def listed(name: str, price: str = "$3 / MTok", more: str = "") -> list[RawRow]:
    cells = " | ".join([name, *[price] * 5])
    return read_edited(*SPRING, f"# Pricing\n\n{HEAD}{LINE}| {cells} |\n\n{more}")


def test_a_footnote_s_digit_is_no_part_of_the_price() -> None:
    row = find_row(edited_rows(*AUTUMN), "offer", "Claude Fable 5.1")
    assert row_texts(row)["cache_read_price"] == "$0.25 / MTok"


@pytest.mark.parametrize("price", ["$0.25 / MTok12", "€0.25 / MTok", "0.25 / MTok", "$1,25 / MTok", "$0.25"])
def test_a_price_in_another_form_is_refused(price: str) -> None:
    rows = listed("Claude Opus 5", price)
    assert {cell.wanted for row in rows for cell in row.cells.values()} == {"$1.50 / MTok"}


def test_cache_writes_are_told_apart_by_how_long_they_last() -> None:
    writes = {
        row.qualifier["ttl"]: row.cells["cache_write_price"].text
        for row in edited_rows(*AUTUMN)
        if row.name == "Claude Opus 5" and row.qualifier
    }
    assert writes == {"5m": "$6.25 / MTok", "1h": "$10 / MTok"}


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("Claude Opus 4.1 (retired, except on Bedrock and Google Cloud)", "retired"),
        ("Claude Opus 4.1 ([retired](/docs), except on Vertex AI)", "retired"),
        ("Claude Opus 3 (deprecated)", "deprecated"),
        ("Claude Mythos 5 (limited availability)", None),
        ("Claude Opus 5", None),
    ],
)
def test_a_status_in_the_name_is_no_part_of_it(printed: str, status: str | None) -> None:
    row = next(row for row in listed(printed) if not row.qualifier)
    assert "(" not in row.name
    assert row_texts(row).get("lifecycle") == status


def test_a_status_nobody_knows_is_refused() -> None:
    with pytest.raises(PageChangedError, match=r"status of a model: .*'on holiday'"):
        listed("Claude Opus 5 (on holiday)")


def test_names_joined_in_one_cell_are_several_models() -> None:
    rows = listed("Claude Sonnet 4.5 / 4 (deprecated)")
    plain = {row.name: row_texts(row).get("lifecycle") for row in rows if not row.qualifier}
    assert plain == {"Claude Sonnet 4.5": None, "Claude Sonnet 4": "deprecated"}


def test_prices_whose_model_stands_in_the_sentence_above_are_told_of_and_nobody_s() -> None:
    table = "| ≤ 200K input tokens | > 200K input tokens |\n|---|---|\n| Input: \\$3 / MTok | Input: \\$6 / MTok |\n"
    tools = "| Tool | Additional input tokens |\n|---|---|\n| `text_editor` | 700 tokens |\n"
    listed_model = f"{HEAD}{LINE}| Claude Sonnet 4.5 {'| $3 / MTok ' * 5}|\n"
    body = f"# Pricing\n\n{listed_model}\n## Long\n\nClaude Sonnet 4.5:\n\n{table}\n{tools}"
    parts = [*spider("anthropic_pricing").rows(text_answer(body.encode(), PRICING, ".md"))]
    [unread] = [part for part in parts if isinstance(part, UnreadPart)]
    assert (unread.kind, unread.what, unread.section) == ("table", "name column", "Pricing / Long")
    assert {row.qualifier.get("ttl") for row in parts if isinstance(row, RawRow)} == {None, "5m", "1h"}


def test_long_context_prices_stand_both_in_one_cell() -> None:
    cell = "Input: $6 / MTok<br/>Output: $22.50 / MTok"
    table = f"| Model | ≤ 200K input tokens | > 200K input tokens |\n|---|---|---|\n| Claude Sonnet 4.5 | x | {cell} |\n"
    long = f"## Long\n\n{table}"
    row = find_row(listed("Claude Opus 5", more=long), "offer", "Claude Sonnet 4.5", "context_above=200K")
    assert row_texts(row) == {"input_price": "$6 / MTok", "output_price": "$22.50 / MTok"}
    row = find_row(
        listed("Claude Opus 5", more=long.replace(cell, "$6.00")),
        "offer",
        "Claude Sonnet 4.5",
        "context_above=200K",
    )
    assert all(cell.wanted for cell in row.cells.values())


def test_a_table_headed_input_counts_only_under_fast_mode() -> None:
    table = "| Model | Input | Output |\n|---|---|---|\n| Claude Opus 5 | $10 / MTok | $50 / MTok |\n"
    fast = find_row(
        listed("Claude Opus 5", more=f"### Fast mode pricing\n\n{table}"),
        "offer",
        "Claude Opus 5",
        "tier=fast",
    )
    assert row_texts(fast)["input_price"] == "$10 / MTok"
    slow = listed("Claude Opus 5", more=f"### Slow mode\n\n{table}")
    assert {row.variant["tier"] for row in slow} == {"standard"}


def test_a_band_of_prompt_lengths_in_the_name_is_a_condition() -> None:
    row = "| Claude Haiku 5.5 (for prompts {} 100,000 tokens) | {} |\n"
    prices = [" | ".join([f"${price} / MTok"] * 5) for price in ("0.10", "0.50")]
    page = f"# Pricing\n\n{HEAD}{LINE}{row.format('up to', prices[0])}{row.format('over', prices[1])}"
    found = {
        row.qualifier.get("context_above", ""): row.cells["input_price"].text
        for row in read_edited(*SPRING, page)
        if row.name == "Claude Haiku 5.5" and "ttl" not in row.qualifier
    }
    assert found == {"": "$0.10 / MTok", "100,000": "$0.50 / MTok"}


@pytest.mark.parametrize(
    "printed",
    ["Claude Sonnet 5 [through August 31, 2026](/y)", "Claude Sonnet 5<br/>(through August 31, 2026)"],
)
def test_a_date_in_the_name_is_a_condition(printed: str) -> None:
    rows = listed(printed)
    assert {row.name for row in rows} == {"Claude Sonnet 5"}
    assert {row.qualifier["to"] for row in rows} == {"2026-09-01"}


@pytest.mark.parametrize(
    "tail", ["for night work", "until it is gone", "(50% off)", "(retired, except on Claude API)"]
)
def test_a_condition_nobody_knows_costs_the_price(tail: str) -> None:
    with pytest.raises(PageChangedError, match=r"name|status"):
        listed(f"Claude Opus 5 {tail}")


def test_batch_prices_stay_batch() -> None:
    rows = edited_rows(*HTML)
    halves = find_row(rows, "offer", "Claude Opus 5", "tier=batch")
    assert row_texts(halves)["input_price"] == "$2.50 / MTok"
    assert row_texts(find_row(rows, "offer", "Claude Opus 5", "tier=standard"))["input_price"] == "$5 / MTok"


def test_headings_may_change_their_case_and_not_their_words() -> None:
    upper = edited_rows(*SPRING, ("Base Input Tokens", "BASE input  tokens"))
    assert [row_texts(row) for row in upper] == [row_texts(row) for row in edited_rows(*SPRING)]
    with pytest.raises(PageChangedError, match="output words"):
        edited_rows(*SPRING, ("Output Tokens", "Output Words"))


def test_headings_may_stand_in_two_lines() -> None:
    head = (
        '<tr><th>Model</th><th colspan="2">Base tokens</th><th colspan="3">Prompt caching</th></tr>'
        "<tr><th>Name</th><th>Input</th><th>Output</th><th>5m writes</th><th>1h writes</th>"
        "<th>Hits and refreshes</th></tr>"
    )
    prices = "".join(f"<td>${price}<!-- --> / MTok</td>" for price in ("4", "20", "5", "8", "0.20"))
    batch = (
        '<table><tr><th>Model</th><th colspan="2">Batch tokens</th></tr><tr><th>Name</th><th>Input</th>'
        "<th>Output</th></tr><tr><td>Claude Opus 5.5</td><td>$2 / MTok</td><td>$10 / MTok</td></tr></table>"
    )
    rows = read_edited(*HTML, f"<table>{head}<tr><td>Claude Opus 5.5</td>{prices}</tr></table>{batch}")
    plain = find_row(rows, "offer", "Claude Opus 5.5", "tier=standard")
    assert row_texts(plain) == {
        "input_price": "$4 / MTok",
        "output_price": "$20 / MTok",
        "cache_read_price": "$0.20 / MTok",
    }
    assert row_texts(find_row(rows, "offer", "Claude Opus 5.5", "tier=batch"))["input_price"] == "$2 / MTok"
