"""The comparison of two models: a pure function of two cards and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cardwatch.compare.claim import Claim
from cardwatch.compare.digest import pair_digest
from cardwatch.compare.pair import Pair
from cardwatch.compare.rules.claims import RULES, Section
from cardwatch.compare.rules.conditions import View
from cardwatch.compare.rules.faq import asked
from cardwatch.compare.rules.fit import Fitted, best_for, tags
from cardwatch.compare.rules.names import in_a_sentence
from cardwatch.compare.rules.verdict import Verdict, verdict
from cardwatch.compare.scorecard import Line, lines
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.shown import Seat
from cardwatch.compare.side import Side, seat
from cardwatch.db.cards import ModelCard


@dataclass(eq=False)
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
    def _by_section(self) -> dict[str, list[Claim]]:
        sections: dict[str, list[Claim]] = {}
        for claim in self.claims:
            sections.setdefault(claim.section, []).append(claim)
        return sections

    def of(self, section: Section, *about: str) -> list[Claim]:
        """Return the claims of a section, in page order, or those of it about "a", "b" or "pair"."""
        said = self._by_section.get(section, [])
        if not about:
            return said
        return [claim for subject in about for claim in said if claim.about == subject]

    @cached_property
    def scorecard(self) -> tuple[Line, ...]:
        return tuple(lines(self.pair))

    @cached_property
    def faq(self) -> list[tuple[str, list[Claim]]]:
        """Each question with the claims that answer it."""
        slots = {
            "a": self.a.name,
            "b": self.b.name,
            "traffic": self.a.traffic,
            "only_a": in_a_sentence(self.pair.only["a"]),
            "only_b": in_a_sentence(self.pair.only["b"]),
        }
        on_page = self.by_rule
        return [(question, [on_page[key] for key in keys]) for question, keys in asked(on_page, slots)]

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
    a, b = View(pair.a, pair.b, "a", pair, judged), View(pair.b, pair.a, "b", pair, judged)
    said: list[Claim] = []
    for rule in RULES:
        for view in (a, b) if rule.about == "side" else (a,):
            found = rule.condition(view)
            if found is not None:
                wording, slots, facts = found
                text = rule.templates[wording].fill({**view.names, **slots})
                about = view.mine if rule.about == "side" else "pair"
                said.append(Claim(f"c{len(said) + 1}", rule.name, rule.section, about, text, facts))
    return tuple(said)
