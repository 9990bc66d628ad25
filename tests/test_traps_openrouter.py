"""What OpenRouter's list has done to others, on its own lexemes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.recorded_pages import find_row, json_answer, row_marks, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.crawler.formats.time_windows import fill_the_week, parse_window

URL = "https://openrouter.ai/api/v1/models?output_modalities=all"
ITEM: dict[str, Any] = {
    "id": "deepseek/deepseek-v4-pro",
    "name": "DeepSeek: DeepSeek V4 Pro",
    "created": 1776902400,
    "description": "…",
    "context_length": 1048576,
    "architecture": {"modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"]},
    "pricing": {"prompt": "0.000000435", "completion": "0.00000087"},
    "top_provider": {"context_length": 1048576, "max_completion_tokens": 384000, "is_moderated": False},
    "per_request_limits": None,
    "supported_parameters": ["max_tokens", "tools"],
}
PEAK = {"prompt": "0.00000132", "completion": "0.00000396"}
OFF = {"prompt": "0.00000066", "completion": "0.00000198"}
TILES = [
    {"utc_start": "0000", "utc_end": "0100", **OFF},
    {"utc_start": "0100", "utc_end": "0400", **PEAK},
    {"utc_start": "0400", "utc_end": "0600", **OFF},
    {"utc_start": "0600", "utc_end": "1000", **PEAK},
    {"utc_start": "1000", "utc_end": "2400", **OFF},
]


def rows(*items: dict[str, Any], **document: Any) -> list[RawRow]:
    body = {"data": list(items), **document}
    return list(spider("openrouter_models").rows(json_answer(body, URL)))


def item(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(ITEM), **changes}


def priced(**pricing: Any) -> list[RawRow]:
    return rows(item(pricing={**ITEM["pricing"], **pricing}))


def offer(found: list[RawRow], *hints: str) -> dict[str, str]:
    return dict(row_texts(find_row(found, "offer", ITEM["id"], *hints)))


def test_what_the_newest_of_a_line_is_called_is_a_name_of_it() -> None:
    latest = item(id="~z-ai/glm-latest", alias_target={"name": "Z.ai: GLM 5.3", "slug": "z-ai/glm-5.3"})
    [row] = rows(latest)
    assert (row.kind, row.name, row.alias_of, row.cells) == ("model", "~z-ai/glm-latest", "z-ai/glm-5.3", {})


def test_missing_zero_empty_and_minus_one_stay_four_things() -> None:
    texts = offer(priced(prompt="-1", completion="0", web_search=""))
    assert (texts["input_price"], texts["output_price"], texts["web_search_price"]) == ("-1", "0", "")
    assert "cache_read_price" not in texts
    assert spider("openrouter_models").price_words == {"-1": "not_published"}


def test_a_surcharge_of_zero_is_none_and_makes_nothing_free() -> None:
    texts = offer(priced(request="0", web_search="0", internal_reasoning="0"))
    assert not {"request_price", "web_search_price", "reasoning_price"} & texts.keys()
    assert offer(priced(internal_reasoning="0.00001"))["reasoning_price"] == "0.00001"


def test_a_long_prompt_costs_more_strictly_above_its_threshold() -> None:
    found = priced(overrides=[{"min_prompt_tokens": 200000, "prompt": "0.000006"}])
    assert offer(found)["input_price"] == "0.000000435"
    assert offer(found, "context_above=200000") == {"input_price": "0.000006"}


def test_windows_that_fill_the_day_set_the_default_whatever_the_hour_of_the_fetch() -> None:
    at_night, at_noon = priced(**PEAK, overrides=TILES), priced(**OFF, overrides=TILES)
    assert [(r.qualifier, row_texts(r)) for r in at_night] == [(r.qualifier, row_texts(r)) for r in at_noon]
    assert offer(at_noon)["input_price"] == OFF["prompt"]
    assert offer(at_noon, "window=utc 06:00-10:00")["output_price"] == PEAK["completion"]
    assert len(at_noon) == 2 + len(TILES)


def test_windows_on_some_days_only_leave_the_price_beside_them_the_default() -> None:
    weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    found = priced(overrides=[{"utc_start": 100, "utc_end": 400, "utc_days": weekdays, **PEAK}])
    assert offer(found)["input_price"] == "0.000000435"
    assert offer(found, "window=utc 01:00-04:00 mon-fri")["input_price"] == PEAK["prompt"]


def test_of_two_overrides_under_the_same_terms_the_later_wins_per_key() -> None:
    above = {"min_prompt_tokens": 256000}
    found = priced(overrides=[{**above, "prompt": "0.1", "completion": "0.2"}, {**above, "prompt": "0.3"}])
    assert offer(found, "context_above=256000") == {"input_price": "0.3", "output_price": "0.2"}


@pytest.mark.parametrize(
    "odd",
    [
        {"prompt": "0.1"},
        {"min_prompt_tokens": 1, "region": "eu", "prompt": "0.1"},
        {"min_prompt_tokens": "many", "prompt": "0.1"},
        {"utc_start": 2500, "utc_end": 100, "prompt": "0.1"},
        {"utc_start": 100, "prompt": "0.1"},
        {"utc_start": 100, "utc_end": 200, "utc_days": ["someday"], "prompt": "0.1"},
    ],
)
def test_an_override_nobody_understands_is_handed_on_to_be_refused(odd: dict[str, Any]) -> None:
    texts = offer(priced(overrides=[odd]))
    assert "0.1" in texts.pop("unknown.pricing.overrides.0")
    assert texts["input_price"] == "0.000000435"


def test_an_hour_in_the_cache_is_a_price_of_its_own() -> None:
    found = priced(input_cache_write="0.00000375", input_cache_write_1h="0.000006")
    assert offer(found)["cache_write_price"] == "0.00000375"
    assert offer(found, "ttl=1h") == {"cache_write_price": "0.000006"}


def test_a_discount_makes_a_price_doubtful_and_none_does_not() -> None:
    doubtful = [row for row in priced(discount=0.25, input_cache_write_1h="0.000006") if row.kind == "offer"]
    prices = [cell for row in doubtful for name, cell in row.cells.items() if name.endswith("_price")]
    assert len(prices) > 2
    assert {cell.wanted for cell in prices} == {"a price without a discount beside it"}
    for none in (0, 0.0, None):
        assert not [cell for row in priced(discount=none) for cell in row.cells.values() if cell.wanted]


def test_the_image_price_has_no_unit_to_trust() -> None:
    for lexeme in ("0.00516", "0.00000125"):
        assert not [name for name in offer(priced(image=lexeme)) if "image" in name]


def test_the_listing_day_is_no_release_date() -> None:
    texts = row_texts(find_row(rows(item()), "model", ITEM["id"]))
    assert "1776902400" not in texts.values()
    assert "release_date" not in texts


def test_variants_share_a_slug_and_stay_apart_by_id() -> None:
    ids = ["qwen/qwen3-coder", "qwen/qwen3-coder:free", "qwen/qwen3-coder:exacto"]
    found = rows(*(item(id=name, canonical_slug="qwen/qwen3-coder-480b-a35b-07-25") for name in ids))
    assert [row.name for row in found if row.kind == "offer"] == ids
    assert all(row_marks(row) == {"openrouter"} for row in found)


def test_a_limit_that_follows_the_top_provider_may_be_null() -> None:
    top = {"context_length": None, "max_completion_tokens": None, "is_moderated": False}
    texts = offer(rows(item(top_provider=top)))
    assert "max_output_tokens" not in texts
    assert texts["context_window"] == "1048576"


@pytest.mark.parametrize("shown", ["2026-02-25", "2027-01-01"])
def test_an_expiry_ends_the_route_and_not_the_model(shown: str) -> None:
    found = rows(item(expiration_date=shown))
    assert offer(found)["shutdown_date"] == shown
    assert "shutdown_date" not in row_texts(find_row(found, "model", ITEM["id"]))


@pytest.mark.parametrize(
    "later",
    [
        {},
        {"canonical_slug": "x", "hugging_face_id": "", "default_parameters": {}, "expiration_date": None},
        {"supported_voices": None, "knowledge_cutoff": "2025-01-31", "links": {"details": "/api/v1/x"}},
        {"benchmarks": {"design_arena": []}, "reasoning": {"mandatory": True}},
    ],
    ids=["2025-05", "2026-03", "2026-05", "2026-08"],
)
def test_every_generation_of_keys_reads(later: dict[str, Any]) -> None:
    found = rows(item(**later))
    assert len(found) == 2
    assert not [name for row in found for name in row.cells if name.startswith("unknown")]


def test_a_new_key_or_word_is_refused_by_name_and_costs_nothing_else() -> None:
    odd = item(sponsor={"name": "Acme"}, supported_parameters=["tools", "telepathy"])
    model, price = rows(odd, item(id="a/b"))[:2]
    assert row_texts(model)["unknown.sponsor"] == '{"name": "Acme"}'
    assert row_texts(model)["unknown.supported_parameters.telepathy"] == "telepathy"
    assert row_texts(model)["capability.tool_use"] == "tools"
    assert row_texts(price)["input_price"] == "0.000000435"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!doctype html><title>Just a moment...</title>",
        "[]",
        '{"error": {"code": 503}}',
        '{"data": {}}',
    ],
)
def test_a_page_that_is_no_listing_says_so(body: str) -> None:
    with pytest.raises(PageChangedError, match=r"wanted .+, found .+"):
        list(spider("openrouter_models").rows(json_answer(body, URL)))


@pytest.mark.parametrize("odd", [7, {"name": "no id"}, {"id": "a/b", "name": "B", "pricing": 3}])
def test_an_odd_item_costs_itself(odd: object) -> None:
    good = {"id": "x/y", "name": "Y", "pricing": {"prompt": "0.000001"}}
    parts = list(spider("openrouter_models").rows(json_answer({"data": [odd, good]}, URL)))
    assert [part.locator for part in parts if not isinstance(part, RawRow)] == ["/data/0"]
    assert {part.name for part in parts if isinstance(part, RawRow)} == {"x/y"}


def test_a_list_in_parts_is_followed_to_its_end() -> None:
    source = spider("openrouter_models")
    following = "https://openrouter.ai/api/v1/models?offset=500"
    page = json_answer({"data": [], "links": {"next": "/api/v1/models?offset=500"}}, URL)
    assert source.next_page(page) == following
    assert source.next_page(json_answer({"data": [], "links": {"next": None}}, URL)) is None
    assert source.next_page(json_answer({"data": []}, URL)) is None


def test_windows_read_as_people_write_them() -> None:
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    assert str(parse_window("1630", "30")) == "utc 16:30-00:30"
    assert str(parse_window("0", "2400", days)) == "utc 00:00-00:00 mon-fri"
    assert str(parse_window("0", "2400", ["sat", "mon"])) == "utc 00:00-00:00 mon,sat"
    over_midnight = parse_window("1630", "30")
    assert over_midnight
    assert over_midnight.minutes == 8 * 60 * 7


def test_the_week_is_full_only_without_a_gap() -> None:
    whole, early, late = parse_window("0", "2400"), parse_window("0000", "1200"), parse_window("1200", "2359")
    assert whole
    assert early
    assert late
    assert fill_the_week([whole])
    assert not fill_the_week([early, late])
    assert not fill_the_week([])


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_window_and_the_rest_of_the_day_fill_the_week(start: int, end: int) -> None:
    assume(start != end)
    first, rest = (parse_window(hhmm(a), hhmm(b)) for a, b in ((start, end), (end, start)))
    assert first
    assert rest
    assert first.minutes + rest.minutes == 7 * 24 * 60
    assert fill_the_week([first, rest])
    assert not first.covers() & rest.covers()


def hhmm(minute: int) -> str:
    return str(minute // 60 * 100 + minute % 60)
