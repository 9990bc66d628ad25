"""Something nobody has heard of on any recorded page: at least 80 % of its rows stay, and none is wrong."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from support.recorded_cases import Case
from support.unknown_parts import WORD, insertions
from test_sources import CASES

from cardwatch.crawler.documents import PageChangedError, RawRow

QUICK, SOAK = 2, 200
LEAST_KEPT = 0.8
WIDE = {"spanning word", "heading word"}
"""What may cost all that its cell spans or heads, which is a whole table and on some pages the only one.

So may any word on a page whose rows are all of one place: facts of one model, or a column a model.
"""
Subject = tuple[str, str, str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


def read(case: Case, body: str) -> list[RawRow]:
    found = case.parts(body)
    return [part for part in found if isinstance(part, RawRow)]


def subject(row: RawRow) -> Subject:
    variant, qualifier = (tuple(sorted(each.items())) for each in (row.variant, row.qualifier))
    return row.kind, row.name, row.provider, variant, qualifier


def facts(rows: list[RawRow]) -> set[tuple[Subject, str, str]]:
    """Return what rows say, but for what they say is not understood."""
    return {
        (subject(row), name, cell.text)
        for row in rows
        for name, cell in row.cells.items()
        if not cell.wanted and not name.startswith("unknown.")
    }


def stated_of_the_model(fact: tuple[Subject, str, str], facts_before: set[tuple[Subject, str, str]]) -> bool:
    """Say whether a statement about an offer is one that the page makes of the model by that name."""
    (kind, name, *_), attribute, value = fact
    of_models = {(one[1], key, text) for one, key, text in facts_before if one[0] == "model"}
    return kind == "offer" and (name, attribute, value) in of_models


def check(case: Case, seeds: range) -> None:
    page = case.text
    before = read(case, page)
    if not before:
        return
    found, shown = facts(before), Counter(row.locator for row in before)
    for kind, insert in insertions(case.path.suffix).items():
        for seed in seeds:
            if (body := insert(page, Random(seed))) is None:
                continue
            try:
                after = read(case, body)
            except PageChangedError:
                assert kind in WIDE or len(shown) == 1, f"{kind}, seed {seed}"
                continue
            new = [fact for fact in facts(after) - found if WORD not in str(fact)]
            wrong = [fact for fact in new if not stated_of_the_model(fact, found)]
            assert not wrong, f"{kind}, seed {seed}: {wrong[:3]}"
            kept = sum((Counter(map(subject, before)) & Counter(map(subject, after))).values())
            least = 0 if kind in WIDE else min(LEAST_KEPT * len(before), len(before) - max(shown.values()))
            assert kept >= least, f"{kind}, seed {seed}: {kept} of {len(before)} rows stay"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_nobody_has_heard_of_costs_itself(case: Case) -> None:
    check(case, range(QUICK))


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_nobody_has_heard_of_costs_itself_wherever_it_stands(case: Case) -> None:
    check(case, range(QUICK, SOAK))
