"""The sitemap: every page with the day its content last changed, as far as that is known."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from cardwatch.site.export_context import Site
from cardwatch.site.places import PAGE

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FOLDERS = ("", "compare/", "changes/", "conflicts/", "stale/", "holds/", "sources/")


def sitemap_xml(site: Site) -> bytes:
    """Return the sitemap; its addresses are relative, which search engines refuse, without a base URL."""
    urls = ElementTree.Element("urlset", xmlns=NAMESPACE)
    for folder, day in _pages(site):
        url = ElementTree.SubElement(urls, "url")
        ElementTree.SubElement(url, "loc").text = (
            f"{site.base_url}{folder}" if site.base_url else folder + PAGE
        )
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
