"""The tables of the published copy: where each comes from, what it refers to, what it adds to the view's columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardwatch.db.store import default_traffic, views
from cardwatch.db.store.current_claims import NOW
from cardwatch.db.store.lifecycle_rules import has_come_sql

REDISTRIBUTABLE = "source NOT IN (SELECT id FROM sources WHERE NOT redistribute)"
"""Whether a row's source lets its values be passed on."""

REFERS = {
    "model": "models(id)",
    "a": "models(id)",
    "b": "models(id)",
    "winner": "models(id)",
    "source": "sources(id)",
    "page_id": "pages(id)",
    "attribute": "attributes(name)",
}
PROVIDED = {"provider": "providers(id)"}
"""For tables that tell of providers and of models as such: there the column is NULL, where the catalog has ''."""
NO_PROVIDER = "Provider id; NULL if it is about the model as such."


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A published table.

    `query` may name the catalog's tables and views, and new_<table> of those made before. A column named like
    those in REFERS leads where they lead, unless it is `free`.
    """

    name: str
    query: str
    key: str = ""
    free: str = ""
    indexes: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)

    def refs(self, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each column that leads to another table, and where it leads."""
        for column, target in {**REFERS, **self.also}.items():
            if column in columns and column not in (self.key, self.free):
                yield column, target


_ALIASES = """(
    SELECT group_concat(name, ', ') FROM (
      SELECT name FROM names WHERE model = m.id UNION SELECT name FROM links WHERE model = m.id ORDER BY 1
    )
  )"""
_WORD = (
    "(SELECT value FROM new_facts WHERE model = m.id AND offer = '' AND attribute = '{}' AND qualifier = '')"
)
_LIST = f"""(
    SELECT json('["' || replace(value, ', ', '","') || '"]') FROM ({_WORD[1:-1]}) WHERE value <> ''
  )"""
_CAPABILITIES = """(
    SELECT json_group_array(substr(attribute, 12)) FROM (
      SELECT attribute FROM new_facts WHERE model = m.id AND offer = '' AND qualifier = '' AND value = 'true'
        AND attribute LIKE 'capability.%' ORDER BY 1
    )
  )"""
_PAGE = "(SELECT page FROM told_pages WHERE a = {} AND b = {})"

MODELS = f"""SELECT m.id, coalesce(m.name, substr(m.id, instr(m.id, '/') + 1)) AS name, m.vendor, m.product_type,
  m.lifecycle, m.context_window, m.max_output_tokens, m.release_date, m.knowledge_cutoff, m.license,
  {_WORD.format("openness")} AS openness, {_CAPABILITIES} AS capabilities,
  {_LIST.format("modality.input")} AS modality_input, {_LIST.format("modality.output")} AS modality_output,
  c.input_price, c.output_price, c.provider AS cheapest_provider, c.usd_per_month,
  (SELECT count(*) FROM new_offers o WHERE o.model = m.id AND o.listed AND m.lifecycle IS NOT 'retired'
    AND NOT EXISTS (SELECT 1 FROM new_facts e WHERE e.model = o.model AND e.offer = o.offer
      AND e.attribute = 'shutdown_date' AND e.qualifier = '' AND {has_come_sql("e.value", NOW)})) AS offers,
  m.facts, m.oldest_reviewed_on, m.first_seen, {_ALIASES} AS aliases, {_PAGE.format("m.id", "''")} AS page
FROM ({views.models_sql("new_facts", "new_offers")}) m
  LEFT JOIN ({views.cheapest_sql("new_prices")}) c ON c.model = m.id"""

COMPARISONS = f"""SELECT a, b,
  CASE body ->> '$.verdict.winner' WHEN 'a' THEN a WHEN 'b' THEN b END AS winner,
  body ->> '$.names[0]' || ' and ' || (body ->> '$.names[1]') AS title,
  CAST(body ->> '$.gap.usd' AS NUMERIC) AS gap_usd, CAST(body ->> '$.gap.percent' AS NUMERIC) AS gap_percent,
  body ->> '$.unknown' AS unknown_facts, digest, template, generated_at,
  {_PAGE.format("a", "b")} AS page
FROM comparisons"""

ATTRIBUTES = """SELECT name, type, unit, topic, meaning FROM attributes UNION ALL
SELECT attribute, 'score', max(unit), 'benchmark', 'Score on ' || replace(substr(attribute, 11), '_', ' ') || '.'
FROM new_facts WHERE attribute NOT IN (SELECT name FROM attributes) GROUP BY attribute"""

_FACT = ("model, attribute", "attribute", "source", "page_id")

