"""A comparison on a terminal: what a person scans first, from the same values as the page."""

from __future__ import annotations

from datetime import date

import pytest
from card_makers import card, score

from cardwatch.compare.comparison import compare
from cardwatch.compare.review import ReviewDay, Stamp
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare_view import print_comparison

STAMP = Stamp("2026-05-24T00:00:00Z", ReviewDay(date(2026, 5, 25)))


def test_the_terminal_shows_scorecard_cost_capabilities_and_scores(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = card("maker/alpha-1", scores=[score("maker/alpha-1", "mmlu_pro", "81.8")])
    its = card("maker/beta-2")
    comparison = compare(mine, its, settings=CompareSettings(template="test"))
    print_comparison(comparison, STAMP)
    shown = capsys.readouterr().out
    for line in comparison.scorecard:
        assert line.signal.replace("_", " ") in shown
    for side in comparison.sides:
        assert side.cost.display in shown
        assert f"Choose {side.name} when" in shown
    assert "Function calling" in shown
    assert "81.8" in shown
