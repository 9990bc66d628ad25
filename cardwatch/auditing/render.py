"""The only door to the code under audit: it makes the pages, and nothing here is taken from it but them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from cardwatch.auditing import html_reader, markdown_reader
from cardwatch.auditing.audited_page import Json
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.render.comparison_json import to_json, to_stored_json
from cardwatch.compare.render.comparison_page import render_html, render_markdown
from cardwatch.compare.render.review import RenderContext
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import ModelCard

PageStatement = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class RenderedComparison:
    """One comparison in all its forms; `body` is what the catalog keeps."""

    snapshot: str
    body: bytes
    json: bytes
    markdown: str
    html: str

    @property
    def document(self) -> Json:
        found: Json = orjson.loads(self.json)
        return found

    @property
    def views(self) -> tuple[RenderedPage, RenderedPage]:
        return markdown_reader.read_markdown_page(self.markdown), html_reader.read_html_page(self.html)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes pages at one traffic. `stamp` returns, for a pair and its snapshot, the dates and related pages to print."""

    settings: CompareSettings
    stamp: Callable[[str, str, str], RenderContext]

    def compared(self, a: ModelCard, b: ModelCard) -> Comparison:
        """Return the comparison of two models."""
        return compare_models(a, b, settings=self.settings)

    def rendered(self, a: ModelCard, b: ModelCard) -> RenderedComparison:
        """Return the comparison of two models in every form."""
        made = self.compared(a, b)
        first, second = made.a.id, made.b.id
        stamp = self.stamp(first, second, made.snapshot)
        return RenderedComparison(
            made.snapshot,
            to_stored_json(made),
            to_json(made, stamp),
            render_markdown(made, stamp),
            render_html(made, stamp),
        )

    def kept(self, a: ModelCard, b: ModelCard) -> tuple[str, bytes]:
        """Return the snapshot of two models and what the catalog would keep of them."""
        made = self.compared(a, b)
        return made.snapshot, to_stored_json(made)

    def statements(self, a: ModelCard, b: ModelCard) -> list[PageStatement]:
        """Return rule, subject and words of every statement on a page."""
        return [(statement.rule, statement.about, statement.text) for statement in self.compared(a, b).claims]

    def standing(self, a: ModelCard, b: ModelCard) -> set[PageStatement]:
        """Return everything a page says: statements by rule and subject, and tags.

        Not the winner: the fewer criteria are known, the sooner a side leads by enough.
        """
        made = self.compared(a, b)
        found = {("claim", statement.rule, statement.about) for statement in made.claims}
        found |= {("tag", tag.name, side_id) for side_id, tags in made.tags.items() for tag in tags}
        return found
