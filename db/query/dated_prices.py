"""What a model's offers cost on a day, and what tokens cost then: one rule for commands, library and servers.

A price is known on a day that lies between two looks that showed the same value, or inside a span that its source dates.
Between the last look at one value and the first at the next nobody knows which held: both are named.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from cardwatch.db.query import claim_choice
from cardwatch.db.query.cards import Evidence
from cardwatch.db.store.default_offer import DEFAULT_REGIONS, STANDARD
from cardwatch.db.store.values import variant_of

PRICE_NAMES = ("input_price", "output_price", "cache_read_price", "cache_write_price")
TOKENS_OF_PRICE = 1_000_000
DOLLARS = ("usd_per_mtok", "")
"""The units in which a price can be multiplied."""
_SPANS = """SELECT l.offer, c.attribute, l.provider, coalesce(l.tier, 'standard') AS tier, l.region,
  coalesce(l.snapshot, l.quantization, l.mode) IS NULL AS plain, c.qualifier, c.value, c.unit, c.state,
  c.valid_from, c.valid_to,
  coalesce(d.seen_after, c.since) AS first_look, c.until, l.id AS listing_id, p.source,
  coalesce(b.url, p.url) AS url, l.rank, l.via_rank,
  coalesce(c.last_verified, a.last_verified, p.last_verified, c.since) AS last_look,
  iif(a.withdrawn, a.since, NULL) AS gone_since, coalesce(b.digest, '') AS document, c.locator,
  coalesce(b.fetched_at, c.observed_at) AS fetched_at
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
  LEFT JOIN delayed_claims d ON d.claim_id = c.id LEFT JOIN documents b ON b.id = c.document_id
  LEFT JOIN absences a ON a.listing_id = l.id AND a.last_verified < :first AND (a.until IS NULL OR a.until > :last)
WHERE l.model = :model AND l.offer <> ''
  AND c.attribute IN ('input_price', 'output_price', 'cache_read_price', 'cache_write_price')
ORDER BY l.offer, c.qualifier, c.attribute, l.rank, l.via_rank, p.source, l.id, first_look, a.since"""
_WAITING = """SELECT l.id, h.attribute, h.qualifier, h.new, h.since, p.source,
  json_extract(h.proposal, '$.unit') AS unit FROM holds h
JOIN listings l ON l.id = h.listing_id JOIN pages p ON p.id = h.page_id
WHERE l.model = ? AND h.kind = 'value' AND h.state = 'open' AND h.until IS NULL AND h.since <= ?"""


class PriceOnDate(Struct, frozen=True):
    """One price of one offer on a day, in USD per million tokens: `usd` is None when unknown, and `reason` says why.

    `seen_before` and `seen_after` are the looks on either side of the day (None: no such look), or the days its source
    gives (`told`). When the price changed between them, or a new one waits for confirmation, `candidates` are the value
    before and the value after. A price that holds under a condition, such as in long prompts, names it in `qualifier`.
    """

    attribute: str
    usd: Decimal | None
    reason: str = ""
    candidates: tuple[Decimal | None, ...] = ()
    seen_before: str | None = None
    seen_after: str | None = None
    stated: bool = False
    evidence: tuple[Evidence, ...] = ()
    qualifier: Mapping[str, str] = field(default_factory=dict)


class OfferOnDate(Struct, frozen=True):
    """The prices of one offer on a day: the plain ones, and those that hold under conditions."""

    offer: str
    provider: str
    tier: str
    region: str | None
    prices: Mapping[str, PriceOnDate]
    conditional: tuple[PriceOnDate, ...] = ()


class Cost(Struct, frozen=True):
    """What an amount of tokens cost on a day: `usd` is None when that is unknown, and `reason` says why.

    The bounds are the narrowest of the prices it needs: the looks on either side of the day that prove it. The amount is
    by the plain prices; `conditional` are those which hold for a part of the tokens, nobody knows how many.
    """

    model: str
    on: str
    usd: Decimal | None
    reason: str
    provider: str | None = None
    offer: str | None = None
    tier: str = STANDARD
    seen_before: str | None = None
    seen_after: str | None = None
    prices: Mapping[str, PriceOnDate] | None = None
    conditional: tuple[PriceOnDate, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is an amount."""
        return self.usd is not None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where each price was read, once each."""
        prices = (self.prices or {}).values()
        return tuple(dict.fromkeys(one for price in prices for one in price.evidence))


class Day(NamedTuple):
    """A day, or a moment, as first and last time that belong to it."""

    first: str
    last: str

    @classmethod
    def of(cls, text: str) -> Day:
        """Return the day or moment written in the catalog's form."""
        if len(text) == len("YYYY-MM-DD"):
            return cls(f"{text}T00:00:00Z", f"{text}T23:59:59Z")
        return cls(text, text)


