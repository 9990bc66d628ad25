"""The comparison of two models: a pure function of two cards and the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from msgspec import Struct

from cardwatch.compare.digest import pair_digest
from cardwatch.compare.display_facts import FactIds, SideId
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.rules.conditions import RuleContext
from cardwatch.compare.rules.criteria import SIDES, Result
from cardwatch.compare.rules.faq import answered_questions
from cardwatch.compare.rules.fit import FitMatch, best_for, decision_tags
from cardwatch.compare.rules.statement_rules import RULES, StatementRule, StatementSection
from cardwatch.compare.rules.verdict import Verdict, decide_verdict
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side, build_side
from cardwatch.compare.statement import Statement
from cardwatch.db.query.cards import ModelCard


class Comparison(Struct, eq=False, dict=True):
    """Everything one page says, in page order. What it shows of one model alone lives in its Side."""

    a: Side
    b: Side
    sides: tuple[Side, Side]
    pair: ModelPair
    settings: CompareSettings
    snapshot: str
    verdict: Verdict
    claims: tuple[Statement, ...]
    """Its statements, by the name that the JSON has for them."""

    @cached_property
    def by_rule(self) -> dict[tuple[str, str], Statement]:
        """Statements by rule and what they are about: no rule speaks twice about the same."""
        return {(statement.rule, statement.about): statement for statement in self.claims}

    @cached_property
    def _by_subject(self) -> Mapping[tuple[str, str], list[Statement]]:
        found: dict[tuple[str, str], list[Statement]] = {}
        for statement in self.claims:
            found.setdefault((statement.section, statement.about), []).append(statement)
        return found

    def of(self, section: StatementSection, *about: str) -> Sequence[Statement]:
        """Return the statements of a section about "a", "b" or "pair", in the order asked for, then in page order."""
        if len(about) == 1:
            return self._by_subject.get((section, *about), ())
        return [statement for subject in about for statement in self.of(section, subject)]

    @cached_property
    def faq(self) -> list[tuple[str, list[Statement]]]:
        """Each question with the statements that answer it."""
        slots = {
            "a": self.a.name,
            "b": self.b.name,
            "traffic": self.a.traffic,
            "only_a": self.pair.only["a"].words,
            "only_b": self.pair.only["b"].words,
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
    return Comparison(a, b, (a, b), pair, a.settings, snapshot, judged, make_statements(pair, judged))


def make_statements(pair: ModelPair, judged: Verdict) -> tuple[Statement, ...]:
    """Return everything the rules say about a pair, numbered in the order of the table."""
    views = {"a": RuleContext(pair.a, pair.b, pair, judged), "b": RuleContext(pair.b, pair.a, pair, judged)}
    results = judged.by_name
    statements: list[Statement] = []
    for rule, say, at, about, criterion, wanted in attempts(pair.a.may_be_chosen, pair.b.may_be_chosen):
        if not criterion or results[criterion].result in wanted:
            found = say(views[at])
            if found:
                number = STATEMENT_IDS[len(statements)]
                statements.append(Statement(number, rule.name, rule.section, about, *found))
    return tuple(statements)


STATEMENT_IDS = [f"c{number}" for number in range(1, len(SIDES) * len(RULES) + 1)]
"""Made once: their hashes are known when they are looked up."""


class Attempt(NamedTuple):
    """A rule to be tried from one side, what it then speaks about, and the results of a criterion it waits for."""

    rule: StatementRule
    say: Callable[[RuleContext], tuple[str, FactIds] | None]
    at: SideId
    about: str
    criterion: str
    wanted: tuple[Result, ...]


ADVICE = frozenset({"choose", "switching"})
"""Sections that speak for a model, or for moving to it: nothing speaks for a retired one."""


@cache
def attempts(a_choosable: bool, b_choosable: bool) -> tuple[Attempt, ...]:
    """Return what is tried, in page order, where nothing or something rules a side out."""
    choosable = [side_id for side_id, may in zip(SIDES, (a_choosable, b_choosable), strict=True) if may]
    return tuple(
        Attempt(
            rule,
            rule.remembered if rule.alone else rule.say,
            at,
            "pair" if rule.about == "pair" else at,
            rule.criterion,
            rule.results(at),
        )
        for rule in RULES
        for at in (SIDES[:1] if rule.about == "pair" else choosable if rule.section in ADVICE else SIDES)
    )
