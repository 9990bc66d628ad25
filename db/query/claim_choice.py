"""The choice among claims to one fact, for readers in Python; the view chosen_claims says the same in SQL.

The rules and their order are in db.store.choice_rules; a test holds the two against each other.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cardwatch.db.query.disagreement import contradict
from cardwatch.db.query.listing_words import speaker_words, who_differs
from cardwatch.db.store.choice_rules import (
    CLOSED,
    FRESH_AT,
    HEARD_FROM,
    RULES,
    SIZED,
    WEIGHT_PLACES,
    WITHDRAWN,
    Age,
    RuleId,
    Speaker,
    quote_words,
)
from cardwatch.db.store.current_claims import current_claims_sql, past_claims_sql
from cardwatch.normalize.attributes import get_attribute as attribute_of

FactKey = tuple[str, str, str, str]
"""Model, offer, attribute, qualifier."""
_CLAIM_COLUMNS = (
    "model, offer, attribute, qualifier, value, state, weight, age, said_now, row_stands, votes, source, via, url,"
    " authority, speaker, row_kind, listed, last_verified, own_verified, listing_id, page_id, claim_id"
)
_BEFORE_FRESH = slice(0, FRESH_AT)
_fact: Callable[[sqlite3.Row], FactKey] = itemgetter(0, 1, 2, 3)
_origin = itemgetter("source", "via", "url", "claim_id")
_Standing = tuple[str, int, str]
"""A weight with the digit of the rule `fresh` in its place."""


class OrderedClaims(NamedTuple):
    """The claims to one fact, the one that is shown first."""

    claims: Sequence[sqlite3.Row]
    conflicting: bool
    """Another value has the same right."""
    unanimous: bool
    """All say the same."""
    rule: RuleId
    """The rule that put the first before the best one that differs, or "none" in a conflict."""

    @property
    def key(self) -> FactKey:
        """Which fact it is."""
        return _fact(self.claims[0])

    @property
    def unheard(self) -> bool:
        """Whether nobody with a say in it states it: see HEARD_FROM, and what its page dropped: see WITHDRAWN."""
        best = self.claims[0]
        if self.dropped:
            return True
        heard = HEARD_FROM.get(attribute_of(best["attribute"]).group, "0")
        return bool(best["offer"] == "" and best["weight"][WEIGHT_PLACES["variant"]] < heard)

    @property
    def dropped(self) -> bool:
        """Whether its page stopped saying it, which for such an attribute takes it back."""
        best = self.claims[0]
        silent = best["row_stands"] and not best["said_now"]
        return silent and attribute_of(best["attribute"]).group in WITHDRAWN

    @property
    def deciding(self) -> RuleId:
        """The rule that readers are told: of claims that have no say, why they have none."""
        if self.dropped:
            return "said_now"
        if self.unheard:
            return "variant" if self.claims[0]["weight"][WEIGHT_PLACES["variant"]] == "0" else "speaker"
        return self.rule

    @property
    def shown(self) -> bool:
        """Whether the first claim is published: it has a value, none has the same right, and it is listed."""
        return self.claims[0]["value"] is not None and self.heard

    @property
    def heard(self) -> bool:
        """Whether the first claim is listed and somebody with a say in it states it."""
        return bool(self.claims[0]["listed"]) and not self.unheard


def claims_by_fact(
    conn: sqlite3.Connection,
    at: str,
    *,
    past: bool = False,
    models: Collection[str] | None = None,
    attributes: Collection[str] = (),
    keys: Collection[FactKey] | None = None,
) -> Iterator[OrderedClaims]:
    """Yield for every fact that stands at `at`, of these models or of all, the claims to it; `attributes` or `keys`
    narrow it.

    Half the time of the view chosen_claims, which groups and ranks all of them several times.
    """
    claims = past_claims_sql(":at") if past else current_claims_sql(":at")
    asked = ["model IN (SELECT value FROM json_each(:models))"] if models is not None else []
    asked += [f"attribute IN ({quote_words(attributes)})"] if attributes else []
    asked += [_ONE_OF_KEYS] if keys is not None else []
    only = f" WHERE {' AND '.join(asked)}" if asked else ""
    rows = conn.execute(
        f"SELECT {_CLAIM_COLUMNS} FROM ({claims}){only} ORDER BY model, offer, attribute, qualifier",
        {"at": at, "models": json.dumps(sorted(models or ())), "keys": json.dumps(sorted(keys or ()))},
    )
    for key, claimed in groupby(rows, key=_fact):
        yield order_claims(key[2], list(claimed))


_ONE_OF_KEYS = """(model, offer) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:keys))
  AND (model, offer, attribute, qualifier) IN (
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:keys))"""


def rival_claims(ordered: OrderedClaims) -> Sequence[sqlite3.Row]:
    """Return the claims among which ages may decide: those that no rule before `fresh` sets apart from the first.

    Of dates all count, since the more precise one of those that agree is shown.
    """
    best = ordered.claims[0]
    if attribute_of(best["attribute"]).type == "date":
        return ordered.claims
    before = best["weight"][_BEFORE_FRESH]
    return [row for row in ordered.claims if row["weight"][_BEFORE_FRESH] == before]


def confirmation_days(conn: sqlite3.Connection, at: str) -> dict[tuple[str | None, ...], str]:
    """Return the day on which a person last found each value right."""
    rows = conn.execute(
        "select model, offer, attribute, qualifier, value, substr(at, 1, 10) from confirmations"
        " where at <= ? order by at",
        [at],
    )
    return {tuple(row)[:5]: row[5] for row in rows}


def order_claims(name: str, claims: list[sqlite3.Row]) -> OrderedClaims:
    """Put the claims to one fact in the order of their right to be shown."""
    if len(claims) == 1:
        return OrderedClaims(claims, False, True, "only")
    kind = attribute_of(name).type
    first = claims[0]["value"]
    unanimous = all(row["value"] == first for row in claims)
    standings = _standings(claims)
    rows = sorted(claims, key=_origin)
    rows.sort(key=lambda row: (_length(kind, row["value"]), row["value"] or ""))
    rows.sort(key=lambda row: standings[row["claim_id"]], reverse=True)
    if unanimous:
        return OrderedClaims(rows, False, True, "agreement")
    conflicting = _is_undecided(kind, rows, standings)
    best = _most_precise(rows, standings) if kind == "date" else rows[0]
    refined = best is not rows[0]
    rows = [best, *(row for row in rows if row is not best)]
    rule: RuleId = "none" if conflicting else "precise" if refined else _deciding_rule(kind, rows, standings)
    return OrderedClaims(rows, conflicting, False, rule)


def _standings(claims: Sequence[sqlite3.Row]) -> dict[int, _Standing]:
    """Return the standing of each claim: its weight, moved behind fresh ones where it is old.

    An expired claim falls behind any fresh one, a stale one behind a value that two independent sources say.
    """
    if len({row["age"] for row in claims}) == 1:
        return {
            row["claim_id"]: (row["weight"][_BEFORE_FRESH], True, row["weight"][FRESH_AT:]) for row in claims
        }
    grade = WEIGHT_PLACES["variant"]
    voices: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    fresh, agreed = set(), set()
    for row in filter(_is_fresh, claims):
        spoken = voices[row["weight"][grade], row["value"]]
        if row["votes"]:
            spoken.add(row["source"])
        fresh.add(row["weight"][grade])
        if len(spoken) > 1:
            agreed.add(row["weight"][grade])
    moved = {Age.FRESH: frozenset[str](), Age.STALE: agreed, Age.EXPIRED: fresh}
    return {
        row["claim_id"]: (
            row["weight"][_BEFORE_FRESH],
            row["weight"][grade] not in moved[row["age"]],
            row["weight"][FRESH_AT:],
        )
        for row in claims
    }


def _is_fresh(row: sqlite3.Row) -> bool:
    return row["age"] == Age.FRESH and bool(row["said_now"]) and row["value"] is not None


def _length(kind: str, value: str | None) -> int:
    return -len(value or "") if kind == "date" else len(value or "")


def _is_undecided(kind: str, rows: Sequence[sqlite3.Row], standings: dict[int, _Standing]) -> bool:
    """Say whether no rule puts the first claim before one that differs, or it is old and a fresh one differs."""
    best = rows[0]
    if kind == "text" or best["value"] is None:
        return False
    standing = standings[best["claim_id"]]
    if contradict(kind, [row["value"] for row in rows if standings[row["claim_id"]] == standing]):
        return True
    return _is_outdated(kind, best, rows, standings) or _is_lone_flag(best, rows)


def _is_lone_flag(best: sqlite3.Row, rows: Iterable[sqlite3.Row]) -> bool:
    """Say whether weights are called open by one reseller alone, and closed by another: LONE_FLAG_SQL says it of claims."""
    if best["attribute"] != "openness" or best["speaker"] != Speaker.OTHER_ROW or SIZED.search(best["model"]):
        return False
    if best["value"] == CLOSED or all(row["value"] != CLOSED for row in rows):
        return False
    grade = WEIGHT_PLACES["variant"]
    agreeing = (
        row["via"].partition(";")[0]
        for row in rows
        if row["value"] == best["value"]
        and row["speaker"] == Speaker.OTHER_ROW
        and row["weight"][grade] == best["weight"][grade]
    )
    return len({*agreeing}) == 1


def _is_outdated(
    kind: str, row: sqlite3.Row, rows: Iterable[sqlite3.Row], standings: dict[int, _Standing]
) -> bool:
    """Say whether a claim is old and the best of the fresh ones of its grade, or one of them, contradicts it."""
    if row["age"] == Age.FRESH:
        return False
    grade = WEIGHT_PLACES["variant"]
    fresh = [other for other in rows if other["weight"][grade] == row["weight"][grade] and _is_fresh(other)]
    best = max((standings[other["claim_id"]] for other in fresh), default=None)
    return any(
        contradict(kind, [row["value"], other["value"]])
        for other in fresh
        if standings[other["claim_id"]] == best
    )


def _most_precise(rows: Sequence[sqlite3.Row], standings: dict[int, _Standing]) -> sqlite3.Row:
    """Return the most precise of the dates that agree with the first one and are said now as that is.

    A route's row makes no date more precise, nor does an old claim that a fresh one contradicts. Where two of one
    standing differ, neither is the more precise.
    """
    best, grade = rows[0], WEIGHT_PLACES["variant"]
    agreeing = [
        row
        for row in rows
        if best["value"]
        and (row["value"] or "").startswith(best["value"])
        and row["said_now"] == best["said_now"]
        and row["weight"][grade] >= min(best["weight"][grade], "1")
        and not contradict("date", _same_right(row, rows, standings))
        and not _is_outdated("date", row, rows, standings)
    ]
    return max(agreeing, key=lambda row: len(row["value"]), default=best)


def _same_right(row: sqlite3.Row, rows: Iterable[sqlite3.Row], standings: dict[int, _Standing]) -> list[str]:
    standing = standings[row["claim_id"]]
    return [other["value"] or "" for other in rows if standings[other["claim_id"]] == standing]


def _deciding_rule(kind: str, rows: Sequence[sqlite3.Row], standings: dict[int, _Standing]) -> RuleId:
    """Return the rule that put the first claim before the best one that contradicts it, else that says it otherwise."""
    best = rows[0]
    others = [row for row in rows if row["value"] not in (None, best["value"])]
    if not others:
        return "value"
    apart = (row for row in others if contradict(kind, [best["value"], row["value"]]))
    rival = next(apart, None)
    if rival is None:
        rival = others[0]
        if kind == "date" and len(best["value"]) > len(rival["value"]):
            return "precise"
    first, second = standings[best["claim_id"]], standings[rival["claim_id"]]
    for rule, place in WEIGHT_PLACES.items():
        if place.start == FRESH_AT and first[1] != second[1]:
            return "fresh"
        if best["weight"][place] != rival["weight"][place]:
            return "speaker" if rule == "variant" and rival["weight"][place] != "0" else rule
    return "wording"


_FLAG = 'a reseller\'s flag "not open" says nothing of the weights'
_UNHEARD = "only its developer may say it, and does not"


def choice_reason(ordered: OrderedClaims) -> str:
    """Say in words which rule chose, and who differs: "the developer's own row; 2 gateways differ"."""
    best = ordered.claims[0]
    if ordered.unheard:
        return _UNHEARD if ordered.deciding == "speaker" else RULES[ordered.deciding].words
    if ordered.unanimous:
        agree = len({row["source"] for row in ordered.claims if row["votes"] and row["value"] is not None})
        return f"{agree} independent sources agree" if agree > 1 else RULES["only"].words
    own = ordered.rule == "variant" and best["weight"][WEIGHT_PLACES["variant"]] == "2"
    words = speaker_words(best) if own or ordered.rule == "speaker" else RULES[ordered.rule].words
    if ordered.rule == "variant" and not own and best["attribute"] == "openness":
        words = _FLAG
    kind = attribute_of(best["attribute"]).type
    rivals = [
        row
        for row in ordered.claims
        if row["value"] is not None and contradict(kind, [best["value"] or "", row["value"]])
    ]
    if ordered.conflicting:
        return f"{words} between {1 + len({row['value'] for row in rivals})} values"
    return f"{words}; {who_differs(rivals)}" if rivals else words
