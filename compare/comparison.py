"""The comparison of two models: a pure function of two cards and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from compare import figures
from compare.claim import Claim
from compare.digest import pair_digest
from compare.pair import Pair
from compare.rules.claims import RULES, Rule, Section
from compare.rules.conditions import Said, View
from compare.rules.faq import asked
from compare.rules.fit import Fitted, best_for, tags
from compare.rules.names import capability_in_a_sentence
from compare.rules.verdict import SEATS, Verdict, verdict
from compare.scorecard import Line, lines
from compare.settings import CompareSettings
from compare.shown import Seat
from compare.side import Side, seat
from compare.words import listing
from db.cards import ModelCard


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

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[Claim]]:
        places: dict[tuple[str, str], list[Claim]] = {}
        for claim in self.claims:
            places.setdefault((claim.section, claim.about), []).append(claim)
        return places

    def of(self, section: Section, *about: str) -> list[Claim]:
        """Return the claims of a section, in page order, or those of it about "a", "b" or "pair"."""
        if not about:
            return [claim for claim in self.claims if claim.section == section]
        return [claim for subject in about for claim in self._by_place.get((section, subject), ())]

    @cached_property
    def scorecard(self) -> tuple[Line, ...]:
        return tuple(lines(self.pair))

    @cached_property
    def faq(self) -> list[tuple[str, list[Claim]]]:
        """Each question with the claims that answer it."""
        put = asked(self.by_rule, self._slots)
        return [(one.question, [self.by_rule[key] for key in one.answers]) for one in put]

    @property
    def _slots(self) -> dict[str, str]:
        only = {f"only_{seat}": listing(self._only(seat)) for seat in SEATS}
        return {"a": self.a.name, "b": self.b.name, "traffic": self.settings.traffic, **only}

    def _only(self, seat: Seat) -> list[str]:
        return [capability_in_a_sentence(name) for name in self.pair.only(seat)]

    @cached_property
    def gap(self) -> Gap | None:
        x, y = self.a.cost.usd, self.b.cost.usd
        if not x or not y:
            return None
        low, high = sorted((x, y))
        cheaper: Seat | None = None if low == high else ("a" if x < y else "b")
        return Gap(high - low, figures.percent_less(low, high), cheaper)

    @property
    def tags(self) -> dict[Seat, tuple[Fitted, ...]]:
        return {side.seat: tags(side) for side in self.sides}

    @property
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
    views = View(pair.a, pair.b, "a", pair, judged), View(pair.b, pair.a, "b", pair, judged)
    said: list[Claim] = []
    for rule in RULES:
        for view in views if rule.about == "side" else views[:1]:
            found = rule.condition(view)
            if found is not None:
                said.append(_claim(f"c{len(said) + 1}", rule, view, found))
    return tuple(said)


def _claim(id_: str, rule: Rule, view: View, said: Said) -> Claim:
    key, slots, facts = said
    text = rule.words[key].format_map({"me": view.me.name, "it": view.it.name, **slots})
    about = view.mine if rule.about == "side" else "pair"
    return Claim(id_, rule.name, rule.section, about, text, tuple([fact.id for fact in facts]))
