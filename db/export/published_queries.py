"""The queries that readers of the published copy find ready: by name, and behind the price chart."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

PRICED_MODELS = "SELECT DISTINCT model FROM price_history ORDER BY model"
PRICE_CHART = """
SELECT offer, replace(attribute, '_price', '') AS price, since AS day, CAST(value AS REAL) AS usd_per_mtok, source
FROM price_history WHERE model = :model AND attribute IN ('input_price', 'output_price') AND qualifier = ''
  AND offer NOT LIKE '%;%'
UNION ALL
SELECT offer, replace(attribute, '_price', ''), coalesce(until, strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
  CAST(value AS REAL), source
FROM price_history WHERE model = :model AND attribute IN ('input_price', 'output_price') AND qualifier = ''
  AND offer NOT LIKE '%;%'
ORDER BY 1, 2, 3
"""


def ready_queries() -> dict[str, dict[str, Any]]:
    """Return the ready queries by name, as in queries.toml."""
    text = resources.files("cardwatch.db.export").joinpath("queries.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
