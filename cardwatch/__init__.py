"""Cardwatch keeps a catalog of language models fresh; `from cardwatch import Catalog` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardwatch.db.catalog_reader import Catalog as Catalog

__all__ = ["Catalog"]


def __getattr__(name: str) -> object:
    """Load the catalog when somebody asks for it; a command that needs none does not pay for it."""
    if name == "Catalog":
        from cardwatch.db.catalog_reader import Catalog

        return Catalog
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
