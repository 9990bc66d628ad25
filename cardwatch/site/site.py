"""What the pages of one export share: content, addresses, seats, the day, and the templates."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from jinja2 import Environment

from cardwatch.compare.keep import Traits, traits
from cardwatch.compare.related import related
from cardwatch.compare.review import Related, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.shown import Seat
from cardwatch.compare.side import Side, seat
from cardwatch.site.content import Content
from cardwatch.site.freshness import CardFreshness, Judge
from cardwatch.site.places import PAGE, Pair, Places, link, places, root
from cardwatch.site.rows import Rows
from cardwatch.site.templates import environment


@dataclass(frozen=True, eq=False)
class Site:
    """One export. `base_url` is where it will be published, ending in a slash, or "" if nobody says."""

    content: Content
    settings: CompareSettings
    judge: Judge
    base_url: str = ""
    env: Environment = field(default_factory=environment)
    _seats: dict[tuple[str, Seat], Side] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        return places(self.content.cards, self.content.pairs)

    @cached_property
    def rows(self) -> Rows:
        return Rows(self.judge, self.content.titles)

    @cached_property
    def day(self) -> ReviewDay:
        return ReviewDay(self.judge.day, self.judge.limits)

    def side(self, model: str, at: Seat = "a") -> Side:
        """Return a model seated, the same seat each time."""
        if (model, at) not in self._seats:
            self._seats[model, at] = seat(self.content.cards[model], at, self.settings)
        return self._seats[model, at]

    @cached_property
    def freshness(self) -> Mapping[str, CardFreshness]:
        """How fresh each card is."""
        return {id_: self.judge.card(card) for id_, card in self.content.cards.items()}

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """A digest of all that each card shows today: its content, dates and levels."""
        return {id_: key(card, self.judge.levels(card)) for id_, card in self.content.cards.items()}

    @cached_property
    def pairs_of(self) -> Mapping[str, list[Pair]]:
        """The kept pairs of each model, in page order."""
        found: dict[str, list[Pair]] = {id_: [] for id_ in self.content.cards}
        for pair in sorted(self.content.pairs):
            for id_ in pair:
                found[id_].append(pair)
        return found

    @cached_property
    def _traits(self) -> Mapping[str, Traits]:
        return {id_: traits(card, self.settings) for id_, card in self.content.cards.items()}

    def related(self, pair: Pair) -> tuple[Related, ...]:
        """Return links to pairs that swap one of the two models, the likest swap first."""
        here = self.places.pairs[pair]
        touching = (other for id_ in pair for other in self.pairs_of[id_])
        nearest = related(pair, touching, self._traits)
        return tuple(
            Related(self.pair_title(other), link(here, self.places.pairs[other] + PAGE)) for other in nearest
        )

    def pair_title(self, pair: Pair) -> str:
        """Return "GPT-4.1 vs Qwen3.5-4B"."""
        return " vs ".join(self.side(id_).name for id_ in pair)

    def render(self, template: str, folder: str, current: str, **values: object) -> bytes:
        """Return a page for `folder`; `current` is the entry of the menu it belongs to."""
        found = self.env.get_template(template).render(
            root=root(folder),
            current=current,
            canonical=self.base_url + folder if self.base_url else "",
            traffic=self.settings.traffic,
            **values,
        )
        return found.encode()


def key(*parts: Any) -> str:
    """Return a digest of plain values and of the catalog's records."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
