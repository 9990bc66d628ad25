"""What the pages of one export share: content, addresses, sides, the day, and the templates."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from jinja2 import Environment

from cardwatch.compare.display_facts import SideId
from cardwatch.compare.pair_selection import ModelTraits, model_traits
from cardwatch.compare.related_pairs import find_related_pairs
from cardwatch.compare.render.review import RelatedLink
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side, build_side, side_builder
from cardwatch.db.query.cards import Fact
from cardwatch.db.query.reports import Conflict
from cardwatch.site.content import SiteContent
from cardwatch.site.display_rows import RowMaker
from cardwatch.site.freshness import CardFreshness, FreshnessGrader
from cardwatch.site.places import PAGE, Pair, Places, assign_places, path_to_root, relative_link
from cardwatch.site.structured_data import DATA_FILES
from cardwatch.site.templates import template_environment

FIGURES = ("context_window", "max_output_tokens", "release_date")
"""The attributes that head a model's page, beside its prices."""


@dataclass(frozen=True, slots=True)
class ModelHead:
    """What lists show of a model; a side would weigh a hundred times as much.

    `cost` is that of a month as printed, `released` as precise as is known: "2025-04-14", "2025-04", "" if unknown.
    """

    name: str
    vendor: str
    cost: str
    product_type: str | None
    lifecycle: str | None
    released: str
    capabilities: tuple[str, ...]
    fresh: CardFreshness


@dataclass(frozen=True, eq=False)
class Site:
    """One export. `base_url` is where it will be published, ending in a slash, or "" if nobody says."""

    content: SiteContent
    settings: CompareSettings
    grader: FreshnessGrader
    base_url: str = ""
    env: Environment = field(default_factory=template_environment)

    @cached_property
    def places(self) -> Places:
        return assign_places(self.content.cards, self.content.pairs)

    @cached_property
    def rows(self) -> RowMaker:
        return RowMaker(self.grader, self.content.titles)

    @cached_property
    def page_side(self) -> Callable[[str, SideId], Side]:
        """Makes a model a side of a page: what pages make of it weighs much, so only the last ones are kept."""
        return side_builder(self.content.cards, self.settings)

    @cached_property
    def heads(self) -> Mapping[str, ModelHead]:
        """What lists show of each model."""
        return {
            id_: self._head(build_side(card, "a", self.settings)) for id_, card in self.content.cards.items()
        }

    def _head(self, side: Side) -> ModelHead:
        released = side.facts["release_date"]
        return ModelHead(
            side.name,
            side.vendor,
            side.cost.display,
            side.word("product_type"),
            side.word("lifecycle"),
            released.display if released.known else "",
            tuple(side.yes),
            self.grader.card(side.card, headline_facts(side)),
        )

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """A digest of all that each card shows today: its content, dates and levels."""
        return {id_: content_key(card, self.grader.levels(card)) for id_, card in self.content.cards.items()}

    @cached_property
    def pairs_of(self) -> Mapping[str, list[Pair]]:
        """The kept pairs of each model, in page order."""
        found: dict[str, list[Pair]] = {id_: [] for id_ in self.content.cards}
        for pair in sorted(self.content.pairs):
            for id_ in pair:
                found[id_].append(pair)
        return found

    @cached_property
    def conflicts_of(self) -> Mapping[str, list[Conflict]]:
        """Where sources disagree about each model."""
        found: dict[str, list[Conflict]] = {}
        for conflict in self.content.conflicts:
            found.setdefault(conflict.model, []).append(conflict)
        return found

    @cached_property
    def _traits(self) -> Mapping[str, ModelTraits]:
        return {id_: model_traits(card, self.settings) for id_, card in self.content.cards.items()}

    def related(self, pair: Pair) -> tuple[RelatedLink, ...]:
        """Return links to pairs that swap one of the two models, the likest swap first."""
        here = self.places.pairs[pair]
        touching = (other for id_ in pair for other in self.pairs_of[id_])
        nearest = find_related_pairs(pair, touching, self._traits)
        return tuple(
            RelatedLink(self.pair_title(other), relative_link(here, self.places.pairs[other] + PAGE))
            for other in nearest
        )

    def pair_title(self, pair: Pair) -> str:
        """Return "GPT-4.1 vs Qwen3.5-4B"."""
        return " vs ".join(self.heads[id_].name for id_ in pair)

    def address(self, folder: str, file: str = PAGE) -> str:
        """Return where a page will be published, "" if nobody says."""
        return self.base_url and f"{self.base_url}{folder}{'' if file == PAGE else file}"

    def render(
        self,
        template: str,
        folder: str,
        current: str,
        *,
        file: str = PAGE,
        root: str | None = None,
        **values: Any,
    ) -> bytes:
        """Return a page of `folder`; `current` is the entry of the menu it belongs to.

        `root` is what leads from the page to the site's root, if that is not the way up from its folder.
        """
        found = self.env.get_template(template).render(
            root=root if root is not None else path_to_root(folder),
            current=current,
            canonical=self.address(folder, file),
            data_files=DATA_FILES,
            traffic=self.settings.traffic,
            **values,
        )
        return found.encode()


def headline_facts(side: Side) -> Iterator[Fact]:
    """Yield what a reader looks at first: the prices that set the cost, and the main limits and days."""
    shown = (
        *(side.cost.route.prices if side.cost.route else ()),
        *(side.facts[name] for name in (*FIGURES, "lifecycle")),
    )
    return (fact.fact for fact in shown)


def content_key(*parts: Any) -> str:
    """Return a digest of plain values and of the catalog's records."""
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
