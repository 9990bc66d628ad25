"""What a page says to programs that read pages: schema.org records as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from cardwatch.compare.display_facts import DisplayFact
from cardwatch.compare.offers import ListedOffer
from cardwatch.compare.side import Side
from cardwatch.compare.wording.number_format import plain_decimal
from cardwatch.site.content import SiteContent
from cardwatch.site.data_files import script_json

CONTEXT = "https://schema.org"
UNITS = {"input_price": "million input tokens", "output_price": "million output tokens"}
DATA_FILES = {
    "models.json": "application/json",
    "catalog.jsonl": "application/jsonl",
    "prices.csv": "text/csv",
    "api.json": "application/json",
    "litellm.json": "application/json",
}
"""The catalog in the shapes that other programs read, with their types."""


def to_script(record: dict[str, Any]) -> Markup:
    """Return a record as the content of a script element; what is unknown is left out."""
    known = {"@context": CONTEXT, **{name: value for name, value in record.items() if value}}
    return Markup(script_json(known))


def describe_model(side: Side, address: str) -> Markup:
    """Return a model as a product with an offer for every listed price; `address` is "" if nobody knows it."""
    released = side.facts["release_date"]
    offers = [] if side.retired else [found for route in side.routes for found in _describe_offer(route)]
    return to_script(
        {
            "@type": "Product",
            "name": side.name,
            "sku": side.id,
            "brand": {"@type": "Brand", "name": side.vendor},
            "category": side.word("product_type"),
            "releaseDate": released.display if released.known else "",
            "url": address,
            "offers": offers,
        }
    )


def _describe_offer(route: ListedOffer) -> Iterator[dict[str, Any]]:
    prices = [price for price in route.prices if price.known]
    if prices and not route.is_plan:
        yield {
            "@type": "Offer",
            "name": route.name,
            "seller": {"@type": "Organization", "name": route.offer.provider_name},
            "priceSpecification": [_describe_price(price) for price in prices],
        }


def _describe_price(price: DisplayFact) -> dict[str, Any]:
    """Return one price, valid from a day only if its source states one: a look does not prove when it began."""
    fact = price.fact
    found = {
        "@type": "UnitPriceSpecification",
        "price": plain_decimal(price.number),
        "priceCurrency": "USD",
        "unitText": UNITS[fact.attribute],
        "validFrom": (fact.effective_from or "")[:10],
    }
    return {name: value for name, value in found.items() if value}


def describe_catalog(content: SiteContent, base_url: str) -> Markup:
    """Return the catalog as a data set with its files."""
    files = [
        {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{base_url}{name}"}
        for name, kind in DATA_FILES.items()
    ]
    return to_script(
        {
            "@type": "Dataset",
            "name": "Cardwatch: language models, their prices, limits and capabilities",
            "description": f"Facts about {len(content.cards)} language models, each with its source and review date.",
            "dateModified": content.stale.last_run or "",
            "isAccessibleForFree": True,
            "url": base_url,
            "distribution": files if base_url else [],
        }
    )
