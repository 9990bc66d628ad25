"""Small builders of model cards for tests, and the six seed models as the catalog makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.cards import ClaimedValue, Evidence, Fact, ModelCard, Offer
from cardwatch.db.store.values import PlainValue
from cardwatch.normalize.curated import read_facts

SEED_FACTS = Path(__file__).parent.parent / "data" / "seed_facts.jsonl"
SEED_DAY = datetime(2026, 5, 25, 12, tzinfo=UTC)
QWEN = "alibaba/qwen3.5-4b"
URL = "https://source.example/"
PROVIDERS = {
    "openrouter": ("OpenRouter", "gateway"),
    "vercel-ai-gateway": ("Vercel AI Gateway", "gateway"),
    "azure-openai": ("Azure OpenAI", "cloud"),
    "openai": ("OpenAI API", "first-party"),
}


@cache
def seed_cards() -> Mapping[str, ModelCard]:
    """Return the cards of an empty catalog into which the seed pages' facts were imported."""
    facts, bad = read_facts(SEED_FACTS.read_text(encoding="utf-8").splitlines(), today=date(2026, 5, 25))
    assert bad == []
    with (
        TemporaryDirectory() as folder,
        CatalogStore.open(Path(folder) / "catalog.db", now=lambda: SEED_DAY) as catalog,
    ):
        catalog.import_facts(facts)
        return {card.id: card for card in catalog.cards()}


def evidence(reviewed_on: str = "2026-05-22", source: str = "curated") -> tuple[Evidence, ...]:
    """Return the evidence of one look."""
    fetched = f"{reviewed_on}T06:00:00Z"
    return (Evidence(source, f"{URL}{source}", "sha256:" + "0" * 64, "/row", fetched, reviewed_on),)


def fact(model: str, attribute: str, value: PlainValue, *, on: str = "2026-05-22", **more: object) -> Fact:
    """Return a known fact with evidence, or the fact that nobody knows when `value` is None."""
    if value is None:
        return replace(Fact(model, attribute, "unknown", reason="never_sourced"), **more)  # type: ignore[arg-type]
    unit = "usd_per_mtok" if attribute.endswith("_price") else ""
    made = Fact(
        model, attribute, "known", value, unit=unit, evidence=evidence(on), reviewed_on=on, authority="curated"
    )  # fmt: skip
    made = replace(made, **more)  # type: ignore[arg-type]
    return disputed(made, *made.others) if made.others else made


def disputed(known: Fact, *others: ClaimedValue) -> Fact:
    """Return a known fact beside which others say something else."""
    agreeing = [ClaimedValue(e.source, known.value, e.url, e.reviewed_on) for e in known.evidence]
    return replace(known, others=others, agreeing=tuple(agreeing))


def offer(
    model: str,
    provider: str,
    input_price: str | None = None,
    output_price: str | None = None,
    *,
    on: str = "2026-05-22",
    **more: object,
) -> Offer:
    """Return a listed offer whose listing is on record; a price of None is not."""
    name, kind = PROVIDERS.get(provider, (provider.title(), "host"))
    made = replace(Offer(provider, model, provider, name, kind, provider_model=model), **more)  # type: ignore[arg-type]
    values = {"availability": "listed", "input_price": input_price, "output_price": output_price}
    facts = {
        name: fact(model, name, value, on=on, offer=made.key)
        for name, value in values.items()
        if value is not None
    }
    return replace(made, facts={**facts, **made.facts})


def card(
    model: str,
    values: Mapping[str, PlainValue] | None = None,
    offers: Iterable[Offer] = (),
    scores: Iterable[Fact] = (),
    *,
    name: str = "",
) -> ModelCard:
    """Return a card whose every model-level fact was reviewed on one day; named after its id unless told."""
    facts = {key: fact(model, key, value) for key, value in (values or {}).items()}
    developer, _, part = model.partition("/")
    return ModelCard(model, name or part.title(), developer.title(), facts, tuple(offers), tuple(scores))


def score(model: str, name: str, value: str, **qualifier: str) -> Fact:
    """Return one score in percent."""
    return fact(model, f"benchmark.{name}", value, unit="percent", qualifier=qualifier)