def read_offers_on(conn: sqlite3.Connection, model: str, on: str, *, now: str) -> list[OfferOnDate]:
    """Return what each offer of a model cost on a day; an offer that no look had shown by then is left out."""
    day = Day.of(on)
    chosen = {
        (best["offer"], best["attribute"], best["qualifier"]): best["listing_id"]
        for fact in claim_choice.claims_by_fact(conn, now, models=[model])
        if (best := fact.claims[0])
    }
    waiting = {tuple(row)[:3]: row for row in conn.execute(_WAITING, [model, day.last])}
    rows = conn.execute(_SPANS, {"model": model, **day._asdict()}).fetchall()
    found = []
    for offer, spans in groupby(rows, key=lambda row: row["offer"]):
        offers_found = list(spans)
        prices = list(_prices_of_offer(offers_found, chosen, waiting, day))
        plain = {price.attribute: price for price in prices if not price.qualifier}
        conditional = tuple(price for price in prices if price.qualifier)
        first = offers_found[0]
        found.append(
            OfferOnDate(offer, first["provider"], first["tier"], first["region"], plain, conditional)
        )
    return found


def _prices_of_offer(
    spans: Sequence[sqlite3.Row],
    chosen: Mapping[tuple[str, str, str], int],
    waiting: Mapping[tuple[int, str, str], sqlite3.Row],
    day: Day,
) -> Iterator[PriceOnDate]:
    listed: set[tuple[str, str]] = set()
    for (qualifier, name), found in groupby(spans, key=lambda row: (row["qualifier"], row["attribute"])):
        claims = list(found)
        believed = chosen.get((claims[0]["offer"], name, qualifier))
        price, listing = _price(name, claims, believed, day)
        if (hold := waiting.get((listing, name, qualifier))) is not None:
            price = _held(price, hold)
        listed.add((name, qualifier))
        yield replace(price, qualifier=json.loads(qualifier)) if qualifier else price
    listings = {row["listing_id"] for row in spans}
    for (listing, name, qualifier), hold in waiting.items():
        if listing in listings and name in PRICE_NAMES and not qualifier and (name, qualifier) not in listed:
            yield _held(PriceOnDate(name, None), hold)


def _price(name: str, claims: Sequence[sqlite3.Row], chosen: int | None, day: Day) -> tuple[PriceOnDate, int]:
    """Return what the listings of an offer say, and which of them does.

    The published one comes first, another where that one does not know.
    """
    by_listing = [list(rows) for _, rows in groupby(claims, key=lambda row: row["listing_id"])]
    by_listing.sort(key=lambda rows: rows[0]["listing_id"] != chosen)
    prices = [(_price_of_listing(name, rows, day), rows[0]["listing_id"]) for rows in by_listing]
    return next((one for one in prices if one[0].usd is not None), prices[0])


def _held(price: PriceOnDate, hold: sqlite3.Row) -> PriceOnDate:
    """Return a price beside which its source says another one that waits for confirmation: nobody knows which holds."""
    new = Decimal(hold["new"]) if hold["unit"] in DOLLARS else None
    says = _amount(new) if new is not None else f"{hold['new']} {hold['unit']}"
    reason = f"held since {hold['since'][:10]}: {hold['source']} now says {says}; {_amount(price.usd)} before"
    return replace(price, usd=None, reason=reason, candidates=(price.usd, new))


def _price_of_listing(name: str, spans: Sequence[sqlite3.Row], day: Day) -> PriceOnDate:
    stated = [row for row in spans if row["until"] is None and row["valid_from"] + row["valid_to"]]
    for row in stated:
        if row["valid_from"][:10] <= day.last[:10] and (
            not row["valid_to"] or day.first[:10] < row["valid_to"][:10]
        ):
            return _known(
                name, row, row["valid_from"] or None, row["valid_to"] or row["last_look"], stated=True
            )
    seen = [row for row in spans if not row["valid_from"] + row["valid_to"]]
    before = [row for row in seen if row["first_look"] <= day.last]
    later = next((row for row in seen if row["first_look"] > day.last), None)
    if not before:
        return PriceOnDate(name, None, _unseen(later), seen_after=later["first_look"] if later else None)
    return _observed(name, before[-1], later, day)


def _unseen(later: sqlite3.Row | None) -> str:
    known = f", first seen {later['first_look'][:10]}" if later else ""
    return f"no look before this day{known}"


