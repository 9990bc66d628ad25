"""Made-up model cards: every attribute a page shows, known, unknown or in conflict."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from cardwatch.db.query.cards import Change, ClaimedValue, Fact, ModelCard, Offer, PricePoint
from cardwatch.db.store.values import PlainValue
from cardwatch.normalize.attributes import CAPABILITIES
from support.card_builders import PROVIDERS, disputed, fact, offer

PRICES = ("0", "0.03", "0.15", "1", "1.25", "10", "40")
DAYS = ("2026-05-01", "2026-05-19", "2026-05-22")
VALUES: dict[str, tuple[PlainValue, ...]] = {
    "product_type": ("coding-specialized model", "standalone API model", "open-weights model"),
    "release_date": ("2023", "2025-04", "2025-04-14"),
    "context_window": (8_192, 128_000, 262_144, 1_047_576, 1_048_576),
    "max_output_tokens": (4_096, 32_768),
    "parameters_total": (4_000_000_000, 1_760_000_000_000),
    "license": ("Proprietary", "Apache-2.0"),
    "openness": ("proprietary", "open weights", "open source"),
    "commercial_use": ("allowed", "with conditions"),
    "knowledge_cutoff": ("2024-06", "2025-01"),
    "lifecycle": ("preview", "active", "deprecated", "retired"),
    "deprecation_date": ("2026-07-23",),
    "shutdown_date": ("2024-12-06", "2026-07-23"),
    "replacement": ("gpt-4o",),
    "modality.input": (("image", "text"), ("text",)),
    **{f"capability.{name}": (True, False) for name in CAPABILITIES},
}
REASONS = ("never_sourced", "not_published", "held", "source_failing")


def unknown_fact(known: Fact, reason: str = "never_sourced") -> Fact:
    """Return the fact as it is when nobody says."""
    return Fact(
        known.model, known.attribute, "unknown", offer=known.offer, reason=reason, qualifier=known.qualifier
    )


def one_fact(rng: Random, model: str, attribute: str, offer_key: str | None = None) -> Fact:
    """Make up a fact that is mostly known."""
    values = PRICES if attribute.endswith("_price") else VALUES[attribute]
    day = rng.choice(DAYS)
    made = fact(model, attribute, rng.choice(values), on=day, offer=offer_key)
    kind = rng.choice(("known",) * 6 + ("unknown", "other", "conflicting"))
    if kind == "unknown":
        return unknown_fact(made, rng.choice(REASONS))
    if kind == "known":
        return made
    others = tuple(ClaimedValue("rival", value, "https://rival.example/", day) for value in values[:2])
    if kind == "other":
        return replace(disputed(made, *others), why="first party before aggregator")
    return replace(made, state="conflicting", value=None, others=others)


def one_offer(rng: Random, model: str, provider: str) -> Offer:
    """Make up an offer whose prices may be missing or unknown."""
    tier = rng.choice(("standard", "standard", "free", "batch"))
    region = rng.choice((None, None, "global", "data-zone"))
    marks = [f";{k}={v}" for k, v in (("tier", tier), ("region", region)) if v not in (None, "standard")]
    made = offer(model, provider, tier=tier, region=region, listed=rng.random() < 0.8)
    made = replace(made, key=provider + "".join(marks))
    names = [n for n in ("input_price", "output_price", "cache_read_price") if rng.random() < 0.8]
    prices = {name: one_fact(rng, model, name, made.key) for name in names}
    listing = {name: replace(f, offer=made.key) for name, f in made.facts.items()}
    return replace(made, facts={**listing, **prices})


def one_score(rng: Random, model: str, name: str) -> Fact:
    """Make up a score, sometimes with conditions, sometimes unknown."""
    qualifier = rng.choice(({}, {}, {"reporter": "maker"}, {"mode": "thinking"}, {"harness": "h1"}))
    value = rng.choice(("79.1", "81.8", "90"))
    made = fact(model, f"benchmark.{name}", value, unit="percent", qualifier=qualifier)
    return made if rng.random() < 0.85 else unknown_fact(made)


def one_card(rng: Random, model: str) -> ModelCard:
    """Make up the card of one model."""
    share = rng.random()
    facts = {name: one_fact(rng, model, name) for name in VALUES if rng.random() < share}
    made = tuple(one_offer(rng, model, p) for p in PROVIDERS if rng.random() < 0.5)
    offers = [
        one_score(rng, model, m) for m in ("mmlu_pro", "humaneval", "wer", "mmlu_pro") if rng.random() < 0.5
    ]
    scores = {(score.attribute, str(score.qualifier)): score for score in offers}
    points = tuple(
        PricePoint(o.key, name, str(f.value), "2026-05-01T00:00:00Z", None, "curated")
        for o in made
        for name, f in o.facts.items()
        if name.endswith("_price") and f.state == "known"
    )
    changes = tuple(
        Change("2026-05-02T00:00:00Z", model, p.offer, p.offer, p.attribute, "9", p.value, "curated", "")
        for p in points[:1]
    )
    return ModelCard(
        model, model.split("/")[1].title(), "Maker", facts, made, tuple(scores.values()), changes, points
    )


def forgettable_places(card: ModelCard) -> list[tuple[str, str | None, int | None]]:
    """Return where each known fact of a card stands: attribute, offer key, index among the scores."""
    found: list[tuple[str, str | None, int | None]] = [
        (name, None, None) for name, f in card.facts.items() if f.state == "known"
    ]
    found += [(n, o.key, None) for o in card.offers for n, f in o.facts.items() if f.state == "known"]
    found += [(f.attribute, None, i) for i, f in enumerate(card.benchmarks) if f.state == "known"]
    return found


def forget_fact(card: ModelCard, place: tuple[str, str | None, int | None]) -> ModelCard:
    """Return the card as if nobody had ever said this one fact."""
    name, key, index = place
    if index is not None:
        kept = [unknown_fact(f) if i == index else f for i, f in enumerate(card.benchmarks)]
        return replace(card, benchmarks=tuple(kept))
    if key is None:
        return replace(card, facts={**card.facts, name: unknown_fact(card.facts[name])})
    changed = (
        replace(o, facts={**o.facts, name: unknown_fact(o.facts[name])}) if o.key == key else o
        for o in card.offers
    )
    return replace(card, offers=tuple(changed))