PUBLISHED_TABLES = (
    PublishedTable("facts", f"SELECT * FROM ({views.FACTS}) WHERE {REDISTRIBUTABLE}",
        indexes=_FACT),
    PublishedTable("offers", views.offers_sql(), indexes=("model, offer", "provider"), also=PROVIDED),
    PublishedTable("prices", views.prices_sql("new_facts"), indexes=("model", "tier", "region")),
    PublishedTable(
        "models",
        MODELS,
        key="id",
        indexes=("vendor", "lifecycle"),
        added={
            "openness": "proprietary, open weights or open source.",
            "capabilities": "JSON list of what the model can do, by evidence; what is missing is No or unknown.",
            "modality_input": "JSON list of what it takes in.",
            "modality_output": "JSON list of what it gives out.",
            "input_price": "USD per million input tokens of the cheapest paid offer.",
            "output_price": "USD per million output tokens of that offer.",
            "cheapest_provider": "Who serves that offer.",
            "usd_per_month": f"What {default_traffic.IN_WORDS} cost there.",
            "offers": "Offers that can be had now.",
            "aliases": "Every name a source prints for it.",
            "page": "Its page on the static site, if one was exported.",
        },
    ),
    PublishedTable("cheapest_offers", views.cheapest_sql("new_prices"), indexes=("model",)),
    PublishedTable(
        "price_history",
        f"SELECT * FROM ({views.HISTORY}) WHERE {REDISTRIBUTABLE} ORDER BY model, offer, attribute, since",
        indexes=("model, attribute", "source"),
    ),
    PublishedTable(
        "changes",
        f"SELECT * FROM ({views.CHANGES}) WHERE {REDISTRIBUTABLE} ORDER BY at",
        indexes=("model", "at", "source"),
        also=PROVIDED,
        added={"provider": NO_PROVIDER},
    ),
    PublishedTable("conflicts", f"SELECT * FROM ({views.CONFLICTS}) WHERE {REDISTRIBUTABLE}",
        indexes=("model, attribute", "source")),
    PublishedTable("standing_claims", f"SELECT * FROM standing_claims WHERE {REDISTRIBUTABLE}",
        indexes=("model, attribute", "source")),
    PublishedTable("scheduled", f"SELECT * FROM ({views.SCHEDULED}) WHERE {REDISTRIBUTABLE}",
        indexes=("model",)),
    PublishedTable(
        "stale",
        "SELECT * FROM told_stale",
        indexes=("model", "source"),
        added={
            "": "Facts past their freshness limit when this copy was made, worst first.",
            "level": "warn or error.",
            "model": "Model id.",
            "offer": "Offer key, NULL for the model as such.",
            "source": "Source chosen.",
            "attribute": "Attribute.",
            "last_verified": "Last time its page was found to say so.",
            "age_days": "Days since then.",
            "limit_days": "Limit it broke.",
            "reason": "Why nobody looked.",
            "next_due": "When its page should be visited next; NULL if people look after it.",
            "weight": "How much it is shown.",
        },
    ),
    PublishedTable(
        "comparisons",
        COMPARISONS,
        indexes=("a", "b"),
        added={
            "winner": "Model that leads on the verdict's criteria, NULL if none does.",
            "title": "Both names.",
            "gap_usd": "Difference of their monthly cost in USD, NULL unless both are known.",
            "gap_percent": "The same in percent of the dearer one.",
            "unknown_facts": "Facts of the comparison that no source states.",
            "page": "Its page on the static site, if one was exported.",
        },
    ),
    PublishedTable("attributes", ATTRIBUTES, key="name"),
    PublishedTable("providers", "SELECT * FROM providers", key="id"),
    PublishedTable("developers", "SELECT * FROM developers", key="id"),
    PublishedTable("sources", "SELECT * FROM sources", key="id"),
    PublishedTable(
        "pages",
        "SELECT id, source, url, kind, first_seen, last_attempt, last_outcome, last_status, last_detail, last_verified,"
        " last_changed, failing_since, failures, gone_since, weight, next_due FROM pages",
        key="id",
        indexes=("source",),
    ),
    PublishedTable(
        "attempts",
        "SELECT id, page_id, started, outcome, verified_at, status, size, changes, detail FROM attempts",
        key="id",
        indexes=("page_id",),
    ),
    PublishedTable("runs", "SELECT * FROM runs", key="id"),
    PublishedTable("documents", "SELECT * FROM documents", key="id"),
    PublishedTable(
        "holds",
        f"""SELECT h.id, h.kind, p.source, l.model, l.provider, l.offer, h.attribute, h.qualifier, h.old, h.new, h.reason,
  h.rule, h.since, h.state, h.until, h.page_id
FROM holds h JOIN pages p ON p.id = h.page_id LEFT JOIN listings l ON l.id = h.listing_id WHERE p.{REDISTRIBUTABLE}""",
        key="id",
        indexes=("model", "state"),
        also=PROVIDED,
        added={
            "source": "Who says it.",
            "model": "Model id; NULL for a visit.",
            "provider": NO_PROVIDER,
            "offer": "Offer key, '' for the model as such.",
        },
    ),
    PublishedTable(
        "quarantine",
        f"""SELECT q.id, p.source, q.name, q.attribute, q.raw, q.raw_unit, q.rule, q.locator, q.document, q.first_seen,
  q.last_seen, q.count, q.page_id
FROM quarantine q JOIN pages p ON p.id = q.page_id WHERE q.until IS NULL AND p.{REDISTRIBUTABLE}""",
        key="id",
        free="attribute",
        added={"source": "Who prints it."},
    ),
    PublishedTable("names", "SELECT source, provider, name, model, variant, rule, first_seen FROM names WHERE until IS NULL",
             indexes=("model", "name")),
    PublishedTable("unlinked", views.UNLINKED),
)  # fmt: skip
"""In the order they are made: models lean on facts, offers and prices."""

MODELS_SEARCHED = "id, name, vendor, aliases, tokenize = 'unicode61 remove_diacritics 2'"


def column_meanings() -> dict[tuple[str, str], str]:
    """Return what the columns mean that only the copy has."""
    return {(r.name, column): meaning for r in PUBLISHED_TABLES for column, meaning in r.added.items()}
