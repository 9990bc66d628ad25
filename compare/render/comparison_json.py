"""The comparison as JSON, schema version 1 of docs: same values as the page, plus ids and evidence.

Keys are only ever added within a version. The stored form leaves out what looking again changes: dates of
looking and the place in a document.
"""

from __future__ import annotations

from typing import Any

import orjson

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.display_facts import PAIR_FACT_IDS, SideId
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import json_parts as parts
from cardwatch.compare.render import model_tables, number_format
from cardwatch.compare.render.review import RenderContext, review_comparison
from cardwatch.compare.render.scorecard import benchmark_lead_text, signal_column, signal_names
from cardwatch.compare.rules.labels import CAPABILITY_LABELS
from cardwatch.compare.settings import CompareSettings

SCHEMA = 1
Json = dict[str, Any]


def to_json(comparison: Comparison, stamp: RenderContext, *, pretty: bool = False) -> bytes:
    """Return the comparison as JSON with its dates."""
    raw = orjson.dumps(build_json(comparison, stamp))
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2) + b"\n" if pretty else raw


def to_stored_json(comparison: Comparison) -> bytes:
    """Return the comparison as it is kept: the same bytes as long as its snapshot is the same."""
    return orjson.dumps(build_json(comparison, None))


def build_json(comparison: Comparison, stamp: RenderContext | None) -> Json:
    """Return the document; without a stamp every date of looking is null. Holds orjson fragments."""
    looked = review_comparison(comparison, stamp) if stamp else None
    pair, settings = comparison.pair, comparison.settings
    a, b, dated = pair.a, pair.b, stamp is not None
    return {
        "schema": SCHEMA,
        "template": settings.template,
        "snapshot": comparison.snapshot,
        "generated_at": stamp.generated_at if stamp else None,
        "reviewed_on": looked.reviewed_on if looked else None,
        "freshness": looked.level if looked else None,
        "models": [parts.model_json(a), parts.model_json(b)],
        "facts": parts.facts_json(pair, dated=dated),
        "claims": statements_json(comparison),
        "scorecard": scorecard_json(pair),
        "verdict": verdict_json(comparison),
        "tags": {"a": parts.tag_names(a), "b": parts.tag_names(b)},
        "best_for": {"a": parts.best_for_phrases(a), "b": parts.best_for_phrases(b)},
        "fit": {"a": parts.fit_json(a), "b": parts.fit_json(b)},
        "cost": cost_json(pair, settings),
        "price_history": {"a": parts.price_history_json(a), "b": parts.price_history_json(b)},
        "specs": specs_json(pair),
        "offers": {"a": parts.offers_json(a, dated=dated), "b": parts.offers_json(b, dated=dated)},
        "capabilities": capabilities_json(pair),
        "benchmarks": parts.scores_json(pair),
        "switching": {"a_to_b": _switching_ids(comparison, "b"), "b_to_a": _switching_ids(comparison, "a")},
        "faq": [{"question": put, "claims": [c.id for c in said]} for put, said in comparison.faq],
        "unknown": {"count": pair.unknown_count, "of": pair.fact_count, "facts": parts.unknown_ids(pair)},
        "conflicts": parts.conflicts_json(pair),
        "changes": parts.changes_json(pair),
        "related": [{"title": page.title, "href": page.href} for page in stamp.related] if stamp else [],
    }


def statements_json(comparison: Comparison) -> list[Json]:
    """Return every sentence with its rule and the facts it leans on."""
    return [
        {"id": id_, "rule": rule, "section": section, "about": about, "text": text, "facts": facts}
        for id_, rule, section, about, text, facts in comparison.claims
    ]


def scorecard_json(pair: ModelPair) -> list[Json]:
    """Return the lines by which two models are usually told apart."""
    a, b = signal_column(pair.a).plain, signal_column(pair.b).plain
    before, after = signal_names(pair)
    both = {
        "signal": "shared_benchmarks",
        "a": benchmark_lead_text(pair, "a"),
        "b": benchmark_lead_text(pair, "b"),
    }
    return [
        *[{"signal": signal, "a": a[signal], "b": b[signal]} for signal in before],
        both,
        *[{"signal": signal, "a": a[signal], "b": b[signal]} for signal in after],
    ]


def verdict_json(comparison: Comparison) -> Json:
    """Return the criteria and, if one side is recommended, which."""
    judged = comparison.verdict
    claim = comparison.by_rule.get(("verdict", "pair"))
    return {
        "winner": judged.winner,
        "criteria": [
            {"name": c.name, "result": result, "facts": facts, "critical": c.critical != ""}
            for c, result, facts in judged.criterion_results
        ],
        "claim": claim.id if claim else None,
        "why": judged.why,
    }


def cost_json(pair: ModelPair, settings: CompareSettings) -> Json:
    """Return both costs and their difference."""
    saved = pair.saving
    gap = saved and {
        "usd": number_format.plain_decimal(saved.usd),
        "percent": saved.percent,
        "cheaper": saved.cheaper,
    }
    return {
        "profile": {"input_mtok": settings.input_mtok, "output_mtok": settings.output_mtok},
        "a": parts.side_cost_json(pair.a),
        "b": parts.side_cost_json(pair.b),
        "gap": gap,
    }


def specs_json(pair: ModelPair) -> list[Json]:
    """Return the specification table, row by row."""
    a, b = model_tables.spec_column(pair.a).plain, model_tables.spec_column(pair.b).plain
    return [{"attribute": name, "a": a[name], "b": b[name]} for name in pair.specs]


def capabilities_json(pair: ModelPair) -> list[Json]:
    """Return the ten answers on both sides."""
    a, b = pair.a.answers, pair.b.answers
    return [
        {"name": label, "a": a[name], "b": b[name], "facts": PAIR_FACT_IDS[name]}
        for name, label in CAPABILITY_LABELS.items()
    ]


def _switching_ids(comparison: Comparison, target: SideId) -> list[str]:
    return [claim.id for claim in comparison.of("switching", "pair", target)]
