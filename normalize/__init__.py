"""Stage 2: text as published becomes typed records, or a reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardwatch.normalize.visit_reader import read_visit as read

    VERSION: str

__all__ = ["VERSION", "read"]


def __getattr__(name: str) -> object:
    """Load the parsers when first asked for: commands that only read the catalog do without them."""
    if name == "read":
        from cardwatch.normalize.visit_reader import read_visit

        return read_visit
    if name == "VERSION":
        from cardwatch.normalize.version import rules_version

        return rules_version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
