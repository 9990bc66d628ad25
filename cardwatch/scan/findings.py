"""What the catalog says of the model ids in a code base: retired, ending, cheaper equal, unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.normalize.providers import developer_of
from cardwatch.scan.references import ModelReference

FindingKind = Literal["retired", "ending", "cheaper_equal", "unknown"]


@dataclass(frozen=True, slots=True)
class ScanFinding:
    """One model id that wants a look.

    `ends_on` is the day (YYYY-MM-DD) from which the model answers no more, None if no source states one;
    `replacement` what its maker names instead, or the cheaper equal; `source`, `url` and `reviewed_on` are
    those of the fact it follows from.
    """

    path: str
    line: int
    column: int
    id: str
    kind: FindingKind
    model: str | None
    message: str
    ends_on: str | None = None
    replacement: str | None = None
    source: str | None = None
    url: str | None = None
    reviewed_on: str | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the finding as a row of the outputs."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _EndOfLife:
    """That a model or snapshot ends, when, and the fact that says so."""

    retired: bool
    ends_on: str | None
    fact: Fact


def make_finding(
    path: str, reference: ModelReference, cards: Mapping[str, ModelCard], today: date,
    cheaper: Callable[[ModelCard], tuple[ModelCard, str] | None],
) -> ScanFinding | None:  # fmt: skip
    """Return what is worth saying of one reference, the gravest alone; None if nothing is."""
    card = cards.get(reference.model or "")
    place = (path, reference.line, reference.column, reference.text)
    if card is None:
        return ScanFinding(*place, "unknown", reference.model, f"{reference.text}: no model of the catalog")
    if end := find_end_of_life(card, reference.snapshot, today):
        return _end_finding(place, card, end)
    if better := cheaper(card):
        other, saving = better
        prices = _standard_prices(other)
        fact = prices[0].facts["input_price"] if prices else None
        text = f"{reference.text}: {other.id} does as much for {saving}"
        return _with_evidence(ScanFinding(*place, "cheaper_equal", card.id, text, None, other.id), fact)
    return None


def find_end_of_life(card: ModelCard, snapshot: str | None, today: date) -> _EndOfLife | None:
    """Return how a model ends as its maker states it; of a snapshot, what is said of that snapshot first."""
    own = [
        offer.facts
        for offer in card.offers
        if snapshot and offer.snapshot == snapshot and offer.provider_kind == "first-party"
    ]
    for facts in (*own, card.facts):
        lifecycle, shutdown = facts.get("lifecycle"), facts.get("shutdown_date")
        day = str(shutdown.value) if shutdown and shutdown.state == "known" else None
        if day is not None and shutdown is not None:
            return _EndOfLife(day <= today.isoformat()[: len(day)], day, shutdown)
        if lifecycle and lifecycle.value == "retired":
            return _EndOfLife(True, None, lifecycle)
        if lifecycle and lifecycle.value == "deprecated":
            return _EndOfLife(False, None, lifecycle)
    return None


def _end_finding(place: tuple[str, int, int, str], card: ModelCard, end: _EndOfLife) -> ScanFinding:
    replacement = card.facts.get("replacement")
    named = str(replacement.value) if replacement and replacement.state == "known" else None
    if end.retired:
        text = f"retired on {end.ends_on}" if end.ends_on else "retired"
    else:
        text = f"ends on {end.ends_on}" if end.ends_on else "deprecated, no last day stated"
    advice = f"; its maker names {named} instead" if named else ""
    kind: FindingKind = "retired" if end.retired else "ending"
    found = ScanFinding(*place, kind, card.id, f"{place[3]}: {text}{advice}", end.ends_on, named)
    return _with_evidence(found, end.fact)


def _with_evidence(finding: ScanFinding, fact: Fact | None) -> ScanFinding:
    if fact is None or not fact.evidence:
        return finding
    first = fact.evidence[0]
    return replace(finding, source=first.source, url=first.url, reviewed_on=fact.reviewed_on)


class CheaperEquals:
    """Finds the model of the same maker and job that is newer, does all that a model does, and costs less.

    Doing as much means: every known capability, window and modality, and no lower score in a test both took
    (or to be the replacement that the maker names).
    """

    def __init__(self, cards: Sequence[ModelCard], today: date) -> None:
        self._today = today
        self._by_maker: dict[str, list[ModelCard]] = {}
        for card in cards:
            self._by_maker.setdefault(developer_of(card.id), []).append(card)

    def find(self, card: ModelCard) -> tuple[ModelCard, str] | None:
        """Return the cheapest such model and what its prices are, None if none is known to be one."""
        prices = _lowest_prices(card)
        if prices is None or not any(prices):
            return None
        found = [
            (sum(other_prices), other.id, other, other_prices)
            for other in self._by_maker.get(developer_of(card.id), ())
            if other.id != card.id
            and (other_prices := _lowest_prices(other)) is not None
            and all(new < old for new, old in zip(other_prices, prices, strict=True))
            and any(other_prices)
            and _does_as_much(other, card)
            and find_end_of_life(other, None, self._today) is None
        ]
        if not found:
            return None
        _, _, other, (input_price, output_price) = min(found, key=lambda item: item[:2])
        old_input, old_output = prices
        return (
            other,
            f"${input_price} and ${output_price} per million tokens, not ${old_input} and ${old_output}",
        )


def _does_as_much(new: ModelCard, old: ModelCard) -> bool:
    """Say whether all that is known of `old` is known to hold of `new`, which is the later release."""
    released = _known(new, "release_date"), _known(old, "release_date")
    if not all(released) or str(released[0]) <= str(released[1]):
        return False
    if _known(new, "product_type") != _known(old, "product_type"):
        return False
    return all(_reaches(new, old, name) for name in old.facts) and _scores_no_less(new, old)


def _scores_no_less(new: ModelCard, old: ModelCard) -> bool:
    """Say whether `new` is behind in no score that both have, and both have one or the maker says to move."""
    before, after = _scores(old), _scores(new)
    shared = before.keys() & after.keys()
    named = str(_known(old, "replacement") or "")
    return all(after[key] >= before[key] for key in shared) and (
        bool(shared) or (named != "" and named in {new.id, new.id.split("/", 1)[-1], new.name})
    )


def _scores(card: ModelCard) -> dict[tuple[str, tuple[tuple[str, str], ...]], Decimal]:
    return {
        (fact.attribute, tuple(sorted(fact.qualifier.items()))): Decimal(str(fact.value))
        for fact in card.benchmarks
        if fact.state == "known"
    }


def _reaches(new: ModelCard, old: ModelCard, name: str) -> bool:
    had, has = _known(old, name), _known(new, name)
    if name in {"context_window", "max_output_tokens"}:
        return had is None or (has is not None and int(str(has)) >= int(str(had)))
    if name.startswith("capability.") and had is True:
        return has is True
    if name.startswith("modality.") and isinstance(had, tuple):
        return isinstance(has, tuple) and {*had} <= {*has}
    return True


def _known(card: ModelCard, name: str) -> Any:
    fact = card.facts.get(name)
    return fact.value if fact is not None and fact.state == "known" else None


def _standard_prices(card: ModelCard) -> list[Offer]:
    """Return the maker's own standard offers with both token prices."""
    return [
        offer
        for offer in card.offers
        if offer.listed
        and offer.provider_kind == "first-party"
        and offer.is_default
        and offer.price() is not None
        and offer.price("output_price") is not None
    ]


def _lowest_prices(card: ModelCard) -> tuple[Decimal, Decimal] | None:
    found = [
        (input_price, output_price)
        for offer in _standard_prices(card)
        if (input_price := offer.price()) is not None
        and (output_price := offer.price("output_price")) is not None
    ]
    return min(found, default=None)


def count_kinds(findings: Sequence[ScanFinding]) -> Iterator[tuple[str, int]]:
    """Yield each kind that occurs with its number, the gravest first."""
    for kind in ("retired", "ending", "cheaper_equal", "unknown"):
        if number := sum(finding.kind == kind for finding in findings):
            yield kind, number
