"""Which of a page's new values may be published, and which wait; the same for a visit as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple

from cardwatch.db.ingest import plausibility
from cardwatch.db.ingest.page_diff import ClaimChange, PageDiff, Subject, lost_claims
from cardwatch.db.ingest.plausibility import HoldReason
from cardwatch.db.store.values import ClaimKey
from cardwatch.normalize.attributes import ATTRIBUTES

FEWEST = 3
SHARE = 0.20
TIMES_USUAL = 5
HISTORY = 5
WRONG_TAB = 3
TABS = frozenset({"tier=batch", "tier=flex", "tier=priority", "tier=fast", "tier=ultrafast"})
"""Tiers that stand on tabs of one page, where reading the wrong one is easy."""
TOKEN_PRICES = ("input_price", "output_price", "cache_read_price", "cache_write_price")

PRICED = frozenset(name for name, known in ATTRIBUTES.items() if known.type == "price")
"""What can be judged at first sight."""

OfferPrices = Mapping[tuple[str, str], Mapping[str, str]]
"""(model, offer key) to attribute to published price."""
_Prices = Mapping[tuple[str, str], Mapping[str, str | None]]


class HeldChange(NamedTuple):
    """A value that should wait, and why."""

    change: ClaimChange
    doubt: HoldReason


@dataclass(slots=True)
class Screening:
    """What of a plan is published and what waits."""

    clear: list[ClaimChange] = field(default_factory=list)
    held_changes: list[HeldChange] = field(default_factory=list)


def screen_changes(plan: PageDiff, known: OfferPrices) -> Screening:
    """Split a plan's moves into those to publish and those to hold. `known` are prices published so far."""
    context = _context(plan, known)
    verdict = Screening()
    for move in plan.claim_changes:
        doubt = _hold_reason(move, context) if move.old is not None or move.key[0] in PRICED else None
        if doubt is None:
            verdict.clear.append(move)
        else:
            verdict.held_changes.append(HeldChange(move, doubt))
    return verdict


def offer_prices(conn: sqlite3.Connection, models: Iterable[str]) -> OfferPrices:
    """Return the plain token prices that stand now for `models`."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    marks = ", ".join("?" * len(TOKEN_PRICES))
    wanted = {*models}
    rows = conn.execute(
        "SELECT l.model, l.offer, c.attribute, c.value FROM claims c JOIN listings l ON l.id = c.listing_id"
        f" WHERE c.until IS NULL AND c.attribute IN ({marks}) AND c.qualifier = '' AND c.valid_from = ''"
        " AND c.value IS NOT NULL ORDER BY l.rank DESC, c.id",
        TOKEN_PRICES,
    )
    for model, offer, attribute, value in rows:
        if model in wanted:
            found.setdefault((model, offer), {})[attribute] = value
    return found


def count_live_facts(conn: sqlite3.Connection, source: str) -> int:
    """Return how many facts a source's pages say now."""
    row = conn.execute(
        "SELECT count(*) FROM pages p JOIN listings l ON l.page_id = p.id JOIN claims c ON c.listing_id = l.id"
        " WHERE p.source = ? AND c.until IS NULL AND c.last_verified IS NULL AND c.value IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM absences WHERE listing_id = l.id AND until IS NULL)",
        [source],
    ).fetchone()
    return int(row[0])


@dataclass(slots=True)
class _ScreeningContext:
    """What a plan's values are judged against."""

    now: dict[tuple[str, str], dict[str, str | None]]
    peers: dict[tuple[str, str], list[tuple[str, Decimal]]]
    doubts: dict[tuple[Subject, ClaimKey], HoldReason]
    wrong_tab: bool = False


def _context(plan: PageDiff, known: OfferPrices) -> _ScreeningContext:
    now: dict[tuple[str, str], dict[str, str | None]] = {offer: {**prices} for offer, prices in known.items()}
    for subject, heard in plan.heard.items():
        if subject[1]:
            said = {key[0]: said.text for key, said in heard.claims.items() if key[1:] == ("", "", "")}
            prices = {name: text for name, text in said.items() if name in TOKEN_PRICES}
            now.setdefault(subject[:2], {}).update(prices)
    peers: dict[tuple[str, str], list[tuple[str, Decimal]]] = {}
    for (model, offer), given in now.items():
        for name in ("input_price", "output_price"):
            if price := plausibility.parse_number(given.get(name)):
                peers.setdefault((model, name), []).append((offer, price))
    context = _ScreeningContext(now, peers, {})
    _screen_offers(plan, context)
    _screen_wrong_tab(plan, known, context)
    return context


