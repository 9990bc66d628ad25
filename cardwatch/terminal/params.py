"""Kinds of arguments: days, numbers, and what a shell can complete: models of the catalog, sources of the crawler."""

from __future__ import annotations

import math
import pkgutil
from importlib.util import find_spec
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from cardwatch.db.query.snapshot import parse_as_of
from cardwatch.home import Home

MOST_COMPLETIONS = 60


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
        """Return the names of the files, without loading one."""
        spec = find_spec("cardwatch.crawler.spiders")
        folders = spec.submodule_search_locations if spec else None
        names = sorted(module.name for module in pkgutil.iter_modules(folders or []))
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


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


MODEL_PARAM, SOURCE_PARAM, DATE_PARAM = ModelParam(), SourceParam(), DateParam()
