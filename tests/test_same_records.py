"""A fact, an offer, a change and a conflict look the same wherever they are printed, and pages agree with lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson
import pytest
from support.typed_commands import NOW, ROOT, run_typed

from cardwatch.cli import DeferredCommand, cli
from cardwatch.compare.history import find_conflicts
from cardwatch.compare.render.comparison_json import to_part_json
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import build_side
from cardwatch.db.catalog_reader import Catalog
from cardwatch.db.query.reports import Conflict

MODEL = "alibaba/qwen3-coder-480b-a35b-instruct"
RIVAL = "openai/gpt-4.1-mini"
PAGE_ONLY = {
    "facts": {"label"},
    "offers": {"rank", "counts", "monthly_usd", "facts"},
    "changes": set(),
    "conflicts": {"fact"},
}
"""What a comparison adds to a record."""


@pytest.fixture(scope="module")
def card(demo_home: Path) -> dict[str, Any]:
    shown: dict[str, Any] = run_typed("show", MODEL, "--format", "json", home=demo_home).json
    return shown


@pytest.fixture(scope="module")
def comparison(demo_home: Path) -> dict[str, Any]:
    made: dict[str, Any] = run_typed("compare", MODEL, RIVAL, "--format", "json", home=demo_home).json
    return made


@pytest.mark.parametrize("noun", PAGE_ONLY)
def test_show_and_compare_have_the_same_keys(
    noun: str, card: dict[str, Any], comparison: dict[str, Any]
) -> None:
    records = comparison[noun]["b"] if noun == "offers" else comparison[noun]
    shown = [{*each} for each in card[noun]]
    assert shown
    keys = [{*each} - PAGE_ONLY[noun] for each in records if each["model"] == MODEL]
    assert keys
    always = set.intersection(*shown)
    assert set.intersection(*keys) == always
    if noun != "offers":  # an offer has a key for every known value
        assert set.union(*shown, *keys) == always


def test_an_offer_has_the_same_values_in_both(card: dict[str, Any], comparison: dict[str, Any]) -> None:
    shown = {each["offer"]: each for each in card["offers"]}
    for offer in comparison["offers"]["b"]:
        same = {key: value for key, value in offer.items() if key not in PAGE_ONLY["offers"]}
        if not offer["listed"]:
            del same["reviewed_on"]
        assert same == {key: shown[offer["offer"]][key] for key in same}


def test_the_part_of_a_model_is_that_of_its_comparisons(demo_home: Path, comparison: dict[str, Any]) -> None:
    with Catalog(demo_home / "catalog.db", now=clock) as catalog:
        part = orjson.loads(to_part_json(build_side(catalog.card(MODEL), "b", CompareSettings())))
    assert part["schema"] == comparison["schema"] == 2
    assert part["offers"] == comparison["offers"]["b"]
    assert part["changes"] == [change for change in comparison["changes"] if change["model"] == MODEL]


def clock() -> datetime:
    return datetime.fromisoformat(NOW).astimezone(UTC)


def test_pages_name_the_conflicts_that_the_list_has(demo_home: Path) -> None:
    """A month beside a day of it, or a row no longer listed, is in conflict nowhere."""
    settings = CompareSettings()
    with Catalog(demo_home / "catalog.db", now=clock) as catalog:
        listed = {_key(one): _plain(one) for one in catalog.conflicts(settings)}
        paged = {
            _key(found.conflict): _plain(found.conflict)
            for card in catalog.cards()
            for found in find_conflicts(build_side(card, "a", settings))
        }
    assert len(listed) > 100
    assert paged == listed


def _key(conflict: Conflict) -> tuple[str, str | None, str, str]:
    return conflict.model, conflict.offer, conflict.attribute, json.dumps(dict(conflict.qualifier))


def _plain(conflict: Conflict) -> tuple[object, ...]:
    values = {(value.source, str(value.value)) for value in conflict.values}
    return values, conflict.chosen, conflict.why, conflict.rule, conflict.monthly_usd


def test_every_json_that_a_command_prints_has_a_described_shape() -> None:
    described = {path.stem.split("-")[0] for path in (ROOT / "docs/reference/schemas").glob("*.json")}
    printing = set()
    for name, entry in cli.commands.items():
        assert isinstance(entry, DeferredCommand)
        forms = [param.type for param in entry.load().params if param.name == "form"]
        if any(isinstance(form, click.Choice) and "json" in form.choices for form in forms):
            printing.add(name)
    assert len(printing) > 10
    assert printing - described == set()
