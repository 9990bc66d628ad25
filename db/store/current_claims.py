"""The claims that stand at a moment, and which of them is shown: SQL that views and readers share.

The rules of choice and their order are in choice_rules; here they become columns of every claim (`weight`,
`age`) and the query `CHOSEN_CLAIMS`, which picks one claim per fact.
"""

from __future__ import annotations

from cardwatch.db.store.choice_rules import (
    CLOSED,
    FRESH_AT,
    HEARD_FROM,
    LONE_FLAG_SQL,
    WEIGHT_SQL,
    WITHDRAWN,
    Age,
    age_sql,
    quote_words,
)
from cardwatch.normalize.attributes import ATTRIBUTES

NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
DATE_ATTRIBUTES = quote_words(name for name, known in ATTRIBUTES.items() if known.type == "date")
TEXT_ATTRIBUTES = quote_words(name for name, known in ATTRIBUTES.items() if known.type == "text")

_COLUMNS = """
  l.model AS model, -- Model id.
  l.offer AS offer, -- Offer key, '' for the model as such.
  c.attribute AS attribute, -- Attribute.
  c.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  c.value AS value, -- Value as text.
  c.unit AS unit, -- Unit.
  c.state AS state, -- known, not_published, subscription, not_applicable or unknown.
  p.source AS source, -- Who says so.
  coalesce(d.url, p.url) AS url, -- URL of the document it was read from; of its page when a person typed it.
  l.via AS via, -- Through whose listing.
  l.authority AS authority, -- Weight of that word.
  l.rank AS speaker, -- Who says it, 0 best: a review, the own page, a fact citing it, the own row, ....
  l.via_rank AS row_kind, -- 0 a row about the model, 1 about its snapshot, 2 about somebody's route.
  a.since IS NULL AS row_stands, -- 0 once the row it stood in is missing.
  a.withdrawn IS NOT 1 AS listed, -- 0 once a complete list lacks its row.
  s.derived_from = '' AS votes, -- 1 if the source speaks for itself, 0 if it copies others.
  s.derived_from AS derived_from, -- The sources it copies.
  c.raw AS raw, -- As printed.
  c.raw_unit AS raw_unit, -- Unit as the source states it.
  c.effective_from AS effective_from, -- Date the source gives for it.
  c.published_on AS published_on, -- Date the source puts on it.
  c.valid_from AS valid_from, -- Told start, '' if none.
  c.first_seen AS first_seen, -- First time this was said with any value.
  coalesce(c.last_verified, a.last_verified) AS own_verified, -- Last time it was found so, where that is not its page's.
  c.since AS since, -- When this value was published here.
  d.digest AS document, -- Digest of the bytes, NULL when typed by a person.
  c.locator AS locator, -- Where in the document.
  coalesce(d.fetched_at, c.observed_at) AS fetched_at, -- When the bytes came, or a person saw it.
  d.archive AS archive, -- WARC file of the bytes.
  d.archive_offset AS archive_offset, -- Offset of the response in that file.
  c.id AS claim_id, -- Row in claims.
  l.id AS listing_id, -- Row in listings.
  p.id AS page_id -- Row in pages.
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
  JOIN sources s ON s.id = p.source LEFT JOIN documents d ON d.id = c.document_id"""


def _held_sql(at: str) -> str:
    """Return SQL that says whether another value of a claim waits, or was refused, so that this one stands."""
    return f"""(l.id, c.attribute, c.qualifier) IN (SELECT listing_id, attribute, qualifier FROM holds
      WHERE listing_id IS NOT NULL AND since <= {at} AND (until IS NULL OR until > {at}))"""


_UNREAD = "c.id IN (SELECT claim_id FROM unread_claims)"
"""Whether a claim may stand in a part of its page that was not read, or its loss is on hold: nothing says that it is
stated no longer."""


def _weighed_sql(claims: str, at: str) -> str:
    """Return SQL that adds to claims their age and the text of their weight."""
    return f"""SELECT *, -- Claims that stand now, of every source, winners and losers.
  {WEIGHT_SQL} AS weight -- Order of choice, greatest first; docs/explanation/conflicts.md has the rules.
FROM (
  SELECT *,
    {age_sql("last_verified", at)} AS age -- 2 within the limit of its attribute, 1 past it, 0 past twice that.
  FROM ({claims})
)"""


