"""Which of a page's new values may be published, and which wait; the same for a visit as a whole."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from cardwatch.db.ingest import plausibility
from cardwatch.db.ingest.page_diff import ClaimChange, LostClaim, PageDiff, Subject
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.ingest.shared_doubt import JudgedChange, share_doubt
from cardwatch.db.store.choice_rules import quote_words
from cardwatch.db.store.values import ClaimKey, provider_of, variant_of
from cardwatch.normalize.attributes import ATTRIBUTES

FEWEST = 3
LOST_SHARE = 0.20
CHANGED_SHARE = 0.05
"""A run that changes less than this share of a source's facts is no mass change, whatever is usual."""
TIMES_USUAL = 5
HISTORY = 5
WRONG_TAB = 3
TABS = frozenset({"tier=batch", "tier=flex", "tier=priority", "tier=fast", "tier=ultrafast"})
"""Tiers that stand on tabs of one page, where reading the wrong one is easy."""
TOKEN_PRICES = ("input_price", "output_price", "cache_read_price", "cache_write_price")
JUDGED_BY_PEERS = (*TOKEN_PRICES, "context_window")
"""What is like enough among the offers of a model that one a thousand times off is wrong."""
AT_FIRST_SIGHT = frozenset(
    {"context_window", *(name for name, known in ATTRIBUTES.items() if known.type == "price")}
)
"""What can be judged without an old value."""

OfferValues = Mapping[tuple[str, str], Mapping[str, str]]
"""(model, offer key) to attribute to published value."""
_Values = Mapping[tuple[str, str], Mapping[str, str | None]]


class HeldChange(NamedTuple):
    """A value that should wait, and why."""

    change: ClaimChange
    doubt: HoldReason


@dataclass(slots=True)
class Screening:
    """Which changes of a page diff are published and which wait."""

    clear: list[ClaimChange] = field(default_factory=list)
    held_changes: list[HeldChange] = field(default_factory=list)


def screen_changes(
    diff: PageDiff,
    known: OfferValues,
    confirmed: Callable[[ClaimChange], bool],
    returned: Callable[[ClaimChange], bool],
    first_seen: Callable[[ClaimChange], str],
    crowd: HoldReason | None = None,
) -> Screening:
    """Split the changes of a page diff into those to publish and those to hold.

    `known` are the values published so far; `confirmed` says whether an independent source or a dated statement
    says a change too, `returned` whether its value stood there before, `first_seen` since when its source says it;
    `crowd` is the doubt about a run that has far too many changes: its ordinary ones pass.
    """
    context = _context(diff, known)
    verdict = Screening()
    for change, doubt in _judged(diff, context, first_seen, crowd):
        if doubt is None or confirmed(change) or (not doubt.impossible and returned(change)):
            verdict.clear.append(change)
        else:
            verdict.held_changes.append(HeldChange(change, doubt))
    return verdict


def _judged(
    diff: PageDiff,
    context: _ScreeningContext,
    first_seen: Callable[[ClaimChange], str],
    crowd: HoldReason | None,
) -> Iterator[tuple[ClaimChange, HoldReason | None]]:
    """Yield each change with the doubt about it: the prices of offers also as parts of their provider's list."""
    prices = []
    for change in diff.claim_changes:
        doubt = _doubt(change, context, crowd)
        if change.old is not None and change.subject[1] and change.key[0] in TOKEN_PRICES:
            prices.append(JudgedChange(change, doubt, _is_borne_out(change, context)))
        else:
            yield change, doubt
    for one in share_doubt(prices, first_seen):
        yield one.change, one.doubt


def offer_values(conn: sqlite3.Connection, models: Iterable[str]) -> OfferValues:
    """Return the plain token prices and context windows that stand now for the offers of `models`."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    rows = conn.execute(
        "SELECT l.model, l.offer, c.attribute, c.value FROM json_each(?) m CROSS JOIN listings l ON l.model = m.value"
        " CROSS JOIN claims c ON c.listing_id = l.id WHERE c.until IS NULL AND c.qualifier = ''"
        f" AND c.attribute IN ({quote_words(JUDGED_BY_PEERS)}) AND c.valid_from = ''"
        " AND c.value IS NOT NULL AND l.offer <> '' ORDER BY l.rank DESC, c.id",
        [json.dumps(sorted({*models}))],
    )
    for model, offer, attribute, value in rows:
        found.setdefault((model, offer), {})[attribute] = value
    return found


def count_live_facts(conn: sqlite3.Connection, source: str, most: int) -> int:
    """Return how many facts a source's pages say now; more than `most` are not counted."""
    row = conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM pages p JOIN listings l ON l.page_id = p.id"
        " JOIN claims c ON c.listing_id = l.id"
        " WHERE p.source = ? AND c.until IS NULL AND c.last_verified IS NULL AND c.value IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM absences WHERE listing_id = l.id AND until IS NULL) LIMIT ?)",
        [source, most],
    ).fetchone()
    return int(row[0])


