"""`cardwatch mcp`: an assistant asks over stdio, every value comes with where it stands, and nothing is written."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest
from support.cli_home import COMMAND
from support.typed_commands import run_typed

pytest.importorskip("mcp", reason="the MCP SDK is not installed")
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

ON = "2026-05-16T00:00:00Z"
GPT = "openai/gpt-4.1"
QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("resolve_model", {"name": "GPT-4.1"}),
    ("get_model", {"model": "gpt-4.1"}),
    ("get_prices", {"model": "gpt-4.1", "on": "2026-05-15", "provider": "openrouter"}),
    ("get_cost", {"model": "gpt-4.1", "input_tokens": 1_000_000, "output_tokens": 500_000}),
    ("get_cost", {"model": "gpt-4.1", "input_tokens": 1, "on": "2026-05-15", "provider": "OpenRouter"}),
    ("compare_models", {"a": "gpt-4.1", "b": "gpt-4.1-mini"}),
    ("list_changes", {"since": "2026-05-01", "limit": 5}),
    ("list_ending_soon", {"days": 365}),
    ("list_stale", {"limit": 5}),
]
MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("list_stale", {"models": "gpt-4.1"}, "unknown argument 'models'; it takes model, limit"),
    ("resolve_model", {"name": "gpt-4.11"}, "unknown model 'gpt-4.11'; near: "),
    ("get_model", {"model": ""}, "unknown model ''"),
    ("get_model", {"model": "gpt-4.1", "limit": 0}, "limit: wanted a number from 1 up, found 0"),
    ("get_model", {}, "get_model: model: field required"),
    (
        "get_prices",
        {"model": "gpt-4.1", "on": "May"},
        "wanted a day such as 2026-03-31 or an ISO 8601 time, found 'May'",
    ),
    (
        "get_prices",
        {"model": "gpt-4.1", "on": "2026-05-15", "provider": "nobody"},
        "wanted an offer of nobody",
    ),
    ("get_cost", {"model": "gpt-4.1"}, "tokens: wanted numbers from 0 up"),
    ("get_cost", {"model": "gpt-4.1", "input_tokens": -1}, "tokens: wanted numbers from 0 up"),
    ("get_cost", {"model": "gpt-4.1", "input_tokens": "many"}, "get_cost: input_tokens: input should be"),
    ("compare_models", {"a": "gpt-4.1", "b": GPT}, "are the same model"),
    ("list_changes", {"since": "2026-05-01", "limit": 0}, "limit: wanted a number from 1 up, found 0"),
    ("list_ending_soon", {"days": -1}, "days: wanted a number from 0 to 3650, found -1"),
    ("list_stale", {"limit": -3}, "limit: wanted a number from 1 up, found -3"),
    ("write_fact", {}, "write_fact"),
]


def ask(home: Path, *questions: tuple[str, dict[str, Any]]) -> list[CallToolResult]:
    """Ask over stdio, one server for all questions, as an assistant does."""
    server = StdioServerParameters(command=str(COMMAND), args=["--home", str(home), "--now", ON, "mcp"])

    async def talk() -> list[CallToolResult]:
        async with Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in questions]

    return anyio.run(talk)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def facts_in(answer: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every fact and dated price, however deep: an object with an attribute, not a claim that lost."""
    if isinstance(answer, dict):
        if "attribute" in answer and ("state" in answer or "known" in answer):
            yield answer
        for value in answer.values():
            yield from facts_in(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from facts_in(value)


@pytest.fixture(scope="module")
def answered(demo_home: Path) -> list[dict[str, Any]]:
    results = ask(demo_home, *QUESTIONS)
    assert [text_of(result) for result in results if result.is_error] == []
    return [result.structured_content or {} for result in results]


def test_every_known_fact_has_source_url_review_date_and_hold(answered: list[dict[str, Any]]) -> None:
    for (tool, _), answer in zip(QUESTIONS, answered, strict=True):
        facts = [*facts_in(answer)]
        assert facts or tool == "list_changes", tool
        for fact in facts:
            assert "held" in fact
            if fact.get("state") == "known" or fact.get("known"):
                assert fact["reviewed_on"], fact
                assert all(one["source"] and one["reviewed_on"] and "url" in one for one in fact["evidence"])
                assert fact["evidence"], fact
            else:
                assert fact["reason"], fact
    for change in answered[6]["changes"]:
        assert change["source"]
        assert change["url"]
        assert change["reviewed_on"]
        assert "held" in change


def test_answers_agree_with_the_commands(answered: list[dict[str, Any]], demo_home: Path) -> None:
    shown = run_typed("show", "gpt-4.1", "--format", "json", home=demo_home).json
    assert [fact["value"] for fact in answered[1]["facts"]] == [fact["value"] for fact in shown["facts"]]
    assert (len(answered[1]["offers"]), answered[1]["offers_total"]) == (10, len(shown["offers"]))
    assert answered[0]["model"] == GPT
    costs = {one["offer"]: one["usd"] for one in answered[3]["costs"]}
    prices = {
        offer["offer"]: Decimal(offer["input_price"]) + Decimal(offer["output_price"]) / 2
        for offer in shown["offers"]
        if offer["listed"] and offer["input_price"] and offer["output_price"]
    }
    known = {offer: Decimal(usd) for offer, usd in costs.items() if usd is not None}
    assert len(known) > 3
    assert {offer: prices[offer] for offer in known} == known
    assert costs["openrouter"] == "6"
    assert answered[6]["total"] == len(
        run_typed("changes", "--since", "2026-05-01", "--format", "json", home=demo_home).json
    )
    assert answered[8]["total"] == len(run_typed("stale", "--format", "json", home=demo_home).json["rows"])
    days = [one["ends_on"] for one in answered[7]["endings"]]
    assert days == sorted(days)
    assert all("2026-05-16" <= day <= "2027-05-16" for day in days)


def test_an_unknown_price_gives_no_cost_but_a_reason(demo_home: Path) -> None:
    (result,) = ask(demo_home, ("get_cost", {"model": "gpt-4.1", "cache_write_tokens": 1000}))
    costs = (result.structured_content or {})["costs"]
    unknown = [one for one in costs if one["usd"] is None]
    assert unknown
    assert all("cache write price" in one["reason"] for one in unknown)


def test_a_day_before_the_first_look_and_one_between_two_are_unknown_with_a_reason(
    demo_home: Path, answered: list[dict[str, Any]]
) -> None:
    old, between = ask(
        demo_home,
        ("get_prices", {"model": "gpt-4.1", "on": "2019-01-01"}),
        ("get_cost", {"model": "gpt-4.1", "input_tokens": 1000, "on": "2026-05-14", "provider": "OpenAI"}),
    )
    prices = [price for offer in (old.structured_content or {})["offers"] for price in offer["prices"]]
    assert {price["reason"].partition(",")[0] for price in prices} == {"no look before this day"}
    assert {price["usd"] for price in prices} == {None}
    (cost,) = (between.structured_content or {})["costs"]
    result = run_typed(
        "price", "gpt-4.1", "--provider", "openai", "--on", "2026-05-14", "--input-mtok", "0.001", "--format", "json",
        home=demo_home,
    ).json  # fmt: skip
    assert (cost["usd"], cost["reason"]) == (result["usd"], result["reason"])


def test_a_mistake_is_answered_with_one_sentence(demo_home: Path) -> None:
    results = ask(demo_home, *((name, arguments) for name, arguments, _ in MISTAKES))
    for (_, _, wanted), result in zip(MISTAKES, results, strict=True):
        assert result.is_error
        assert wanted in text_of(result)
        assert "\n" not in text_of(result)


def test_nothing_is_written_and_every_tool_says_so(demo_copy: Path) -> None:
    server = StdioServerParameters(command=str(COMMAND), args=["--home", str(demo_copy), "--now", ON, "mcp"])

    async def list_tools() -> list[Any]:
        async with Client(server) as client:
            return list((await client.list_tools()).tools)

    tools = anyio.run(list_tools)
    assert {tool.name for tool in tools} == {name for name, _ in QUESTIONS}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    before = digests(demo_copy)
    ask(demo_copy, *QUESTIONS)
    assert digests(demo_copy) == before


def digests(home: Path) -> dict[str, str]:
    """Return what each file holds; SQLite may leave the empty files of its journal beside a catalog that is read."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


def test_without_a_catalog_the_answer_says_what_makes_one(tmp_path: Path) -> None:
    (result,) = ask(tmp_path / "none", ("resolve_model", {"name": "gpt-4.1"}))
    assert result.is_error
    assert "no catalog yet; `cardwatch refresh` or `cardwatch demo` makes one" in text_of(result)


def test_without_the_sdk_one_line_says_what_to_install(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name == "cardwatch.mcp_server.server" or name.startswith("mcp")
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    ended = run_typed("mcp", home=demo_home, code=1)
    assert ended.err.count("\n") == 1
    assert "pip install 'cardwatch[mcp]'" in ended.err
