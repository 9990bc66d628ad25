"""JSON as printed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.crawler.documents import PageChangedError
from cardwatch.crawler.formats.json_listing import load_json


@pytest.mark.parametrize(
    "number", ["0", "-0", "1.50", "4.0000000000000003e-07", "1E5", "-1", "1047576", "0.000002", "9" * 5000]
)
def test_a_number_stays_the_text_that_stands_there(number: str) -> None:
    assert load_json(f'{{"a": [{number}]}}') == {"a": [number]}


def test_other_values_stay_themselves() -> None:
    assert load_json('[true, false, null, "1.50", "\\ud83d\\ude00"]') == [
        True,
        False,
        None,
        "1.50",
        "\U0001f600",
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "<html>", "NaN", "[Infinity]", '"\\ud800"', '{"\\uDFFF": 1}', "[" * 100_000, "\x00"]
)
def test_anything_else_is_a_page_that_changed(text: str) -> None:
    with pytest.raises(PageChangedError, match=r"body: wanted JSON, found .*, at there"):
        load_json(text, where="there")


@given(st.text())
def test_any_text_is_json_or_a_page_that_changed(text: str) -> None:
    try:
        value = load_json(text)
    except PageChangedError:
        return
    json.dumps(value, ensure_ascii=False).encode()
