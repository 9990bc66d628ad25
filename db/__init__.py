"""Stage 3: who said what, since when, and when somebody last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.catalog import Catalog as Catalog


def __getattr__(name: str) -> object:
    """Load the catalog when somebody asks for it: `from db import Catalog`."""
    if name == "Catalog":
        from db.catalog import Catalog

        return Catalog
    raise AttributeError(f"module 'db' has no attribute {name!r}")
