"""The views of catalog.db: what is true now is derived here, from what was said.

They are made anew whenever their text changes. Each reads as it is, in any SQLite tool.
"""

from __future__ import annotations

from collections.abc import Mapping

from cardwatch.db.store.choice_rules import STATED_SQL, quote_words
from cardwatch.db.store.current_claims import (
    CHOSEN_CLAIMS,
    DATE_ATTRIBUTES,
    NOW,
    TEXT_ATTRIBUTES,
    current_claims_sql,
)
from cardwatch.db.store.default_offer import default_offer_sql
from cardwatch.db.store.default_traffic import IN_WORDS, INPUT_MTOK, OUTPUT_MTOK
from cardwatch.db.store.lifecycle_rules import (
    END_DATES,
    RETIRED,
    has_come_sql,
    last_day_sql,
    lifecycle_sql,
    lists_as_current_sql,
)

FACTS = """SELECT -- What the catalog says: one row per model or offer, attribute and qualifier.
  n.model AS model, -- Model id.
  n.offer AS offer, -- Offer key, '' for the model as such.
  n.attribute AS attribute, -- Attribute.
  n.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  iif(n.conflicting OR n.unheard, NULL, c.value) AS value, -- Value as text, NULL if unknown or in conflict.
  c.unit AS unit, -- Unit.
  CASE WHEN n.unheard THEN 'unknown' WHEN n.conflicting THEN 'conflicting' ELSE c.state
  END AS state, -- known, conflicting, or why there is no value.
  c.source AS source, -- Source chosen.
  c.authority AS authority, -- Weight of its word.
  c.via AS via, -- Through whose listing.
  c.url AS url, -- URL of the document it was read from.
  c.document AS document, -- Digest of the bytes it was read from.
  c.locator AS locator, -- Where in them.
  c.archive AS archive, -- WARC file of the bytes.
  c.archive_offset AS archive_offset, -- Offset in that file.
  c.fetched_at AS fetched_at, -- When they came.
  c.first_seen AS first_seen, -- First time this was said with any value.
  c.since AS last_changed, -- When this value was published here.
  c.last_verified AS last_verified, -- Last time its page was found to say so.
  max(substr(c.last_verified, 1, 10), coalesce((
    SELECT max(substr(f.at, 1, 10)) FROM confirmations f
    WHERE f.model = n.model AND f.offer = n.offer AND f.attribute = n.attribute
      AND f.qualifier = n.qualifier AND f.value IS c.value
  ), '')) AS reviewed_on, -- The later of that and the last look of a person who found it right.
  c.effective_from AS effective_from, -- Date the source gives for it.
  c.listed AS listed, -- 0 if the row it stood in is gone from a complete list.
  c.listing_id AS listing_id, -- Row in listings.
  c.page_id AS page_id -- Row in pages.
FROM chosen_claims n CROSS JOIN standing_claims c ON c.claim_id = n.claim_id"""


