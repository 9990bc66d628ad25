"""DeepSeek's price list: models are columns, lines span, prices change by the hour, names move."""

from __future__ import annotations

import pytest
from support.edited_pages import edited_complaints, edited_rows, read_edited
from support.recorded_pages import find_row, row_texts

from cardwatch.crawler.documents import RawRow

NOW = ("deepseek_pricing", "2026-09.html")
FLAT = ("deepseek_pricing", "2026-08.flat.html")
FLASH, PRO = "DeepSeek-V4.1-Flash", "DeepSeek-V4-Pro-0813"


def windows(rows: list[RawRow]) -> dict[str, str]:
    offers = [row for row in rows if row.kind == "offer" and row.name == FLASH]
    return {row.qualifier.get("window", ""): row.cells["input_price"].text for row in offers}


def test_each_column_is_a_model_and_a_span_says_it_of_both() -> None:
    rows = edited_rows(*NOW)
    for name in (FLASH, PRO):
        texts = row_texts(find_row(rows, "model", name))
        assert (texts["context_window"], texts["max_output_tokens"]) == ("1M", "384K")
    assert row_texts(find_row(rows, "offer", FLASH))["input_price"] == "$0.15"
    assert row_texts(find_row(rows, "offer", PRO))["input_price"] == "$0.66"


def test_a_peak_price_has_its_hours_and_all_other_hours_have_none() -> None:
    assert windows(edited_rows(*NOW)) == {
        "": "$0.15",
        "utc 01:00-04:00 mon-fri": "$0.3",
        "utc 06:00-10:00 mon-fri": "$0.3",
    }


def test_a_peak_price_without_its_hours_is_refused() -> None:
    change = ("Peak hours are 01:00 - 04:00 and 06:00 - 10:00 UTC", "Peak hours follow")
    assert "wanted their hours and days" in edited_complaints(*NOW, change)
    assert windows(edited_rows(*NOW, change)) == {"": "$0.15"}


def test_peak_hours_on_other_days_are_refused() -> None:
    change = ("Monday through Friday", "on working days in China")
    assert "wanted their hours and days" in edited_complaints(*NOW, change)
    assert windows(edited_rows(*NOW, change)) == {"": "$0.15"}


@pytest.mark.parametrize(
    ("days", "window"),
    [
        ("", ""),
        (", Monday through Friday", " mon-fri"),
        (
            ", Monday through Friday, excluding Chinese public holidays",
            " mon-fri except Chinese public holidays",
        ),
    ],
)
def test_peak_hours_hold_on_the_days_the_page_says(days: str, window: str) -> None:
    found = windows(edited_rows(*NOW, (", Monday through Friday", days)))
    assert [*found] == ["", f"utc 01:00-04:00{window}", f"utc 06:00-10:00{window}"]


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
        offers = [row for row in rows if row.name == name]
        assert [(row.kind, row_texts(row)) for row in offers] == [
            ("model", {"lifecycle": "retired", "replacement": FLASH})
        ]


def test_not_supported_is_said_as_printed() -> None:
    rows = edited_rows(*NOW)
    assert row_texts(find_row(rows, "model", PRO))["capability.vision"] == "Not supported"
    assert row_texts(find_row(rows, "model", FLASH))["capability.vision"] == "✓"


def dated(rows: list[RawRow], name: str) -> dict[tuple[str, str], str]:
    return {
        (row.qualifier.get("from", ""), row.qualifier.get("to", "")): row.cells["input_price"].text
        for row in rows
        if row.kind == "offer"
        and row.name == name
        and "input_price" in row.cells
        and "window" not in row.qualifier
    }


def test_a_second_table_holds_the_prices_to_come() -> None:
    rows = edited_rows("deepseek_pricing", "2026-08-14.html")
    assert dated(rows, "DeepSeek-V4-Pro-0813") == {
        ("", "2026-08-16"): "$0.435",
        ("2026-08-16", ""): "$0.66",
    }
    limits = find_row(rows, "offer", "DeepSeek-V4-Pro-0813")
    assert row_texts(limits) == {"context_window": "1M", "max_output_tokens": "384K"}


def test_a_discount_ends_when_its_footnote_says() -> None:
    page = ("deepseek_pricing", "2026-05-08.html")
    assert dated(edited_rows(*page), "DeepSeek-V4-Pro") == {("", "2026-06-01"): "$0.435"}
    assert dated(edited_rows(*page, ("extended until", "extended beyond")), "DeepSeek-V4-Pro") == {
        ("", ""): "$0.435"
    }
    odd = edited_rows(*page, ("(75% off", "(cheaper at night"))
    assert dated(odd, "DeepSeek-V4-Pro") == {("", ""): "$0.435 (cheaper at night)"}
    assert all(cell.wanted for row in odd for cell in row.cells.values() if "night" in cell.text)


def test_no_struck_out_price_is_read() -> None:
    texts = [
        cell.text for row in edited_rows("deepseek_pricing", "2026-05-08.html") for cell in row.cells.values()
    ]
    assert not [text for text in texts if "1.74" in text or "3.48" in text]


def test_hours_may_stand_in_the_label_of_a_group() -> None:
    lines = (
        '<tr><td rowspan="2">{}</td><td>1M INPUT TOKENS (CACHE MISS)</td><td>{}</td></tr>'
        "<tr><td>1M OUTPUT TOKENS</td><td>{}</td></tr>"
    )
    page = (
        '<table><tr><td colspan="2">MODEL</td><td>deepseek-chat</td></tr>'
        '<tr><td colspan="2">MODEL VERSION</td><td>DeepSeek-V3</td></tr>'
        + lines.format("STANDARD PRICE (UTC 00:30-16:30)", "$0.27", "$1.10")
        + lines.format("DISCOUNT PRICE (UTC 16:30-00:30)", "$0.135", "$0.550")
        + "</table>"
    )
    found = {
        row.qualifier.get("window", ""): row_texts(row)["output_price"]
        for row in read_edited(*NOW, page)
        if row.kind == "offer"
    }
    assert found == {"": "$1.10", "utc 16:30-00:30": "$0.550"}


def test_a_table_nobody_knows_beside_the_price_list_costs_itself() -> None:
    more = "<table><tr><td>MODEL</td><td>x</td></tr><tr><td>SMELL</td><td>y</td></tr></table></body>"
    rows = edited_rows(*FLAT, ("</body>", more))
    assert row_texts(find_row(rows, "offer", "deepseek-v4-pro"))["input_price"] == "$0.435"
