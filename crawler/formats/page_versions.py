"""What a cheap page says of dearer ones: dates in a sitemap, entries of a feed, lines of llms.txt, file digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin

from scrapy.http import TextResponse
from scrapy.selector import Selector

from cardwatch.crawler.crawl_history import ANY_PAGE
from cardwatch.crawler.documents import PageVersion
from cardwatch.crawler.formats.json_listing import load_json

_REPOSITORY_TREE = re.compile(r"https://api\.github\.com/repos/([^/]+/[^/]+)/git/trees/([^/?]+)\?recursive=1")
_LINK = re.compile(r"\]\((\S+?)\)")
_ROOT = re.compile(r"<(?:\w+:)?(urlset|feed|rss|RDF)[\s>]")


def read_versions(response: TextResponse) -> Iterator[PageVersion]:
    """Yield what a page says of the versions of others, by what kind of page it is; nothing for other kinds."""
    root = _ROOT.search(response.text[:2000])
    if root and root[1] == "urlset":
        yield from sitemap_versions(response)
    elif root:
        yield from feed_versions(response)
    elif tree := _REPOSITORY_TREE.fullmatch(response.url):
        yield from repository_versions(response, tree[1], tree[2])
    elif response.url.endswith("/llms.txt"):
        yield from link_list_versions(response)


def sitemap_versions(response: TextResponse) -> Iterator[PageVersion]:
    """Yield the pages of a sitemap that have a date of their last change."""
    for entry in _without_namespaces(response).xpath("//url"):
        address, changed = (
            entry.xpath("normalize-space(loc)").get(),
            entry.xpath("normalize-space(lastmod)").get(),
        )
        if address and changed:
            yield PageVersion("sitemap", address, changed)


def feed_versions(response: TextResponse) -> Iterator[PageVersion]:
    """Yield the newest entry of an Atom or RSS feed, which may tell of any page of its source."""
    entries = _without_namespaces(response).xpath("//entry | //item")
    dated = [
        " ".join(
            filter(
                None,
                entry.xpath("*[self::id or self::guid or self::updated or self::pubDate]/text()").getall(),
            )
        )
        for entry in entries
    ]
    if dated:
        yield PageVersion("feed", ANY_PAGE, sha256("\n".join(sorted(dated)).encode()).hexdigest()[:16])


def link_list_versions(response: TextResponse) -> Iterator[PageVersion]:
    """Yield every page that an llms.txt names, with a digest of what it says of it."""
    for line in response.text.splitlines():
        for link in _LINK.findall(line):
            yield PageVersion("llms.txt", urljoin(response.url, link), sha256(line.encode()).hexdigest()[:16])


def repository_versions(response: TextResponse, repository: str, branch: str) -> Iterator[PageVersion]:
    """Yield the files of a repository on GitHub as they are served raw, with the digests Git gives them."""
    tree: Any = load_json(response.text, where=response.url)
    for item in tree.get("tree", []) if isinstance(tree, dict) else []:
        if isinstance(item, dict) and item.get("type") == "blob" and item.get("sha"):
            url = f"https://raw.githubusercontent.com/{repository}/{branch}/{item.get('path')}"
            yield PageVersion("repository", url, str(item["sha"]))


def _without_namespaces(response: TextResponse) -> Selector:
    page = Selector(text=response.text, type="xml")
    page.remove_namespaces()
    return page
