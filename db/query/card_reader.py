"""Model cards from the catalog: what it says now, or said at the end of a past day."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct, field
from msgspec.structs import replace

from cardwatch.db.query import claim_choice
from cardwatch.db.query.cards import (
    ONLY_OTHERS,
    Change,
    ClaimedValue,
    Evidence,
    Fact,
    FactState,
    HeldValue,
    ModelCard,
    Offer,
    PricePoint,
)
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.query.disagreement import read_claimed_value
from cardwatch.db.query.lifecycle import (
    calendar_change,
    derive_lifecycle,
    end_offer,
    is_over,
    lifecycle_changes,
)
from cardwatch.db.query.modalities import derive_input
from cardwatch.db.query.product_type import TYPE_ATTRIBUTES, UNUSUAL, derive_product_type
from cardwatch.db.store import views
from cardwatch.db.store.choice_rules import quote_words
from cardwatch.db.store.connection import read_transaction
from cardwatch.db.store.current_claims import current_claims_sql, past_claims_sql
from cardwatch.db.store.lifecycle_rules import END_DATES, RETIRED, has_come
from cardwatch.db.store.values import decode_value, provider_of
from cardwatch.normalize.providers import DEVELOPERS, developer_of

SqlRow = sqlite3.Row
FactKey = tuple[str, str, str, str]
"""Model, offer, attribute, qualifier."""
CHUNK = 250
"""Models read at a time, so that memory does not grow with their number."""
_evidence_fields = itemgetter("source", "value", "url", "document", "locator", "fetched_at", "last_verified")
_REASONS = {"unknown": "never_sourced"}
_TYPE_ATTRIBUTES = ("name", *TYPE_ATTRIBUTES)


class _CardReader(Struct):
    """One look at a few models: `at` is the moment asked about, `past` whether it is over.

    `only` names the attributes wanted, and nothing that is not a fact; all when it is empty.
    """

    conn: sqlite3.Connection
    ids: Sequence[str]
    at: str
    past: bool
    only: Sequence[str] = ()
    facts: dict[str, dict[str, list[Fact]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    def cards(self) -> list[ModelCard]:
        self._read_facts()
        offers = self._grouped(self._offers())
        changes = self._grouped(() if self.only else self._changes())
        prices = self._grouped(() if self.only else self._prices())
        aliases = self._grouped(() if self.only else self._aliases())
        made = []
        for model in self.ids:
            by_offer = self.facts.get(model, {})
            its = tuple(_offer(row, by_offer.get(row["offer"], ())) for row in offers.get(model, ()))
            made.append(
                _as_of_day(
                    _card(
                        model,
                        by_offer.get("", ()),
                        its,
                        tuple(_change(row) for row in changes.get(model, ())),
                        tuple(self._points(prices.get(model, ()), its)),
                        tuple(row["name"] for row in aliases.get(model, ())),
                    ),
                    self.at[:10],
                )
            )
        return made

    def _rows(self, sql: str, column: str, since: str = "", order: str = "") -> Iterable[SqlRow]:
        """Run a query whose text ends in a WHERE clause, narrowed to the models and the moment asked for."""
        args = {"at": self.at} | {f"id{n}": model for n, model in enumerate(self.ids)}
        marks = ", ".join(f":id{n}" for n in range(len(self.ids)))
        past = f" AND {since} <= :at" if since and self.past else ""
        tail = f" ORDER BY {order}" if order else ""
        return self.conn.execute(f"{sql} AND {column} IN ({marks}){past}{tail}", args)

    def _grouped(self, rows: Iterable[SqlRow]) -> dict[str, list[SqlRow]]:
        found: dict[str, list[SqlRow]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(row)
        return found

    def _read_facts(self) -> None:
        base = past_claims_sql(":at") if self.past else current_claims_sql(":at")
        looks, held = self._confirmations(), self._held_values()
        claims: dict[FactKey, list[SqlRow]] = defaultdict(list)
        for row in self._rows(f"SELECT {_CLAIM} FROM ({base}) WHERE {self._asked()}", "model"):
            claims[row[0], row[1], row[2], row[3]].append(row)
        for key in sorted(claims):
            ordered = claim_choice.order_claims(key[2], claims[key])
            waiting = held.get((*key, ordered.claims[0]["source"]))
            self.facts[key[0]][key[1]].append(_fact(key, ordered, looks.get(key, ()), waiting))
        for row in self._held_unknown():
            fact = Fact(row["model"], row["attribute"], "unknown", offer=row["offer"] or None, reason="held",
                        scope="route" if row["offer"] else "model", qualifier=_condition(row["qualifier"]))  # fmt: skip
            self.facts[row["model"]][row["offer"]].append(fact)

    def _asked(self) -> str:
        """Return the condition on attributes; their names are the catalog's own."""
        return f"attribute IN ({quote_words(self.only)})" if self.only else "1"

    def _confirmations(self) -> dict[FactKey, list[tuple[str | None, str]]]:
        found: dict[FactKey, list[tuple[str | None, str]]] = defaultdict(list)
        for row in self._rows(
            "SELECT model, offer, attribute, qualifier, value, at FROM confirmations WHERE 1",
            "model",
            "at",
            "at",
        ):
            found[tuple(row)[:4]].append((row["value"], row["at"][:10]))
        return found

    def _held_values(self) -> dict[tuple[str, ...], HeldValue]:
        """Return what waits, by fact and source: what that source says now beside the value that stands."""
        rows = self._rows(
            "SELECT l.model, l.offer, h.attribute, h.qualifier, p.source, h.new, h.since, h.reason FROM holds h"
            " JOIN listings l ON l.id = h.listing_id JOIN pages p ON p.id = h.page_id WHERE h.kind = 'value'"
            " AND h.old IS NOT NULL AND h.since <= :at AND (h.until IS NULL OR h.until > :at)"
            " AND (h.state <> 'rejected' OR h.until IS NOT NULL)",
            "l.model",
        )
        return {
            tuple(row)[:5]: HeldValue(
                decode_value(row["attribute"], row["new"]), row["source"], row["since"][:10], row["reason"]
            )
            for row in rows
        }

    def _held_unknown(self) -> Iterable[SqlRow]:
        """Return what waits and was never published."""
        return self._rows(
            "SELECT l.model, l.offer, h.attribute, h.qualifier FROM holds h JOIN listings l ON l.id = h.listing_id"
            " WHERE h.kind = 'value' AND h.old IS NULL AND h.since <= :at AND (h.until IS NULL OR h.until > :at)"
            " AND NOT EXISTS (SELECT 1 FROM listings s JOIN claims c ON c.listing_id = s.id AND c.since <= :at"
            " AND (c.until IS NULL OR c.until > :at) WHERE s.model = l.model AND s.offer = l.offer"
            " AND c.attribute = h.attribute AND c.qualifier = h.qualifier)",
            "l.model",
        )

    def _offers(self) -> Iterable[SqlRow]:
        listed = views.offers_sql(":at") if self.past else views.offers_sql()
        return self._rows(f"SELECT * FROM ({listed}) WHERE 1", "model", "", "model, offer")

    def _changes(self) -> Iterable[SqlRow]:
        return self._rows(
            f"SELECT model, {_CHANGE} FROM ({views.SEEN_CHANGES}) WHERE {_HAS_COME}",
            "model",
            "at",
            "model, at, offer, attribute, qualifier",
        )

    def _prices(self) -> Iterable[SqlRow]:
        return self._rows(
            "SELECT * FROM price_history WHERE qualifier = ''", "model", "since",
            "model, offer, attribute, rank, since, source",
        )  # fmt: skip

    def _aliases(self) -> Iterable[SqlRow]:
        return self._rows(
            "SELECT DISTINCT model, name FROM names WHERE model IS NOT NULL",
            "model",
            "first_seen",
            "model, name",
        )

    def _points(self, rows: Sequence[SqlRow], offers: Sequence[Offer]) -> Iterator[PricePoint]:
        """Yield the price spans of the sources that are believed."""
        chosen = {
            (offer.key, name): fact.evidence[0].source
            for offer in offers
            for name, fact in offer.facts.items()
            if fact.evidence
        }
        for (offer, name), spans in groupby(rows, key=lambda row: (row["offer"], row["attribute"])):
            history = list(spans)
            source = chosen.get((offer, name), history[0]["source"])
            for row in history:
                if row["source"] == source:
                    over = row["until"] is not None and (not self.past or row["until"] <= self.at)
                    until = row["until"] if over else None
                    yield PricePoint(
                        offer, name, row["value"], row["since"], until, source, bool(row["told"]),
                        row["seen_before"], row["seen_after"],
                    )  # fmt: skip


