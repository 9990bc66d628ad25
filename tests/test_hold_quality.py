"""How well doubt is placed on real series: a part of each, judged by the benchmark's own account."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from support.recorded_pages import TESTS, recording_path

PROVIDERS = ("anthropic", "cloudflare-ai-gateway", "cloudflare-workers-ai")


@pytest.fixture(scope="module")
def quality() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "hold_quality", TESTS.parent / "benchmarks" / "hold_quality.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["hold_quality"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def slipped(quality: ModuleType) -> Iterator[Any]:
    """Yield what a few providers said around the days on which one's prices were a million times off."""
    last = None
    for body in quality.read_bodies(recording_path("series/models.dev.2025H2.tar.xz")):
        if "2025-12-06" <= str(body.day) <= "2025-12-26":
            document = {name: entry for name, entry in json.loads(body.text).items() if name in PROVIDERS}
            text = json.dumps(document, sort_keys=True).encode()
            if text != last:
                yield body._replace(text=text)
            last = text


def early(quality: ModuleType) -> Iterator[Any]:
    """Yield the first half year of a gateway, whose free models came to be sold."""
    for body in quality.read_bodies(recording_path("series/openrouter.monthly.tar.xz")):
        if str(body.day) < "2024-07":
            yield body


def judged(quality: ModuleType, bodies: Iterator[Any], folder: Path, later: Any = None) -> Any:
    (found,) = quality.replay_all(sorted(bodies, key=lambda body: body.day), folder, later).values()
    return found


def test_a_broken_list_publishes_no_mistake_and_what_is_true_lands_on_its_day(
    quality: ModuleType, tmp_path: Path
) -> None:
    later = quality.read_hindsight([recording_path("models.dev/api.2026-05-12.json")])
    strict, found = judged(quality, slipped(quality), tmp_path, later)
    assert strict.changes > found.changes > 5, (
        "what was given away and came back to the cent was no true change"
    )
    assert found.late[0] >= found.changes - 1, "\n".join(found.lines)
    assert found.mistakes > 60
    prices = {
        line.split()[1] for line in found.lines if line.startswith("mistake") and line.endswith(("000", " 0"))
    }
    assert prices == {"stopped"}
    assert 2 * found.holds["true"] >= sum(found.holds.values()) - found.holds["of other values"]
    assert max(found.waits, default=0) <= quality.LONGEST_WAIT


def test_a_year_of_monthly_looks_holds_next_to_nothing(quality: ModuleType, tmp_path: Path) -> None:
    found, _ = judged(quality, early(quality), tmp_path)
    assert found.changes > 60
    assert 100 * found.late[0] >= 95 * found.changes, "\n".join(found.lines)
    assert {line.split(" -> ")[0].split()[-1] for line in found.lines if line.startswith("late")} == {"0"}, (
        "next to nothing but what was free waits, and this is the half year of free models"
    )
    assert found.never == 0


def test_goals_are_said_as_met_or_not(quality: ModuleType) -> None:
    found = quality.Findings(changes=100, mistakes=4, published_mistakes=1)
    found.late[0], found.late[1], found.waits[4] = 98, 2, 1
    found.holds.update({"true": 3, "false": 4})
    assert [line.split(":")[0] for line in quality.goals(found)] == [
        "met", "NOT MET", "NOT MET", "met", "NOT MET",
    ]  # fmt: skip
