"""What models.dev's table has done to others, on its own lexemes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, recording_path, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow, UnreadPart

URL = "https://models.dev/api.json"
ITEM: dict[str, Any] = {
    "id": "gpt-x",
    "name": "GPT-X",
    "attachment": True,
    "reasoning": True,
    "tool_call": True,
    "release_date": "2026-03-05",
    "last_updated": "2026-03-05",
    "modalities": {"input": ["text"], "output": ["text"]},
    "open_weights": False,
    "limit": {"context": 400000, "output": 128000},
    "cost": {"input": 1.25, "output": 10},
}
LONGER = {"input": 10, "output": 45, "cache_read": 1}


def rows(provider: str = "openai", **changes: Any) -> list[RawRow]:
    body = {provider: {"id": provider, "name": "P", "env": [], "models": {"gpt-x": {**ITEM, **changes}}}}
    return list(spider("models_dev").rows(json_answer(body, URL)))


def offer(found: list[RawRow], *hints: str) -> dict[str, str]:
    return dict(row_texts(find_row(found, "offer", "gpt-x", *hints)))


@pytest.mark.parametrize("date", ["2024", "2024-04", "2025-04-14", "2025-25-11", "2025-02-31"])
def test_dates_keep_their_precision_and_impossible_ones_their_text(date: str) -> None:
    model = row_texts(find_row(rows(release_date=date, knowledge=date), "model", "gpt-x"))
    assert (model["release_date"], model["knowledge_cutoff"]) == (date, date)


def test_tiers_give_the_threshold_that_context_over_200k_gets_wrong() -> None:
    tier = {**LONGER, "tier": {"type": "context", "size": 272000}}
    found = rows(cost={"input": 5, "output": 30, "tiers": [tier], "context_over_200k": LONGER})
    assert offer(found, "context_above=272000")["output_price"] == "45"
    assert not [row for row in found if row.qualifier.get("context_above") == "200000"]


def test_context_over_200k_counts_where_no_tiers_stand_beside_it() -> None:
    found = rows(cost={"input": 5, "output": 30, "context_over_200k": LONGER})
    assert offer(found, "context_above=200000")["input_price"] == "10"


def test_a_tier_by_something_else_than_context_is_refused() -> None:
    found = rows(cost={"input": 5, "output": 30, "tiers": [{**LONGER, "tier": {"type": "time", "size": 9}}]})
    assert [name for row in found for name in row.cells if name.startswith("unknown.cost.tiers")]
    assert "10" not in [cell.text for row in found for cell in row.cells.values()]


def test_the_fast_mode_is_a_tier_with_its_own_prices() -> None:
    modes = {"fast": {"cost": {"input": 5, "output": 30}, "provider": {"body": {"service_tier": "priority"}}}}
    found = rows(experimental={"modes": modes})
    assert offer(found, "tier=fast") == {"input_price": "5", "output_price": "30"}
    assert offer(found)["input_price"] == "1.25"


@pytest.mark.parametrize(
    ("provider", "text"),
    [
        ("siliconflow-cn", "0"),
        ("github-models", "0"),
        ("github-copilot", "0 by subscription"),
        ("zai-coding-plan", "0 by subscription"),
        ("alibaba-coding-plan-cn", "0 by subscription"),
        ("xiaomi-token-plan-sgp", "0 by subscription"),
    ],
)
def test_zero_is_free_unless_a_subscription_pays(provider: str, text: str) -> None:
    found = rows(provider, cost={"input": 0, "output": 0})
    assert offer(found)["input_price"] == text
    assert spider("models_dev").price_words["0 by subscription"] == "subscription"


def test_a_paid_model_of_a_subscription_keeps_its_price() -> None:
    assert offer(rows("github-copilot", cost={"input": 0.5, "output": 0}))["input_price"] == "0.5"


@pytest.mark.parametrize(
    ("takes", "gives"), [(["audio"], ["text"]), (["text"], ["audio"]), (["text", "image"], ["image"])]
)
def test_a_zero_per_token_of_what_is_no_text_model_is_no_price(takes: list[str], gives: list[str]) -> None:
    speech = {"input": takes, "output": gives}
    texts = offer(rows("groq", modalities=speech, cost={"input": 0, "output": 0, "output_audio": 9}))
    assert [(name, text) for name, text in texts.items() if name.endswith("_price")] == [
        ("output_audio_price", "9")
    ]
    assert (
        offer(rows("groq", modalities=speech, cost={"input": 0.003, "output": 0}))["input_price"] == "0.003"
    )
    plan = offer(rows("xiaomi-token-plan-cn", modalities=speech, cost={"input": 0, "output": 0}))
    assert plan["input_price"] == "0 by subscription"


def test_no_cost_is_no_price() -> None:
    assert not [name for name in offer(rows(cost=None)) if name.endswith("_price")]


def test_what_one_provider_calls_deprecated_is_said_of_its_route_only() -> None:
    found = rows("github-copilot", status="deprecated")
    assert offer(found)["lifecycle"] == "deprecated"
    assert "lifecycle" not in row_texts(find_row(found, "model", "gpt-x"))


def test_the_input_limit_of_a_reseller_is_no_limit_of_the_model() -> None:
    limit = {"context": 128000, "input": 64000, "output": 16384}
    reseller, maker = rows("github-copilot", limit=limit), rows("openai", limit=limit)
    assert "max_input_tokens" not in row_texts(find_row(reseller, "model", "gpt-x"))
    assert offer(reseller)["max_input_tokens"] == "64000"
    assert row_texts(find_row(maker, "model", "gpt-x"))["max_input_tokens"] == "64000"


def test_keys_nobody_knows_are_refused_by_name_and_cost_no_row() -> None:
    found = rows(cost={"input": 1, "output": 2, "cached_input": 0.1}, colour="red")
    assert offer(found)["unknown.cost.cached_input"] == "0.1"
    assert offer(found)["input_price"] == "1"
    assert row_texts(find_row(found, "model", "gpt-x"))["unknown.colour"] == "red"


def test_numbers_keep_their_lexeme() -> None:
    body = json.dumps({"p": {"models": {"m": {"cost": {"input": "@", "output": 1}}}}}).replace('"@"', "1.10")
    found = list(spider("models_dev").rows(json_answer(body, URL)))
    assert row_texts(find_row(found, "offer", "m"))["input_price"] == "1.10"


def test_the_row_of_autumn_2026_reads() -> None:
    item = json.loads(recording_path("models.dev/api-row.openai.gpt-5.4.2026-10-04.json").read_text())
    found = list(spider("models_dev").rows(json_answer({"openai": {"models": {"gpt-5.4": item}}}, URL)))
    assert len(found) == 4
    assert not [name for row in found for name in row.cells if name.startswith("unknown")]


def test_a_model_id_with_a_slash_keeps_its_place() -> None:
    found = list(spider("models_dev").rows(json_answer({"p": {"models": {"Qwen/Q~1": ITEM}}}, URL)))
    assert {row.locator for row in found} == {"/p/models/Qwen~1Q~01"}


@pytest.mark.parametrize("body", ["", "<html>", "[]"])
def test_a_page_that_is_no_table_says_so(body: str) -> None:
    with pytest.raises(PageChangedError):
        list(spider("models_dev").rows(json_answer(body, URL)))


@pytest.mark.parametrize(
    ("odd", "where"),
    [
        ({"odd": 3}, "/odd"),
        ({"odd": {"models": [1]}}, "/odd"),
        ({"odd": {"models": {"m": 1}}}, "/odd/models/m"),
    ],
)
def test_an_odd_provider_or_model_costs_itself(odd: dict[str, object], where: str) -> None:
    body = {**odd, "openai": {"models": {"gpt-x": ITEM}}}
    parts = list(spider("models_dev").rows(json_answer(body, URL)))
    assert [part.locator for part in parts if isinstance(part, UnreadPart)] == [where]
    assert {part.name for part in parts if isinstance(part, RawRow)} == {"gpt-x"}


def test_an_experiment_is_a_preview_unless_its_status_says_more() -> None:
    assert offer(rows(experimental=True))["lifecycle"] == "experimental"
    assert offer(rows(experimental=True, status="deprecated"))["lifecycle"] == "deprecated"
    assert "lifecycle" not in offer(rows(experimental=False))
    modes = {"modes": {"fast": {"cost": {"input": 2}}}}
    assert offer(rows(experimental=modes), "tier=fast")["input_price"] == "2"