_CLAIM = (
    "model, offer, attribute, qualifier, value, unit, state, source, url, authority, votes, weight, effective_from,"
    " published_on, first_seen, since, last_verified, document, locator, fetched_at, via, age, said_now, row_stands,"
    " speaker, row_kind, claim_id, listed"
)
_CHANGE = (
    "at, provider, offer, attribute, qualifier, old, new, source, url, kind, seen_before, published_at, told, reverted,"
    " unconfirmed"
)
_HAS_COME = "(kind <> 'took_effect' OR at <= :at)"
"""What is announced takes effect by the clock that is asked about, not by the machine's."""


def read_cards(
    conn: sqlite3.Connection,
    ids: Collection[str] | None,
    *,
    at: str,
    past: bool = False,
    only: Sequence[str] = (),
) -> Iterator[ModelCard]:
    """Yield the cards of `ids`, or of all models, in the order of their ids. `at` is ISO 8601 UTC.

    `past` asks for what was published then, instead of what stands now. An id that is no model's is left out.
    With `only`, cards have the facts of these attributes and no past.
    """
    known = _known(conn, ids, at if past else "")
    for start in range(0, len(known), CHUNK):
        with read_transaction(conn):
            made = _CardReader(conn, known[start : start + CHUNK], at, past, only).cards()
        yield from made


