"""Azure's documentation as source: cells of several lines, footnotes half closed, parts kept elsewhere."""

from __future__ import annotations

import re

import pytest
from support.edited_pages import edited_complaints, edited_rows, read_edited
from support.read_visits import read_rows
from support.recorded_pages import PAGES, find_row, row_texts, spider

from cardwatch.crawler.documents import RawRow

MODELS = ("azure_models", "models.2026-01-14.md")
OTHER = ("azure_models", "other-tables.md")
GONE = ("azure_retirements", "schedule.2026-07-07.md")
HEAD = "|  Model ID  | Description | Context Window | Max Output Tokens | Training Data (up to)  |\n"
SCHEDULE = "| Model | Version | Lifecycle | Retirement date | Replacement |\n|---|---|---|---|---|\n"
LINE = "|  --- |  :--- |:--- |:---|:---: |\n"


def one(cells: str) -> list[RawRow]:
    return read_edited(*MODELS, f"## GPT\n\n{HEAD}{LINE}{cells}\n")


def test_a_cell_of_lines_keeps_window_input_and_output_apart() -> None:
    texts = row_texts(find_row(edited_rows(*MODELS), "model", "gpt-5.2-codex", "snapshot=2026-01-14"))
    assert texts["context_window"] == "400,000"
    assert texts["max_input_tokens"] == "272,000"
    assert texts["max_output_tokens"] == "128,000"


def test_a_window_by_kind_of_deployment_is_the_largest_the_model_has() -> None:
    assert row_texts(find_row(edited_rows(*OTHER), "model", "gpt-4.1"))["context_window"] == "1,047,576"


def test_a_request_limit_is_no_context_window() -> None:
    texts = row_texts(find_row(edited_rows(*OTHER), "model", "o3"))
    assert "context_window" not in texts
    assert (texts["max_input_tokens"], texts["max_output_tokens"]) == ("200,000", "100,000")


@pytest.mark.parametrize("mark", ["<sup>1</sup>", "<sup>1<sup/>", "<sup>1", "<SUP>2</SUP>"])
def test_a_footnote_mark_is_no_digit_however_it_is_closed(mark: str) -> None:
    rows = one(f"| `gpt-x` (2026-01-01){mark} | - Reasoning | 131,072{mark} | 16,384 | May 31, 2024{mark} |")
    texts = row_texts(rows[0])
    assert (texts["context_window"], texts["knowledge_cutoff"]) == ("131,072", "May 31, 2024")


def test_a_mistyped_number_is_copied_for_the_reader_to_judge() -> None:
    assert row_texts(find_row(edited_rows(*OTHER), "model", "gpt-audio-mini"))["max_input_tokens"] == "128,00"


def test_two_models_in_one_cell_share_its_limits() -> None:
    names = {row.name: row.variant for row in edited_rows(*OTHER) if row.name.startswith("gpt-audio")}
    assert names["gpt-audio"] == {"snapshot": "2025-08-28"}
    assert names["gpt-audio-mini"] == {"snapshot": "2025-10-06"}


def test_a_stage_in_brackets_is_the_offer_s_state_and_no_snapshot() -> None:
    row = find_row(edited_rows(*OTHER), "offer", "gpt-oss-120b")
    assert (row.variant, row_texts(row)["lifecycle"]) == ({}, "Preview")
    chat = find_row(edited_rows(*MODELS), "offer", "gpt-5.2-chat", "snapshot=2025-12-11")
    assert row_texts(chat)["lifecycle"] == "Preview"


def test_regions_and_benchmark_tables_are_not_models() -> None:
    names = {row.name for row in [*edited_rows(*MODELS), *edited_rows(*OTHER)]}
    assert not names & {"australiaeast", "MIRACL average", "East US2"}


def test_an_unknown_part_or_block_is_refused_and_known_ones_are_not() -> None:
    assert edited_complaints(*OTHER) == ""
    moved = ("../includes/azure-openai-models-list.md", "../includes/tables.md")
    assert re.search(r"include: wanted one of .*, found tables\.md", edited_complaints(*MODELS, moved))
    assert edited_rows(*MODELS, moved) == edited_rows(*MODELS)
    assert re.search(
        r"block: wanted one of .*, found tabs", edited_complaints(*OTHER, ("::: zone-end", "::: tabs"))
    )


