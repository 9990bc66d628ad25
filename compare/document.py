"""The comparison as JSON, schema version 1 of docs: same values as the page, plus ids and evidence.

Keys are only ever added within a version. The stored form leaves out what looking again changes: dates of
looking and the place in a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from compare import figures
from compare.blocks import Text, plain_of
from compare.claim import Claim
from compare.comparison import Comparison, Gap
from compare.document_parts import cost_of, facts, fit, offers, price_history
from compare.history import Conflict, changes, conflicts
from compare.pair import Pair
from compare.review import Stamp, review
from compare.rules.fit import Fitted, best_for, tags
from compare.rules.names import CAPABILITIES, UNKNOWN
from compare.scores import Row
from compare.shown import Seat, Shown
from db.cards import Change

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
    a, b = comparison.sides
    return {
        "schema": SCHEMA,
        "template": comparison.settings.template,
        "snapshot": comparison.snapshot,
        "generated_at": stamp.generated_at if stamp else None,
        "reviewed_on": looked.reviewed_on if looked else None,
        "freshness": looked.level if looked else None,
        "models": [{"id": side.id, "name": side.name, "vendor": side.vendor} for side in (a, b)],
        "facts": facts(comparison.pair, dated=stamp is not None),
        "claims": [_claim(claim) for claim in comparison.claims],
        "scorecard": [_line(line.signal, line.a, line.b) for line in comparison.scorecard],
        "verdict": verdict(comparison),
        "tags": {side.seat: _names(tags(side)) for side in (a, b)},
        "best_for": {side.seat: _names(best_for(side)) for side in (a, b)},
        "fit": {side.seat: fit(side) for side in (a, b)},
        "cost": cost(comparison),
        "price_history": {side.seat: price_history(side) for side in (a, b)},
        "specs": [
            {"attribute": name, "a": a.facts[name].display, "b": b.facts[name].display}
            for name in comparison.pair.specs
        ],
        "offers": {side.seat: offers(side, dated=stamp is not None) for side in (a, b)},
        "capabilities": capabilities(comparison.pair),
        "benchmarks": [_score(row) for row in comparison.pair.scores],
        "switching": {"a_to_b": _moves(comparison, "b"), "b_to_a": _moves(comparison, "a")},
        "faq": [{"question": put, "claims": [c.id for c in said]} for put, said in comparison.faq],
        "unknown": {
            "count": len(comparison.pair.unknown),
            "of": comparison.pair.fact_count,
            "facts": [fact.id for fact in comparison.pair.unknown],
        },
        "conflicts": [_conflict(found) for side in (a, b) for found in conflicts(side)],
        "changes": [_change(change) for side in (a, b) for change in changes(side)],
        "related": [{"title": page.title, "href": page.href} for page in stamp.related] if stamp else [],
    }


def _claim(claim: Claim) -> Json:
    return {
        "id": claim.id,
        "rule": claim.rule,
        "section": claim.section,
        "about": claim.about,
        "text": claim.text,
        "facts": claim.facts,
    }


def _line(signal: str, a: Text, b: Text) -> Json:
    return {"signal": signal, "a": plain_of(a), "b": plain_of(b)}


def verdict(comparison: Comparison) -> Json:
    """Return the criteria and, if one side is recommended, which."""
    judged = comparison.verdict
    claim = comparison.by_rule.get(("verdict", "pair"))
    return {
        "winner": judged.winner,
        "criteria": [
            {
                "name": each.criterion.name,
                "result": each.result,
                "facts": ids(each.facts),
                "critical": bool(each.criterion.critical),
            }
            for each in judged.judgements
        ],
        "claim": claim.id if claim else None,
        "why": judged.why,
    }


def ids(shown: Sequence[Shown]) -> list[str]:
    """Return the ids of facts, each once."""
    return list(dict.fromkeys(fact.id for fact in shown))


def _names(found: Sequence[Fitted]) -> list[str]:
    return [fit.name for fit in found]


def cost(comparison: Comparison) -> Json:
    """Return both costs and their difference."""
    settings = comparison.settings
    return {
        "profile": {"input_mtok": settings.input_mtok, "output_mtok": settings.output_mtok},
        **{side.seat: cost_of(side) for side in comparison.sides},
        "gap": _gap(comparison.gap),
    }


def _gap(gap: Gap | None) -> Json | None:
    if gap is None:
        return None
    return {"usd": figures.plain(gap.usd), "percent": gap.percent, "cheaper": gap.cheaper}


def capabilities(pair: Pair) -> list[Json]:
    """Return the ten answers on both sides."""
    a, b = pair.a, pair.b
    return [
        {
            "name": label,
            "a": a.answers[name],
            "b": b.answers[name],
            "facts": [a.facts[name].id, b.facts[name].id],
        }
        for name, label in CAPABILITIES.items()
    ]


def _score(row: Row) -> Json:
    return {
        "name": row.name,
        "a": row.a.display if row.a else UNKNOWN,
        "b": row.b.display if row.b else UNKNOWN,
        "leader": row.leader if row.leader != "tie" else None,
        "delta": None if row.delta is None else figures.plain(row.delta),
        "comparable": row.comparable,
        "why_not": row.why_not,
        "attribute": row.attribute,
        "tie": row.leader == "tie",
        "facts": ids([score for score in (row.a, row.b) if score]),
        "conditions": {"a": _conditions(row.a), "b": _conditions(row.b)},
    }


def _conditions(score: Shown | None) -> Json | None:
    if score is None:
        return None
    fact = score.fact
    said = {name: fact.qualifier.get(name) for name in ("version", "mode", "harness", "reporter")}
    return {**said, "date": fact.published_on, "unit": fact.unit}


def _moves(comparison: Comparison, target: Seat) -> list[str]:
    return [claim.id for claim in comparison.of("switching", "pair", target)]


def _conflict(found: Conflict) -> Json:
    fact = found.fact.fact
    return {
        "attribute": fact.attribute,
        "model": fact.model,
        "offer": fact.offer,
        "values": [{"source": source, "value": value, "url": url} for source, value, url in found.values],
        "chosen": fact.value if found.fact.known else None,
        "why": fact.why,
        "fact": found.fact.id,
    }


def _change(change: Change) -> Json:
    return {
        "attribute": change.attribute,
        "model": change.model,
        "from": change.old,
        "to": change.new,
        "at": change.at,
        "offer": change.offer,
        "provider": change.provider,
        "source": change.source,
        "url": change.url,
    }
