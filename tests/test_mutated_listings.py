"""Whatever happens to a listing on its way, reading it ends in rows or in PageChangedError."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.recorded_pages import PAGES, json_answer, spider

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow

SOURCES = (
    "openrouter_models",
    "openrouter_endpoints",
    "vercel_models",
    "vercel_endpoints",
    "models_dev",
    "azure_retail_prices",
)
PAGE = {name: json.loads(min((PAGES / name).glob("*.json")).read_text(encoding="utf-8")) for name in SOURCES}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.sampled_from(["", "-1", "0", "NaN", "image", "/", "~1", "utc_start", "tiers", "\u202e", "x" * 300])
JSON = st.recursive(
    LEAVES | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every holder and key in a document."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_mutated_listing_gives_rows_or_says_that_it_changed(source: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(PAGE[source]))
    for _ in range(data.draw(st.integers(1, 3))):
        found = list(places(document))
        holder, key = found[data.draw(st.integers(0, len(found) - 1))] if found else ({}, "")
        if isinstance(holder, dict) and data.draw(st.booleans()):
            holder[data.draw(WORDS)] = data.draw(JSON)
        elif found:
            holder[key] = data.draw(JSON)
    assert all(sound(row) for row in read(source, document))


def read(source: str, document: Any) -> list[RawRow]:
    answer = json_answer(document, "https://example.org/listing")
    try:
        spider(source).next_page(answer)
        return [part for part in spider(source).rows(answer) if isinstance(part, RawRow)]
    except PageChangedError:
        return []


def sound(row: RawRow) -> bool:
    texts = [row.name, row.provider, row.locator, *row.variant.values(), *row.qualifier.values()]
    return all(isinstance(text, str) for text in texts) and all(
        isinstance(cell, Cell) and isinstance(cell.text, str) for cell in row.cells.values()
    )
