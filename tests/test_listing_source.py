"""A listing that is declared by tables: what nobody has decided about costs itself and no more."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded_pages import json_answer, spider, text_answer

from cardwatch.crawler.documents import RawRow, UnreadPart


def read(source: str, document: object) -> list[Any]:
    reader = spider(source)
    return list(reader.rows(json_answer(document, reader.url)))


def offers(source: str, document: object) -> list[RawRow]:
    return [row for row in read(source, document) if isinstance(row, RawRow) and row.kind == "offer"]


def unread(source: str, document: object) -> list[UnreadPart]:
    return [part for part in read(source, document) if isinstance(part, UnreadPart)]


def test_an_unknown_key_is_refused_by_name_at_any_depth() -> None:
    entry = {"id": "m", "mood": "good", "model_spec": {"pricing": {"input": {"usd": 1, "gold": 2}}}}
    model, offer = read("venice_models", {"data": [entry]})
    assert {"unknown.mood", "unknown.model_spec.pricing.input.gold"} <= model.cells.keys()
    assert offer.cells["input_price"].text == "1"


def test_a_key_beside_the_listing_costs_no_row() -> None:
    parts = read("requesty_models", {"object": "list", "news": 1, "data": [{"id": "m"}]})
    assert [type(part) for part in parts] == [UnreadPart, RawRow, RawRow]
    assert parts[0].locator == "/news"


@pytest.mark.parametrize("entry", ["words", {"name": "no id"}, {"id": "m", "pricing": "free"}])
def test_an_entry_of_another_shape_costs_itself(entry: object) -> None:
    [lost] = unread("sambanova_models", {"data": [entry, {"id": "n"}]})
    assert lost.locator == "/data/0"
    [offer] = offers("sambanova_models", {"data": [entry, {"id": "n"}]})
    assert offer.name == "n"


def test_a_limit_of_nothing_is_no_limit_and_a_price_of_nothing_is_free() -> None:
    priced = {"id": "m", "input_price": 0, "cached_price": 0, "context_window": 0}
    [offer] = offers("requesty_models", {"data": [priced]})
    assert offer.cells.keys() == {"input_price"}
    assert offer.cells["input_price"].text == "0"


def test_a_key_of_the_environment_is_sent_as_the_host_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spider("baseten_models").headers() == {}
    monkeypatch.setenv("BASETEN_API_KEY", "k")
    assert spider("baseten_models").headers() == {"Authorization": "Api-Key k"}
    assert spider("requesty_models").headers() == {}


def test_a_gateway_that_writes_zero_for_unknown_is_free_only_where_it_says_so() -> None:
    entry = {"id": "m", "pricing": {"prompt": "0", "completion": "0"}, "free": False}
    assert offers("llmgateway_models", {"data": [entry]})[0].cells == {}
    [free] = offers("llmgateway_models", {"data": [entry | {"free": True}]})
    assert free.cells["input_price"].text == "0"


@pytest.mark.parametrize("stated", [{"unit": "per_token"}, {"currency": "EUR"}])
def test_prices_in_another_unit_are_not_read_as_dollars_per_million(stated: dict[str, str]) -> None:
    [lost] = unread("nanogpt_models", {"data": [{"id": "m", "pricing": {"prompt": 1, **stated}}]})
    assert lost.what == "pricing"


def test_tiers_that_stand_elsewhere_are_no_price_of_zero() -> None:
    entry = {"id": "m", "is_tiered_billing": True, "input_token_price_per_m": 0, "context_size": 9}
    [offer] = offers("novita_models", {"data": [entry]})
    assert offer.cells.keys() == {"context_window"}


def test_a_status_nobody_has_seen_is_refused_by_name() -> None:
    [offer] = offers("novita_models", {"data": [{"id": "m", "status": 4}]})
    assert offer.cells["unknown.status"].text == "4"


def test_a_model_that_is_off_line_says_so() -> None:
    [offer] = offers("venice_models", {"data": [{"id": "m", "model_spec": {"offline": True}}]})
    assert offer.cells["availability"].text == "offline"


@pytest.mark.parametrize("first", ["| ↳ >200K Context | | $5 | $9 |", "| ↳ weekends | | $5 | $9 |"])
def test_a_row_of_a_tier_needs_its_model_and_a_condition_that_is_understood(first: str) -> None:
    head = "| Model | ID | Input Price | Output Price |\n|---|---|---|---|\n"
    page = f"{head}{first}\n| B | `b` | $1 | $2 |\n| ↳ on Sundays | | $3 | $4 |\n"
    reader = spider("venice_pricing")
    parts = list(reader.rows(text_answer(page.encode(), reader.url, ".md")))
    assert [part.name for part in parts if isinstance(part, RawRow)] == ["b"]
    assert len([part for part in parts if isinstance(part, UnreadPart)]) == 2


def test_a_meter_nobody_has_decided_about_does_not_become_a_price() -> None:
    page = "| Model | Price in Tokens |\n|---|---|\n| m | $1 per M input tokens <br/> $9 per moon |\n"
    reader = spider("cloudflare_pricing")
    [row] = list(reader.rows(text_answer(page.encode(), reader.url, ".md")))
    assert {name: cell.text for name, cell in row.cells.items()} == {
        "input_price": "$1",
        "unknown.moon": "$9 per moon",
    }


def test_a_private_endpoint_is_no_offer() -> None:
    assert read("parasail_models", [{"externalAlias": "x-1", "modelName": "m"}]) == []