def offers_sql(at: str = "") -> str:
    """Return SQL for the offers as listed now, or at the SQL time `at`."""
    missing = f"a.since <= {at} AND (a.until IS NULL OR a.until > {at})" if at else "a.until IS NULL"
    known = f" AND l.first_seen <= {at}" if at else ""
    return f"""SELECT -- One row per provider and variant of a model.
  model, -- Model id.
  offer, -- Offer key: provider;tier=…;region=….
  provider, -- Provider id.
  provider_name, -- Provider's name.
  provider_kind, -- first-party, cloud, gateway, host or subscription.
  tier, -- standard, batch, priority, free ….
  region, -- global, data-zone or a cloud region; NULL if not stated.
  snapshot, -- Dated snapshot.
  quantization, -- Number format.
  mode, -- thinking, fine-tuned ….
  provider_model, -- Name as the best source prints it.
  withdrawn IS NOT 1 AS listed, -- 0 once the best source's complete list lacks it.
  first_seen, -- First sight.
  absent_since, -- Since when its best source lacks it.
  CASE WHEN withdrawn THEN (
    SELECT day FROM (
      SELECT DISTINCT substr(verified_at, 1, 10) AS day FROM attempts
      WHERE page_id = best.page_id AND verified_at IS NOT NULL AND started >= (
        SELECT max(started) FROM attempts
        WHERE page_id = best.page_id AND verified_at IS NOT NULL AND started <= absent_since
      ) ORDER BY day LIMIT 1 OFFSET 2
    )
  ) END AS tombstoned_on -- Third separate day on which a verified visit lacked it.
FROM (
  SELECT l.model, l.offer, l.provider, coalesce(v.name, l.provider) AS provider_name,
    coalesce(v.kind, '') AS provider_kind, coalesce(l.tier, 'standard') AS tier,
    max(l.region) OVER k AS region, l.snapshot, l.quantization, l.mode, l.name AS provider_model,
    min(l.first_seen) OVER k AS first_seen, l.page_id, a.since AS absent_since, a.withdrawn,
    row_number() OVER (
      PARTITION BY l.model, l.offer
      ORDER BY l.authority IN ({STATED_SQL}), l.rank, a.withdrawn IS 1, l.id
    ) AS place
  FROM listings l LEFT JOIN providers v ON v.id = l.provider
    LEFT JOIN absences a ON a.listing_id = l.id AND {missing}
  WHERE l.offer <> ''{known} AND (a.since IS NULL OR a.withdrawn OR EXISTS (
    SELECT 1 FROM claims WHERE listing_id = l.id AND until IS NULL
  )) WINDOW k AS (PARTITION BY l.model, l.offer)
) AS best WHERE place = 1"""


_PRICES = (
    ("input_price", "USD per million input tokens"),
    ("output_price", "USD per million output tokens"),
    ("cache_read_price", "USD per million tokens read from the cache"),
    ("cache_write_price", "USD per million tokens written to the cache"),
    ("reasoning_price", "USD per million reasoning tokens, where billed apart"),
    ("context_window", "Context of this offer in tokens"),
    ("max_output_tokens", "Largest output of this offer in tokens"),
)
_PRICE_COLUMNS = "\n".join(f"  {name}, -- {text}." for name, text in _PRICES)
_PRICE_PIVOT = "\n".join(
    f"    max(CASE attribute WHEN '{name}' THEN CAST(value AS NUMERIC) END) OVER k AS {name},"
    for name, _ in _PRICES
)

_OFFERED = f"""NOT EXISTS (
  SELECT 1 FROM listings b JOIN absences x ON x.listing_id = b.id AND x.until IS NULL AND x.withdrawn
  WHERE b.id = (
    SELECT id FROM listings WHERE model = f.model AND offer = f.offer
    ORDER BY authority IN ({STATED_SQL}), rank, EXISTS (
      SELECT 1 FROM absences WHERE listing_id = listings.id AND until IS NULL AND withdrawn
    ), id LIMIT 1
  )
)"""
"""Whether the best source of an offer still lists it."""

_LIFE = {
    "stated": "stated",
    "deprecated_on": "deprecated_on",
    "shut_down_on": "shut_down_on",
    "disputed": "0",
    "listed": "0",
}
_LIFE_PIVOT = ", ".join(
    f"max(iif(s.attribute = '{attribute}', s.value, NULL)) AS {name}"
    for name, attribute in (
        ("stated", "lifecycle"),
        ("deprecated_on", "deprecation_date"),
        ("shut_down_on", "shutdown_date"),
    )
)


def prices_sql(facts: str = "facts") -> str:
    """Return SQL for the offers that can be had now, from a view or table of facts."""
    return f"""SELECT -- Offers that can be had now, with their plain prices; NULL is unknown, 0 is free.
  f.model AS model, -- Model id.
  coalesce(v.name, l.provider) AS provider, -- Provider's name.
  coalesce(l.tier, 'standard') AS tier, -- standard, batch, priority, free ….
  l.region AS region, -- global, data-zone or a cloud region; NULL if not stated.
  l.mode AS mode, -- thinking, fine-tuned …; NULL for the model as it is.
{_PRICE_COLUMNS}
  reviewed_on, -- Older review date of the two main prices.
  f.offer AS offer -- Offer key.
FROM (
  SELECT model, offer, listing_id,
{_PRICE_PIVOT}
    max(CASE attribute WHEN 'shutdown_date' THEN value END) OVER k AS ends,
    min(CASE WHEN attribute IN ('input_price', 'output_price') THEN reviewed_on END) OVER k AS reviewed_on,
    row_number() OVER (PARTITION BY model, offer) AS nth
  FROM {facts} WHERE qualifier = '' WINDOW k AS (PARTITION BY model, offer)
) AS f CROSS JOIN listings l ON l.id = f.listing_id LEFT JOIN providers v ON v.id = l.provider
WHERE f.nth = 1 AND f.offer <> '' AND {has_come_sql("f.ends", NOW)} IS NOT 1
  AND (
    SELECT {lifecycle_sql(NOW, **_LIFE)} FROM (
      SELECT {_LIFE_PIVOT} FROM {facts} s WHERE s.model = f.model AND s.offer = '' AND s.qualifier = ''
    )
  ) IS NOT '{RETIRED}' AND {_OFFERED}"""


