"""The host that a URL names: one rule for what is asked of hosts, held against them and counted by them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, without port and brackets; "" when it has none."""
    return _host_of_origin("/".join(url.split("/", 3)[:3]))


@lru_cache(maxsize=4096)
def _host_of_origin(url: str) -> str:
    """Return the host of the part of a URL that names it; of many pages it is the same."""
    return (urlsplit(url).hostname or "").rstrip(".")