def least_share(part: int, share: float) -> int:
    """Return the number of facts from which on so many of them are no more than this share."""
    return ceil(part / share)


@dataclass(slots=True)
class _ScreeningContext:
    """What new values are compared with: the offers as this reading has them, as published, and what other sources say."""

    now: dict[tuple[str, str], dict[str, str | None]]
    known: OfferValues
    peers: dict[tuple[str, str], list[tuple[str, Decimal]]]
    doubts: dict[tuple[Subject, ClaimKey], HoldReason]
    charging: set[Subject] = field(default_factory=set)
    """Free offers that ask a whole price list with this reading, and stay free under a name of their own."""
    long_pause: bool = False
    wrong_tab: bool = False

    def others(self, subject: Subject, name: str) -> list[Decimal]:
        """Return what the other offers of a model say of an attribute."""
        model, offer, _ = subject
        return [value for other, value in self.peers.get((model, name), ()) if other != offer]

    def stated(self, subject: Subject, name: str) -> str | None:
        """Return what is published of an offer's plain attribute, whoever says it."""
        return self.known.get(subject[:2], {}).get(name)


def _context(diff: PageDiff, known: OfferValues) -> _ScreeningContext:
    now: dict[tuple[str, str], dict[str, str | None]] = {offer: {**texts} for offer, texts in known.items()}
    for subject, reading in diff.readings.items():
        if subject[1]:
            texts = {key[0]: texts.text for key, texts in reading.claims.items() if key[1:] == ("", "", "")}
            judged = {name: text for name, text in texts.items() if name in JUDGED_BY_PEERS}
            now.setdefault(subject[:2], {}).update(judged)
    peers: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for (model, offer), given in now.items():
        for name in JUDGED_BY_PEERS:
            text = given.get(name)
            if (number := plausibility.parse_number(text)) and not plausibility.impossible_value(name, text):
                peers.setdefault((model, name), []).append((offer, number))
    context = _ScreeningContext(now, known, peers, {}, long_pause=_after_long_pause(diff))
    _screen_offers(diff, known, context)
    _screen_wrong_tab(diff, known, context)
    return context


def _after_long_pause(diff: PageDiff) -> bool:
    """Say whether the page had not been looked at for long; other reading rules are no look."""
    last = diff.page.last_verified
    if last is None or diff.reread:
        return False
    return datetime.fromisoformat(diff.at) - datetime.fromisoformat(last) >= plausibility.LONG_PAUSE


def _screen_offers(diff: PageDiff, known: OfferValues, context: _ScreeningContext) -> None:
    """Judge together the prices of every offer of which one changes."""
    offers: defaultdict[str, list[tuple[str, Mapping[str, str | None]]]] = defaultdict(list)
    for (model, offer), prices in context.now.items():
        offers[model].append((offer, prices))
    for subject in {c.subject for c in diff.claim_changes if c.key[0] in TOKEN_PRICES and c.subject[1]}:
        before, after = known.get(subject[:2], {}), context.now[subject[:2]]
        peers = {name: context.others(subject, name) for name in TOKEN_PRICES}
        beside = [prices for offer, prices in offers[subject[0]] if offer != subject[1]]
        doubts = {
            **plausibility.inconsistent_prices(before, after, beside),
            **plausibility.misplaced_cache_price(before, after, beside),
            **plausibility.swapped_prices(before, after, peers),
            **plausibility.free_in_part(before, after, peers),
        }
        for name, doubt in doubts.items():
            context.doubts[subject, (name, "", "", "")] = doubt
        if plausibility.starts_charging(before, after) and _is_free_beside(subject, context.now):
            context.charging.add(subject)


def _is_free_beside(subject: Subject, now: _Values) -> bool:
    """Say whether the provider of an offer lists the model for nothing too, as an offer of its own."""
    model, offer, _ = subject
    return (model, f"{offer.partition(';')[0]};tier=free") in now


def _screen_wrong_tab(diff: PageDiff, known: OfferValues, context: _ScreeningContext) -> None:
    """Find standard prices that became another tier's: a page read from the wrong tab."""
    by_offer: dict[Subject, list[ClaimChange]] = {}
    for move in diff.changed:
        if move.subject[1] and move.key[0] in TOKEN_PRICES and move.key[1:] == ("", "", ""):
            by_offer.setdefault(move.subject, []).append(move)
    tabs: dict[tuple[str, str], list[str]] = {}
    for model, offer in known if by_offer else ():
        if TABS & {*variant_of(offer)}:
            tabs.setdefault((model, provider_of(offer)), []).append(offer)
    taken = 0
    for subject, moves in by_offer.items():
        tier = _matching_tier(moves, tabs, context.now, known)
        if tier is not None:
            taken += 1
            doubt = HoldReason("wrong_tab", f"every changed price of {subject[1]} is now that of {tier}")
            context.doubts.update({(subject, move.key): doubt for move in moves})
    context.wrong_tab = taken >= WRONG_TAB and taken * 2 >= len(by_offer)


