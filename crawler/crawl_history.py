"""What the crawler asks about earlier runs; the catalog answers it, and the commands connect the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

INDEX_PAGE_KIND = "index"
"""The page kind of a page that only names other pages."""

ANY_PAGE = ""
"""URL of what is told of all pages of a source."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page worth a visit: its name in the catalog, its kind, and why it was picked."""

    url: str
    page_kind: str
    why: str = ""


class CrawlHistory(Protocol):
    """Answers from earlier runs."""

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        """Return If-None-Match / If-Modified-Since for a page last read well by this parser version."""
        ...

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        """Return those of a source's pages that are due in this run, best first."""
        ...


class NoHistory:
    """The first run: nothing is known and every page is due."""

    def validators(self, source: str, url: str, parser_version: int) -> Mapping[str, str]:
        return {}

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        return pages
