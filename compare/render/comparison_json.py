"""The comparison as JSON: what the two models only say together, and with it what each says alone.

`to_json` is the whole document, schema version 2 of docs: same values as the page, plus ids and evidence.
`to_stored_json` and `to_pair_json` hold the pair's own part and name the models' parts (`to_part_json`) by
digest: one model's part is the same in every pair. Keys are only ever added within a version.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import orjson

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.display_facts import PAIR_FACT_IDS, SideId
from cardwatch.compare.pair import ModelPair
from cardwatch.compare.render import json_parts as parts
from cardwatch.compare.render import model_tables
from cardwatch.compare.render.cost_section import paid_offers
from cardwatch.compare.render.record_json import SCHEMA, Json
from cardwatch.compare.render.review import RenderContext, review_comparison
from cardwatch.compare.render.scorecard import benchmark_lead_text, line_column, line_names
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side
from cardwatch.compare.wording import number_format
from cardwatch.compare.wording.labels import CAPABILITY_LABELS


def to_json(comparison: Comparison, stamp: RenderContext, *, pretty: bool = False) -> bytes:
    """Return the whole comparison as JSON with its dates."""
    raw = orjson.dumps({**own_json(comparison), **context_json(comparison, stamp), **whole_json(comparison)})
    return orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2) + b"\n" if pretty else raw


def to_pair_json(comparison: Comparison, stamp: RenderContext, hrefs: Mapping[str, str]) -> bytes:
    """Return the pair's own part with its dates; `hrefs` say by model id where the models' parts are."""
    models = [{**parts.model_names(side), "href": hrefs[side.id]} for side in comparison.sides]
    pair = comparison.pair
    own = {
        "models": models,
        "facts": parts.gap_facts_json(pair),
        "scorecard": scorecard_json(pair),
        "cost": costs_json(pair, comparison.settings),
        "benchmarks": parts.shared_scores_json(pair),
        "unknown": {"count": pair.unknown_count, "of": pair.fact_count},
    }
    return orjson.dumps({**own_json(comparison), **context_json(comparison, stamp), **own})


def to_stored_json(comparison: Comparison) -> bytes:
    """Return what the catalog keeps of a pair: the same bytes as long as its snapshot is the same."""
    verdict = comparison.verdict
    return orjson.dumps(
        {
            "parts": part_digests(comparison),
            "names": [side.name for side in comparison.sides],
            "verdict": {
                "winner": verdict.winner,
                "why": verdict.why,
                "criteria": {j.criterion.name: j.result for j in verdict.criterion_results},
            },
            "gap": gap_json(comparison.pair),
            "unknown": comparison.pair.unknown_count,
            "claims": [
                {"rule": s.rule, "about": s.about, "text": s.text, "facts": s.facts}
                for s in comparison.claims  # in order of their ids, and the rule has the section
            ],
        }
    )


def part_digests(comparison: Comparison) -> dict[str, str]:
    """Return the digests of what the models say alone."""
    return {side.side_id: side.digest for side in comparison.sides}


def to_part_json(side: Side) -> bytes:
    """Return what one model says alone, as side a of a pair; on side b every fact has the next id."""
    return orjson.dumps(
        {
            "schema": SCHEMA,
            "template": side.settings.template,
            "digest": side.digest,
            "model": parts.model_json(side),
            "facts": parts.side_facts_json(side),
            "tags": parts.tag_names(side),
            "best_for": parts.best_for_phrases(side),
            "fit": parts.fit_json(side),
            "job": side.job,
            "cost": parts.side_cost_json(side),
            "paid_offers": [offer[1:] for offer in paid_offers(side)],
            "price_history": parts.price_history_json(side),
            "offers": parts.offers_json(side),
            "conflicts": parts.side_conflicts_json(side),
            "changes": parts.side_changes_json(side),
        }
    )


def own_json(comparison: Comparison) -> Json:
    """Return what only the two models together say."""
    return {
        "schema": SCHEMA,
        "template": comparison.settings.template,
        "snapshot": comparison.snapshot,
        "parts": part_digests(comparison),
        "claims": statements_json(comparison),
        "verdict": verdict_json(comparison),
        "switching": {"a_to_b": _switching_ids(comparison, "b"), "b_to_a": _switching_ids(comparison, "a")},
        "faq": [
            {"question": put, "claims": [c.id for c in statements]} for put, statements in comparison.faq
        ],
    }


def context_json(comparison: Comparison, stamp: RenderContext) -> Json:
    """Return what a rendering adds: dates of looking, what else to read."""
    looked = review_comparison(comparison, stamp)
    return {
        "generated_at": stamp.generated_at,
        "reviewed_on": looked.reviewed_on,
        "freshness": looked.level,
        "related": [{"title": page.title, "href": page.href} for page in stamp.related],
    }


def whole_json(comparison: Comparison) -> Json:
    """Return what the models say alone, side by side. Holds orjson fragments."""
    pair = comparison.pair
    a, b = pair.a, pair.b
    return {
        "models": [parts.model_json(a), parts.model_json(b)],
        "facts": parts.facts_json(pair),
        "scorecard": scorecard_json(pair),
        "tags": {"a": parts.tag_names(a), "b": parts.tag_names(b)},
        "best_for": {"a": parts.best_for_phrases(a), "b": parts.best_for_phrases(b)},
        "fit": {"a": parts.fit_json(a), "b": parts.fit_json(b)},
        "cost": costs_json(pair, comparison.settings),
        "price_history": {"a": parts.price_history_json(a), "b": parts.price_history_json(b)},
        "specs": specs_json(pair),
        "offers": {"a": parts.offers_json(a), "b": parts.offers_json(b)},
        "capabilities": capabilities_json(pair),
        "benchmarks": parts.scores_json(pair),
        "unknown": {
            "count": pair.unknown_count,
            "of": pair.fact_count,
            "facts": parts.unknown_ids(pair),
        },
        "conflicts": parts.conflicts_json(pair),
        "changes": parts.changes_json(pair),
    }


def statements_json(comparison: Comparison) -> orjson.Fragment:
    """Return every sentence with its rule and the facts it leans on."""
    return orjson.Fragment(msgspec.json.encode(comparison.claims))


def scorecard_json(pair: ModelPair) -> list[Json]:
    """Return the lines by which two models are usually told apart."""
    a, b = line_column(pair.a).plain, line_column(pair.b).plain
    before, after = line_names(pair)
    both = {
        "signal": "shared_benchmarks",
        "a": benchmark_lead_text(pair, "a"),
        "b": benchmark_lead_text(pair, "b"),
    }
    return [
        *[{"signal": name, "a": a[name], "b": b[name]} for name in before],
        both,
        *[{"signal": name, "a": a[name], "b": b[name]} for name in after],
    ]


def verdict_json(comparison: Comparison) -> Json:
    """Return the criteria and, if one side is recommended, which."""
    judged = comparison.verdict
    statement = comparison.by_rule.get(("verdict", "pair"))
    return {
        "winner": judged.winner,
        "criteria": [
            {"name": j.criterion.name, "result": j.result, "facts": j.facts, "critical": j.criterion.critical}
            for j in judged.criterion_results
        ],
        "claim": statement.id if statement else None,
        "why": judged.why,
    }


def gap_json(pair: ModelPair) -> Json | None:
    """Return the difference in cost, unrounded."""
    saved = pair.saving
    if saved is None:
        return None
    return {
        "usd": number_format.plain_decimal(saved.usd),
        "percent": saved.percent,
        "cheaper": saved.cheaper,
    }


def costs_json(pair: ModelPair, settings: CompareSettings) -> Json:
    """Return both costs and their difference."""
    return {
        "profile": {"input_mtok": settings.input_mtok, "output_mtok": settings.output_mtok},
        "a": parts.cost_json(pair, "a"),
        "b": parts.cost_json(pair, "b"),
        "gap": gap_json(pair),
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
    return [statement.id for statement in comparison.of("switching", "pair", target)]
