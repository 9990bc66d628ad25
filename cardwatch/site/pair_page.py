"""A page per kept pair: the comparison framed, its data beside it; and the list of all pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from cardwatch.compare.comparison import Comparison, compare_sides
from cardwatch.compare.render.comparison_json import to_pair_json
from cardwatch.compare.render.comparison_page import render_article
from cardwatch.compare.render.review import FRESHNESS_ORDER, RenderContext
from cardwatch.site.data_files import compact_json
from cardwatch.site.export_context import Site, content_key
from cardwatch.site.freshness import CardFreshness
from cardwatch.site.paged_list import ListKind, write_paged_list
from cardwatch.site.places import DATA, PAGE, PART, Pair, relative_link
from cardwatch.site.templates import site_version
from cardwatch.site.tree import SiteTree

PAIRS = ListKind("compare/", "compare.html", "compare", "pair")
_SECTION = re.compile(r'<section id="([^"]+)"[^>]*><h2[^>]*>(.*?)</h2>')


@dataclass(frozen=True)
class PairPage:
    """One comparison's page and its data."""

    site: Site
    pair: Pair

    @property
    def folder(self) -> str:
        return self.site.places.pairs[self.pair]

    @property
    def paths(self) -> tuple[str, ...]:
        return self.folder + PAGE, self.folder + DATA

    @cached_property
    def stamp(self) -> RenderContext:
        return RenderContext(
            self.site.content.pairs[self.pair], self.site.grader.day, self.site.related(self.pair)
        )

    @property
    def key(self) -> str:
        """A digest of all that the page is made from."""
        shared = site_version(), self.site.base_url, self.site.settings
        models = [self.site.keys[id_] for id_ in self.pair]
        return content_key(shared, models, self.stamp.generated_at, self.stamp.related)

    def files(self) -> tuple[bytes, bytes]:
        """Return the page and its data."""
        made = compare_sides(self.site.page_side(self.pair[0], "a"), self.site.page_side(self.pair[1], "b"))
        hrefs = {id_: self.beside(id_, PART) for id_ in self.pair}
        return self.html(made), to_pair_json(made, self.stamp, hrefs) + b"\n"

    def beside(self, model: str, file: str) -> str:
        """Return the address of a file of one of the two models."""
        return relative_link(self.folder, self.site.places.models[model] + file)

    def html(self, made: Comparison) -> bytes:
        """Return the page."""
        inner = render_article(made, self.stamp)
        homes = [(side.name, self.beside(side.id, PAGE)) for side in made.sides]
        return self.site.render(
            "pair.html",
            self.folder,
            "compare",
            title=self.site.pair_title(self.pair),
            description=" ".join(statement.text for statement in made.of("verdict", "pair")),
            article=Markup(inner),
            contents=section_titles(inner),
            models=homes,
        )


def section_titles(article_html: str) -> list[tuple[str, Markup]]:
    """Return id and title of every section of an article."""
    return [(id_, Markup(title)) for id_, title in _SECTION.findall(article_html)]


@dataclass(frozen=True, slots=True)
class PairLine:
    """One pair in the list: its page, both models, what a month costs, the less fresh of the two."""

    href: str
    ids: Pair
    names: tuple[str, ...]
    vendors: tuple[str, ...]
    costs: tuple[str, ...]
    fresh: CardFreshness
    since: str


def write_pair_list(site: Site, tree: SiteTree) -> None:
    """Write the list of kept pairs."""
    lines = sorted((pair_line(site, pair) for pair in site.places.pairs), key=lambda x: (x.names, x.ids))
    volumes = site.settings.input_mtok, site.settings.output_mtok
    write_paged_list(site, tree, PAIRS, lines, volumes=volumes)
    data = [
        {
            "a": x.ids[0],
            "b": x.ids[1],
            "page": x.href,
            "generated_at": x.since,
            "freshness": x.fresh.badge.level,
        }
        for x in lines
    ]
    tree.put(PAIRS.folder + DATA, compact_json(data))


def pair_line(site: Site, pair: Pair) -> PairLine:
    """Return one line of the list."""
    heads = [site.heads[id_] for id_ in pair]
    return PairLine(
        relative_link(PAIRS.folder, site.places.pairs[pair] + PAGE),
        pair,
        tuple(head.name for head in heads),
        tuple(head.vendor for head in heads),
        tuple(head.cost for head in heads),
        max(
            (head.fresh for head in heads),
            key=lambda f: (FRESHNESS_ORDER.index(f.badge.level), f.oldest or ""),
        ),
        site.content.pairs[pair],
    )
