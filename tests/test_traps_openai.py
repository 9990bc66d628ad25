"""OpenAI's pages: other models' prices beside one's own, tiers by tab, names that are not models."""

from __future__ import annotations

import pytest
from support.edited_pages import complaints, edited_complaints, edited_rows, read_edited
from support.recorded_pages import PAGES, find_row, recording_path, row_marks, row_texts, spider, text_answer
from support.wrong_tabs import batch_as_standard, priority_as_standard

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.normalize.derived_values import derive_values
from cardwatch.normalize.prices import parse_usd_per_mtok

MODEL = ("openai_model_pages", "gpt-5.2-codex.md")
MDX = ("openai_pricing", "2026-03.mdx.md")
COMPONENTS = ("openai_pricing", "2026-05.components.md")
ISLAND = ("openai_pricing", "2026-08.island.html")
ZH = ("openai_pricing", "2026-09.tables.zh.md")
EN = ("openai_pricing", "2026-09.tables.md")
EXHAUSTIVE = frozenset(spider("openai_model_pages").exhaustive)
GONE = ("openai_deprecations", "deprecations.md")
TABLE = "| Model | Input | Cached input | Output |\n| --- | --- | --- | --- |\n"
LONG = "| Model | Short context input | Short context output | Long context input | Long context output |\n"


def tiers(rows: list[RawRow], name: str) -> set[str]:
    return {row.variant["tier"] for row in rows if row.name == name}


def priced(body: str) -> list[RawRow]:
    return read_edited(*EN, f"# Pricing\n\nPrices per 1M tokens.\n\n{body}")


def priced_complaints(body: str) -> str:
    return complaints(*EN, f"# Pricing\n\nPrices per 1M tokens.\n\n{body}")


def long_context(note: str, name: str = "gpt-5.4") -> RawRow:
    table = f"{LONG}| --- | --- | --- | --- | --- |\n| {name} | $2.50 | $15.00 | $5.00 | $22.50 |\n"
    rows = priced(f"{note}\n\n## Standard pricing data\n\n{table}")
    return next(row for row in rows if row_texts(row)["input_price"] == "$5.00")


def test_prices_of_the_quick_comparison_are_other_models_prices() -> None:
    rows = edited_rows(*MODEL)
    assert {row.name for row in rows} == {"gpt-5.2-codex"}
    assert rows == edited_rows(*MODEL, ("| GPT-5.2-Codex | $1.75 |", "| GPT-5.2-Codex | $9.99 |"))


DETAILS = {
    "gpt-3.5-turbo": ("16,385", "4,096", "Sep 01, 2021"),
    "gpt-4-turbo": ("128,000", "4,096", "Dec 01, 2023"),
    "gpt-4.1": ("1,047,576", "32,768", "Jun 01, 2024"),
    "gpt-4.1-mini": ("1,047,576", "32,768", "Jun 01, 2024"),
    "gpt-4.1-nano": ("1,047,576", "32,768", "Jun 01, 2024"),
    "gpt-4o": ("128,000", "16,384", "Oct 01, 2023"),
    "gpt-4o-mini": ("128,000", "16,384", "Oct 01, 2023"),
    "gpt-5": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5-chat-latest": ("128,000", "16,384", "Sep 30, 2024"),
    "gpt-5-codex": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5-mini": ("400,000", "128,000", "May 31, 2024"),
    "gpt-5-nano": ("400,000", "128,000", "May 31, 2024"),
    "gpt-5-pro": ("400,000", "272,000", "Sep 30, 2024"),
    "gpt-5.1": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5.1-chat-latest": ("128,000", "16,384", "Sep 30, 2024"),
    "gpt-5.1-codex": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5.1-codex-max": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5.1-codex-mini": ("400,000", "128,000", "Sep 30, 2024"),
    "gpt-5.2": ("400,000", "128,000", "Aug 31, 2025"),
    "gpt-5.2-chat-latest": ("128,000", "16,384", "Aug 31, 2025"),
    "gpt-5.2-pro": ("400,000", "128,000", "Aug 31, 2025"),
    "gpt-5.3-chat-latest": ("128,000", "16,384", "Aug 31, 2025"),
    "gpt-5.3-codex": ("400,000", "128,000", "Aug 31, 2025"),
    "gpt-5.4": ("1,050,000", "128,000", "Aug 31, 2025"),
    "gpt-5.4-mini": ("400,000", "128,000", "Aug 31, 2025"),
    "gpt-5.4-nano": ("400,000", "128,000", "Aug 31, 2025"),
    "gpt-5.4-pro": ("1,050,000", "128,000", "Aug 31, 2025"),
    "gpt-5.5": ("1,050,000", "128,000", "Dec 01, 2025"),
    "gpt-5.5-pro": ("1,050,000", "128,000", "Dec 01, 2025"),
    "gpt-5.6-luna": ("1,050,000", "128,000", "Feb 16, 2026"),
    "gpt-5.6-sol": ("1,050,000", "128,000", "Feb 16, 2026"),
    "gpt-5.6-terra": ("1,050,000", "128,000", "Feb 16, 2026"),
    "gpt-6-astra": ("1,050,000", "128,000", "Apr 30, 2026"),
    "gpt-6-luna": ("1,050,000", "128,000", "May 18, 2026"),
    "gpt-6.1-sol": ("1,050,000", "128,000", "Apr 30, 2026"),
    "gpt-oss-120b": ("131,072", "131,072", "Jun 01, 2024"),
    "gpt-oss-20b": ("131,072", "131,072", "Jun 01, 2024"),
    "o1": ("200,000", "100,000", "Oct 01, 2023"),
    "o3": ("200,000", "100,000", "Jun 01, 2024"),
    "o3-mini": ("200,000", "100,000", "Oct 01, 2023"),
    "o3-pro": ("200,000", "100,000", "Jun 01, 2024"),
    "o4-mini": ("200,000", "100,000", "Jun 01, 2024"),
}
"""What the details of each page say: context window, largest output, what the model knows up to."""


