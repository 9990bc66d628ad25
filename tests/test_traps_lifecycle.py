"""Lifecycle tables say things twice, leave days open and mean snapshots: none of it may become a fact of its own."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_complaints, edited_rows
from support.recorded_pages import row_texts

ANTHROPIC = ("anthropic_deprecations", "2026-03-10.md")
COHERE = ("cohere_deprecations", "2024-12.md")
GEMINI = ("gemini_deprecations", "2026-06.rebuilt.md")
OPENAI = ("openai_deprecations", "deprecations.md")


def rows_about(page: tuple[str, str], name: str, *edits: tuple[str, str]) -> list[dict[str, str]]:
    """Return what each row of a model says."""
    return [row_texts(row) for row in edited_rows(*page, *edits) if row.name == name]


@pytest.mark.parametrize(
    ("page", "name", "rows"),
    [
        (
            ANTHROPIC,
            "claude-3-haiku-20240307",
            [
                {
                    "lifecycle": "Deprecated",
                    "deprecation_date": "February 19, 2026",
                    "shutdown_date": "April 20, 2026",
                },
                {"replacement": "claude-haiku-4-5-20251001"},
            ],
        ),
        (
            COHERE,
            "rerank-english-v2.0",
            [
                {"lifecycle": "Deprecated", "deprecation_date": "12/03/24", "shutdown_date": "03/31/25"},
                {"replacement": "rerank-v3.5"},
            ],
        ),
    ],
)
def test_the_table_of_the_present_is_heard_before_history(
    page: tuple[str, str], name: str, rows: list[dict[str, str]]
) -> None:
    assert rows_about(page, name) == rows


def test_history_speaks_for_a_model_that_the_table_no_longer_has() -> None:
    row = "| `claude-3-haiku-20240307` | Deprecated | February 19, 2026 | April 20, 2026 |\n"
    assert rows_about(ANTHROPIC, "claude-3-haiku-20240307", (row, "")) == [
        {
            "lifecycle": "deprecated",
            "deprecation_date": "2026-02-19",
            "shutdown_date": "April 20, 2026",
            "replacement": "claude-haiku-4-5-20251001",
        }
    ]


@pytest.mark.parametrize(
    "day",
    [
        "Not sooner than May 14, 2027",
        "TBD",
        "N/A",
        "Earliest May 2027",
        "at earliest 2027-05-14",
        "To be announced",
        "May 14, 2027 or later",
    ],
)
def test_an_open_day_is_no_day(day: str) -> None:
    edit = ("Not sooner than February 17, 2027", day)
    assert rows_about(ANTHROPIC, "claude-sonnet-4-6", edit) == [{"lifecycle": "Active"}]


def test_one_of_two_snapshots_says_nothing_of_the_model() -> None:
    old, new = "`claude-3-haiku-20240307` | Dep", "`claude-sonnet-4-20240307` | Dep"
    kinds = {row.name: row.kind for row in edited_rows(*ANTHROPIC, (old, new))}
    assert (kinds["claude-sonnet-4-20240307"], kinds["claude-sonnet-4-20250514"]) == ("offer", "offer")
    assert kinds["claude-opus-4-20250514"] == "model"


def test_snapshots_that_go_on_one_day_take_their_model_with_them() -> None:
    page, first = ("anthropic_deprecations", "2026-02-07.md"), "claude-3-5-sonnet-20240620"
    kinds = {row.name: row.kind for row in edited_rows(*page)}
    assert {kinds[name] for name in (first, "claude-3-5-sonnet-20241022")} == {"model"}
    later = (f"October 28, 2025 | `{first}`", f"November 28, 2025 | `{first}`")
    assert {row.name: row.kind for row in edited_rows(*page, later)}[first] == "offer"


def test_a_column_that_may_be_a_condition_costs_its_table() -> None:
    renamed = ("| Current State |", "| Where it holds |")
    assert "Where it holds" in edited_complaints(*ANTHROPIC, renamed)
    assert rows_about(ANTHROPIC, "claude-sonnet-4-6", renamed) == []


def test_history_does_not_speak_where_the_present_is_not_understood() -> None:
    assert rows_about(ANTHROPIC, "claude-3-haiku-20240307", ("| Current State |", "| Where it holds |")) == []


@pytest.mark.parametrize(
    ("page", "odd", "other"),
    [
        (
            ("anthropic_deprecations", "2026-02-07.md"),
            "claude-3-5-sonnet-20241022",
            "claude-3-5-sonnet-20240620",
        ),
        (
            ("gemini_deprecations", "2025-12.rebuilt.md"),
            "gemini-2.0-flash-lite-001",
            "gemini-2.0-flash-001",
        ),
    ],
)
def test_a_name_that_is_not_understood_is_one_of_its_model_all_the_same(
    page: tuple[str, str], odd: str, other: str
) -> None:
    rows = edited_rows(*page, (odd, f"{odd} (xyzzy)"))
    assert {row.kind for row in rows if row.name == other} == {"offer"}, "of a snapshot, not of the model"


@pytest.mark.parametrize(
    ("page", "name", "edit"),
    [
        (
            ("cohere_models", "2026-09.md"),
            "command-light",
            (
                "`command-light`               | Deprecated Sept 15, 2025 |",
                "`command-light` | Deprecated Sept 15, 2025 (xyzzy) |",
            ),
        ),
        (
            ("moonshot_models", "2026-09.md"),
            "kimi-k2.5",
            ("| Model Name                        | Description |", "| Model Name (xyzzy) | Description |"),
        ),
    ],
)
def test_of_a_model_whose_row_is_not_understood_nothing_else_is_said(
    page: tuple[str, str], name: str, edit: tuple[str, str]
) -> None:
    assert rows_about(page, name, edit) == []


def test_a_row_with_a_first_cell_alone_heads_the_rows_below_it() -> None:
    """As the Markdown twin of Google's page has "Preview models" between its rows."""
    above = "| `gemini-2.0-flash` |"
    assert rows_about(GEMINI, "Preview models", (above, f"| Preview models ||||\n{above}")) == []
    assert rows_about(GEMINI, "gemini-2.0-flash", (above, f"| **Preview models** | | | |\n{above}"))


def test_of_a_model_announced_twice_the_later_announcement_counts() -> None:
    """As gpt-4-1106-preview stands on OpenAI's page of September 2026: moved from March to October."""
    later = "| October 23, 2026 | `gpt-4.1-nano` \\| `gpt-4.1-nano-2025-04-14`"
    moved = "| October 23, 2026 | `gpt-4-0125-preview` | `gpt-5.6-sol` |\n"
    [row] = rows_about(OPENAI, "gpt-4-0125-preview", (later, moved + later))
    assert (row["shutdown_date"], row["replacement"]) == ("October 23, 2026", "gpt-5.6-sol")
    [snapshot] = rows_about(OPENAI, "gpt-4-turbo-preview")
    assert (snapshot["shutdown_date"], snapshot["replacement"]) == ("2026-03-26", "gpt-5 or gpt-4.1")