_SPECS = (
    ("name", "text", "Display name"),
    ("vendor", "text", "Who made the weights"),
    ("product_type", "text", "What it is sold as, stated or as the last run worked it out"),
    ("lifecycle", "text", "preview, active, deprecated or retired, as of today"),
    ("context_window", "integer", "Tokens, input and output together"),
    ("max_output_tokens", "integer", "Tokens"),
    ("release_date", "text", "First public release"),
    ("knowledge_cutoff", "text", "End of the training data"),
    ("license", "text", "SPDX id or Proprietary"),
)
_SPEC_PIVOT = ",\n".join(
    f"    max(iif(f.offer = '' AND f.attribute = '{name}', f.value, NULL)) AS {name}"
    for name in (*(name for name, _, _ in _SPECS), "deprecation_date", "shutdown_date")
)
_MODEL_LIFE = {
    "stated": "f.lifecycle", "deprecated_on": "f.deprecation_date", "shut_down_on": "f.shutdown_date",
    "disputed": "f.disputed", "listed": "(f.by_maker OR c.model IS NOT NULL)",
}  # fmt: skip
_SPEC_VALUES = {
    "lifecycle": lifecycle_sql(NOW, **_MODEL_LIFE),
    "product_type": "CAST(coalesce(k.product_type, f.product_type) AS text)",
}
_SPEC_COLUMNS = "\n".join(
    f"  {_SPEC_VALUES.get(name, f'CAST(f.{name} AS {kind})')} AS {name}, -- {text}."
    for name, kind, text in _SPECS
)


STILL_LISTED = """EXISTS (
  SELECT 1 FROM listings l WHERE l.model = m.id AND (
    EXISTS (SELECT 1 FROM claims WHERE listing_id = l.id AND until IS NULL)
    OR NOT EXISTS (SELECT 1 FROM absences WHERE listing_id = l.id AND until IS NULL)
  )
)"""
"""Whether anything is still said of a model m; one that better rules understood otherwise has nothing."""


def models_sql(facts: str = "facts", offers: str = "offers") -> str:
    """Return SQL for one row per model, from views or tables of facts and offers."""
    return f"""SELECT -- One row per model, with its plain facts.
  m.id AS id, -- Model id.
{_SPEC_COLUMNS}
  coalesce(f.facts, 0) AS facts, -- Facts about the model as such.
  f.oldest_reviewed_on AS oldest_reviewed_on, -- Oldest review date among them.
  m.first_seen AS first_seen -- First time a source named it.
FROM model_ids m LEFT JOIN kept_models k ON k.model = m.id LEFT JOIN (
  SELECT f.model,
{_SPEC_PIVOT},
    max(f.offer = '' AND f.attribute = 'lifecycle') AS disputed,
    max(f.offer = '' AND f.authority = 'first_party') AS by_maker,
    sum(f.offer = '') AS facts, min(iif(f.offer = '', f.reviewed_on, NULL)) AS oldest_reviewed_on
  FROM {facts} f WHERE f.qualifier = '' GROUP BY f.model
) f ON f.model = m.id LEFT JOIN (
  SELECT DISTINCT o.model FROM {offers} o LEFT JOIN {facts} e ON e.model = o.model AND e.offer = o.offer
    AND e.attribute = 'shutdown_date' AND e.qualifier = ''
  WHERE o.listed AND {has_come_sql("e.value", NOW)} IS NOT 1 AND {lists_as_current_sql("o.model", "o.provider")}
) c ON c.model = m.id
WHERE m.merged_into IS NULL AND {STILL_LISTED}"""


