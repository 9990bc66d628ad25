"""What the settings say a person watches: models, providers and attributes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cardwatch.app import App
from cardwatch.db.store.values import provider_of
from cardwatch.normalize.providers import provider_id

if TYPE_CHECKING:
    from cardwatch.db.catalog_reports import CatalogReports

Watcher = Callable[[str | None, str | None, str], bool]
"""Says of a model, an offer's key (None: the model as such) and an attribute whether they are watched."""


def watcher(app: App, catalog: CatalogReports) -> Watcher:
    """Return what tells the watched from the rest; a list that is empty has everything on it.

    A name in the settings that no model of the catalog goes by watches nothing.
    """
    watch = app.config.watch
    models = {catalog.resolve(name).model for name in watch.models} - {None}
    providers = {provider_id("", name) or name for name in watch.providers}

    def is_watched(model: str | None, offer: str | None, attribute: str) -> bool:
        """Say whether a fact is on the lists."""
        return (
            (not watch.models or model in models)
            and (not providers or not offer or provider_of(offer) in providers)
            and (not watch.attributes or attribute in (*watch.attributes, "availability", ""))
        )

    return is_watched
