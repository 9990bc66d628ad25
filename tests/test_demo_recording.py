"""The bundled recording: small, facts only, read whole by today's sources, and as eventful as real life."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.recorded_pages import find_row, row_texts, spider
from support.replayed_visits import replay_visits

import cardwatch
from cardwatch.crawler.documents import Outcome, RawRow, Visit
from cardwatch.crawler.warc import read_body, scan_records, warc_files

DEMO = Path(cardwatch.__file__).parent / "data" / "demo"
SEEDS = ("openai/gpt-4.1", "openai/gpt-5.1-codex-max", "openai/gpt-5.2-codex")
ROWS = {
    ("2025-11-30", "azure_retail_prices"): 858,
    ("2026-03-05", "vercel_models"): 487,
    ("2026-03-10", "openrouter_models"): 692,
    ("2026-05-12", "models_dev"): 1539,
    ("2026-05-15", "openrouter_models"): 728,
    ("2026-05-15", "openai_model_pages"): 2,
    ("2026-05-15", "huggingface_cards"): 22,
}


@cache
def replayed() -> tuple[Visit, ...]:
    sources = {type(spider(name)).name: type(spider(name)) for _, name in ROWS}
    return tuple(replay_visits(warc_files(DEMO), sources))


def rows(day: str, source: str) -> list[RawRow]:
    (visit,) = (v for v in replayed() if (v.started.date().isoformat(), v.source) == (day, source))
    return [row.row for row in visit.rows]


def bodies() -> Iterator[str]:
    for path in warc_files(DEMO):
        for entry in scan_records(path):
            if entry.kind == "response":
                yield read_body(path, entry.offset).decode("utf-8")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 2_000_000


def test_every_visit_reads_whole_and_its_listing_is_one_page_of_the_live_source() -> None:
    assert {(v.started.date().isoformat(), v.source): len(v.rows) for v in replayed()} == ROWS
    assert {v.outcome for v in replayed()} == {Outcome.READ}
    for visit in replayed():
        assert visit.url in {page.url for page in spider(visit.source).pages()}


def test_it_ends_after_its_last_visit_and_says_so() -> None:
    ended = datetime.fromisoformat((DEMO / "ENDED").read_text(encoding="utf-8").strip())
    assert ended > max(document.fetched_at for visit in replayed() for document in visit.documents)
    text = (DEMO / "README.md").read_text(encoding="utf-8")
    assert all(f"## {day} {source}" in text for day, source in ROWS)
    assert len(re.findall(r"sha256 `[0-9a-f]{64}`", text)) == 10


def test_it_holds_facts_and_no_prose() -> None:
    for body in bodies():
        if body.startswith("{"):
            assert max(map(len, strings(json.loads(body)))) <= 200
            assert '"description"' not in body


def test_between_its_two_dates_things_happen() -> None:
    before, after = (
        {row.name: row for row in rows(day, "openrouter_models") if row.kind == "offer"}
        for day in ("2026-03-10", "2026-05-15")
    )
    both = before.keys() & after.keys()
    moved = [name for name in both if prices(before[name]) != prices(after[name])]
    assert (len(before), len(before.keys() - after.keys()), len(moved)) == (346, 54, 43)
    assert {name for name in moved if wild(prices(before[name]), prices(after[name]))} == {
        "meta-llama/llama-guard-3-8b",
        "qwen/qwen3-vl-30b-a3b-thinking",
        "qwen/qwen3-vl-235b-a22b-thinking",
    }


def prices(row: RawRow) -> tuple[Decimal, ...]:
    return tuple(Decimal(row.cells[name].text) for name in ("input_price", "output_price"))


def wild(before: tuple[Decimal, ...], after: tuple[Decimal, ...]) -> bool:
    return any(
        (a == 0) != (b == 0) or (a and not Decimal("0.1") <= b / a <= 10)
        for a, b in zip(before, after, strict=True)
    )


@pytest.mark.parametrize("model", SEEDS)
def test_the_seed_models_stand_on_both_gateways_and_with_their_maker(model: str) -> None:
    for day, source in (("2026-05-15", "openrouter_models"), ("2026-03-05", "vercel_models")):
        assert find_row(rows(day, source), "offer", model).cells["input_price"].unit == "usd/token"
    bare = model.removeprefix("openai/")
    assert find_row(rows("2026-05-12", "models_dev"), "offer", bare, "openai")
    assert find_row(rows("2026-05-12", "models_dev"), "offer", bare, "azure")


def test_azure_sells_gpt_4_1_globally_in_the_data_zone_and_in_regions() -> None:
    meters = [row for row in rows("2025-11-30", "azure_retail_prices") if row.name.startswith("gpt 4.1 Inp")]
    found = {row.variant["region"]: row_texts(row)["input_price"] for row in meters}
    assert (found["global"], found["data-zone"], found["eastus"]) == ("0.002", "0.0022", "0.0022")


def test_the_card_of_qwen3_5_4b_brings_its_scores() -> None:
    scores = [row for row in rows("2026-05-15", "huggingface_cards") if row.kind == "benchmark"]
    printed = {name: cell.text for row in scores for name, cell in row.cells.items()}
    assert printed["benchmark.mmlu_pro"] == "79.1"