def cheapest_sql(prices: str = "prices") -> str:
    """Return SQL for the cheapest paid offer of each model, from a view or table of prices."""
    return f"""SELECT -- The cheapest paid offer of each model for {IN_WORDS} a month.
  model, -- Model id.
  provider, -- Provider's name.
  tier, -- Tier.
  region, -- Region.
  input_price, -- USD per million input tokens.
  output_price, -- USD per million output tokens.
  min({INPUT_MTOK} * input_price + {OUTPUT_MTOK} * output_price) AS usd_per_month, -- What that traffic costs.
  offer -- Offer key.
FROM {prices} WHERE input_price > 0 AND output_price IS NOT NULL
  AND {default_offer_sql()} GROUP BY model"""


HISTORY = """SELECT -- Every span of every price, as seen here and as told by dated series.
  l.model AS model, -- Model id.
  l.offer AS offer, -- Offer key.
  c.attribute AS attribute, -- Which price.
  c.qualifier AS qualifier, -- JSON condition, '' for the plain price.
  c.value AS value, -- Price as decimal text.
  c.unit AS unit, -- usd_per_mtok ….
  iif(c.valid_from <> '', c.valid_from, c.since) AS since, -- Start: published here, or told.
  iif(c.valid_from <> '', NULL, o.last_verified)
    AS seen_before, -- Last look that showed the price before; NULL if there was none, or its start is told.
  iif(c.valid_from <> '', NULL, coalesce(y.seen_after, c.since))
    AS seen_after, -- First look that showed this price; NULL if its start is told.
  (SELECT min(ended) FROM (SELECT nullif(c.valid_to, '') AS ended UNION ALL SELECT c.until UNION ALL SELECT a.since
    WHERE c.valid_to = '')) AS until, -- End: replaced, told, or its row withdrawn; NULL if it goes on.
  p.source AS source, -- Who said so.
  (c.valid_from || c.valid_to) <> '' AS told, -- 1 if the source gave the dates, 0 if we saw it happen.
  coalesce(d.url, p.url) AS url, -- URL of the document it was read from.
  l.rank AS rank, -- Weight of that word, 0 best.
  coalesce(iif(c.until IS NULL, coalesce(c.last_verified, a.last_verified), NULL), p.last_verified)
    AS last_look -- Last look at its page that could show it.
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
  JOIN attributes t ON t.name = c.attribute LEFT JOIN documents d ON d.id = c.document_id
  LEFT JOIN absences a ON a.listing_id = l.id AND a.until IS NULL AND a.withdrawn
  LEFT JOIN claims o ON o.id = c.previous_id LEFT JOIN delayed_claims y ON y.claim_id = c.id
WHERE t.topic = 'price' AND c.value IS NOT NULL AND (c.until IS NULL OR c.until > c.valid_from)
  AND (a.since IS NULL OR a.since > iif(c.valid_from <> '', c.valid_from, c.since))"""

REVERTED_WITHIN = 14
"""Days within which a value that comes back marks the one between as reverted."""


def _end_states(side: int) -> str:
    """Return the cases of an end date's attribute: the state before its day, or from then on."""
    return " ".join(f"WHEN '{name}' THEN '{states[side]}'" for name, states in END_DATES.items())


_READ_AT = "coalesce((SELECT url FROM documents WHERE id = {0}.document_id), p.url)"
_CITED = _READ_AT.format("n")
_KIND = "iif(t.topic IN ('price', 'limit', 'capability', 'lifecycle'), t.topic, 'fact')"
_TOLD_AT = "iif(length(n.valid_from) = 10, n.valid_from || 'T00:00:00Z', n.valid_from)"
_NEW_SINCE_READ = """JOIN pages p ON p.id = l.page_id
  AND l.first_seen > (SELECT min(first_seen) FROM listings WHERE page_id = p.id)"""
