"""DeepSeek's price list: models are columns, lines span, prices change by the hour, names move."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_rows
from support.recorded_pages import find_row, row_texts

from cardwatch.crawler.documents import PageChangedError, RawRow

NOW = ("deepseek_pricing", "2026-09.html")
FLAT = ("deepseek_pricing", "2026-08.flat.html")
FLASH, PRO = "DeepSeek-V4.1-Flash", "DeepSeek-V4-Pro-0813"


def windows(rows: list[RawRow]) -> dict[str, str]:
    offers = [row for row in rows if row.kind == "offer" and row.name == FLASH]
    return {row.qualifier.get("window", ""): row.cells["input_price"].text for row in offers}


def test_each_column_is_a_model_and_a_span_says_it_of_both() -> None:
    rows = edited_rows(*NOW)
    for name in (FLASH, PRO):
        said = row_texts(find_row(rows, "model", name))
        assert (said["context_window"], said["max_output_tokens"]) == ("1M", "384K")
    assert row_texts(find_row(rows, "offer", FLASH))["input_price"] == "$0.15"
    assert row_texts(find_row(rows, "offer", PRO))["input_price"] == "$0.66"


def test_a_peak_price_has_its_hours_and_all_other_hours_have_none() -> None:
    assert windows(edited_rows(*NOW)) == {
        "": "$0.15",
        "utc 01:00-04:00 mon-fri": "$0.3",
        "utc 06:00-10:00 mon-fri": "$0.3",
    }


def test_a_peak_price_without_its_hours_is_refused() -> None:
    with pytest.raises(PageChangedError, match="peak hours: wanted their hours"):
        edited_rows(*NOW, ("Peak hours are 01:00 - 04:00 and 06:00 - 10:00 UTC", "Peak hours follow"))


def test_peak_hours_on_other_days_are_refused() -> None:
    with pytest.raises(PageChangedError, match="peak hours"):
        edited_rows(*NOW, ("Monday through Friday", "on working days in China"))


def test_a_page_without_peak_prices_has_one_price_a_model() -> None:
    rows = edited_rows(*FLAT)
    assert not [row for row in rows if row.qualifier]
    assert row_texts(find_row(rows, "offer", "deepseek-v4-pro"))["cache_read_price"] == "$0.003625"


def test_a_footnote_s_number_is_no_part_of_a_name() -> None:
    assert not [row.name for row in edited_rows(*NOW) if "(" in row.name]


def test_the_version_names_the_model_that_an_api_name_stands_for() -> None:
    names = {row.name for row in edited_rows(*NOW)}
    assert "deepseek-flash" not in names
    assert FLASH in names


def test_a_name_that_moved_to_another_model_is_retired_and_gives_no_alias() -> None:
    rows = edited_rows(*NOW)
    for name in ("deepseek-v4-flash", "deepseek-v4-flash-vision-exp"):
        said = [row for row in rows if row.name == name]
        assert [(row.kind, row_texts(row)) for row in said] == [
            ("model", {"lifecycle": "retired", "replacement": FLASH})
        ]


def test_not_supported_is_said_as_printed() -> None:
    rows = edited_rows(*NOW)
    assert row_texts(find_row(rows, "model", PRO))["capability.vision"] == "Not supported"
    assert row_texts(find_row(rows, "model", FLASH))["capability.vision"] == "✓"


def test_two_price_tables_are_one_too_many() -> None:
    with pytest.raises(PageChangedError, match="price table: wanted one of MODEL, found 2"):
        edited_rows(*FLAT, ("</body>", "<table><tr><td>MODEL</td><td>x</td></tr></table></body>"))
