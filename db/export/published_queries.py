"""The queries that readers of the published copy find ready: by name, and behind the price chart."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from cardwatch.db.store import default_traffic
from cardwatch.db.store.default_offer import default_offer_sql

PRICED_MODELS = "SELECT DISTINCT model FROM price_history ORDER BY model"
PRICE_CHART = """
WITH spans AS (
  SELECT offer, replace(attribute, '_price', '') AS price, since, min(coalesce(until, last_look), last_look) AS ended,
    CAST(value AS REAL) AS usd_per_mtok, source
  FROM price_history WHERE model = :model AND attribute IN ('input_price', 'output_price') AND qualifier = ''
    AND offer NOT LIKE '%;%' AND since <= last_look
)
SELECT offer, price, day, usd_per_mtok, source FROM (
  SELECT *, since AS day FROM spans UNION ALL SELECT *, ended FROM spans
) ORDER BY offer, price, day, since
"""
"""Both ends of every span of the history; one that goes on is drawn up to the last look, none into the future."""


_DEFAULTS = {
    "DEFAULT_OFFER": default_offer_sql("p"),
    "TRAFFIC_IN_WORDS": default_traffic.IN_WORDS,
    "OUTPUT_MTOK": default_traffic.OUTPUT_MTOK,
    "INPUT_MTOK": default_traffic.INPUT_MTOK,
}


def ready_queries() -> dict[str, dict[str, Any]]:
    """Return the ready queries by name, as in queries.toml, with the default offer and traffic put in."""
    text = resources.files("cardwatch.db.export").joinpath("queries.toml").read_text(encoding="utf-8")
    for word, value in _DEFAULTS.items():
        text = text.replace(word, str(value))
    return tomllib.loads(text)
