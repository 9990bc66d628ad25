"""A page per model: facts with evidence, ranked offers, price history, conflicts, changes, comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cardwatch.compare.render.comparison_json import to_part_json
from cardwatch.compare.render.record_json import card_json
from cardwatch.compare.side import Side
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.db.query.reports import Conflict
from cardwatch.site.chart import price_charts
from cardwatch.site.data_files import compact_json
from cardwatch.site.export_context import FIGURES, Site, content_key
from cardwatch.site.places import DATA, KEPT, PAGE, PART, relative_link
from cardwatch.site.structured_data import describe_model
from cardwatch.site.templates import site_version


@dataclass(frozen=True)
class ModelPage:
    """One model's page and its data."""

    site: Site
    id: str

    @property
    def folder(self) -> str:
        return self.site.places.models[self.id]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.folder + name for name in (PAGE, DATA, PART, KEPT))

    @property
    def side(self) -> Side:
        return self.site.page_side(self.id, "a")

    @property
    def conflicts(self) -> Sequence[Conflict]:
        return self.site.conflicts_of.get(self.id, ())

    @cached_property
    def comparisons(self) -> Sequence[tuple[str, str, str]]:
        """Its kept pairs: the title of each, the id of the other model, and the file of its page."""
        return [
            (self.site.pair_title(pair), pair[pair[0] == self.id], self.site.places.pairs[pair] + PAGE)
            for pair in self.site.pairs_of[self.id]
        ]

    @property
    def key(self) -> str:
        """A digest of all that the page is made from."""
        site = self.site
        shared = site_version(), site.base_url, site.settings, site.content.titles
        return content_key(shared, site.keys[self.id], self.conflicts, self.comparisons)

    def files(self) -> tuple[bytes, bytes, bytes, bytes]:
        """Return the page, its data, the model's part of every comparison, and its kept comparisons."""
        data = compact_json(card_json(self.side.card, self.conflicts))
        kept = compact_json({other: file for _, other, file in self.comparisons})
        return self.html(), data, to_part_json(self.side) + b"\n", kept

    def html(self) -> bytes:
        """Return the page."""
        side, rows = self.side, self.site.rows
        groups = (("specs", "Specification", rows.specs), ("capabilities", "Capabilities", rows.capabilities))
        return self.site.render(
            "model.html",
            self.folder,
            "models",
            side=side,
            structured=describe_model(side, self.site.address(self.folder)),
            fresh=self.site.heads[side.id].fresh,
            figures=self.figures(),
            lifecycle=side.word("lifecycle"),
            groups=[(id_, title, list(make_rows(side))) for id_, title, make_rows in groups],
            offers=list(rows.offers(side)),
            gone=list(rows.gone(side)),
            charts=price_charts(side),
            scores=list(rows.scores(side)),
            conflicts=[rows.conflict(conflict) for conflict in self.conflicts],
            changes=[rows.change(side, change) for change in reversed(side.card.changes)],
            comparisons=[(title, relative_link(self.folder, file)) for title, _, file in self.comparisons],
            aliases=[clean_text(name) for name in side.card.aliases],
        )

    def figures(self) -> list[tuple[str, str, str]]:
        """Return what a reader looks for first: label, value, remark."""
        cost, facts = self.side.cost, self.side.facts
        where = cost.route.name if cost.route else ""
        labels = ("Input per 1M", "Output per 1M")
        prices = [
            (label, price.display, where)
            for label, price in zip(labels, cost.route.prices if cost.route else (), strict=False)
        ]
        shown = [facts[name] for name in FIGURES]
        rest = [(fact.label, fact.display, fact.exact or fact.why) for fact in shown]
        return [*prices, ("A month", cost.display, where), *rest]