def _screen_offers(plan: PageDiff, context: _ScreeningContext) -> None:
    """Judge together the prices of every offer of which one moves."""
    for subject in {
        move.subject for move in plan.claim_changes if move.key[0] in TOKEN_PRICES and move.subject[1]
    }:
        for name, doubt in plausibility.inconsistent_prices(context.now[subject[:2]]).items():
            context.doubts[subject, (name, "", "", "")] = doubt


def _screen_wrong_tab(plan: PageDiff, known: OfferPrices, context: _ScreeningContext) -> None:
    """Find standard prices that became another tier's: a page read from the wrong tab."""
    by_offer: dict[Subject, list[ClaimChange]] = {}
    for move in plan.changed:
        if move.subject[1] and move.key[0] in TOKEN_PRICES and move.key[1:] == ("", "", ""):
            by_offer.setdefault(move.subject, []).append(move)
    tabs: dict[tuple[str, str], list[str]] = {}
    for model, offer in known if by_offer else ():
        provider, *variant = offer.split(";")
        if TABS & {*variant}:
            tabs.setdefault((model, provider), []).append(offer)
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
    now: _Prices,
    known: OfferPrices,
) -> str | None:
    """Return the other tier whose prices, unchanged by this visit, all `moves` of one offer took."""
    model, offer, _ = moves[0].subject
    for other in tabs.get((model, offer.split(";", 1)[0]), ()):
        before, after = known[model, other], now[model, other]
        if other != offer and all(before.get(m.key[0]) == m.new.text == after.get(m.key[0]) for m in moves):
            return other
    return None


def _hold_reason(move: ClaimChange, context: _ScreeningContext) -> HoldReason | None:
    name, text = move.key[0], move.new.text
    if text is None:
        return None
    doubt = plausibility.impossible_price(name, text)
    if doubt is None and move.old is not None:
        doubt = plausibility.surprising_change(name, move.old.value, text)
    doubt = doubt or context.doubts.get((move.subject, move.key))
    if doubt is None and move.old is not None and context.wrong_tab and name in TOKEN_PRICES:
        doubt = HoldReason("wrong_tab", "many prices of this page became those of another tier")
    if doubt is None and move.old is None and move.subject[1] and move.key[1:] == ("", "", ""):
        model, offer = move.subject[:2]
        others = [price for other, price in context.peers.get((model, name), ()) if other != offer]
        doubt = plausibility.unlike_peers(name, text, others)
    return doubt


def mass_change_reason(lost_facts: int, live: int, changes: int, usual: Sequence[int]) -> HoldReason | None:
    """Judge a visit, or all visits of one source in a run, by how much would go and change.

    `usual` are the numbers of changes in earlier runs; fewer than five of them say nothing.
    """
    if lost_facts > max(FEWEST, SHARE * live):
        return HoldReason("mass_disappearance", f"{lost_facts} of {live} facts would be gone")
    if len(usual) >= HISTORY and changes > max(FEWEST, TIMES_USUAL * sum(usual) / len(usual)):
        mean = sum(usual) / len(usual)
        return HoldReason("mass_change", f"{changes} values would change; {mean:.1f} do in a usual run")
    return None


def diff_signature(plan: PageDiff) -> list[str]:
    """Return a short digest of every fact that would go or change, to tell whether two visits agree."""
    going = [(*subject, *key) for subject, key, _ in lost_claims(plan)]
    changing = [(*move.subject, *move.key, move.new.text or "") for move in plan.changed]
    return sorted(sha256("\0".join(item).encode()).hexdigest()[:12] for item in (*going, *changing))


def signatures_agree(before: Sequence[str], after: Sequence[str]) -> bool:
    """Say whether two visits would take away and change the same, but for max(3, 20 %)."""
    return len({*before} ^ {*after}) <= max(FEWEST, SHARE * len(before))
