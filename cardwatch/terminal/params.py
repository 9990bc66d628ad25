"""Kinds of arguments: days, numbers, and what a shell can complete: models of the catalog, sources of the crawler."""

from __future__ import annotations

import math
import pkgutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from cardwatch.db.query.snapshot import parse_as_of
from cardwatch.errors import UsageError, near_names
from cardwatch.home import Home

if TYPE_CHECKING:
    from cardwatch.db.catalog_reader import Catalog

MOST_COMPLETIONS = 60
LARGEST_NUMBER = 2**63 - 1
"""The largest whole number that a catalog holds."""


class ModelParam(click.ParamType[str]):
    """An id, its last part, a display name or an alias; the catalog decides what it means."""

    name = "model"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return ids, or last parts of ids when no slash is typed; nothing when there is no catalog to ask."""
        from cardwatch.db.catalog_reader import Catalog
        from cardwatch.db.store.errors import CatalogError

        path = Home(Path(ctx.find_root().params.get("home") or "var")).catalog
        if not path.exists():
            return []
        try:
            with Catalog(path) as catalog:
                found = catalog.model_ids()
        except CatalogError:
            return []
        names = found if "/" in incomplete or not incomplete else [id_.split("/", 1)[-1] for id_ in found]
        return [CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete)][
            :MOST_COMPLETIONS
        ]


class SourceParam(click.ParamType[str]):
    """The id of a source: the name of its file in crawler/spiders."""

    name = "source"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names of the files."""
        return [CompletionItem(name) for name in source_files() if name.startswith(incomplete)]


def source_files() -> list[str]:
    """Return the ids of the sources in crawler/spiders in order, without loading one."""
    spec = find_spec("cardwatch.crawler.spiders")
    folders = spec.submodule_search_locations if spec else None
    return sorted(module.name for module in pkgutil.iter_modules(folders or []))


def require_sources(catalog: Catalog, names: Iterable[str]) -> None:
    """Raise UsageError for a name that is no source of the catalog and has no file in crawler/spiders."""
    known = {*catalog.source_ids(), *source_files()}
    for name in names:
        if name not in known:
            raise UsageError(f"unknown source {name!r}{near_names(name, known)}")


class ProviderParam(click.ParamType[str]):
    """A provider of the vocabulary, by its id or its name; becomes the id."""

    name = "provider"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id, or fail with the ids most like what was typed."""
        from cardwatch.normalize.providers import PROVIDERS, provider_id

        found = provider_id("", value)
        if found is None:
            self.fail(f"unknown provider {value!r}{near_names(value, PROVIDERS)}", param, ctx)
        return found

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the ids of the vocabulary."""
        from cardwatch.normalize.providers import PROVIDERS

        return [CompletionItem(name) for name in PROVIDERS if name.startswith(incomplete)]


class DateParam(click.ParamType[str]):
    """A day, or an ISO 8601 time taken as UTC if it does not say; text in the catalog's form."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the moment, or fail with what was wanted and found."""
        try:
            return parse_as_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class FiniteFloat(click.FloatRange):
    """A number in a range that is neither "nan" nor "inf"."""

    def convert(self, value: float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or fail with what was wanted and found."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"wanted a finite number, found {value}", param, ctx)
        return number


MODEL_PARAM, SOURCE_PARAM = ModelParam(), SourceParam()
PROVIDER_PARAM, DATE_PARAM = ProviderParam(), DateParam()
NUMBER_PARAM = click.IntRange(1, LARGEST_NUMBER)
"""The number of a row of the catalog."""
