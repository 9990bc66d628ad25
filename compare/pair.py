"""Two sides of a page: what only the two together decide, worked out once per pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from msgspec import Struct

from cardwatch.compare.display_facts import DisplayFact, FactIds, SideId, pair_fact_ids
from cardwatch.compare.offers import MonthlyCost, no_cost
from cardwatch.compare.scores import ScoreRow, shared_rows
from cardwatch.compare.side import Side
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.labels import EXTRA_SPECS, SPECS, join_capabilities


class CostSaving(Struct, eq=False):
    """What the cheaper side saves, both costs being known and one above zero; `cheaper` is None when equal."""

    usd: Decimal
    percent: str
    cheaper: SideId | None


class CapabilityLead(Struct, frozen=True, gc=False):
    """Capabilities of one side that the other is known to lack, in words; "" for none."""

    words: str
    facts: FactIds


class ModelPair:
    """Sides in page order, and what follows from both."""

    a: Side
    b: Side
    scores: Sequence[ScoreRow]
    """The benchmarks that both have."""
    compared_scores: Sequence[ScoreRow]
    """Those that may be compared and that no other score of the same kind contradicts."""
    shared_scores: FactIds
    """Every known score of the benchmarks that both have: each has a say in who leads."""
    scores_settled: bool
    """Whether no benchmark that both have holds a score recorded as unknown or in conflict."""
    lone: Mapping[SideId, Sequence[DisplayFact]]
    """The scores that have no counterpart."""
    only: Mapping[SideId, CapabilityLead]
    """The capabilities known as Yes on this side and as No on the other; none of another job's."""
    answered_by_both: Sequence[str]
    """The capabilities known on both sides, in page order; none unless both do one job."""
    shared_providers: Sequence[str]
    """Names of the providers that list both models."""
    specs: Sequence[str]
    """The attributes of the specification table: of EXTRA_SPECS those that either side has."""
    gaps: Mapping[SideId, Sequence[DisplayFact]]
    """The extra facts of a side that are on the page only because the other side has them."""
    unknown_count: int
    fact_count: int
    saving: CostSaving | None
    jobs_differ: bool
    """Whether the two are known to be made for different jobs: neither price nor verdict then compares them."""
    jobs_open: bool
    """Whether a job stands on record without a value, so that they may differ: no verdict then compares them."""
    one_job: bool
    """Whether neither is the case: what they can do and take is then compared."""
    windows_comparable: bool
    """Whether both do one job and tokens of text measure it: a window says nothing of pictures, sound and video."""
    prices_comparable: bool
    """Whether nothing on record says, or may say, that their costs are not to be compared."""

    def __init__(self, a: Side, b: Side) -> None:
        self.a, self.b = a, b
        self._match_scores()
        self._match_facts()
        self.shared_providers = sorted([a.providers[key] for key in a.providers if key in b.providers])
        self._match_jobs()
        self.saving = compute_saving(a, b) if self.prices_comparable else None

    def _match_jobs(self) -> None:
        a, b = self.a, self.b
        self.jobs_differ = None not in {a.job, b.job} and a.job != b.job
        self.jobs_open = any("product_type" in side.on_record for side in (a, b))
        self.one_job = not (self.jobs_differ or self.jobs_open)
        self.prices_comparable = self.one_job and a.may_be_chosen and b.may_be_chosen
        self.windows_comparable = self.one_job and a.by_tokens and b.by_tokens
        self.answered_by_both = [name for name in a.answered if self.one_job and name in b.answered]
        self.only = {"a": self._lead(a, b), "b": self._lead(b, a)}

    def _lead(self, this: Side, other: Side) -> CapabilityLead:
        names = [name for name in this.yes if name in other.no] if self.one_job else []
        return CapabilityLead(join_capabilities(names), pair_fact_ids(names))

    def _match_scores(self) -> None:
        a, b = self.a, self.b
        both = [name for name in a.measured if name in b.measured]
        self.scores = shared_rows(both, a, b)
        self.compared_scores = [row for row in self.scores if row.certain]
        self.shared_scores = tuple([id_ for name in both for id_ in (*a.measured[name], *b.measured[name])])
        self.scores_settled = a.open_scores.isdisjoint(both) and b.open_scores.isdisjoint(both)
        used = {score.id for row in self.scores for score in row.supporting_scores}
        self.lone = {side.side_id: [s for s in side.known_scores if s.id not in used] for side in (a, b)}

    def _match_facts(self) -> None:
        a, b = self.a, self.b
        self.specs, lacking_a, lacking_b = shown_specs(a.extras, b.extras)
        self.gaps = {"a": [a.facts[name] for name in lacking_a], "b": [b.facts[name] for name in lacking_b]}
        missing = len(self.gaps["a"]) + len(self.gaps["b"])
        self.unknown_count = len(a.unknown) + len(b.unknown) + missing
        self.fact_count = len(a.all_facts) + len(b.all_facts) + missing

    def cost(self, side_id: SideId) -> MonthlyCost:
        """Return what a month costs a side, as far as this pair may show it."""
        found = self.side(side_id).cost
        return no_cost("other_job") if self.jobs_differ and found.applicable else found

    def side(self, side_id: SideId) -> Side:
        return self.a if side_id == "a" else self.b


@lru_cache(maxsize=1024)
def shown_specs(a: frozenset[str], b: frozenset[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Return the attributes of the table of two models with these extra ones, and what is shown without a or b having it."""
    extra = [name for name in EXTRA_SPECS if name in a or name in b]
    return (
        (*SPECS, *extra),
        [name for name in extra if name not in a],
        [name for name in extra if name not in b],
    )


def compute_saving(a: Side, b: Side) -> CostSaving | None:
    """Return the difference in cost, None if a cost is unknown or both are free."""
    x, y = a.cost.usd, b.cost.usd
    if x is None or y is None or not (x or y):
        return None
    if x == y:
        return CostSaving(y - x, number_format.percent_less(x, y), None)
    return (
        CostSaving(y - x, number_format.percent_less(x, y), "a")
        if x < y
        else CostSaving(x - y, number_format.percent_less(y, x), "b")
    )
