"""Which pages one freshness limit holds for: those of a source, kind and host that state the same attributes.

A page has its class as kept until a change takes that away; what a page without one states is told from its claims.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from cardwatch.crawler.url_host import host_of
from cardwatch.db.query import stated_rows

CURATED_KINDS = ("import", "review")


class PageClass(Struct, frozen=True, dict=True, eq=False):
    """`attributes` are named with commas between, "" for none. One is itself alone: plans ask of it for every page."""

    source: str
    kind: str
    host: str
    attributes: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The attributes that a visit to such a page verifies: none where people typed them."""
        return tuple(self.attributes.split(",")) if self.attributes and self.crawled else ()

    @property
    def crawled(self) -> bool:
        return self.kind not in CURATED_KINDS


class ClassedPages(Struct, frozen=True):
    """All pages by class: the classes by number, how many pages each has, and the pages that have none as kept."""

    classes: Mapping[int, PageClass]
    pages: Mapping[int, int]
    classless: Mapping[int, PageClass]

    def class_of(self, page_id: int, class_id: int | None) -> PageClass:
        """Return the class of a page that is kept under a class, or under none."""
        return self.classless[page_id] if class_id is None else self.classes[class_id]

    def counts(self) -> Iterator[tuple[PageClass, int]]:
        """Yield every class, and a number of pages that it has; one may come several times."""
        yield from ((each, self.pages[number]) for number, each in self.classes.items())
        yield from ((each, 1) for each in self.classless.values())


def load_classes(conn: sqlite3.Connection) -> ClassedPages:
    """Return all pages by class."""
    rows = conn.execute(
        "SELECT id, pages, source, kind, host, attributes FROM page_classes WHERE pages > 0"
    ).fetchall()
    return ClassedPages(
        {number: PageClass(*own) for number, _, *own in rows},
        {number: pages for number, pages, *_ in rows},
        find_classless(conn),
    )


def find_classless(conn: sqlite3.Connection) -> dict[int, PageClass]:
    """Return the pages that have no class as kept, each with the one that its claims say."""
    rows = conn.execute(
        "SELECT id, source, kind, url FROM pages WHERE class_id IS NULL ORDER BY id"
    ).fetchall()
    stated = defaultdict[int, set[str]](set)
    for page_id, names in stated_rows.attributes_of_classless(conn) if rows else ():
        stated[page_id].update(names.split(","))
    return {
        page_id: PageClass(source, kind, host_of(url), ",".join(sorted(stated[page_id])))
        for page_id, source, kind, url in rows
    }


def any_wrong(conn: sqlite3.Connection) -> bool:
    """Say whether a page is kept under a class that differs from what it states of models."""
    stated = defaultdict[int, set[str]](set)
    for page_id, names in conn.execute("SELECT page_id, attributes FROM kept_page_models"):
        stated[page_id].update(names.split(","))
    rows = conn.execute(
        "SELECT p.id, p.url, p.source, p.kind, c.source, c.kind, c.host, c.attributes FROM pages p"
        " LEFT JOIN page_classes c ON c.id = p.class_id WHERE p.class_id IS NOT NULL"
    )
    return any(
        own != [source, kind, host_of(url), ",".join(sorted(stated[page_id]))]
        for page_id, url, source, kind, *own in rows
    )