"""Joins what stands on a page since a later reading than its first one."""
_NOT_RENAMED = """(l.page_id, l.name, l.first_seen) NOT IN (
  SELECT w.page_id, w.name, x.since FROM absences x JOIN listings w ON w.id = x.listing_id
)"""
"""Whether a row is more than one that stood there before and is understood otherwise now."""
_TOLD_SPANS = """FROM claims n JOIN claims o ON o.listing_id = n.listing_id AND o.attribute = n.attribute
    AND o.qualifier = n.qualifier AND o.until IS NULL AND o.valid_from < n.valid_from AND o.value IS NOT n.value
    AND o.valid_from = (
      SELECT max(valid_from) FROM claims WHERE listing_id = n.listing_id AND attribute = n.attribute
        AND qualifier = n.qualifier AND until IS NULL AND valid_from < n.valid_from
    )
  JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id LEFT JOIN attributes t ON t.name = n.attribute
WHERE n.until IS NULL AND n.valid_from <> '' AND n.value IS NOT NULL
  AND ((o.valid_from || o.valid_to) <> '' OR n.valid_from > n.since)"""
"""The spans of dated series that follow another one; the plain value comes before what is announced, not before
what was over when it was told."""

SEEN_CHANGES = f"""SELECT DISTINCT -- What changed: values, offers and models that came and went, dates that were told.
  coalesce(d.seen_after, new.since) AS at, -- First look that showed it, or the day its source gives.
  l.model AS model, -- Model id.
  l.provider AS provider, -- Provider id, '' if it is about the model as such.
  l.offer AS offer, -- Offer key, '' for the model as such.
  new.attribute AS attribute, -- What changed.
  new.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  old.value AS old, -- Value before.
  new.value AS new, -- Value after.
  p.source AS source, -- Who said so.
  {_READ_AT.format("new")} AS url, -- URL of the document that first showed it, of its page for what came or went.
  old.unit AS old_unit, -- Unit before.
  new.unit AS unit, -- Unit after.
  (new.valid_from || new.valid_to) <> '' AS told, -- 1 if it is of a dated series, 0 if we saw it happen.
  {_KIND} AS kind, -- price, limit, capability, lifecycle, fact, or what happened: new_model, withdrawn ….
  old.last_verified AS seen_before, -- Last look that showed the old value.
  new.since AS published_at, -- When it was published here.
  EXISTS (
    SELECT 1 FROM claims x LEFT JOIN delayed_claims y ON y.claim_id = x.id
    WHERE x.listing_id = new.listing_id AND x.attribute = new.attribute
      AND x.qualifier = new.qualifier AND x.valid_from = new.valid_from AND x.value IS old.value
      AND x.since > new.since AND julianday(coalesce(y.seen_after, x.since))
        - julianday(coalesce(d.seen_after, new.since)) <= {REVERTED_WITHIN}
  ) AS reverted, -- 1 if the old value was back within {REVERTED_WITHIN} days.
  coalesce(d.unconfirmed, 0) AS unconfirmed -- 1 if it was published because it had waited long enough.
FROM claims new JOIN claims old ON old.id = new.previous_id JOIN listings l ON l.id = new.listing_id
  JOIN pages p ON p.id = l.page_id LEFT JOIN delayed_claims d ON d.claim_id = new.id
  LEFT JOIN attributes t ON t.name = new.attribute
WHERE new.previous_id IS NOT NULL AND new.value IS NOT old.value AND NOT EXISTS (
  SELECT 1 FROM listings b JOIN claims x ON x.listing_id = b.id AND x.until IS NULL
  WHERE b.model = l.model AND b.offer = l.offer AND (b.rank, b.via_rank) < (l.rank, l.via_rank)
    AND x.attribute = new.attribute AND x.qualifier = new.qualifier AND x.value IS NOT NULL
)
UNION ALL
SELECT n.since, l.model, l.provider, l.offer, n.attribute, n.qualifier, NULL, n.value, p.source, {_CITED}, '', n.unit, 0,
  'lifecycle', NULL, n.since, 0, 0
FROM claims n JOIN listings l ON l.id = n.listing_id JOIN pages p ON p.id = l.page_id
WHERE n.previous_id IS NULL AND n.attribute IN ('deprecation_date', 'shutdown_date') AND n.valid_from = ''
  AND n.value IS NOT NULL AND n.since > l.first_seen
UNION ALL
SELECT a.since, l.model, l.provider, l.offer, 'availability', '', 'listed', 'withdrawn', p.source, p.url, '', '', 0,
  'withdrawn', a.last_verified, a.since, 0, 0
FROM absences a JOIN listings l ON l.id = a.listing_id JOIN pages p ON p.id = l.page_id
WHERE a.withdrawn AND l.offer <> ''
UNION ALL
SELECT a.until, l.model, l.provider, l.offer, 'availability', '', 'withdrawn', 'listed', p.source, p.url, '', '', 0,
  'returned', NULL, a.until, 0, 0
FROM absences a JOIN listings l ON l.id = a.listing_id JOIN pages p ON p.id = l.page_id
WHERE a.withdrawn AND l.offer <> '' AND a.until IS NOT NULL
UNION ALL
SELECT l.first_seen, l.model, '', '', 'availability', '', NULL, 'listed', min(p.source), p.url, '', '', 0, 'new_model', NULL,
  l.first_seen, 0, 0
FROM model_ids m JOIN listings l ON l.model = m.id AND +l.first_seen = m.first_seen {_NEW_SINCE_READ}
WHERE m.merged_into IS NULL AND {_NOT_RENAMED} GROUP BY l.first_seen, l.model
UNION ALL
SELECT l.first_seen, l.model, l.provider, l.offer, 'availability', '', NULL, 'listed', p.source, p.url, '', '', 0,
  'new_offer', NULL, l.first_seen, 0, 0
FROM listings l {_NEW_SINCE_READ} JOIN model_ids m ON m.id = l.model AND m.first_seen < l.first_seen
WHERE l.offer <> '' AND {_NOT_RENAMED} AND NOT EXISTS (
  SELECT 1 FROM listings e WHERE e.model = l.model AND e.offer = l.offer
    AND (e.first_seen, e.id) < (l.first_seen, l.id)
)
UNION ALL
SELECT n.since, l.model, l.provider, l.offer, n.attribute, n.qualifier, o.value, n.value, p.source, {_CITED}, o.unit,
  n.unit, 1, 'scheduled', NULL, n.since, 0, 0
{_TOLD_SPANS} AND n.valid_from > n.since
UNION ALL
SELECT {_TOLD_AT}, l.model, l.provider, l.offer, n.attribute, n.qualifier, o.value, n.value, p.source, {_CITED}, o.unit,
  n.unit, 1, iif(n.valid_from > n.since, 'took_effect', {_KIND}), NULL, n.since, 0, 0
{_TOLD_SPANS} AND n.valid_from <= {NOW}"""
"""What we saw change, and what dated series tell."""
_CAME_AT = f"{last_day_sql('c.value')} || 'T00:00:00Z'"
CHANGES = f"""{SEEN_CHANGES}
UNION ALL
SELECT {_CAME_AT}, n.model, iif(instr(n.offer, ';'), substr(n.offer, 1, instr(n.offer, ';') - 1), n.offer), n.offer,
  'lifecycle', '', CASE n.attribute {_end_states(0)} END, CASE n.attribute {_end_states(1)} END, c.source, c.url, '', '',
  1, 'lifecycle', NULL, {_CAME_AT}, 0, 0
FROM chosen_claims n CROSS JOIN standing_claims c ON c.claim_id = n.claim_id
WHERE n.attribute IN ({quote_words(END_DATES)}) AND n.qualifier = '' AND NOT n.conflicting AND NOT n.unheard
  AND c.listed AND c.value IS NOT NULL AND {has_come_sql("c.value", NOW)}"""

