"""What LiteLLM's price map has done to others, on its own lexemes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.read_visits import read_rows
from support.recorded_pages import find_row, json_answer, recorded_page, row_texts, spider

from cardwatch.crawler.documents import RawRow, UnreadPart
from cardwatch.crawler.formats.litellm_keys import IGNORED_KEYS, MODEL_KEYS, PRICES, parse_price_key
from cardwatch.normalize.prices import parse_usd_per_mtok

URL = "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
CHAT = {"litellm_provider": "openai", "mode": "chat"}


@pytest.fixture(scope="module")
def recorded() -> list[RawRow]:
    return list(spider("litellm_prices").rows(recorded_page("litellm_prices", "v1.109.1.json", URL)))


def rows(**entries: Any) -> list[RawRow]:
    return list(spider("litellm_prices").rows(json_answer(entries, URL)))


def offer(found: list[RawRow], name: str, *hints: str) -> dict[str, str]:
    return dict(row_texts(find_row(found, "offer", name, *hints)))


def test_the_entries_that_document_the_file_are_no_models(recorded: list[RawRow]) -> None:
    assert {"sample_spec", "fallback_generalizations"} & {row.name for row in recorded} == set()


def test_a_float_keeps_its_lexeme_and_loses_its_noise_in_normalize(recorded: list[RawRow]) -> None:
    noisy = offer(recorded, "novita/qwen/qwen3.5-122b-a10b")["input_price"]
    assert noisy == "4.0000000000000003e-07"
    assert parse_usd_per_mtok(noisy, "usd/token") == Decimal("0.4")


def test_a_zero_is_not_published_here(recorded: list[RawRow]) -> None:
    codestral = offer(recorded, "codestral/codestral-latest")
    words = spider("litellm_prices").price_words
    assert {words[codestral["input_price"]], words[codestral["output_price"]]} == {"not_published"}
    assert words["0"] == "not_published"


@pytest.mark.parametrize(
    ("prices", "attribute", "price"),
    [
        ({"input_cost_per_image": 0.0011, "output_cost_per_image": 0.134}, "image_price", "0.134"),
        ({"input_cost_per_image": 0.02}, "image_price", "0.02"),
        ({"input_cost_per_second": 7e-05, "output_cost_per_second": 0.0}, "second_price", "7e-05"),
        ({"input_cost_per_second": 0.0, "output_cost_per_second": 2e-05}, "second_price", "2e-05"),
    ],
)
def test_of_two_keys_for_one_price_what_is_asked_for_what_is_made_counts(
    prices: dict[str, float], attribute: str, price: str
) -> None:
    found = rows(made={**CHAT, "mode": "image_generation", **prices})
    assert [row.cells[attribute].text for row in found if attribute in row.cells] == [price]


def test_max_input_is_no_context_window(recorded: list[RawRow]) -> None:
    texts = {row.name: row_texts(row) for row in recorded if row.kind == "model"}
    assert texts["gpt-5"]["max_input_tokens"] == "272000"
    assert texts["gpt-5.1-codex-max"]["max_input_tokens"] == "400000"
    assert texts["azure/gpt-5.1-codex-max"]["max_input_tokens"] == "272000"
    assert not any("context_window" in cells for cells in texts.values())


def test_the_old_key_max_tokens_says_nothing() -> None:
    [model] = rows(old={**CHAT, "max_tokens": 4096})
    assert row_texts(model) == {"product_type": "chat"}


@pytest.mark.parametrize(
    ("hints", "input_price"),
    [
        ((), "1e-07"),
        (("tier=batch",), "5e-08"),
        (("tier=flex",), "5e-08"),
        (("tier=priority",), "2e-07"),
        (("context_above=272000",), "2e-07"),
        (("context_above=272000", "tier=batch"), "1e-07"),
        (("context_above=272000", "tier=priority"), "4e-07"),
    ],
)
def test_each_suffix_is_an_offer_or_a_threshold_of_its_own(
    recorded: list[RawRow], hints: tuple[str, ...], input_price: str
) -> None:
    assert offer(recorded, "gpt-6-luna", *hints)["input_price"] == input_price


def test_a_provider_s_own_speed_is_a_mode(recorded: list[RawRow]) -> None:
    assert offer(recorded, "sail/moonshotai/Kimi-K3", "mode=balanced")["input_price"] == "2e-06"


def test_cache_lifetimes_stand_apart(recorded: list[RawRow]) -> None:
    assert offer(recorded, "vertex_ai/claude-sonnet-4-5")["cache_write_price"] == "3.75e-06"
    hour = offer(recorded, "vertex_ai/claude-sonnet-4-5", "ttl=1h")
    assert hour == {"cache_write_price": "6e-06"}
    long = offer(recorded, "vertex_ai/claude-sonnet-4-5", "ttl=1h", "context_above=200000")
    assert long == {"cache_write_price": "1.2e-05"}
    assert offer(recorded, "gpt-6-luna", "ttl=12h")["cache_write_price"] == "2.5e-07"


def test_tiers_begin_at_the_first_and_those_of_search_engines_are_left_out(recorded: list[RawRow]) -> None:
    assert offer(recorded, "dashscope/qwen-flash")["input_price"] == "5e-08"
    assert offer(recorded, "dashscope/qwen-flash", "context_above=256000")["output_price"] == "2e-06"
    assert [row.kind for row in recorded if row.name == "exa_ai/search"] == ["model"]


def test_off_peak_hours_are_windows_of_the_dear_offer(recorded: list[RawRow]) -> None:
    name = "deepseek/deepseek-v4-pro"
    assert offer(recorded, name)["input_price"] == "1.32e-06"
    windows = {
        row.qualifier["window"]: row_texts(row)["input_price"]
        for row in recorded
        if row.name == name and "window" in row.qualifier
    }
    assert windows == {
        "utc 00:00-01:00 mon-fri": "6.6e-07",
        "utc 04:00-06:00 mon-fri": "6.6e-07",
        "utc 10:00-00:00 mon-fri": "6.6e-07",
        "utc 00:00-00:00 sat,sun": "6.6e-07",
    }
    elsewhere = {row.qualifier.get("window") for row in recorded if row.name.startswith("tencent/")}
    assert "utc 04:00-06:00 mon-fri by Asia/Shanghai days" in elsewhere


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("azure/us/gpt-4.1-2025-04-14", {"region": "us"}),
        ("azure/global-standard/gpt-4o-mini", {"region": "global"}),
        ("bedrock/us-gov-west-1/anthropic.claude-v1", {"region": "us-gov-west-1"}),
        (
            "bedrock/eu-west-1/1-month-commitment/cohere.command",
            {"region": "eu-west-1", "mode": "1-month-commitment"},
        ),
        ("azure/hd/1024-x-1024/dall-e-3", {"mode": "hd 1024-x-1024"}),
        ("1024-x-1024/50-steps/stability.stable-diffusion-xl-v1", {"mode": "1024-x-1024 50-steps"}),
        ("azure/gpt-4.1", {}),
        ("bedrock/invoke/anthropic.claude-3-5-sonnet-20240620-v1:0", {}),
    ],
)
def test_what_stands_before_a_name_is_its_variant(name: str, variant: dict[str, str]) -> None:
    [model] = rows(**{name: CHAT})
    assert (model.name, model.variant) == (name, variant)


def test_a_subscription_without_prices_is_an_offer_with_limits_alone(recorded: list[RawRow]) -> None:
    assert offer(recorded, "chatgpt/gpt-5.1-codex-max") == {"max_output_tokens": "128000"}


def test_a_new_key_is_refused_by_name_and_the_rest_lands() -> None:
    model, _ = rows(new={**CHAT, "supports_telepathy": True, "input_cost_per_token": 1e-06})
    assert row_texts(model) == {"product_type": "chat", "unknown.supports_telepathy": "true"}


@pytest.mark.parametrize("entry", [[], {"mode": "chat"}, {"alias_of": {}}])
def test_an_entry_of_another_shape_costs_itself(entry: object) -> None:
    good = {**CHAT, "input_cost_per_token": 1e-06}
    parts = list(spider("litellm_prices").rows(json_answer({"odd": entry, "good": good}, URL)))
    assert [part.locator for part in parts if isinstance(part, UnreadPart)] == ["/odd"]
    assert {part.name for part in parts if isinstance(part, RawRow)} == {"good"}


@pytest.mark.parametrize(
    "block",
    [
        {"tiered_pricing": [{"range": ["much"], "input_cost_per_token": 2e-06}]},
        {
            "off_peak_pricing": {
                "input_cost_per_token": 2e-06,
                "windows": [{"hours_utc": "noon", "weekdays": [1]}],
            }
        },
        {
            "off_peak_pricing": {
                "input_cost_per_token": 2e-06,
                "windows": [{"hours_utc": "00:00-01:00", "weekdays": [8]}],
            }
        },
    ],
)
def test_prices_under_a_condition_nobody_knows_are_named_and_not_read(block: dict[str, object]) -> None:
    found = rows(model={**CHAT, "input_cost_per_token": 1e-06, **block})
    [priced] = [row for row in found if row.kind == "offer"]
    assert row_texts(priced)["input_price"] == "1e-06"
    assert {f"unknown.{key}" for key in block} < row_texts(priced).keys()


def test_days_of_the_week_are_counted_or_named() -> None:
    weekend = {"windows": [{"weekdays": ["saturday", "sunday"], "hours_utc": "00:00-00:00"}]}
    counted = {"windows": [{"weekdays": [6, 7], "hours_utc": "00:00-00:00"}]}
    for block in (weekend, counted):
        found = rows(model={**CHAT, "off_peak_pricing": {**block, "input_cost_per_token": 1.5e-07}})
        assert offer(found, "model", "window=utc 00:00-00:00 sat,sun") == {"input_price": "1.5e-07"}


def test_the_keys_of_2025_and_2026_are_known() -> None:
    """As in the maps of the packages 1.72.0, 1.84.0, 1.104.0 and 1.110.2."""
    limits = dict.fromkeys(("max_images_per_prompt", "max_pdf_size_mb", "tool_use_system_prompt_tokens"), 3)
    flags = dict.fromkeys(("supports_service_tier", "supports_continuation"), True)
    entry = {
        **CHAT,
        **limits,
        **flags,
        "token_count_tool_framing": 302,
        "input_cost_per_token_batch_requests": 5e-09,
    }
    found = rows(model=entry)
    assert not [name for row in found for name in row.cells if name.startswith("unknown")]
    assert offer(found, "model", "tier=batch") == {"input_price": "5e-09"}


def test_an_alias_says_which_model_a_name_stands_for() -> None:
    source = spider("litellm_prices")
    page = {"bedrock/claude-opus-latest": {"alias_of": "bedrock/claude-opus-5-5"}}
    [row] = rows(**page, **{"bedrock/claude-opus-5-5": {"litellm_provider": "bedrock"}})[:1]
    assert (row.alias_of, row.provider, row.cells) == ("bedrock/claude-opus-5-5", "bedrock", {})
    [record] = read_rows(source, [row]).records
    assert (record.name, record.model) == ("bedrock/claude-opus-latest", "anthropic/claude-opus-5.5")
    assert record.rule == "its source's alias of bedrock/claude-opus-5-5"


def test_a_multiplier_is_no_price_whatever_it_multiplies() -> None:
    [model] = rows(new={**CHAT, "fedramp_uplift_multiplier": 1.1, "regional_uplift_multiplier_mars": 2})
    assert row_texts(model) == {"product_type": "chat"}


suffixes = st.tuples(
    st.sampled_from(sorted(PRICES)),
    st.sampled_from(["", "_above_1hr", "_above_12hr"]),
    st.sampled_from(["", "_above_128k_tokens", "_above_272k_tokens"]),
    st.sampled_from(["", "_batches", "_flex", "_priority", "_ultrafast", "_balanced"]),
)


@given(suffixes)
def test_every_suffix_leads_back_to_its_plain_key(parts: tuple[str, str, str, str]) -> None:
    parsed = parse_price_key("".join(parts))
    assert parsed
    marks, base = parsed
    assert base == parts[0]
    assert len(marks) == sum(map(bool, parts[1:]))


def test_no_key_is_both_used_and_left_out() -> None:
    assert MODEL_KEYS.keys() & IGNORED_KEYS == set()
    assert {key for key in IGNORED_KEYS | MODEL_KEYS.keys() if parse_price_key(key)} == set()
