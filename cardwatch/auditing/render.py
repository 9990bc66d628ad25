"""The only door to the code under audit: it makes the pages, and nothing here is taken from it but them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from cardwatch.auditing import read_html, read_markdown
from cardwatch.auditing.page import Json
from cardwatch.auditing.view import View
from cardwatch.compare.comparison import Comparison, compare
from cardwatch.compare.document import stored, to_json
from cardwatch.compare.page import html, markdown
from cardwatch.compare.review import Stamp
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.cards import ModelCard

Said = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Rendered:
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
    def views(self) -> tuple[View, View]:
        return read_markdown.read(self.markdown), read_html.read(self.html)


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes pages at one traffic; `stamp` says for a pair and its snapshot when and what else to print."""

    settings: CompareSettings
    stamp: Callable[[str, str, str], Stamp]

    def compared(self, a: ModelCard, b: ModelCard) -> Comparison:
        """Return the comparison of two models."""
        return compare(a, b, settings=self.settings)

    def rendered(self, a: ModelCard, b: ModelCard) -> Rendered:
        """Return the comparison of two models in every form."""
        made = self.compared(a, b)
        first, second = made.a.id, made.b.id
        stamp = self.stamp(first, second, made.snapshot)
        return Rendered(
            made.snapshot, stored(made), to_json(made, stamp), markdown(made, stamp), html(made, stamp)
        )

    def kept(self, a: ModelCard, b: ModelCard) -> tuple[str, bytes]:
        """Return the snapshot of two models and what the catalog would keep of them."""
        made = self.compared(a, b)
        return made.snapshot, stored(made)

    def said(self, a: ModelCard, b: ModelCard) -> list[Said]:
        """Return rule, subject and words of everything a page claims."""
        return [(claim.rule, claim.about, claim.text) for claim in self.compared(a, b).claims]

    def standing(self, a: ModelCard, b: ModelCard) -> set[Said]:
        """Return everything a page commits itself to: claims by rule and subject, tags, the winner."""
        made = self.compared(a, b)
        found = {("claim", claim.rule, claim.about) for claim in made.claims}
        found |= {("tag", tag.name, seat) for seat, tags in made.tags.items() for tag in tags}
        winner = made.verdict.winner
        return found | ({("winner", winner, "pair")} if winner else set())