def read_product_types(conn: sqlite3.Connection, ids: Collection[str], *, at: str) -> dict[str, str]:
    """Return what each of these models is sold as, stated or derived, as its card says it; without those untold.

    Cards of few attributes tell it of almost all; the others are read whole.
    """
    found: dict[str, str] = {}
    for only in (_TYPE_ATTRIBUTES, ()):
        asked = [model for model in ids if found.get(model, UNUSUAL) == UNUSUAL]
        for card in read_cards(conn, asked, at=at, only=only):
            sold = card.facts.get("product_type")
            if sold is not None and sold.value is not None:
                found[card.id] = str(sold.value)
    return found


def _known(conn: sqlite3.Connection, ids: Collection[str] | None, until: str) -> list[str]:
    alive = f" AND {views.STILL_LISTED}" if ids is None else ""
    wanted = " AND m.id IN (SELECT value FROM json_each(:ids))" if ids is not None else ""
    rows = conn.execute(
        f"SELECT m.id FROM model_ids m WHERE merged_into IS NULL{alive}{wanted} AND (:at = '' OR first_seen <= :at)"
        " ORDER BY m.id",
        {"at": until, "ids": json.dumps(sorted(ids or ()))},
    )
    return [model for (model,) in rows]


def read_changes(
    conn: sqlite3.Connection,
    *,
    since: str = "",
    published_since: str = "",
    source: str | None = None,
    at: str | None = None,
) -> Iterator[Change]:
    """Yield changes, oldest first; `since` and `published_since` are days or times, included.

    What a source says of a model and of its own offer of it at once is one change. With `at`, the days of announced
    ends that have come by then are among them, without a visit.
    """
    rows = conn.execute(
        f"SELECT model, {_CHANGE} FROM ({views.SEEN_CHANGES}) WHERE at >= :since AND published_at >= :published"
        f" AND (:source IS NULL OR source = :source) AND (:at IS NULL OR {_HAS_COME})",
        {"since": since, "published": published_since, "source": source, "at": at},
    )
    came = (
        change
        for change in (_calendar_changes(conn, at) if at else ())
        if change.at >= max(since, published_since) and source in (None, change.source)
    )
    found = sorted((*map(_change, rows), *came), key=_change_order)
    of_model: set[tuple[object, ...]] = set()
    for change in found:
        content = (change.at, change.model, change.attribute, change.old, change.new, change.source)
        if change.offer is None:
            of_model.add(content)
        if change.offer is None or change.kind == "price" or content not in of_model:
            yield change