def details(model: str, *dropped: str) -> RawRow:
    """Return the one row of a recorded page without the lines that begin with one of these words."""
    lines = (
        (PAGES / "openai_model_pages" / f"{model}.md").read_text(encoding="utf-8").splitlines(keepends=True)
    )
    body = "".join(line for line in lines if not line.startswith(dropped)) if dropped else "".join(lines)
    url = f"https://developers.openai.com/api/docs/models/{model}.md"
    (row,) = spider("openai_model_pages").rows(text_answer(body.encode(), url, ".md"))
    assert isinstance(row, RawRow)
    return row


def test_the_details_of_each_recorded_page_are_its_models() -> None:
    for model, text in DETAILS.items():
        row = details(model)
        texts = row_texts(row)
        names = ("context_window", "max_output_tokens", "knowledge_cutoff")
        assert (row.kind, row.name, *(texts[name] for name in names)) == ("model", model, *text)


def test_details_without_modalities_decide_no_capability() -> None:
    whole, parted = details("gpt-4o"), details("gpt-4o", "- Input modalities", "- Output modalities")
    assert "capability.reasoning" not in whole.not_whole
    assert {"capability.reasoning", "modality.input", "modality.output"} <= parted.not_whole
    assert row_texts(parted)["context_window"] == "128,000"


def test_an_input_limit_is_not_the_context_window() -> None:
    texts = row_texts(edited_rows(*MODEL)[0])
    assert (texts["context_window"], texts["max_input_tokens"]) == ("400,000", "272,000")


def test_an_endpoint_that_is_not_supported_makes_no_offer() -> None:
    assert [row.variant for row in edited_rows(*MODEL) if row.kind == "offer"] == [{}]


def test_a_page_answered_for_another_model_is_refused() -> None:
    with pytest.raises(PageChangedError, match="Model ID"):
        edited_rows(*MODEL, ("Model ID: `gpt-5.2-codex`", "Model ID: `gpt-5.2`"))


def test_lists_that_are_complete_say_so_on_the_card() -> None:
    card = spider("openai_model_pages").card()
    assert {"capability.vision", "capability.computer_use", "modality.input"} <= set(card.exhaustive)
    assert "capability.streaming" not in card.exhaustive
    rows = edited_rows(*MODEL, ("- image_input\n", ""))
    assert "capability.vision" not in rows[0].cells