@pytest.mark.parametrize(
    ("name", "version", "variant"),
    [
        ("DeepSeek-R1-0528", "1", {}),
        ("Cohere-command-r-08-2024", "1", {}),
        ("mistral-document-ai-2505", "1", {}),
        ("Codestral-2501", "2", {}),
        ("DeepSeek-V3.1", "1", {"snapshot": "1"}),
        ("text-embedding-ada-002", "2", {"snapshot": "2"}),
        ("gpt-4o-2024", "2024-08-06", {"snapshot": "2024-08-06"}),
    ],
)
def test_a_count_of_versions_does_not_hide_the_snapshot_in_a_name(
    name: str, version: str, variant: dict[str, str]
) -> None:
    [row] = read_edited(*GONE, f"## Mistral\n\n{SCHEDULE}| {name} | {version} | GA | — | — |\n")
    assert row.variant == variant


@pytest.mark.parametrize(
    ("name", "version", "model", "snapshot"),
    [
        ("gpt-4", "turbo-2024-04-09", "openai/gpt-4-turbo", "2024-04-09"),
        ("gpt-4", "1106-Preview", "openai/gpt-4-turbo", "1106"),
        ("gpt-4", "vision-preview", "openai/gpt-4-vision-preview", None),
        ("gpt-4", "0613", "openai/gpt-4", "0613"),
        ("gpt-4", "other-2027-01-01", None, "other-2027-01-01"),
        ("gpt-4o", "2024-08-06", "openai/gpt-4o", "2024-08-06"),
        ("Mistral-large", "2407", "mistral/mistral-large-2", "2407"),
        ("DeepSeek-R1-0528", "2026-01-01", "deepseek/deepseek-r1", "0528"),
        ("DeepSeek-V3.1", "1", "deepseek/deepseek-v3.1", "1"),
    ],
)
def test_a_version_may_be_a_word_of_the_model_s_name_and_hides_no_date_in_it(
    name: str, version: str, model: str | None, snapshot: str | None
) -> None:
    source = spider(GONE[0])
    [row] = read_edited(*GONE, f"## Azure OpenAI\n\n{SCHEDULE}| {name} | {version} | GA | — | — |\n")
    [record] = read_rows(source, [row]).records
    assert (record.model, record.variant.get("snapshot")) == (model, snapshot)


def test_two_versions_of_a_snapshot_stay_apart() -> None:
    rows = read_edited(*GONE, f"{SCHEDULE}| m-2501 | 1 | Retired | — | — |\n| m-2501 | 2 | GA | — | — |\n")
    assert [row.variant for row in rows] == [{"mode": "version 1"}, {"mode": "version 2"}]


def test_a_table_of_highlights_is_no_table_of_models() -> None:
    highlights = "| Models | Description |\n| -- | -- |\n| [GPT-5.5](#x) | **NEW** `gpt-5.5` |\n\n"
    table = f"{HEAD}{LINE}| `gpt-x` | - Reasoning | 8 | 8 | |\n"
    rows = read_edited(*MODELS, f"## GPT\n\n{highlights}\n\n{table}")
    assert {row.name for row in rows} == {"gpt-x"}


def test_an_indented_block_with_words_is_still_a_block() -> None:
    rows = read_edited(
        *OTHER,
        f'::: zone pivot="a"\n## GPT\n\n{HEAD}{LINE}| `gpt-x` | - Reasoning | 8 | 8 | |\n:::zone-end\n',
    )
    assert row_texts(rows[0])["capability.reasoning"] == "Reasoning"


def test_prose_states_no_ability() -> None:
    assert "capability.reasoning" not in one("| `gpt-x` | A model good at reasoning. | 8 | 8 | |")[0].cells


def test_a_retirement_is_said_of_azure_s_offer() -> None:
    rows = edited_rows(*GONE)
    assert {row.kind for row in rows} == {"offer"}
    assert row_texts(find_row(rows, "offer", "gpt-5.1-codex-max"))["shutdown_date"] == "2026-12-05"


def test_a_dash_is_no_replacement_and_a_version_may_be_no_date() -> None:
    rows = edited_rows(*GONE)
    assert "replacement" not in find_row(rows, "offer", "gpt-4.1").cells
    old = find_row(rows, "offer", "gpt-4o", "snapshot=2024-08-06-ev3")
    assert row_texts(old)["shutdown_date"] == "2026-03-31"
    assert (
        row_texts(find_row(rows, "offer", "text-embedding-ada-002", "snapshot=2"))["shutdown_date"]
        == "2027-04-15"
    )


def test_fine_tuned_models_have_other_dates_and_are_left_out() -> None:
    assert not [row for row in edited_rows(*GONE) if "2027-10" in row_texts(row).get("shutdown_date", "")]


def test_every_line_pointer_of_the_schedule_leads_to_its_cell() -> None:
    lines = (PAGES / GONE[0] / GONE[1]).read_text(encoding="utf-8").splitlines()
    for row in edited_rows(*GONE):
        line = lines[int(row.locator.removeprefix("/line[").removesuffix("]")) - 1]
        assert row.name in line
        assert all(cell.text in line for cell in row.cells.values())