def _change_order(change: Change) -> tuple[str, ...]:
    condition = json.dumps(change.qualifier, sort_keys=True)
    return change.at, change.model, change.offer or "", change.attribute, condition, change.source


def _calendar_changes(conn: sqlite3.Connection, at: str) -> Iterator[Change]:
    """Yield the changes of state that the days of announced ends made."""
    for claims in claim_choice.claims_by_fact(conn, at, attributes=END_DATES):
        best = claims.claims[0]
        if (
            not claims.shown
            or claims.conflicting
            or best["qualifier"]
            or not has_come(best["value"], at[:10])
        ):
            continue
        provider = provider_of(best["offer"])
        yield calendar_change(
            best["model"], provider or None, best["offer"] or None, best["attribute"], best["value"], best["source"],
            best["url"],
        )  # fmt: skip


def _change(row: SqlRow) -> Change:
    name = row["attribute"]
    return Change(
        row["at"], row["model"], row["provider"] or None, row["offer"] or None, name,
        decode_value(name, row["old"]), decode_value(name, row["new"]), row["source"], row["url"],
        _condition(row["qualifier"]), row["kind"], row["seen_before"], row["published_at"], bool(row["told"]),
        bool(row["reverted"]), bool(row["unconfirmed"]),
    )  # fmt: skip


def _condition(text: str) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(text) if text else {}
    return found


def _fact(
    key: FactKey, ordered: OrderedClaims, looks: Sequence[tuple[str | None, str]], held: HeldValue | None
) -> Fact:
    """Return the fact that claims make."""
    model, offer, name, qualifier = key
    best = ordered.claims[0]
    evidence = _evidence(ordered.claims)
    verified = best["last_verified"]
    confirmed = max((day for value, day in looks if value == best["value"]), default=None) if looks else None
    unheard = ordered.unheard
    hidden = ordered.conflicting or unheard
    return Fact(
        model,
        name,
        "unknown" if unheard else "conflicting" if ordered.conflicting else _state(best),
        None if hidden else decode_value(name, best["value"]),
        best["unit"],
        offer or None,
        _unheard_reason(ordered) if unheard else _reason(best),
        "route" if offer else "model",
        _condition(qualifier),
        () if unheard else evidence,
        () if ordered.unanimous and not unheard else _others(name, ordered),
        claim_choice.choice_reason(ordered),
        ordered.deciding,
        best["authority"],
        best["first_seen"],
        best["since"],
        verified,
        max(filter(None, (verified and verified[:10], confirmed)), default=None),
        confirmed,
        best["effective_from"],
        best["published_on"],
        held,
        () if ordered.unanimous or hidden else _agreeing(ordered),
    )


def _state(best: SqlRow) -> FactState:
    if best["value"] is not None:
        return "known"
    return "not_applicable" if best["state"] == "not_applicable" else "unknown"


def _reason(best: SqlRow) -> str | None:
    if best["value"] is not None:
        return None
    state = str(best["state"])
    return _REASONS.get(state, state)


def _unheard_reason(ordered: OrderedClaims) -> str:
    """Say why nobody is heard: their page dropped it, or they have no say in it."""
    return "never_sourced" if ordered.dropped else ONLY_OTHERS


def _evidence(rows: Sequence[SqlRow]) -> tuple[Evidence, ...]:
    """Return where the chosen value stands, one place per source, the chosen source first."""
    found: dict[str, Evidence] = {}
    best = rows[0]["value"]
    for row in rows:
        source, value, url, document, locator, fetched, verified = _evidence_fields(row)
        if value == best and source not in found:
            found[source] = Evidence(
                source, url, document or "", locator, fetched or "", (verified or "")[:10]
            )
    return tuple(found.values())


