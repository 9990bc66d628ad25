"""What a comparison depends on, as one digest per model and one per pair.

Dates of looking (fetched_at, reviewed_on, last_verified) and the place in a document (digest, locator) are
outside: looking again at an unchanged fact changes no digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording.labels import CAPABILITY_LABELS, EXTRA_SPECS, SPECS
from cardwatch.db.query.cards import Change, Fact, ModelCard, Offer, PricePoint

Json = Any


SHOWN_ATTRIBUTES = frozenset({*SPECS, *EXTRA_SPECS, *CAPABILITY_LABELS})


def inputs_digest(card: ModelCard) -> str:
    """Return a hex digest of everything about one model that a comparison can show, dates of looking aside.

    The order in which the catalog hands out offers, scores, changes or evidence does not matter.
    """
    seen = {
        "id": card.id,
        "name": card.name,
        "vendor": card.vendor,
        "facts": {name: _fact(fact) for name, fact in card.facts.items() if name in SHOWN_ATTRIBUTES},
        "offers": _sorted(_offer(offer) for offer in card.offers),
        "benchmarks": _sorted(_fact(fact) for fact in card.benchmarks),
        "changes": _sorted(_change(change) for change in card.changes),
        "prices": _sorted(_point(point) for point in card.prices),
    }
    return _digest(seen)


def pair_digest(a: str, b: str, settings: CompareSettings) -> str:
    """Return the digest of a pair, 32 hex digits; `a` and `b` are two models' digests, in page order."""
    traffic = [settings.input_mtok, settings.output_mtok]
    return _digest([a, b, settings.template, traffic])[:32]


def _dumps(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _digest(value: Json) -> str:
    return hashlib.sha256(_dumps(value)).hexdigest()


def _sorted(values: Iterable[Json]) -> list[Json]:
    return sorted(values, key=_dumps)


def _fact(fact: Fact) -> Json:
    return [
        fact.attribute,
        fact.state,
        fact.value,
        fact.unit,
        fact.reason,
        fact.scope,
        dict(fact.qualifier),
        _sorted({(e.source, e.url) for e in fact.evidence}),
        _sorted((o.source, o.value, o.url) for o in fact.others),
        fact.why if fact.others else "",
        fact.effective_from,
        fact.published_on,
        *([fact.held.source, fact.held.value] if fact.held else ()),
    ]


def _offer(offer: Offer) -> Json:
    return [
        offer.key,
        offer.listed,
        offer.provider,
        offer.provider_name,
        offer.provider_kind,
        offer.provider_model,
        [offer.tier, offer.region, offer.snapshot, offer.quantization, offer.mode],
        {name: _fact(fact) for name, fact in offer.facts.items()},
        _sorted(_fact(fact) for fact in offer.tiers),
    ]


def _change(change: Change) -> Json:
    return [
        change.at,
        change.seen_before,
        change.stated,
        change.offer,
        change.provider,
        change.attribute,
        change.old,
        change.new,
        change.source,
    ]


def _point(point: PricePoint) -> Json:
    when = [point.since, point.until, point.stated, point.seen_before, point.seen_after]
    return [point.offer, point.attribute, point.value, *when, point.source]
