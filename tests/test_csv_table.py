"""CSV as it is written by others: quotes, line breaks inside cells, records that are too short."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.csv_table import parse_csv_table

word = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12).map(str.strip)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(word, min_size=width, max_size=width), min_size=2, max_size=6)
)


def written(rows: list[list[str]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return file.getvalue()


@given(tables)
def test_what_was_written_is_read(rows: list[list[str]]) -> None:
    table = parse_csv_table(written(rows), where="file")
    assert [list(table.headings), *(list(row.cells) for row in table.rows)] == rows
    assert [row.locator for row in table.rows] == [f"/record[{n}]" for n in range(1, len(rows))]


@given(st.text(max_size=60))
def test_any_text_is_a_table_or_a_changed_page(text: str) -> None:
    try:
        table = parse_csv_table(text, where="file")
    except PageChangedError:
        return
    assert all(len(row.cells) == len(table.headings) for row in table.rows)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "0 lines"),
        ("Model,eci\n", "1 lines"),
        ('a,b\n"1,2\n', "CSV"),
    ],
)
def test_a_broken_file_says_what_and_where(text: str, found: str) -> None:
    with pytest.raises(PageChangedError) as error:
        parse_csv_table(text, where="file")
    assert found in str(error.value)


def test_a_record_of_another_width_is_an_unread_part() -> None:
    table = parse_csv_table("a,b\n1,2\n3\n", where="file")
    assert [row.cells for row in table.rows] == [("1", "2")]
    assert [(odd.text, odd.locator) for odd in table.unread] == [("3", "/record[2]")]