def _others(name: str, ordered: OrderedClaims) -> tuple[ClaimedValue, ...]:
    """Return what was not chosen, each value once per source, what is listed first; if none was, all of it."""
    found: dict[tuple[str, str | None], ClaimedValue] = {}
    best = None if ordered.conflicting or ordered.unheard else ordered.claims[0]["value"]
    for row in sorted(ordered.claims, key=lambda row: not row["listed"]):
        value = row["value"]
        if value is None or value == best:
            continue
        found.setdefault((row["source"], value), read_claimed_value(row))
    return tuple(found.values())


def _agreeing(ordered: OrderedClaims) -> tuple[ClaimedValue, ...]:
    """Return the chosen value once per source that says it in a row that is listed, the chosen source first."""
    found: dict[str, ClaimedValue] = {}
    for row in ordered.claims:
        if row["value"] is not None and row["value"] == ordered.claims[0]["value"] and row["listed"]:
            found.setdefault(row["source"], read_claimed_value(row))
    return tuple(found.values())


def _offer(row: SqlRow, facts: Iterable[Fact]) -> Offer:
    plain, tiers = {}, []
    for fact in facts:
        if fact.qualifier:
            tiers.append(fact)
        else:
            plain[fact.attribute] = fact
    return Offer(
        row["offer"], row["model"], row["provider"], row["provider_name"], row["provider_kind"],
        row["provider_model"], row["tier"], row["region"], row["snapshot"], row["quantization"], row["mode"],
        bool(row["listed"]), plain, tuple(tiers),
    )  # fmt: skip


def _card(
    model: str, facts: Iterable[Fact], offers: tuple[Offer, ...], changes: tuple[Change, ...],
    prices: tuple[PricePoint, ...], aliases: tuple[str, ...],
) -> ModelCard:  # fmt: skip
    plain: dict[str, Fact] = {}
    scores = []
    for fact in facts:
        if fact.attribute.startswith("benchmark."):
            scores.append(fact)
        elif not fact.qualifier or fact.attribute not in plain:
            plain[fact.attribute] = fact
    return ModelCard(
        model,
        name_of(model, plain),
        vendor_of(model, plain),
        plain,
        offers,
        tuple(scores),
        changes,
        prices,
        aliases,
    )


def _as_of_day(card: ModelCard, day: str) -> ModelCard:
    """Return a card with what follows from it on a day: type, lifecycle, inputs, ended offers, their changes."""
    offers = tuple(end_offer(offer) if is_over(offer, day) else offer for offer in card.offers)
    derived = {
        "product_type": derive_product_type(card.id, card.facts, card.offers, card.benchmarks),
        "lifecycle": derive_lifecycle(card.id, card.facts, offers, day),
        "modality.input": derive_input(card.facts, card.benchmarks),
    }
    state = derived["lifecycle"]
    if state is not None and state.value == RETIRED:
        offers = tuple(end_offer(offer) for offer in offers)
    came = lifecycle_changes(card.id, card.facts, card.offers, day)
    seen = {(change.at[:10], change.offer, change.attribute) for change in card.changes}
    changes = [change for change in came if (change.at[:10], change.offer, change.attribute) not in seen]
    return replace(
        card,
        facts={**card.facts, **{name: fact for name, fact in derived.items() if fact is not None}},
        offers=offers,
        changes=tuple(sorted((*card.changes, *changes), key=lambda change: change.at)),
    )


def name_of(model: str, facts: Mapping[str, Fact]) -> str:
    """Return the display name, or the model part of the id."""
    fact = facts.get("name")
    return str(fact.value) if fact and fact.value else model.split("/", 1)[-1]


def vendor_of(model: str, facts: Mapping[str, Fact]) -> str:
    """Return who made the model, by fact or by vocabulary."""
    fact = facts.get("vendor")
    if fact and fact.value:
        return str(fact.value)
    return fallback_vendor(model)


def fallback_vendor(model: str) -> str:
    """Return the developer's name by vocabulary, or its id."""
    developer = developer_of(model)
    return DEVELOPERS[developer].name if developer in DEVELOPERS else developer
