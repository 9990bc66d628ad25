"""Which offers count when nobody names one: one rule for pages, lists, queries, price lists and the scanner."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count, product

import pytest
from support.card_builders import card, offer

from cardwatch.compare.offers import rank_offers
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.export.published_queries import ready_queries
from cardwatch.db.store.default_offer import default_offer_sql, is_default_offer
from cardwatch.db.store.views import cheapest_sql
from cardwatch.site.price_lists import is_plain_offer

MODEL = "acme/large"
VARIANTS = list(
    product(
        ("standard", "free", "batch"),
        (None, "global", "data-zone", "us-east-1"),
        (None, "thinking", "fine-tuned"),
    )
)


@pytest.mark.parametrize("or_free", [False, True])
def test_python_and_sql_call_the_same_offers_default(or_free: bool) -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE TABLE o (tier, region, mode)")
        conn.executemany("INSERT INTO o VALUES (?, ?, ?)", VARIANTS)
        sql = conn.execute(
            f"SELECT tier, region, mode FROM o WHERE {default_offer_sql('o', or_free=or_free)}"
        )
        found = [*sql]
    assert found == [variant for variant in VARIANTS if is_default_offer(*variant, or_free=or_free)]
    assert 0 < len(found) < len(VARIANTS)


@pytest.mark.parametrize(("tier", "region", "mode"), VARIANTS)
def test_pages_and_price_lists_take_the_default_offers(
    tier: str, region: str | None, mode: str | None
) -> None:
    made = offer(MODEL, "openai", "2", "8", tier=tier, region=region, mode=mode)
    (ranked,) = rank_offers(card(MODEL, {}, [made]), count(1), "a", CompareSettings())
    assert ranked.counts == is_default_offer(tier, region, mode)
    assert is_plain_offer(made) == is_default_offer(tier, region, mode, or_free=True)


def test_views_and_ready_queries_take_the_default_offers() -> None:
    assert default_offer_sql() in cheapest_sql()
    assert default_offer_sql("p") in ready_queries()["cheapest_for_capability"]["sql"]
    assert not any("DEFAULT_OFFER" in str(query) for query in ready_queries().values())
