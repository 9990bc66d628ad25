"""Which cards of the Hub a run looks at: what the settings select, or what the catalog's own models need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cardwatch.app import App
from cardwatch.crawler.formats.hub import MAKERS, HubSelection
from cardwatch.crawler.source import Source
from cardwatch.crawler.spiders.huggingface_cards import HuggingfaceCards
from cardwatch.crawler.spiders.huggingface_listing import HuggingfaceListing
from cardwatch.db.catalog_reports import CatalogReports


def choose_on_hub(
    app: App, catalog: CatalogReports, sources: Mapping[str, type[Source]]
) -> dict[str, dict[str, Any]]:
    """Return the class attributes of the sources that read cards of the Hub, by their names."""
    settings = app.config.huggingface
    readers = {name: source for name, source in sources.items() if issubclass(source, HuggingfaceCards)}
    if not readers:
        return {}
    hub = [HuggingfaceListing.name, HuggingfaceCards.name, *readers]
    selection = HubSelection(
        authors=settings.authors or MAKERS,
        min_downloads=settings.min_downloads,
        min_likes=settings.min_likes,
        tasks=settings.tasks,
        models=settings.models,
        among=None if settings.authors else catalog.names_listed_elsewhere(hub),
    )
    return {name: source.attributes(selection, settings.requests) for name, source in readers.items()}
