"""For search engines: every page with the day its content last changed, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from cardwatch.site.export_context import Site
from cardwatch.site.tree import SiteTree

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FOLDERS = ("", "compare/", "changes/", "conflicts/", "stale/", "holds/", "sources/", "coverage/")


MOST_ADDRESSES = 50_000
"""Of one sitemap, by its standard."""


def write_sitemap(site: Site, tree: SiteTree) -> None:
    """Write the sitemap and robots.txt that names it; both need the site's address, without which there is none."""
    if not site.base_url:
        return
    pages = list(_pages(site))
    parts = [pages[at : at + MOST_ADDRESSES] for at in range(0, len(pages), MOST_ADDRESSES)]
    if len(parts) == 1:
        tree.put("sitemap.xml", _to_xml("urlset", "url", site.base_url, pages))
    else:
        files = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for file, part in zip(files, parts, strict=True):
            tree.put(file, _to_xml("urlset", "url", site.base_url, part))
        tree.put(
            "sitemap.xml", _to_xml("sitemapindex", "sitemap", site.base_url, [(file, "") for file in files])
        )
    tree.put("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.base_url}sitemap.xml\n".encode())


def _to_xml(root: str, entry: str, base_url: str, pages: Iterable[tuple[str, str]]) -> bytes:
    urls = ElementTree.Element(root, xmlns=NAMESPACE)
    for path, day in pages:
        url = ElementTree.SubElement(urls, entry)
        ElementTree.SubElement(url, "loc").text = base_url + path
        if day:
            ElementTree.SubElement(url, "lastmod").text = day
    ElementTree.indent(urls)
    text: bytes = ElementTree.tostring(urls, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        yield folder, ""
    for id_, folder in site.places.models.items():
        yield folder, max((change.at[:10] for change in site.content.cards[id_].changes), default="")
    for pair, folder in site.places.pairs.items():
        yield folder, site.content.pairs[pair][:10]
