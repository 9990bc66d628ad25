"""The default traffic has one home: settings, views, queries and the list of models say the same."""

from __future__ import annotations

from cardwatch.compare.settings import CompareSettings
from cardwatch.config import CompareSection
from cardwatch.db.export.published_queries import ready_queries
from cardwatch.db.store.default_traffic import IN_WORDS, INPUT_MTOK, OUTPUT_MTOK
from cardwatch.db.store.views import cheapest_sql


def test_settings_and_comparison_start_from_the_default_traffic() -> None:
    usual, settings = CompareSettings(), CompareSection()
    assert (usual.input_mtok, usual.output_mtok) == (INPUT_MTOK, OUTPUT_MTOK)
    assert (settings.input_mtok, settings.output_mtok) == (INPUT_MTOK, OUTPUT_MTOK)


def test_queries_and_views_name_the_traffic_they_count_with() -> None:
    queries = ready_queries()
    cheapest = queries["cheapest_for_capability"]
    assert IN_WORDS in cheapest["description"]
    assert f"{INPUT_MTOK} * p.input_price + {OUTPUT_MTOK} * p.output_price" in cheapest["sql"]
    assert f"THEN {INPUT_MTOK} ELSE {OUTPUT_MTOK} END" in queries["conflicts_by_money"]["sql"]
    assert IN_WORDS in cheapest_sql()
    assert not any("MTOK" in str(query) or "TRAFFIC_" in str(query) for query in queries.values())


def test_a_comparison_at_other_traffic_names_that_traffic() -> None:
    assert CompareSettings(10).traffic == f"10M input and {OUTPUT_MTOK}M output tokens a month"
