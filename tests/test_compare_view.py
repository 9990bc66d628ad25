"""A comparison on a terminal: what a person scans first, from the same values as the page."""

from __future__ import annotations

from datetime import date

import pytest
from support.card_builders import card, score

from cardwatch.compare.comparison import compare_models
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.compare.render.scorecard import line_column, line_names
from cardwatch.compare.settings import CompareSettings
from cardwatch.terminal.comparison_tables import print_comparison

STAMP = RenderContext("2026-05-24T00:00:00Z", ReviewDay(date(2026, 5, 25)))


def test_the_terminal_shows_scorecard_cost_capabilities_and_scores(
    capsys: pytest.CaptureFixture[str],
) -> None:
    mine = card("maker/alpha-1", scores=[score("maker/alpha-1", "mmlu_pro", "81.8")])
    its = card("maker/beta-2")
    comparison = compare_models(mine, its, settings=CompareSettings(template="test"))
    print_comparison(comparison, STAMP)
    shown = capsys.readouterr().out
    above, below = line_names(comparison.pair)
    for name in (*above, *below):
        assert line_column(comparison.pair.a).labels[name] in shown
    for side in comparison.sides:
        assert side.cost.display in shown
        assert f"Choose {side.name} when" in shown
    assert "Function calling" in shown
    assert "81.8" in shown
