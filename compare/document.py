"""The comparison as JSON, schema version 1 of docs: same values as the page, plus ids and evidence.

Keys are only ever added within a version. The stored form leaves out what looking again changes: dates of
looking and the place in a document.
"""

from __future__ import annotations

from typing import Any

import orjson

from cardwatch.compare import document_parts as parts
from cardwatch.compare import figures, tables
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.pair import Pair
from cardwatch.compare.review import Stamp, review
from cardwatch.compare.rules.names import CAPABILITIES
from cardwatch.compare.scorecard import cells, leads, signals
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.shown import BOTH_IDS, Seat

SCHEMA = 1
Json = dict[str, Any]


def to_json(comparison: Comparison, stamp: Stamp, *, pretty: bool = False) -> bytes:
    """Return the comparison as JSON with its dates."""
    raw = orjson.dumps(document(comparison, stamp))
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2) + b"\n" if pretty else raw


def stored(comparison: Comparison) -> bytes:
    """Return the comparison as it is kept: the same bytes as long as its snapshot is the same."""
    return orjson.dumps(document(comparison, None))


def document(comparison: Comparison, stamp: Stamp | None) -> Json:
    """Return the document; without a stamp every date of looking is null. Holds orjson fragments."""
    looked = review(comparison, stamp) if stamp else None
    pair, settings = comparison.pair, comparison.settings
    a, b, dated = pair.a, pair.b, stamp is not None
    return {
        "schema": SCHEMA,
        "template": settings.template,
        "snapshot": comparison.snapshot,
        "generated_at": stamp.generated_at if stamp else None,
        "reviewed_on": looked.reviewed_on if looked else None,
        "freshness": looked.level if looked else None,
        "models": [parts.model(a), parts.model(b)],
        "facts": parts.facts(pair, dated=dated),
        "claims": claims(comparison),
        "scorecard": scorecard(pair),
        "verdict": verdict(comparison),
        "tags": {"a": parts.tag_names(a), "b": parts.tag_names(b)},
        "best_for": {"a": parts.phrases(a), "b": parts.phrases(b)},
        "fit": {"a": parts.fit(a), "b": parts.fit(b)},
        "cost": cost(pair, settings),
        "price_history": {"a": parts.price_history(a), "b": parts.price_history(b)},
        "specs": specs(pair),
        "offers": {"a": parts.offers(a, dated=dated), "b": parts.offers(b, dated=dated)},
        "capabilities": capabilities(pair),
        "benchmarks": parts.scores(pair),
        "switching": {"a_to_b": _moves(comparison, "b"), "b_to_a": _moves(comparison, "a")},
        "faq": [{"question": put, "claims": [c.id for c in said]} for put, said in comparison.faq],
        "unknown": {"count": pair.unknown_count, "of": pair.fact_count, "facts": parts.unknown_ids(pair)},
        "conflicts": parts.conflicts(pair),
        "changes": parts.changes(pair),
        "related": [{"title": page.title, "href": page.href} for page in stamp.related] if stamp else [],
    }


def claims(comparison: Comparison) -> list[Json]:
    """Return every sentence with its rule and the facts it leans on."""
    return [
        {"id": id_, "rule": rule, "section": section, "about": about, "text": text, "facts": facts}
        for id_, rule, section, about, text, facts in comparison.claims
    ]


def scorecard(pair: Pair) -> list[Json]:
    """Return the lines by which two models are usually told apart."""
    a, b = cells(pair.a).plain, cells(pair.b).plain
    before, after = signals(pair)
    both = {"signal": "shared_benchmarks", "a": leads(pair, "a"), "b": leads(pair, "b")}
    return [
        *[{"signal": signal, "a": a[signal], "b": b[signal]} for signal in before],
        both,
        *[{"signal": signal, "a": a[signal], "b": b[signal]} for signal in after],
    ]


def verdict(comparison: Comparison) -> Json:
    """Return the criteria and, if one side is recommended, which."""
    judged = comparison.verdict
    claim = comparison.by_rule.get(("verdict", "pair"))
    return {
        "winner": judged.winner,
        "criteria": [
            {"name": c.name, "result": result, "facts": facts, "critical": c.critical != ""}
            for c, result, facts in judged.judgements
        ],
        "claim": claim.id if claim else None,
        "why": judged.why,
    }


def cost(pair: Pair, settings: CompareSettings) -> Json:
    """Return both costs and their difference."""
    saved = pair.saving
    gap = saved and {"usd": figures.plain(saved.usd), "percent": saved.percent, "cheaper": saved.cheaper}
    return {
        "profile": {"input_mtok": settings.input_mtok, "output_mtok": settings.output_mtok},
        "a": parts.cost_of(pair.a),
        "b": parts.cost_of(pair.b),
        "gap": gap,
    }


def specs(pair: Pair) -> list[Json]:
    """Return the specification table, row by row."""
    a, b = tables.specs(pair.a).plain, tables.specs(pair.b).plain
    return [{"attribute": name, "a": a[name], "b": b[name]} for name in pair.specs]


def capabilities(pair: Pair) -> list[Json]:
    """Return the ten answers on both sides."""
    a, b = pair.a.answers, pair.b.answers
    return [
        {"name": label, "a": a[name], "b": b[name], "facts": BOTH_IDS[name]}
        for name, label in CAPABILITIES.items()
    ]


def _moves(comparison: Comparison, target: Seat) -> list[str]:
    return [claim.id for claim in comparison.of("switching", "pair", target)]
