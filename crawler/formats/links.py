"""The Link header of a listing (RFC 8288): which URL continues it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapy.http import Response

LINK = re.compile(r"""<([^<>]*)>((?:\s*+;\s*+[\w!#$%&'*+.^`|~-]++\s*+(?:=\s*+(?:"[^"]*"|[^\s",;]++))?)*+)""")
REL = re.compile(r""";\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""", re.IGNORECASE)


def next_link(response: Response) -> str | None:
    """Return the absolute URL whose relation is "next", among whatever other links there are; else None."""
    return next((response.urljoin(url) for url, rels in _links(response) if "next" in rels), None)


def _links(response: Response) -> Iterator[tuple[str, list[str]]]:
    for header in response.headers.getlist("Link"):
        for url, parameters in LINK.findall(header.decode("latin-1")):
            rel = REL.search(parameters)
            yield url, (rel[1] or rel[2] or "").casefold().split() if rel else []