def _observed(name: str, row: sqlite3.Row, later: sqlite3.Row | None, day: Day) -> PriceOnDate:
    """Return a price from the last span that began by the end of the day."""
    gone = row["gone_since"]
    if gone and gone <= day.last:
        returned = later["first_look"] if later else None
        return PriceOnDate(name, None, f"withdrawn since {gone[:10]}", seen_before=gone, seen_after=returned)
    if row["last_look"] >= day.first or (later is None and not gone):
        return _known(
            name, row, row["first_look"], row["last_look"] if row["last_look"] >= day.first else None
        )
    next_look = min(filter(None, (gone, later["first_look"] if later else None)))
    after = None if gone == next_look or later is None else _usd(later)
    if after is not None and after == _usd(row):
        return _known(name, row, row["last_look"], next_look)
    what = "withdrawn" if gone == next_look else _amount(after)
    return PriceOnDate(
        name,
        None,
        f"between two looks: {_amount(_usd(row))} on {row['last_look'][:10]}, {what} on {next_look[:10]}",
        (_usd(row), after),
        row["last_look"],
        next_look,
        evidence=tuple(_evidence(one) for one in (row, later) if one is not None),
    )


def _known(
    name: str, row: sqlite3.Row, before: str | None, after: str | None, *, stated: bool = False
) -> PriceOnDate:
    usd = _usd(row)
    reason = (
        ""
        if usd is not None
        else f"{row['state'].replace('_', ' ')}"
        if row["value"] is None
        else f"said as {row['value']} {row['unit']}"
    )
    return PriceOnDate(name, usd, reason, (), before, after, stated, (_evidence(row),))


def _usd(row: sqlite3.Row) -> Decimal | None:
    return Decimal(row["value"]) if row["value"] is not None and row["unit"] in DOLLARS else None


def _amount(usd: Decimal | None) -> str:
    if not usd:
        return "unknown" if usd is None else "free"
    whole, _, cents = f"{usd:f}".partition(".")
    return f"${whole}.{cents:0<2}" if cents else f"${whole}"


def _evidence(row: sqlite3.Row) -> Evidence:
    return Evidence(
        row["source"], row["url"], row["document"], row["locator"], row["fetched_at"] or "", row["last_look"][:10]
    )  # fmt: skip


def cost_on(
    conn: sqlite3.Connection,
    model: str,
    on: str,
    amounts: Mapping[str, int],
    *,
    provider: str | None,
    tier: str | None,
    now: str,
) -> Cost:
    """Return what tokens cost at a provider on a day; without a provider, at the cheapest paid offer known that day.

    `amounts` are tokens by price name. The tier is standard unless given, the region none or global.
    """
    wanted = tier or STANDARD
    found = matching_offers(read_offers_on(conn, model, on, now=now), provider, wanted)
    costs = [_cost(model, on, offer, amounts) for offer in found]
    if not costs:
        where = f" at {provider}" if provider else ""
        return Cost(model, on, None, f"no {wanted} offer{where} was ever seen", provider, tier=wanted)
    return min(costs, key=lambda cost: (cost.usd is None, not cost.usd, cost.usd or 0))


def matching_offers(
    offers: Iterable[OfferOnDate], provider: str | None, tier: str | None
) -> list[OfferOnDate]:
    """Return the offers of a provider (None: any) in a tier (None: any), plain ones alone where there are any."""
    found = [
        offer
        for offer in offers
        if provider in (None, offer.provider)
        and tier in (None, offer.tier)
        and offer.region in DEFAULT_REGIONS
    ]
    plain = [offer for offer in found if _is_plain(offer)]
    return plain or found


def _is_plain(offer: OfferOnDate) -> bool:
    """Say whether an offer's key has no variant but tier and region: no snapshot, number format or mode."""
    variants = (part.partition("=")[0] for part in variant_of(offer.offer))
    return all(variant in ("tier", "region") for variant in variants)


def _cost(model: str, on: str, offer: OfferOnDate, amounts: Mapping[str, int]) -> Cost:
    needed = [name for name, tokens in amounts.items() if tokens] or list(PRICE_NAMES[:2])
    unseen = {name: PriceOnDate(name, None, "never sourced") for name in needed}
    prices = {name: offer.prices.get(name, unseen[name]) for name in needed}
    missing = "; ".join(
        f"{name.replace('_', ' ')}: {price.reason}" for name, price in prices.items() if price.usd is None
    )
    usd = None if missing else _multiplied(amounts, prices)
    before, after = _bounds(prices.values())
    conditional = tuple(
        price
        for price in offer.conditional
        if price.attribute in needed and "currency" not in price.qualifier
    )
    return Cost(
        model, on, usd, missing, offer.provider, offer.offer, offer.tier, before, after, prices, conditional
    )


def _multiplied(amounts: Mapping[str, int], prices: Mapping[str, PriceOnDate]) -> Decimal:
    return sum(
        (price.usd * amounts[name] / TOKENS_OF_PRICE for name, price in prices.items() if price.usd),
        Decimal(0),
    )


def _bounds(prices: Iterable[PriceOnDate]) -> tuple[str | None, str | None]:
    found = list(prices)
    before = [price.seen_before for price in found if price.seen_before]
    after = [price.seen_after for price in found]
    return max(before, default=None), None if None in after else min(filter(None, after), default=None)
