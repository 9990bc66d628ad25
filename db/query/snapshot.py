"""The catalog for programs: what it says now, or said on a day in the past, under any name of a model.

>>> from cardwatch import Catalog
>>> catalog = Catalog("var/catalog.db")
>>> offer = next(offer for offer in catalog.offers("gpt-4.1") if offer.key == "openrouter")
>>> offer.provider_name, offer.price(), offer.price("output_price")
('OpenRouter', Decimal('2'), Decimal('8'))
>>> fact = catalog.as_of("2026-05-20").fact("GPT-4.1", "context_window")
>>> fact.value, fact.evidence[0].source, fact.reviewed_on
(1047576, 'models_dev', '2026-05-12')
>>> catalog.close()
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime

from cardwatch.db.query import card_reader, model_search, overview
from cardwatch.db.query.cards import Fact, ModelCard, Offer
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.errors import UnseenModelError
from cardwatch.db.store.values import format_time


class Snapshot:
    """The catalog at one moment: what was published then, with the dates it had then; None is now."""

    def __init__(self, conn: sqlite3.Connection, at: str | None, *, now: str) -> None:
        self._conn, self.at, self.now = conn, at, now

    def card(self, model: str) -> ModelCard:
        """Return all that is said of a model; `model` is an id, its last part, a display name or an alias.

        Raises UnknownModelError, which names near ones, AmbiguousModelError, or UnseenModelError when the
        catalog came to know it later.
        """
        found = model_search.find_model(self._conn, model)
        made = next(iter(self.cards([found])), None)
        if made is None:
            raise UnseenModelError(found, self.at or self.now)
        return made

    def cards(self, ids: Collection[str] | None = None) -> Iterator[ModelCard]:
        """Yield the cards of `ids`, or of all models, by id. A day means its end."""
        return card_reader.read_cards(self._conn, ids, at=self._moment, past=self.at is not None)

    @property
    def _moment(self) -> str:
        at = self.at or self.now
        return f"{at}T23:59:59Z" if len(at) == len("YYYY-MM-DD") else at

    def conflicts(self, model: str) -> list[Conflict]:
        """Return the facts of one model, by its id, on which sources disagreed."""
        return overview.find_conflicts(
            self._conn, None, at=self._moment, past=self.at is not None, model=model
        )

    def offers(self, model: str, *, withdrawn: bool = False) -> tuple[Offer, ...]:
        """Return who serves a model, in the card's order; with `withdrawn`, also who no longer does."""
        return tuple(offer for offer in self.card(model).offers if offer.listed or withdrawn)

    def fact(self, model: str, attribute: str, *, offer: str = "") -> Fact:
        """Return one fact of a model, or of its offer with the key `offer`.

        A fact that no source states has state "unknown" and reason "never_sourced"; value None is never zero.
        """
        card = self.card(model)
        held = {own.key: own.facts for own in card.offers}.get(offer, {}) if offer else card.facts
        return held.get(attribute) or Fact(
            card.id, attribute, "unknown", offer=offer or None, reason="never_sourced",
            scope="route" if offer else "model",
        )  # fmt: skip


def parse_as_of(when: date | str) -> str:
    """Return a moment as the catalog takes it: a day (its end) or a time in UTC.

    >>> parse_as_of("2026-03-31"), parse_as_of(date(2026, 3, 31))
    ('2026-03-31', '2026-03-31')
    >>> parse_as_of(datetime(2026, 3, 31, 12, tzinfo=UTC))
    '2026-03-31T12:00:00Z'
    >>> parse_as_of("yesterday")
    Traceback (most recent call last):
    ValueError: wanted a day such as 2026-03-31 or an ISO 8601 time, found 'yesterday'
    """
    if isinstance(when, datetime):
        return format_time(when if when.tzinfo else when.replace(tzinfo=UTC))
    if isinstance(when, date):
        return when.isoformat()
    try:
        found = datetime.fromisoformat(when)
    except ValueError:
        raise ValueError(f"wanted a day such as 2026-03-31 or an ISO 8601 time, found {when!r}") from None
    return found.date().isoformat() if len(when) == len("YYYY-MM-DD") else parse_as_of(found)
