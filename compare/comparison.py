"""The comparison of two models: a pure function of two cards and the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from compare import figures
from compare.digest import pair_digest
from compare.pair import Pair
from compare.rules.claims import RULES, Rule, Section
from compare.rules.conditions import View
from compare.rules.fit import Fitted, best_for, tags
from compare.rules.verdict import Verdict, verdict
from compare.settings import CompareSettings
from compare.shown import Seat
from compare.side import Side, seat
from db.cards import ModelCard


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence: the rule that made it and the ids of every fact it leans on."""

    id: str
    rule: str
    section: Section
    about: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What the cheaper side saves, both costs being known and neither free; `cheaper` is None when equal."""

    usd: Decimal
    percent: str
    cheaper: Seat | None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Everything one page says, in page order. What it shows of one model alone lives in its Side."""

    pair: Pair
    settings: CompareSettings
    snapshot: str
    verdict: Verdict
    claims: tuple[Claim, ...]

    @property
    def a(self) -> Side:
        return self.pair.a

    @property
    def b(self) -> Side:
        return self.pair.b

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.pair.a, self.pair.b

    @cached_property
    def by_rule(self) -> dict[tuple[str, str], Claim]:
        """Claims by rule and what they are about: no rule speaks twice about the same."""
        return {(claim.rule, claim.about): claim for claim in self.claims}

    def of(self, section: Section, about: str | None = None) -> list[Claim]:
        """Return the claims of a section, or those of it about "a", "b" or "pair"."""
        return [c for c in self.claims if c.section == section and about in {None, c.about}]

    @cached_property
    def gap(self) -> Gap | None:
        x, y = self.a.cost.usd, self.b.cost.usd
        if not x or not y:
            return None
        low, high = sorted((x, y))
        cheaper: Seat | None = None if low == high else ("a" if x < y else "b")
        return Gap(high - low, figures.percent_less(low, high), cheaper)

    @cached_property
    def tags(self) -> dict[Seat, tuple[Fitted, ...]]:
        return {side.seat: tags(side) for side in self.sides}

    @cached_property
    def best_for(self) -> dict[Seat, tuple[Fitted, ...]]:
        return {side.seat: best_for(side) for side in self.sides}


def page_order(id_: str) -> tuple[str, str]:
    """Sort key of models on a page: the model part of the id, then the developer."""
    developer, _, model = id_.partition("/")
    return model, developer


def compare(a: ModelCard, b: ModelCard, *, settings: CompareSettings | None = None) -> Comparison:
    """Return the comparison of two models; the order of the arguments does not matter.

    Raises ValueError when both are the same model.
    """
    settings = settings or CompareSettings()
    first, second = sorted((a, b), key=lambda card: page_order(card.id))
    return compare_sides(seat(first, "a", settings), seat(second, "b", settings))


def compare_sides(a: Side, b: Side) -> Comparison:
    """Return the comparison of two models already seated, in page order."""
    if page_order(a.id) >= page_order(b.id):
        raise ValueError(f"pair: wanted two models in page order, found {a.id} and {b.id}")
    pair = Pair(a, b)
    judged = verdict(pair)
    snapshot = pair_digest(a.digest, b.digest, a.settings)
    return Comparison(pair, a.settings, snapshot, judged, claims(pair, judged))


def claims(pair: Pair, judged: Verdict) -> tuple[Claim, ...]:
    """Return everything the rules say about a pair, numbered in the order of the table."""
    views = View(pair.a, pair.b, pair, judged), View(pair.b, pair.a, pair, judged)
    said = (claim for rule in RULES for claim in _claims(rule, views))
    return tuple(
        Claim(f"c{number}", rule.name, rule.section, about, text, facts)
        for number, (rule, about, text, facts) in enumerate(said, 1)
    )


def _claims(rule: Rule, views: Sequence[View]) -> Iterator[tuple[Rule, str, str, tuple[str, ...]]]:
    for view in views if rule.about == "side" else views[:1]:
        found = rule.condition(view)
        if found is not None:
            key, slots, facts = found
            text = rule.words[key].format_map({**view.names, **slots})
            ids = tuple(dict.fromkeys(fact.id for fact in facts))
            yield rule, view.mine if rule.about == "side" else "pair", text, ids
