"""The read-only face of the catalog, for programs: `from cardwatch import Catalog`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cardwatch.db.query import (
    card_reader,
    lifecycle,
    modalities,
    model_search,
    open_holds,
    overview,
)
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer
from cardwatch.db.query.reports import Conflict, Hold, ModelSummary, ResolvedName, SourceStatus
from cardwatch.db.query.snapshot import Snapshot, parse_as_of
from cardwatch.db.store import connection, lifecycle_rules
from cardwatch.db.store.errors import AmbiguousModelError, UnknownModelError
from cardwatch.db.store.hold_rules import HOLD_DAYS
from cardwatch.db.store.values import format_time
from cardwatch.normalize.providers import provider_id

if TYPE_CHECKING:
    from cardwatch.db.query.coverage import HeadlineCoverage, PartyCoverage
    from cardwatch.db.query.dated_prices import Cost, OfferOnDate
    from cardwatch.db.query.disagreement import Traffic
    from cardwatch.db.query.reviewed_facts import ReviewedFact
    from cardwatch.db.query.stated_claims import StatedClaim


class Catalog:
    """The catalog at `path`, opened to read. Nothing here can change it.

    `now` is the clock that "today" is told by; `conn` is an open connection, if there is one already. What
    few questions need is loaded when one of them is asked.
    Raises CatalogLockedError, CatalogNewerError or CatalogUnreadableError.
    """

    hold_days: int = HOLD_DAYS
    """Days after which a surprise is published without a second look that agrees."""

    def __init__(
        self,
        path: Path | str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        conn: sqlite3.Connection | None = None,
    ) -> None:
        self.path, self._now = Path(path), now
        self._conn = connection.connect_catalog(self.path, readonly=True) if conn is None else conn

    def close(self) -> None:
        """Close the file."""
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise connection.as_catalog_error(error, self.path) from error

    @property
    def now(self) -> str:
        """Return the time as the catalog writes it."""
        return format_time(self._now())

    def read_transaction(self) -> AbstractContextManager[None]:
        """Let several reads see one state of the catalog, whatever another process writes meanwhile."""
        return connection.read_transaction(self._conn)

    def find(self, text: str) -> str:
        """Return the id of the model people call `text`. Raises UnknownModelError, AmbiguousModelError."""
        return model_search.find_model(self._conn, text)

    def resolve(self, name: str) -> ResolvedName:
        """Return which model people call `name`: None when nobody or several go by it, with those it may mean.

        >>> catalog = Catalog("var/catalog.db")
        >>> catalog.resolve("GPT-4.1").model
        'openai/gpt-4.1'
        >>> catalog.resolve("gpt-4.1000").model is None
        True
        """
        try:
            return ResolvedName(self.find(name), ())
        except (UnknownModelError, AmbiguousModelError) as error:
            return ResolvedName(None, error.near)

    def is_retired(self, model: str, on: date | str | None = None) -> bool | None:
        """Say whether a model is retired on a day, today if none is given; None when nothing is known of its life.

        `model` is any of its names. Raises as `find` does.
        """
        card = self.card(self.find(model))
        day = str(parse_as_of(on))[:10] if on else self.now[:10]
        if lifecycle.is_known(end := card.facts.get("shutdown_date")):
            return lifecycle_rules.has_come(str(end.value), day)
        past = self.as_of(day).cards([card.id]) if day < self.now[:10] else [card]
        stated = next((one.facts.get("lifecycle") for one in past), None)
        return str(stated.value) == lifecycle_rules.RETIRED if lifecycle.is_known(stated) else None

    def cost(
        self,
        model: str,
        *,
        provider: str | None = None,
        tier: str | None = None,
        on: date | str | None = None,
        input: int = 0,
        output: int = 0,
        cache_read: int = 0,
        cache_write: int = 0,
    ) -> Cost:
        """Return what so many tokens of each kind cost on a day, today if none is given.

        Unknown has `usd` None and a `reason`; it is never zero. Without a provider it is the cheapest paid offer whose
        price of that day is known. Raises as `find` does, ValueError for a day that is none or fewer tokens than 0.

        >>> catalog = Catalog("var/catalog.db")
        >>> cost = catalog.cost("gpt-4.1", provider="openrouter", on="2026-05-15", input=1_000_000, output=500_000)
        >>> cost.usd, cost.reason
        (Decimal('6'), '')
        >>> catalog.cost("gpt-4.1", provider="openrouter", on="2001-01-01", input=1).usd is None
        True
        """
        from cardwatch.db.query import dated_prices

        amounts = dict(zip(dated_prices.PRICE_NAMES, (input, output, cache_read, cache_write), strict=True))
        if min(amounts.values()) < 0:
            raise ValueError(f"wanted numbers of tokens, found {min(amounts.values())}")
        return dated_prices.cost_on(
            self._conn, self.find(model), parse_as_of(on) if on else self.now[:10], amounts,
            provider=provider and (provider_id("", provider) or provider), tier=tier, now=self.now,
        )  # fmt: skip

    def offers_on(self, model: str, on: date | str) -> list[OfferOnDate]:
        """Return what each offer of a model cost on a day, in USD per million tokens. Raises as `cost` does."""
        from cardwatch.db.query import dated_prices

        return dated_prices.read_offers_on(self._conn, self.find(model), parse_as_of(on), now=self.now)

    def models(self) -> list[ModelSummary]:
        """Return one line per model, by id."""
        return model_search.model_summaries(self._conn, at=self.now)

    def model_ids(self) -> list[str]:
        """Return the ids of all models in order; a model merged into another has none of its own."""
        return model_search.list_model_ids(self._conn)

    def card(self, model: str, as_of: str | None = None) -> ModelCard:
        """Return a model's card by its id; `as_of` (a day or an ISO time) asks for what was published then.

        Raises UnknownModelError.
        """
        made = next(iter(self.cards([model], as_of=as_of)), None)
        if made is None:
            raise model_search.unknown_model_error(self._conn, model)
        return made

    def cards(self, ids: Collection[str] | None = None, as_of: str | None = None) -> Iterator[ModelCard]:
        """Yield the cards of `ids`, or of all models, by id."""
        return self._snapshot(as_of).cards(ids)

    def offers(self, model: str | None = None, *, withdrawn: bool = False) -> tuple[Offer, ...]:
        """Return who serves a model now, or any model; with `withdrawn`, also who no longer does.

        `model` is any of its names. Raises as `find` does.
        """
        if model is not None:
            return self._snapshot(None).offers(model, withdrawn=withdrawn)
        return tuple(offer for card in self.cards() for offer in card.offers if withdrawn or offer.listed)

    def fact(self, model: str, attribute: str, *, offer: str = "") -> Fact:
        """Return one fact of a model, or of its offer with the key `offer`. Raises as `find` does."""
        return self._snapshot(None).fact(model, attribute, offer=offer)

    def as_of(self, when: date | str) -> Snapshot:
        """Return what was published at the end of a day, or at a time. Raises ValueError."""
        return self._snapshot(parse_as_of(when))

    def _snapshot(self, at: str | None) -> Snapshot:
        return Snapshot(self._conn, at, now=self.now)

    def changes(self, since: date | str | None = None) -> list[Change]:
        """Return published changes, oldest first, from a day or a time on."""
        return list(card_reader.read_changes(self._conn, since=str(since or ""), at=self.now))

    def conflicts(self, traffic: Traffic | None = None, model: str | None = None) -> list[Conflict]:
        """Return facts on which sources disagree, the most money at `traffic` first; of all models, or one id."""
        found = overview.find_conflicts(self._conn, traffic, at=self.now, model=model)
        return list(modalities.tell_derived(self._conn, found, self.cards))

    def holds(self) -> list[Hold]:
        """Return what waits for a decision, oldest first."""
        return list(open_holds.list_open_holds(self._conn, self.hold_days))

    def stated_claims(self) -> Iterator[StatedClaim]:
        """Yield every claim with a value that stands now, by fact, in no order of choice."""
        from cardwatch.db.query import stated_claims

        return stated_claims.list_stated_claims(self._conn, self.now)

    def reviewed_facts(self) -> Iterator[ReviewedFact]:
        """Yield every fact with a value as the SQL views have it, with the day of its last review."""
        from cardwatch.db.query import reviewed_facts

        return reviewed_facts.list_reviewed_facts(self._conn, self.now)

    def coverage(self) -> list[PartyCoverage]:
        """Return which makers and providers speak for themselves, the ones with most facts first."""
        from cardwatch.db.query import coverage

        return coverage.party_coverage(self._conn)

    def headline_coverage(self) -> HeadlineCoverage:
        """Return how far makers speak for the models that most providers serve."""
        from cardwatch.db.query import coverage

        return coverage.headline_coverage(self._conn)

    def source_ids(self) -> list[str]:
        """Return the ids of all sources in order."""
        return overview.list_source_ids(self._conn)

    def sources(self) -> list[SourceStatus]:
        """Return every source and how it does."""
        return overview.source_statuses(self._conn)
