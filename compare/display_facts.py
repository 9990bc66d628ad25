"""A fact as a page shows it: its id there, its label, its words, and whether anything may lean on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from cardwatch.compare.wording import escaping, number_format
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.labels import (
    CAPABILITY_LABELS,
    CONFLICTING,
    EXTRA_SPECS,
    NOT_APPLICABLE,
    OFFER_LABELS,
    REASONS,
    SPECS,
    UNKNOWN,
)
from cardwatch.db.query.cards import Fact, FactState
from cardwatch.db.store.values import PlainValue
from cardwatch.normalize.attributes import ATTRIBUTES

SideId = Literal["a", "b"]
FactIds = tuple[str, ...]
"""Ids of facts on a page: what a judgement or a sentence leans on."""
LONGEST_VALUE = 300
LABELS = {**SPECS, **EXTRA_SPECS, **CAPABILITY_LABELS}


class DisplayFact(Struct, eq=False, dict=True):
    """One fact on one page. `known` is False without evidence: nothing may be said from such a value."""

    id: str
    fact: Fact
    label: str
    state: FactState
    reason: str | None
    display: str
    known: bool
    exact: str = ""

    @cached_property
    def number(self) -> Decimal:
        """The value of a known price or count; of a score, the printed one, so that leads follow from what is read."""
        is_score = self.fact.attribute.startswith(SCORE)
        return Decimal(self.display if is_score else str(self.fact.value))

    @property
    def plain(self) -> str:
        return self.display

    @property
    def md(self) -> str:
        return escaping.escape_markdown(self.display)

    @property
    def html(self) -> str:
        """The value, a rounded one with the number on hover; without a value, the reason."""
        text = escaping.escape_html(self.display)
        if self.known:
            return (
                f'<span title="{self.exact}">{text}</span>' if self.exact not in {"", self.display} else text
            )
        return f'<span class="{self.state}" title="{escaping.escape_html(self.why)}">{self.display}</span>'

    @property
    def why(self) -> str:
        """Why there is no value, in words; "" when there is one."""
        if not self.reason:
            return ""
        return REASONS.get(self.reason) or clean_text(self.reason)


def display_state(fact: Fact) -> tuple[FactState, str | None]:
    """Return the state and the reason that a page may give to `fact`."""
    if fact.held is not None and fact.attribute.endswith("_price"):
        before = f"; {fact_text(fact)} before" if fact.value is not None else ""
        return "unknown", held_text(fact) + before
    if fact.state == "known":
        if fact.value is None:
            return "unknown", fact.reason or "never_sourced"
        return ("known", None) if fact.evidence else ("unknown", "no_evidence")
    if fact.state == "unknown":
        return "unknown", fact.reason or "never_sourced"
    return fact.state, fact.reason


def held_text(fact: Fact) -> str:
    """Return in words what waits beside the value of a fact: since when, and who says what now."""
    held = fact.held
    if held is None:
        return ""
    return f"held since {held.since}: {held.source} now says {fact_text(replace(fact, value=held.value))}"


def build_display_fact(number: int, side_id: SideId, fact: Fact, label: str) -> DisplayFact:
    """Return `fact` as number `number` (from 1) of its side: odd ids for side a, even for side b."""
    state, reason = display_state(fact)
    id_ = display_fact_id(number, side_id)
    if state != "known":
        return DisplayFact(id_, fact, label, state, reason, WITHOUT_VALUE[state], False)
    return DisplayFact(id_, fact, label, state, None, fact_text(fact), True, exact_number(fact))


def display_fact_id(number: int, side_id: SideId) -> str:
    """Return the id of fact number `number` of a side."""
    return f"f{2 * number - (side_id == 'a')}"


PAIR_FACT_IDS: Mapping[str, FactIds] = {
    name: (display_fact_id(number, "a"), display_fact_id(number, "b"))
    for number, name in enumerate(LABELS, 1)
}
"""The ids of a model-level fact on both sides: the same on every page, since each side numbers these first."""


def pair_fact_ids(attributes: Iterable[str]) -> FactIds:
    """Return the ids of several model-level facts on both sides."""
    return tuple([id_ for name in attributes for id_ in PAIR_FACT_IDS[name]])


def fact_ids(facts: Iterable[DisplayFact]) -> FactIds:
    """Return the ids of facts."""
    return tuple([fact.id for fact in facts])


WITHOUT_VALUE: Mapping[FactState, str] = {
    "unknown": UNKNOWN,
    "conflicting": CONFLICTING,
    "not_applicable": NOT_APPLICABLE,
}


def fact_text(fact: Fact) -> str:
    """Return a known value in the page's words; foreign money as such, never as dollars."""
    return qualified_text(fact.attribute, fact.value, fact.qualifier)


def qualified_text(name: str, value: PlainValue, qualifier: Mapping[str, str]) -> str:
    """Return any value of attribute `name` under `qualifier` in the page's words."""
    if value is not None and (currency := qualifier.get("currency")):
        return f"{clean_text(str(value))} {clean_text(currency)}"
    return value_text(name, value)


def value_text(name: str, value: PlainValue) -> str:
    """Return any value of attribute `name` in the page's words; None is the one null token."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, tuple):
        return clean_text(", ".join(value), LONGEST_VALUE)
    if isinstance(value, int):
        return (
            number_format.format_token_limit(value)
            if name in TOKEN_ATTRIBUTES
            else number_format.format_count(value)
        )
    if name.startswith(SCORE):
        return number_format.format_score(value)
    return (
        number_format.format_unit_price(value)
        if name in PRICE_ATTRIBUTES
        else clean_text(value, LONGEST_VALUE)
    )


SCORE = "benchmark."
"""What the attribute of a score begins with."""


TOKEN_ATTRIBUTES = frozenset(name for name, known in ATTRIBUTES.items() if known.unit == "tokens")
PRICE_ATTRIBUTES = frozenset(name for name, known in ATTRIBUTES.items() if known.type == "price")


def exact_number(fact: Fact) -> str:
    """Return the unrounded number where `display` rounds it, else ""."""
    if isinstance(fact.value, int) and not isinstance(fact.value, bool):
        return f"{fact.value:,}"
    return str(fact.value) if fact.attribute.startswith(SCORE) else ""


def score_label(name: str, labels: Mapping[str, str]) -> str:
    """Return a benchmark's name as its makers write it, or its words in title case."""
    plain = name.removeprefix(SCORE)
    return labels.get(plain) or clean_text(plain.replace("_", " ").title())


def offer_label(name: str) -> str:
    """Return what an offer's attribute is called on the page."""
    return OFFER_LABELS.get(name) or clean_text(name.replace("_", " ").capitalize())
