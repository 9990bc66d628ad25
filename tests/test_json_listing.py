"""Reading JSON strictly: nothing is guessed, nothing is lost, another shape is a changed page."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.crawler.documents import Cell, PageChangedError
from cardwatch.crawler.formats.json_listing import (
    KeyMeaning,
    cells,
    load_json,
    parse_key_meanings,
    pointer_step,
    printed_text,
    require_known_keys,
    require_list,
    require_object,
    require_objects,
    require_text,
)

scalars = st.one_of(st.none(), st.booleans(), st.text(max_size=20))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)


def test_a_table_of_keys_reads_line_by_line() -> None:
    assert parse_key_meanings("""
        prompt   input_price  usd/1M tokens
        tools    capability.tool_use
        tools    capability.function_calling
    """) == {
        "prompt": (KeyMeaning("input_price", "usd/1M tokens"),),
        "tools": (KeyMeaning("capability.tool_use"), KeyMeaning("capability.function_calling")),
    }


def test_cells_keep_text_unit_and_place_and_null_says_nothing() -> None:
    table = parse_key_meanings("a/b input_price usd/token\nc capability.vision\nd name")
    found = cells(load_json('{"a/b": 4.0000000000000003e-07, "c": false, "d": null}'), table, "/x")
    assert found == {
        "input_price": Cell("4.0000000000000003e-07", "usd/token", "/x/a~1b"),
        "capability.vision": Cell("false", "", "/x/c"),
    }


def test_of_two_keys_for_one_attribute_the_first_in_the_table_counts() -> None:
    table = parse_key_meanings("output image_price usd/image\ninput image_price usd/image")
    assert cells({"input": "1", "output": "2"}, table)["image_price"].text == "2"
    assert cells({"input": "1"}, table)["image_price"].text == "1"


@given(values)
def test_a_value_is_printed_as_it_was_or_refused(value: object) -> None:
    try:
        text = printed_text(value, "/here")
    except PageChangedError:
        assert isinstance(value, dict | list)
        return
    if isinstance(value, list):
        assert json.loads(text or "") == value
    else:
        assert text == {None: None, True: "true", False: "false"}.get(value, value)  # type: ignore[arg-type]


@given(values)
def test_another_shape_raises_and_nothing_else(value: object) -> None:
    for read in (require_object, require_list, lambda *where: list(require_objects(*where))):
        with contextlib.suppress(PageChangedError):
            read(value, "row", "/")


@pytest.mark.parametrize("value", [None, "", "  ", ["m"], {"id": "m"}, True, load_json("4.10")])
def test_a_name_is_a_text_that_is_not_blank(value: object) -> None:
    with pytest.raises(PageChangedError, match="id: wanted a text"):
        require_text({"id": value}, "id", "/data/3")


def test_an_unknown_key_is_named_with_its_place() -> None:
    require_known_keys({"a": 1}, {"a", "b"}, "/data/3")
    with pytest.raises(PageChangedError, match=r"found \['c'\], at /data/3"):
        require_known_keys({"a": 1, "c": 2}, {"a", "b"}, "/data/3")


@given(st.text())
def test_a_pointer_leads_back_to_its_key(key: str) -> None:
    step = pointer_step(key)
    assert "/" not in step
    assert step.replace("~1", "/").replace("~0", "~") == key
