"""A table as rows of styled texts, before anybody knows where it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct


class TextCell(NamedTuple):
    """A cell's text, and the style a terminal gives it."""

    text: str
    style: str = ""


class TextTable(Struct, frozen=True):
    """A table to print; the columns with the numbers in `right` stand to the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[TextCell]]
    title: str = ""
    right: frozenset[int] = frozenset()