@pytest.mark.parametrize(
    ("old", "new", "unknown"),
    [
        (
            "## Supported features",
            "## Features",
            {"capability.structured_outputs", "capability.function_calling"},
        ),
        ("## Supported tools", "## Tools", {"capability.code_execution", "capability.computer_use"}),
        (
            "- structured_outputs\n",
            "- json_mode_v2\n",
            {"capability.structured_outputs", "capability.tool_use"},
        ),
        ("- Reasoning token support\n", "- Thinks before it answers\n", {"capability.reasoning"}),
    ],
)
def test_a_list_that_is_missing_or_has_an_unknown_word_denies_nothing(
    old: str, new: str, unknown: set[str]
) -> None:
    assert edited_rows(*MODEL)[0].not_whole == frozenset()
    model, offer = edited_rows(*MODEL, (old, new))
    assert unknown <= model.not_whole
    assert row_texts(offer)["input_price"] == "$1.75"


def test_a_page_without_features_section_denies_none_of_them() -> None:
    model, offer = edited_rows("openai_model_pages", "gpt-6-sol.2026-10.md")
    denied = derive_values((), stated=model.cells, exhaustive=EXHAUSTIVE - model.not_whole, locator="")
    assert list(denied) == []
    assert row_texts(offer)["cache_write_price"] == "$2.5"


def test_unsupported_modalities_are_no_modalities() -> None:
    rows = edited_rows(
        *MODEL,
        ("- Output modalities: text", "- Output modalities: text\n- Unsupported modalities: audio, video"),
    )
    assert rows[0].cells.keys() == edited_rows(*MODEL)[0].cells.keys()


def test_the_index_of_the_documentation_names_more_pages() -> None:
    source = spider("openai_model_pages")
    links = (
        "- [GPT-4.1](https://developers.openai.com/api/docs/models/gpt-4.1.md)\n- [All](/api/docs/models/all)"
    )
    found = list(source.discover(text_answer(links.encode(), source.index[0], ".md")))
    assert [request.url for request in found] == ["https://developers.openai.com/api/docs/models/gpt-4.1.md"]


@pytest.mark.parametrize("page", [MDX, COMPONENTS, ISLAND, ZH, EN])
def test_every_price_has_the_tier_of_its_tab(page: tuple[str, str]) -> None:
    rows = edited_rows(*page)
    assert all(row.variant["tier"] in {"standard", "batch", "flex", "priority", "fast"} for row in rows)
    assert len({(row.name, *sorted(row_marks(row))) for row in rows}) == len(rows)


@pytest.mark.parametrize("page", [MDX, COMPONENTS, ISLAND, ZH, EN])
def test_the_standard_price_of_gpt_4_1_is_the_same_on_every_page(page: tuple[str, str]) -> None:
    texts = row_texts(find_row(edited_rows(*page), "offer", "gpt-4.1", "tier=standard"))
    assert (texts["input_price"].strip("$").rstrip("0").rstrip("."), texts["output_price"].strip("$")[0]) == (
        "2",
        "8",
    )


def test_a_table_whose_words_contradict_its_tab_is_refused_alone() -> None:
    change = ('tier="batch"', 'tier="standard"')
    assert "'batch'" in edited_complaints(*COMPONENTS, change)
    assert tiers(edited_rows(*COMPONENTS, change), "gpt-4.1") == {"standard", "flex", "priority"} & tiers(
        edited_rows(*COMPONENTS), "gpt-4.1"
    )


def test_one_odd_island_costs_its_own_prices() -> None:
    change = ("[[0,&quot;gpt-6-astra&quot;],[0,5]", "[[7,&quot;gpt-6-astra&quot;],[0,5]")
    before, after = edited_rows(*ISLAND), edited_rows(*ISLAND, change)
    assert "island props: wanted [0, value] or [1, list]" in edited_complaints(*ISLAND, change)
    assert 0 < len(after) < len(before)
    assert {repr(row) for row in after} < {repr(row) for row in before}


def test_a_table_without_a_tier_is_refused() -> None:
    with pytest.raises(PageChangedError, match="tier"):
        edited_rows(*ISLAND, ("&quot;tier&quot;", "&quot;tear&quot;"))
    with pytest.raises(PageChangedError, match="heading above a price table"):
        priced(f"{TABLE}| gpt-4.1 | $2.00 | $0.50 | $8.00 |\n")


def test_a_grouped_table_has_the_tier_that_the_line_above_it_names() -> None:
    grouped = "| Category | Model | Input | Output |\n| --- | --- | --- | --- |\n| Codex | m | $1 | $2 |\n"
    standard = priced(f"## Text\n\nStandard\n\n### Grouped Pricing Table data\n\n{grouped}")
    assert tiers(standard, "m") == {"standard"}
    with pytest.raises(PageChangedError, match="tier in a line above"):
        priced(f"### Grouped Pricing Table data\n\n{grouped}")