_SAME = "{0}.model = n.model AND {0}.offer = n.offer AND {0}.attribute = n.attribute AND {0}.qualifier = n.qualifier"

CONFLICTS = f"""SELECT -- Facts on which sources that still publish them disagree; every value with who says it.
  n.model AS model, -- Model id.
  n.offer AS offer, -- Offer key, '' for the model as such.
  n.attribute AS attribute, -- Attribute.
  n.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  c.value AS value, -- Value.
  c.source AS source, -- Who says so.
  c.value = w.value AS chosen, -- 1 if the catalog says so too.
  n.conflicting AS undecided, -- 1 if no rule decides.
  c.authority AS authority, -- Weight of that word.
  c.via AS via, -- Through whose listing.
  c.since AS since, -- When this value was published here.
  c.last_verified AS last_verified, -- Last time it was found so.
  c.weight AS weight, -- Order of choice, greatest first.
  c.url AS url -- Where.
FROM chosen_claims n CROSS JOIN claims w ON w.id = n.claim_id
  CROSS JOIN standing_claims c ON {_SAME.format("c")} AND c.listed AND c.value IS NOT NULL
WHERE w.value IS NOT NULL AND n.attribute NOT IN ({TEXT_ATTRIBUTES}) AND EXISTS (
  SELECT 1 FROM standing_claims d WHERE {_SAME.format("d")} AND d.listed AND iif(n.attribute IN ({DATE_ATTRIBUTES}),
    substr(d.value, 1, length(w.value)) <> substr(w.value, 1, length(d.value)), d.value <> w.value)
)"""