def current_claims_sql(at: str = NOW) -> str:
    """Return SQL for the claims that stand now; `at` decides told starts and ends, and what is old."""
    verified = "coalesce(c.last_verified, a.last_verified, p.last_verified)"
    claims = f"""SELECT
  {verified} AS last_verified, -- Last time it was found so.
  a.since IS NULL AND (c.last_verified IS NULL OR c.document_id IS NULL OR {_UNREAD} OR {_held_sql(at)})
    AS said_now, -- 0 once its page stopped saying so.
{_COLUMNS}
  LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL
WHERE c.until IS NULL AND c.valid_from <= {at} AND (c.valid_to = '' OR c.valid_to > {at})"""
    return _weighed_sql(claims, at)


def past_claims_sql(at: str) -> str:
    """Return SQL for the claims that stood at `at`, with the dates they had then."""
    seen = f"""(SELECT max(verified_at) FROM attempts
    WHERE page_id = p.id AND verified_at <= {at} AND started <= {at})"""
    verified = f"""min(coalesce(c.last_verified, a.last_verified, {at}), coalesce({seen}, c.last_verified, {at}),
    {at})"""
    claims = f"""SELECT
  {verified} AS last_verified,
  a.since IS NULL AND (c.last_verified IS NULL OR c.document_id IS NULL OR c.last_verified >= coalesce({seen}, '')
    OR {_UNREAD} OR {_held_sql(at)}) AS said_now,
{_COLUMNS}
  LEFT JOIN absences a ON a.listing_id = l.id AND a.since <= {at} AND (a.until IS NULL OR a.until > {at})
WHERE c.since <= {at} AND (c.until IS NULL OR c.until > {at})
  AND c.valid_from <= {at} AND (c.valid_to = '' OR c.valid_to > {at})"""
    return _weighed_sql(claims, at)


_FACT = "model, offer, attribute, qualifier"
_WITHIN = f"(age = {Age.FRESH:d} AND said_now AND value IS NOT NULL)"
"""Whether a claim is fresh enough to move an old one."""
_STANDING = f"""SELECT *, substr(weight, 1, {FRESH_AT}) || CASE age WHEN {Age.FRESH:d} THEN 1
    WHEN {Age.STALE:d} THEN max(agreed) OVER speaking = 0 ELSE max({_WITHIN}) OVER speaking = 0 END
    || substr(weight, {FRESH_AT + 1}) AS standing,
  min(iif(weight = best, fresh, NULL)) OVER speaking AS fresh_low,
  max(iif(weight = best, fresh, NULL)) OVER speaking AS fresh_high
FROM (
  SELECT *, max(iif(fresh IS NULL, NULL, weight)) OVER speaking AS best
  FROM (
    SELECT *, coalesce(min(voice) OVER alike <> max(voice) OVER alike, 0) AS agreed,
      flagged_by IS NOT NULL AND min(flagged_by) OVER alike = max(flagged_by) OVER alike AS lone
    FROM (
      SELECT {_FACT}, value, weight, age, said_now, row_stands, claim_id, source, url, via,
        substr(weight, 2, 1) AS grade, iif({_WITHIN} AND votes, source, NULL) AS voice,
        iif({_WITHIN}, value, NULL) AS fresh,
        iif({LONE_FLAG_SQL}, substr(via, 1, instr(via || ';', ';') - 1), NULL) AS flagged_by
      FROM standing_claims
    ) WINDOW alike AS (PARTITION BY {_FACT}, grade, value)
  ) WINDOW speaking AS (PARTITION BY {_FACT}, grade)
) WINDOW speaking AS (PARTITION BY {_FACT}, grade)"""
"""Claims with the rule `fresh` in their weight: an expired one falls behind any fresh one, a stale one behind a
value that two independent sources say."""


def _differ(expression: str, window: str) -> str:
    return f"min({expression}) OVER {window} <> max({expression}) OVER {window}"


