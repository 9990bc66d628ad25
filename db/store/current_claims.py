"""The claims that stand at a moment, and which of them is shown: SQL that views and readers share.

A claim's weight is the whole order of choice in one text, greatest first. `standing` and `standing_as_of` are
the claims of a moment, `CHOSEN` picks one of them per fact.
"""

from __future__ import annotations

from cardwatch.normalize.attributes import ATTRIBUTES

NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
DATE_ATTRIBUTES = ", ".join(f"'{name}'" for name, known in ATTRIBUTES.items() if known.type == "date")
TEXT_ATTRIBUTES = ", ".join(f"'{name}'" for name, known in ATTRIBUTES.items() if known.type == "text")

_WEIGHT = """(c.value IS NOT NULL) || (a.withdrawn IS NOT 1) || (9 - l.rank) || (9 - l.via_rank)
    || substr(c.valid_from || '0000-00-00', 1, 10)
    || substr(CASE WHEN l.rank IN (0, 2) THEN coalesce(c.last_verified, c.since) ELSE c.since END, 1, 10)"""
"""The order of choice as one text, greatest first: a value at all, still listed, authority, whose listing,
told start, day of the value (published here; for what people state, reviewed)."""

_COLUMNS = f"""
  l.model AS model, -- Model id.
  l.offer AS offer, -- Offer key, '' for the model as such.
  c.attribute AS attribute, -- Attribute.
  c.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  c.value AS value, -- Value as text.
  c.unit AS unit, -- Unit.
  c.state AS state, -- known, not_published, subscription, not_applicable or unknown.
  p.source AS source, -- Who says so.
  p.url AS url, -- Where.
  l.via AS via, -- Through whose listing.
  l.authority AS authority, -- Weight of that word.
  a.withdrawn IS NOT 1 AS listed, -- 0 once a complete list lacks its row.
  s.derived_from = '' AS votes, -- 1 if the source speaks for itself, 0 if it copies others.
  {_WEIGHT} AS weight, -- Order of choice, greatest first.
  c.raw AS raw, -- As printed.
  c.raw_unit AS raw_unit, -- Unit as the source states it.
  c.effective_from AS effective_from, -- Date the source gives for it.
  c.published_on AS published_on, -- Date the source puts on it.
  c.first_seen AS first_seen, -- First time this was said with any value.
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


def current_claims_sql(at: str = NOW) -> str:
    """Return SQL for the claims that stand now; `at` only decides told starts and ends."""
    return f"""SELECT -- Claims that stand now, of every source, winners and losers.
  coalesce(c.last_verified, a.last_verified, p.last_verified) AS last_verified, -- Last time it was found so.
{_COLUMNS}
  LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL
WHERE c.until IS NULL AND c.valid_from <= {at} AND (c.valid_to = '' OR c.valid_to > {at})"""


def past_claims_sql(at: str) -> str:
    """Return SQL for the claims that stood at `at`, with the dates they had then."""
    seen = f"""(SELECT max(verified_at) FROM attempts
    WHERE page_id = p.id AND verified_at <= {at} AND started <= {at})"""
    return f"""SELECT
  min(coalesce(c.last_verified, a.last_verified, {at}), coalesce({seen}, c.last_verified, {at}),
    {at}) AS last_verified,
{_COLUMNS}
  LEFT JOIN absences a ON a.listing_id = l.id AND a.since <= {at} AND (a.until IS NULL OR a.until > {at})
WHERE c.since <= {at} AND (c.until IS NULL OR c.until > {at})
  AND c.valid_from <= {at} AND (c.valid_to = '' OR c.valid_to > {at})"""


def _differ(expression: str) -> str:
    return f"min({expression}) OVER peers <> max({expression}) OVER peers"


_DATES_DIFFER = " OR ".join(
    f"coalesce({_differ(f'CASE WHEN length(value) >= {digits} THEN substr(value, 1, {digits}) END')}, 0)"
    for digits in (len("YYYY"), len("YYYY-MM"), len("YYYY-MM-DD"))
)
"""Whether dates contradict each other; a less precise one does not contradict a precise one."""

CHOSEN_CLAIMS = f"""SELECT -- For every fact the claim that is shown, and whether another one has the same right.
  model, -- Model id.
  offer, -- Offer key, '' for the model as such.
  attribute, -- Attribute.
  qualifier, -- JSON condition, '' for the plain value.
  claim_id, -- Row in claims.
  support, -- Listings that say the same with the same weight; those that copy others do not count.
  conflicting, -- 1 if no rule decides.
  nth -- Always 1.
FROM (
  SELECT *,
    CASE WHEN attribute IN ({TEXT_ATTRIBUTES}) OR value IS NULL THEN 0
      WHEN attribute IN ({DATE_ATTRIBUTES}) THEN {_DATES_DIFFER}
      ELSE {_differ("value")} END AS conflicting,
    row_number() OVER (
      PARTITION BY model, offer, attribute, qualifier
      ORDER BY weight DESC, support DESC,
        CASE WHEN attribute IN ({DATE_ATTRIBUTES}) THEN -length(value) ELSE length(value) END, value
    ) AS nth
  FROM (
    SELECT model, offer, attribute, qualifier, weight, value, claim_id, sum(votes) AS support,
      min(source || ' ' || via || ' ' || url)
    FROM standing_claims GROUP BY model, offer, attribute, qualifier, weight, value
  )
  WINDOW peers AS (PARTITION BY model, offer, attribute, qualifier ORDER BY weight DESC, support DESC)
) WHERE nth = 1"""


def with_claims_at(at: str) -> str:
    """Return a WITH clause that makes standing_claims and chosen_claims those of the moment `at`."""
    return (
        f"WITH standing_claims AS NOT MATERIALIZED ({current_claims_sql(at)}),"
        f" chosen_claims AS NOT MATERIALIZED ({CHOSEN_CLAIMS})"
    )
