"""The comparison of two models: a pure function of two cards and the settings."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from cardwatch.compare.digest import pair_digest
from cardwatch.compare.display_facts import SideId
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.conditions import RuleContext
from cardwatch.compare.rules.faq import answered_questions
from cardwatch.compare.rules.fit import FitMatch, best_for, decision_tags
from cardwatch.compare.rules.statement_rules import RULES, StatementSection
from cardwatch.compare.rules.verdict import Verdict, decide_verdict
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side, build_side
from cardwatch.compare.statement import Statement
from cardwatch.compare.wording.labels import join_capabilities
from cardwatch.db.query.cards import ModelCard


class Comparison(Struct, eq=False, dict=True):
    """Everything one page says, in page order. What it shows of one model alone lives in its Side."""

    pair: ModelPair
    settings: CompareSettings
    snapshot: str
    verdict: Verdict
    claims: tuple[Statement, ...]
    """Its statements, by the name that the JSON has for them."""

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
    def by_rule(self) -> dict[tuple[str, str], Statement]:
        """Statements by rule and what they are about: no rule speaks twice about the same."""
        return {(statement.rule, statement.about): statement for statement in self.claims}

    @cached_property
    def _by_section(self) -> dict[str, list[Statement]]:
        sections: dict[str, list[Statement]] = {}
        for statement in self.claims:
            sections.setdefault(statement.section, []).append(statement)
        return sections

    def of(self, section: StatementSection, *about: str) -> list[Statement]:
        """Return the statements of a section, in page order, or those of it about "a", "b" or "pair"."""
        statements = self._by_section.get(section, [])
        if not about:
            return statements
        return [statement for subject in about for statement in statements if statement.about == subject]

    @cached_property
    def faq(self) -> list[tuple[str, list[Statement]]]:
        """Each question with the statements that answer it."""
        slots = {
            "a": self.a.name,
            "b": self.b.name,
            "traffic": self.a.traffic,
            "only_a": join_capabilities(self.pair.only["a"]),
            "only_b": join_capabilities(self.pair.only["b"]),
        }
        on_page = self.by_rule
        return [
            (question, [on_page[key] for key in keys])
            for question, keys in answered_questions(on_page, slots)
        ]

    @property
    def tags(self) -> dict[SideId, tuple[FitMatch, ...]]:
        return {side.side_id: decision_tags(side) for side in self.sides}

    @property
    def best_for(self) -> dict[SideId, tuple[FitMatch, ...]]:
        return {side.side_id: best_for(side) for side in self.sides}


def display_order(id_: str) -> tuple[str, str]:
    """Sort key of models on a page: the model part of the id, then the developer."""
    developer, _, model = id_.partition("/")
    return model, developer


def compare_models(a: ModelCard, b: ModelCard, *, settings: CompareSettings | None = None) -> Comparison:
    """Return the comparison of two models; the order of the arguments does not matter.

    Raises ValueError when both are the same model.
    """
    settings = settings or CompareSettings()
    first, second = sorted((a, b), key=lambda card: display_order(card.id))
    return compare_sides(build_side(first, "a", settings), build_side(second, "b", settings))


def compare_sides(a: Side, b: Side) -> Comparison:
    """Return the comparison of two sides, in page order."""
    if display_order(a.id) >= display_order(b.id):
        raise ValueError(f"pair: wanted two models in page order, found {a.id} and {b.id}")
    pair = ModelPair(a, b)
    judged = decide_verdict(pair)
    snapshot = pair_digest(a.digest, b.digest, a.settings)
    return Comparison(pair, a.settings, snapshot, judged, make_statements(pair, judged))


ADVICE = frozenset({"choose", "switching"})
"""Sections that speak for a model, or for moving to it: nothing speaks for a retired one."""


def make_statements(pair: ModelPair, judged: Verdict) -> tuple[Statement, ...]:
    """Return everything the rules say about a pair, numbered in the order of the table."""
    both = RuleContext(pair.a, pair.b, "a", pair, judged), RuleContext(pair.b, pair.a, "b", pair, judged)
    choosable = [view for view in both if view.this.may_be_chosen]
    statements: list[Statement] = []
    for rule in RULES:
        views = both[:1] if rule.about == "pair" else choosable if rule.section in ADVICE else both
        ahead = judged.by_name[rule.ahead_on].result if rule.ahead_on else None
        for view in views:
            if ahead in {None, view.this_id} and (found := rule.say(view)):
                about = view.this_id if rule.about == "side" else "pair"
                statements.append(
                    Statement(f"c{len(statements) + 1}", rule.name, rule.section, about, *found)
                )
    return tuple(statements)