STALE_BASIS = """SELECT -- What a stale report needs of every fact: when it was last true and how its page does.
  f.model AS model, -- Model id.
  f.offer AS offer, -- Offer key, '' for the model as such.
  f.attribute AS attribute, -- Attribute.
  f.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  coalesce(t.topic, 'benchmark') AS topic, -- Which freshness limits apply.
  f.source AS source, -- Source chosen.
  f.authority AS authority, -- Weight of its word.
  f.listed AS listed, -- 0 if its row is gone from a complete list.
  f.last_verified AS last_verified, -- Last time its page was found to say so.
  f.reviewed_on AS reviewed_on, -- The later of that and a person's look.
  p.id AS page_id, -- Page it comes from.
  p.url AS url, -- URL of that page.
  p.last_outcome AS last_outcome, -- What came of the latest attempt on it.
  p.failing_since AS failing_since, -- Since when it fails.
  p.gone_since AS gone_since, -- Since when it answers 404 or 410.
  p.next_due AS next_due, -- When it should be visited next.
  p.weight AS weight, -- How much its facts are shown.
  EXISTS (SELECT 1 FROM holds h WHERE h.until IS NULL AND h.state = 'open' AND h.page_id = p.id
    AND (h.kind = 'visit' OR (h.listing_id = f.listing_id AND h.attribute = f.attribute
      AND h.qualifier = f.qualifier))) AS held -- 1 if another value waits for review.
FROM facts f CROSS JOIN pages p ON p.id = f.page_id
  LEFT JOIN attributes t ON t.name = f.attribute"""

SCHEDULED = """SELECT -- Values told for a day to come, and open-ended dated ones.
  l.model AS model, -- Model id.
  l.offer AS offer, -- Offer key, '' for the model as such.
  c.attribute AS attribute, -- Attribute.
  c.qualifier AS qualifier, -- JSON condition, '' for the plain value.
  c.value AS value, -- Value.
  c.valid_from AS valid_from, -- Told start.
  c.valid_to AS valid_to, -- Told end, '' if none.
  l.page_id AS page_id, -- Page that tells it; due again on the start day.
  p.source AS source -- Who tells it.
FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
WHERE c.until IS NULL AND c.valid_from <> ''"""

UNLINKED = """SELECT -- Names that no reviewed rule could turn into a model.
  source, -- Who prints it.
  provider, -- Provider id, '' if none.
  name, -- As printed.
  candidates, -- JSON: near model ids.
  first_seen -- First sight.
FROM names WHERE model IS NULL AND until IS NULL"""

EVIDENCE = """SELECT -- From every standing claim to the bytes it was read from.
  model, -- Model id.
  offer, -- Offer key, '' for the model as such.
  attribute, -- Attribute.
  value, -- Value.
  source, -- Who says so.
  url, -- Page.
  document, -- Digest of the bytes.
  archive, -- WARC file in the archive folder.
  archive_offset, -- Offset of the response record.
  locator -- Where in the document.
FROM standing_claims WHERE document IS NOT NULL"""

VIEWS: Mapping[str, str] = {
    "standing_claims": current_claims_sql(),
    "chosen_claims": CHOSEN_CLAIMS,
    "facts": FACTS,
    "offers": offers_sql(),
    "prices": prices_sql(),
    "models": models_sql(),
    "cheapest_offers": cheapest_sql(),
    "price_history": HISTORY,
    "changes": CHANGES,
    "conflicts": CONFLICTS,
    "stale_basis": STALE_BASIS,
    "scheduled": SCHEDULED,
    "unlinked": UNLINKED,
    "evidence": EVIDENCE,
}