def _matching_tier(
    moves: Sequence[ClaimChange],
    tabs: Mapping[tuple[str, str], Sequence[str]],
    now: _Values,
    known: OfferValues,
) -> str | None:
    """Return the other tier whose prices, unchanged by this visit, all `moves` of one offer took."""
    model, offer, _ = moves[0].subject
    for other in tabs.get((model, provider_of(offer)), ()):
        before, after = known[model, other], now[model, other]
        if other != offer and all(before.get(m.key[0]) == m.new.text == after.get(m.key[0]) for m in moves):
            return other
    return None


def _doubt(change: ClaimChange, context: _ScreeningContext, crowd: HoldReason | None) -> HoldReason | None:
    """Return why one change should wait; what is impossible before what is only surprising."""
    name, text = change.key[0], change.new.text
    if text is None or (change.old is None and name not in AT_FIRST_SIGHT):
        return None
    doubts = [*_certain_doubts(change, context)]
    if change.old is not None and not _is_borne_out(change, context):
        doubts += _surprises(change, change.old.value, context, crowd)
    found = [doubt for doubt in doubts if doubt is not None]
    return next((doubt for doubt in found if doubt.impossible), found[0] if found else None)


def _others(change: ClaimChange, context: _ScreeningContext) -> list[Decimal]:
    """Return what the other offers of a model say where one of its plain prices, or its window, changes."""
    return context.others(change.subject, change.key[0]) if _has_peers(change) else []


def _has_peers(change: ClaimChange) -> bool:
    """Say whether a value has its like at other offers: an offer's plain price or window, or the model's own window."""
    name, plain = change.key[0], change.key[1:] == ("", "", "")
    return plain and name in (JUDGED_BY_PEERS if change.subject[1] else ("context_window",))


def _certain_doubts(change: ClaimChange, context: _ScreeningContext) -> Iterator[HoldReason | None]:
    """Yield the doubts about a value by itself, beside the offer's other values and beside what others say."""
    name, text = change.key[0], change.new.text
    old = change.old.value if change.old is not None else None
    others = _others(change, context)
    yield plausibility.impossible_value(name, text)
    yield context.doubts.get((change.subject, change.key))
    if _has_peers(change):
        yield plausibility.wrong_unit(name, old or context.stated(change.subject, name), text, others)
    if name in TOKEN_PRICES and not plausibility.parse_number(old):
        yield plausibility.unlike_peers(name, text, others)
    if context.wrong_tab and change.old is not None and name in TOKEN_PRICES:
        yield HoldReason("wrong_tab", "many prices of this page became those of another tier")


def _is_borne_out(change: ClaimChange, context: _ScreeningContext) -> bool:
    """Say whether the move itself, however large, is what is to be expected by what stands around it."""
    name, text = change.key[0], change.new.text
    if name not in TOKEN_PRICES:
        return False
    old = change.old.value if change.old else None
    return change.subject in context.charging or plausibility.like_others(text, old, _others(change, context))


def _surprises(
    change: ClaimChange, old: str | None, context: _ScreeningContext, crowd: HoldReason | None
) -> Iterator[HoldReason | None]:
    """Yield the doubts about a value beside the one it would replace."""
    name, text = change.key[0], change.new.text
    if not plausibility.impossible_value(name, old):
        yield plausibility.surprising_change(name, old, text, long_pause=context.long_pause)
    if not context.long_pause and not plausibility.is_ordinary(name, old, text):
        yield crowd


def mass_loss_reason(lost: int, live: int) -> HoldReason | None:
    """Judge how many of the facts of a page, or of a source, would be gone."""
    if lost > max(FEWEST, LOST_SHARE * live):
        return HoldReason("mass_disappearance", f"{lost} of {live} facts would be gone")
    return None


def mass_change_reason(live: int, changes: int, usual: Sequence[int]) -> HoldReason | None:
    """Judge how many of a source's facts would change in one run.

    `usual` are the numbers of changes in the earlier runs that had any; fewer than five of them say nothing.
    """
    if len(usual) < HISTORY:
        return None
    mean = sum(usual) / len(usual)
    if changes > max(FEWEST, CHANGED_SHARE * live, TIMES_USUAL * mean):
        return HoldReason(
            "mass_change",
            f"{changes} of {live} values would change; {mean:.1f} do in a usual run that changes any",
        )
    return None


def loss_signature(losses: Iterable[LostClaim]) -> list[str]:
    """Return a short digest of every fact that would go, to tell whether two visits agree."""
    return sorted(loss_digest(subject, key) for subject, key, _ in losses)


def loss_digest(subject: Subject, key: ClaimKey) -> str:
    """Return a short digest of one fact's place."""
    return sha256("\0".join((*subject, *key)).encode()).hexdigest()[:12]


def signatures_agree(before: Sequence[str], after: Sequence[str]) -> bool:
    """Say whether two visits would take away the same, but for max(3, 20 %)."""
    return len({*before} ^ {*after}) <= max(FEWEST, LOST_SHARE * len(before))
