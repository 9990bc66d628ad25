"""HTML pages read back, as a browser would build them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree, html

from cardwatch.auditing.rendered_page import (
    Block,
    HtmlDetails,
    RenderedHeading,
    RenderedPage,
    RenderedSection,
    RenderedTable,
    RenderedText,
)

Element = Any
"""An lxml element."""


def read_html_page(text: str) -> RenderedPage:
    """Return the comparison of a page; a site may frame it with whatever it likes."""
    tree = html.document_fromstring(text)
    articles = tree.xpath("//article[contains(@class, 'comparison')]")
    article = articles[0] if articles else tree
    drawer = _html_details(article)
    etree.strip_elements(article, "svg", "script", "style", with_tail=False)
    found = {
        part.get("id") or "": RenderedSection(_text(part.find("h2")), tuple(_blocks(part)))
        for part in article.iter("section")
    }
    return RenderedPage("html", _text(article.find(".//h1")), found, drawer)


def _text(element: Element | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(element.itertext()).split())


def _blocks(part: Element) -> Iterator[Block]:
    for child in part:
        read_as = _READERS.get(child.tag)
        if read_as:
            yield from read_as(child)


def _table(element: Element) -> Iterator[Block]:
    heads = element.xpath("./thead/tr")
    rows = element.xpath("./tbody/tr")
    head = _row(heads[0]) if heads else ()
    yield RenderedTable(head, tuple(_row(row) for row in rows))


def _row(row: Element) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row)


def _list(element: Element) -> Iterator[Block]:
    return (RenderedText(_text(item), listed=True) for item in element.iter("li"))


_READERS: dict[str, Callable[[Element], Iterator[Block]]] = {
    "h3": lambda element: iter([RenderedHeading(_text(element))]),
    "p": lambda element: iter([RenderedText(_text(element))]),
    "ul": _list,
    "div": _blocks,
    "table": _table,
}


def _html_details(article: Element) -> HtmlDetails:
    hovers = article.xpath(".//span[@title]")
    drawn = article.xpath(".//*[@data-points]")
    statements = article.xpath(".//*[@data-claim]")
    return HtmlDetails(
        tuple((_text(span), span.get("title")) for span in hovers),
        tuple((drawing.get("aria-label") or "", drawing.get("data-points")) for drawing in drawn),
        tuple((statement.get("data-claim"), _text(statement)) for statement in statements),
        {name: str(value) for name, value in article.attrib.items()},
    )