def test_nothing_dash_and_null_are_no_prices() -> None:
    rows = edited_rows(*COMPONENTS)
    for name in ("gpt-5.4-pro", "gpt-5.2-pro", "gpt-5-pro"):
        assert "cache_read_price" not in find_row(rows, "offer", name, "tier=standard").cells


def test_a_free_model_is_free_and_an_unpriced_one_says_nothing() -> None:
    row = find_row(edited_rows(*EN), "offer", "omni-moderation-latest")
    assert row.cells["input_price"].text == "Free"
    assert spider("openai_pricing").card().price_words["Free"] == "free"


def test_long_context_begins_where_the_name_or_the_page_says() -> None:
    assert find_row(edited_rows(*MDX), "offer", "gpt-5.4", "context_above=272K").name == "gpt-5.4"
    assert long_context("Long context: >272K").qualifier == {"context_above": "272K"}
    assert long_context("", "gpt-5.4 (<272K context length)").name == "gpt-5.4"


@pytest.mark.parametrize("note", ["", "Long context: >272K\n\nLong context: >128K"])
def test_a_long_context_that_begins_nowhere_costs_its_own_prices_only(note: str) -> None:
    table = f"{LONG}| --- | --- | --- | --- | --- |\n| gpt-5.4 | $2.50 | $15.00 | $5.00 | $22.50 |\n"
    body = f"{note}\n\n## Standard pricing data\n\n{table}"
    [row] = priced(body)
    assert (row_texts(row), dict(row.qualifier)) == ({"input_price": "$2.50", "output_price": "$15.00"}, {})
    assert "long context: wanted one bound" in priced_complaints(body)


def test_headings_may_be_translated_and_columns_are_not() -> None:
    assert tiers(edited_rows(*ZH), "o4-mini") == {"standard", "flex"}
    assert tiers(edited_rows(*ZH), "gpt-4.1") == {"standard", "batch", "fast"}
    renamed = ("### 标准定价数据", "### 标准定价数据2")
    assert "定价数据2" in edited_complaints(*ZH, renamed)
    assert tiers(edited_rows(*ZH, renamed), "gpt-4.1") == {"batch", "fast"}


GROUPED = "| Category | Model | Input | Output |\n| --- | --- | --- | --- |\n| Codex | m | $1 | $2 |\n"


@pytest.mark.parametrize(
    ("label", "tier"),
    [("Standard", "standard"), ("Fast", "fast"), ("Fast mode", "fast"), ("Ultrafast", "ultrafast"), ("Flex", "flex"),
     ("Priority processing", "priority"), ("快速", "fast")],
)  # fmt: skip
def test_a_grouped_table_may_stand_below_any_tab(label: str, tier: str) -> None:
    assert tiers(priced(f"{label}\n\n### Grouped Pricing Table data\n\n{GROUPED}"), "m") == {tier}


def test_a_table_without_tabs_prices_for_everybody_and_an_unknown_tab_for_nobody() -> None:
    bare = (
        GROUPED.replace("Category | ", "")
        .replace("Codex | ", "")
        .replace("| --- | --- | --- | --- |", "|---|---|---|")
    )
    assert tiers(priced(f"### Grouped Pricing Table data\n\n{bare}"), "m") == {"standard"}
    with pytest.raises(PageChangedError, match="tier in a line above"):
        priced(f"Warp\n\n### Grouped Pricing Table data\n\n{bare}")
    with pytest.raises(PageChangedError, match="heading above a price table"):
        priced(f"## Warp pricing data\n\n{TABLE}| m | $2.00 | $0.50 | $8.00 |\n")


