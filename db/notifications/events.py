"""Events read off the catalog: prices that changed, models that ended, sources that fail."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import move_percent
from cardwatch.db.store.current_claims import with_claims_at


class PriceChange(NamedTuple):
    """A published USD price that became another one; `qualifier` is its condition as JSON, "" for none."""

    at: str
    model: str
    offer: str
    attribute: str
    qualifier: str
    old: Decimal
    new: Decimal
    source: str

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the old price; None from or to free."""
        return move_percent(self.old, self.new)


class Retirement(NamedTuple):
    """A model, or an offer of it, published as retired or past its shutdown day; `at` is "" for long ago."""

    at: str
    model: str
    offer: str
    source: str
    why: str


class FailingSource(NamedTuple):
    """A source of which `failing` of its `pages` cannot be read: the first since `since`, the last since `at`."""

    at: str
    since: str
    source: str
    failing: int
    pages: int
    detail: str


def find_price_changes(catalog: CatalogReports, since: str) -> Iterator[PriceChange]:
    """Yield the changes of USD prices published after `since`, oldest first.

    A past price that a dated price list gives is no change. A change that a second source repeats is yielded once.
    """
    rows = catalog.conn.execute(
        """SELECT published_at, model, offer, attribute, qualifier, old, new, source FROM changes
        WHERE published_at > ? AND NOT told AND old IS NOT NULL AND new IS NOT NULL AND unit = old_unit
          AND unit LIKE 'usd%' AND attribute IN (SELECT name FROM attributes WHERE topic = 'price')
        ORDER BY published_at, model, offer, attribute, qualifier, source""",
        [since],
    )
    became: dict[tuple[str, ...], str] = {}
    for at, model, offer, attribute, qualifier, old, new, source in rows:
        place = (model, offer, attribute, qualifier)
        if became.get(place) != new:
            yield PriceChange(at, *place, Decimal(old), Decimal(new), source)
        became[place] = new


def find_retirements(catalog: CatalogReports, *, at: str) -> list[Retirement]:
    """Return the models and offers that have ended at `at`, each with the earlier of its reasons.

    One is retired since its lifecycle was published so, unless its page said so when it was first read. It is shut
    down on its shutdown day, if the model was known before.
    """
    rows = catalog.conn.execute(
        f"""{with_claims_at(":at")}
        SELECT n.model, n.offer, c.source, c.attribute, c.value, c.since, m.first_seen, EXISTS (
          SELECT 1 FROM claims x JOIN listings y ON y.id = x.listing_id
          WHERE y.page_id = c.page_id AND x.since < c.since) AS news
        FROM chosen_claims n CROSS JOIN standing_claims c ON c.claim_id = n.claim_id
          CROSS JOIN model_ids m ON m.id = n.model
        WHERE n.qualifier = '' AND NOT n.conflicting AND m.merged_into IS NULL
          AND ((n.attribute = 'lifecycle' AND c.value = 'retired')
            OR (n.attribute = 'shutdown_date' AND length(c.value) = 10 AND c.value <= substr(:at, 1, 10)))""",
        {"at": at},
    )
    found: dict[tuple[str, str], Retirement] = {}
    for model, offer, source, attribute, value, since, first_seen, news in rows:
        start, why = (
            (since, "retired")
            if attribute == "lifecycle"
            else (f"{value}T00:00:00Z", f"shut down on {value}")
        )
        known = first_seen < start and (news or attribute != "lifecycle")
        ending = Retirement(start if known else "", model, offer, source, why)
        found[model, offer] = min(ending, found.get((model, offer), ending))
    return [found[place] for place in sorted(found)]


def failing_sources(catalog: CatalogReports) -> list[FailingSource]:
    """Return the sources with a page that cannot be read.

    A page that is gone (404, 410) is that page's own end, unless all pages of its source fail.
    """
    rows = catalog.conn.execute(
        """SELECT max(since), min(since), source, count(since), count(*),
          max(CASE WHEN since IS NOT NULL THEN last_detail ELSE '' END)
        FROM (
          SELECT source, last_detail, CASE WHEN gone_since IS NULL OR count(failing_since) OVER whole = count(*) OVER whole
            THEN failing_since END AS since
          FROM pages WINDOW whole AS (PARTITION BY source)
        ) GROUP BY source HAVING count(since) ORDER BY source"""
    )
    return [FailingSource(*row) for row in rows]
