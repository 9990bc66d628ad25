"""What Datasette is told about the published copy: meanings, facets, labels, ready questions, a chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from cardwatch.db.export.published_copy import PublishedCopy
from cardwatch.db.export.published_queries import PRICE_CHART, PRICED_MODELS, ready_queries

DATABASE: Final = "catalog"
ABOUT = (
    "Language models, who serves them at what price, and who says so since when. Every fact has a source and a review"
    " date; NULL is unknown, 0 is free. Prices are USD per million tokens unless a unit says otherwise; times are UTC."
)

TABLES: Mapping[str, Mapping[str, Any]] = {
    "models": {
        "label_column": "name",
        "sort": "id",
        "facets": [
            "vendor", "product_type", "lifecycle", "openness", {"array": "capabilities"}, {"array": "modality_input"},
        ],
    },
    "facts": {"facets": ["attribute", "source", "state"], "sort": "model"},
    "offers": {"facets": ["provider", "tier", "region", "listed"], "sort": "model"},
    "prices": {"facets": ["provider", "tier", "region"], "sort": "input_price"},
    "cheapest_offers": {"facets": ["provider"], "sort": "usd_per_month"},
    "price_history": {"facets": ["attribute", "source", "told"], "sort_desc": "since"},
    "changes": {"facets": ["attribute", "source"], "sort_desc": "at"},
    "conflicts": {"facets": ["attribute", "source", "undecided"], "sort": "model"},
    "standing_claims": {"facets": ["source", "authority", "state"], "sort": "model"},
    "stale": {"facets": ["level", "source", "attribute", "reason"], "sort_desc": "age_days"},
    "comparisons": {"label_column": "title", "facets": ["winner"], "sort": "title"},
    "holds": {"facets": ["source", "state", "rule"], "sort_desc": "since"},
    "quarantine": {"facets": ["source", "attribute"], "sort_desc": "last_seen"},
    "names": {"facets": ["source", "rule"], "sort": "name"},
    "unlinked": {"facets": ["source"], "sort": "name"},
    "sources": {"label_column": "title", "facets": ["kind", "authority"]},
    "pages": {"label_column": "url", "facets": ["source", "last_outcome"], "sort_desc": "last_verified"},
    "attempts": {"facets": ["outcome"], "sort_desc": "started"},
    "providers": {"label_column": "name", "facets": ["kind"]},
    "developers": {"label_column": "name"},
    "attributes": {"label_column": "name", "facets": ["topic", "type"]},
    "runs": {"hidden": True},
    "documents": {"hidden": True},
    "column_docs": {"hidden": True},
}  # fmt: skip


def datasette_metadata(published: PublishedCopy, *, title: str = "Cardwatch") -> dict[str, Any]:
    """Return Datasette's metadata. The meanings of tables and columns are taken from the published copy itself."""
    return {
        "title": title,
        "description": ABOUT,
        "extra_css_urls": ["/assets/cardwatch.css"],
        "databases": {
            DATABASE: {
                "description": ABOUT,
                "tables": {
                    name: {
                        "description": meaning,
                        "columns": dict(published.columns[name]),
                        **TABLES.get(name, {}),
                    }
                    for name, meaning in published.meanings.items()
                },
                "queries": {
                    name: {
                        "title": query["title"],
                        "description": query["description"],
                        "sql": query["sql"].strip(),
                        "hide_sql": True,
                    }
                    for name, query in ready_queries().items()
                },
            }
        },
        "plugins": {"datasette-dashboards": {"prices": price_dashboard(published.example)}},
    }


def price_dashboard(example: str) -> dict[str, Any]:
    """Return the price chart that datasette-dashboards draws, with `example` shown first."""
    return {
        "title": "Price history",
        "description": "Input and output price of a model's plain offers, in USD per million tokens.",
        "layout": [["prices"]],
        "filters": {
            "model": {
                "name": "Model",
                "type": "select",
                "db": DATABASE,
                "query": PRICED_MODELS,
                "default": example,
            }
        },
        "charts": {
            "prices": {
                "title": "Prices over time",
                "db": DATABASE,
                "query": PRICE_CHART,
                "library": "vega-lite",
                "display": {
                    "mark": {"type": "line", "interpolate": "step-after", "point": True, "tooltip": True},
                    "encoding": {
                        "x": {"field": "day", "type": "temporal", "title": None},
                        "y": {
                            "field": "usd_per_mtok",
                            "type": "quantitative",
                            "title": "USD per million tokens",
                        },
                        "color": {"field": "offer", "type": "nominal"},
                        "strokeDash": {"field": "price", "type": "nominal"},
                        "detail": {"field": "source", "type": "nominal"},
                    },
                },
            }
        },
    }