_DATES_DIFFER = " OR ".join(
    f"coalesce({_differ(f'CASE WHEN length(value) >= {digits} THEN substr(value, 1, {digits}) END', 'peers')}, 0)"
    for digits in (len("YYYY"), len("YYYY-MM"), len("YYYY-MM-DD"))
)
"""Whether dates contradict each other; a less precise one does not contradict a precise one."""


def _apart(bound: str) -> str:
    """Return SQL that says whether the lowest or highest of the best fresh values contradicts this one."""
    shorter = f"substr({{0}}, 1, min(length(value), length({bound})))"
    dates = f"{shorter.format('value')} <> {shorter.format(bound)}"
    return f"coalesce(iif(attribute IN ({DATE_ATTRIBUTES}), {dates}, value <> {bound}), 0)"


_UNHEARD = " OR ".join(
    f"(grade < '{least}' AND attribute IN ({quote_words(a.name for a in ATTRIBUTES.values() if a.group == group)}))"
    for group, least in HEARD_FROM.items()
)
_TAKEN_BACK = quote_words(name for name, known in ATTRIBUTES.items() if known.group in WITHDRAWN)
_DROPPED = f"NOT said_now AND row_stands AND attribute IN ({_TAKEN_BACK})"
_ORDER = f"""standing DESC, CASE WHEN attribute IN ({DATE_ATTRIBUTES}) THEN -length(value) ELSE length(value) END,
      value, source, via, url, claim_id"""
_PRECISE = f"""(attribute IN ({DATE_ATTRIBUTES}) AND NOT tied AND value LIKE top || '%'
      AND said_now = top_said_now AND grade >= min(top_grade, '1') AND NOT outdated)"""
"""Whether a date agrees with the first one, is said now as that is, and neither one of its own right nor, where it is
old, a fresh one contradicts it."""
CHOSEN_CLAIMS = f"""SELECT -- For every fact the claim that is shown, and whether another one has the same right.
  model, -- Model id.
  offer, -- Offer key, '' for the model as such.
  attribute, -- Attribute.
  qualifier, -- JSON condition, '' for the plain value.
  claim_id, -- Row in claims.
  conflicting, -- 1 if no rule decides.
  unheard, -- 1 if only others state it who have no say in it, as a route in a model's limits.
  nth -- Always 1.
FROM (
  SELECT *, first_value(differing) OVER ordered AS conflicting,
    (offer = '' AND ({_UNHEARD})) OR ({_DROPPED}) AS unheard,
    row_number() OVER (PARTITION BY {_FACT} ORDER BY iif({_PRECISE}, length(value), 0) DESC, {_ORDER}) AS nth
  FROM (
    SELECT *, first_value(value) OVER ordered AS top, first_value(grade) OVER ordered AS top_grade,
      first_value(said_now) OVER ordered AS top_said_now,
      iif(attribute IN ({TEXT_ATTRIBUTES}) OR value IS NULL, 0,
        tied OR outdated OR (lone AND max(value = '{CLOSED}') OVER (PARTITION BY {_FACT}))) AS differing
    FROM (
      SELECT *, CASE WHEN attribute IN ({DATE_ATTRIBUTES}) THEN {_DATES_DIFFER}
        ELSE coalesce({_differ("value", "peers")}, 0) END AS tied,
        age < {Age.FRESH:d} AND ({_apart("fresh_low")} OR {_apart("fresh_high")}) AS outdated
      FROM ({_STANDING}) WINDOW peers AS (PARTITION BY {_FACT}, standing)
    ) WINDOW ordered AS (PARTITION BY {_FACT} ORDER BY {_ORDER})
  ) WINDOW ordered AS (PARTITION BY {_FACT} ORDER BY {_ORDER})
) WHERE nth = 1"""


def with_claims_at(at: str) -> str:
    """Return a WITH clause that makes standing_claims and chosen_claims those of the moment `at`."""
    return (
        f"WITH standing_claims AS NOT MATERIALIZED ({current_claims_sql(at)}),"
        f" chosen_claims AS NOT MATERIALIZED ({CHOSEN_CLAIMS})"
    )