def test_prices_of_training_and_of_sound_are_not_the_model_s() -> None:
    tuned = "| Model | Training | Input | Cached input | Output |\n|---|---|---|---|---|\n| gpt-4.1 | $25 | $3 | - | $12 |\n"
    sound = (
        "| Model | Modality | Input | Output |\n|---|---|---|---|\n| gpt-4.1 | Audio | $32.00 | $64.00 |\n"
    )
    plain = f"## Standard pricing data\n\n{TABLE}| gpt-4.1 | $2.00 | $0.50 | $8.00 |\n\nStandard\n\n"
    [row] = priced(f"{plain}### Pricing Table data\n\n{tuned}\n### Grouped Pricing Table data\n\n{sound}")
    assert row_texts(row)["input_price"] == "$2.00"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("Cache writes (30m)", "Cache writes (24h)"), ["30m", "24h"]),
        (("5m cache writes", "1 hour cache writes"), ["5m", "1h"]),
        (("Cache writes (30 minutes retention)", "Cache writes"), ["30m", ""]),
    ],
)
def test_cache_writes_may_be_priced_by_retention(columns: tuple[str, str], expected: list[str]) -> None:
    table = f"| Model | Input | {columns[0]} | {columns[1]} | Output |\n|---|---|---|---|---|\n| m | $1 | $2 | $3 | $4 |\n"
    rows = priced(f"## Standard pricing data\n\n{table}")
    writes = {
        row.qualifier.get("ttl", ""): row_texts(row)["cache_write_price"]
        for row in rows
        if "cache_write_price" in row.cells
    }
    assert writes == dict(zip(expected, ("$2", "$3"), strict=True))
    assert [row_texts(row)["input_price"] for row in rows if "input_price" in row.cells] == ["$1"]


@pytest.mark.parametrize("name", ["m (legacy)", "m (data sharing)", "m until 2027", "m (<272K words)"])
def test_a_name_with_a_condition_nobody_knows_gives_no_price(name: str) -> None:
    body = f"## Standard pricing data\n\n{TABLE}| good | $2 | - | $8 |\n| {name} | $1 | - | $4 |\n"
    assert [row.name for row in priced(body)] == ["good"]
    assert name in priced_complaints(body)


def test_a_name_that_goes_from_the_page_says_nothing() -> None:
    assert spider("openai_pricing").card().complete is False


def test_a_page_someone_made_of_the_price_list_is_not_taken_for_it() -> None:
    body = recording_path("openai/karstenheld3/2026-03-10_OpenAI-ModelPricing-Standard.md").read_bytes()
    with pytest.raises(PageChangedError):
        read_edited(*EN, body)


def test_rows_about_endpoints_and_fine_tuned_models_are_no_models() -> None:
    names = {row.name for row in edited_rows(*GONE)}
    assert not [name for name in names if name.startswith(("ft-", "/")) or " " in name]


def test_several_names_in_a_cell_are_several_rows_with_one_date() -> None:
    rows = [row for row in edited_rows(*GONE) if row_texts(row).get("shutdown_date") == "October 23, 2026"]
    assert {"gpt-4-0613", "gpt-4", "gpt-4-completions", "gpt-4.1-nano"} <= {row.name for row in rows}


def test_a_dated_snapshot_going_is_said_of_the_offer() -> None:
    rows = {row.name: row for row in edited_rows(*GONE)}
    assert (rows["gpt-5-2025-08-07"].kind, rows["gpt-5-2025-08-07"].provider) == ("offer", "OpenAI API")
    assert rows["gpt-4-0613"].kind == "offer"
    assert rows["gpt-5.4-cyber"].kind == "model"


def test_hyphens_that_do_not_break_are_hyphens_of_a_date() -> None:
    table = "| Shutdown date | Deprecated model | Recommended replacement |\n|---|---|---|\n"
    row_of = "| 2024\u201112\u201106 | `gpt-4-vision-preview` | `gpt-4o` |\n"
    body = f"# Deprecations\n## Past deprecations\n### 2024-06-06: Vision\n\n{table}{row_of}"
    row = read_edited(*GONE, body)[0]
    assert row_texts(row)["shutdown_date"] == "2024-12-06"
    assert row_texts(row)["deprecation_date"] == "2024-06-06"


def test_a_feature_s_timeline_names_no_model() -> None:
    assert "Evals" not in str(edited_rows(*GONE))


def test_scrapes_of_the_wrong_tab_differ_from_the_standard_price_by_a_factor() -> None:
    halves = find_row(batch_as_standard(), "offer", "gpt-5.2").cells["input_price"]
    doubles = find_row(priority_as_standard(), "offer", "gpt-5").cells["input_price"]
    right = find_row(edited_rows(*MDX), "offer", "gpt-5.2", "tier=standard").cells["input_price"]
    assert parse_usd_per_mtok(halves.text, halves.unit) * 2 == parse_usd_per_mtok(right.text, right.unit)
    assert parse_usd_per_mtok(doubles.text, doubles.unit) == 2 * parse_usd_per_mtok("1.25", right.unit)
