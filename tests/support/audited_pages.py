"""Pages for tests of the audit: two models about which everything is on record, made, spoilt and read again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from msgspec.structs import replace

from cardwatch.auditing import html_reader, markdown_reader
from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.findings import Violation
from cardwatch.auditing.render import RenderedComparison, Renderer
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.auditing.run import Audit
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import Change, ClaimedValue, Fact, ModelCard, PricePoint
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.db.store.values import PlainValue
from support.card_builders import card, fact, offer, score

TODAY = date(2026, 5, 25)
STAMP = RenderContext("2026-05-25T12:00:00Z", ReviewDay(TODAY))
READERS: Mapping[str, Callable[[str], RenderedPage]] = {
    "markdown": markdown_reader.read_markdown_page,
    "html": html_reader.read_html_page,
}
ALPHA, BETA, GAMMA, XI = "maker/alpha-1", "other/beta-2", "other/gamma-3", "other/xi-4"
PHI, PSI = "other/phi-5", "other/psi-6"


def capabilities(yes: str, no: str) -> dict[str, PlainValue]:
    """Return capabilities by their last words: those that are a Yes and those that are a No."""
    return {f"capability.{name}": name in yes.split() for name in f"{yes} {no}".split()}


def disputed_fact(known: Fact, value: PlainValue) -> Fact:
    """Return a fact of which another source says `value`."""
    other = ClaimedValue("models_dev", value, "https://models.dev/api.json", "2026-05-22")
    return replace(known, others=(other,), why="curated before aggregator")


def alpha() -> ModelCard:
    """Return a closed model on its way out, with three providers, a history and a dispute."""
    offers = [
        offer(ALPHA, "openai", "2", "8"),
        offer(ALPHA, "openrouter", "1.25", "10"),
        offer(ALPHA, "azure-openai", "1.25", "9.5", region="data-zone", key="azure-openai;region=data-zone"),
        offer(ALPHA, "vercel-ai-gateway", "3", "12"),
    ]
    values: dict[str, PlainValue] = {
        "product_type": "standalone API model",
        "release_date": "2025-04",
        "context_window": 1_047_576,
        "max_output_tokens": 32_768,
        "parameters_total": 1_760_000_000_000,
        "parameters_note": "1.76T (8x220B)",
        "license": "Proprietary",
        "openness": "proprietary",
        "commercial_use": "with conditions",
        "knowledge_cutoff": "2024-06",
        "lifecycle": "deprecated",
        "shutdown_date": "2026-07-23",
        "modality.input": ("audio", "text"),
        **capabilities("multimodal function_calling structured_outputs code_execution", "vision reasoning"),
    }
    made = card(ALPHA, values, offers, [score(ALPHA, "mmlu_pro", "81.8"), score(ALPHA, "ifeval", "90.5")])
    point = PricePoint(
        "openrouter", "input_price", "1.5", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z", "curated"
    )
    looks = {"seen_before": "2026-04-20T00:00:00Z", "seen_after": "2026-04-29T00:00:00Z"}
    points = (point, replace(point, value="1.25", since="2026-05-01T00:00:00Z", until=None, **looks))
    change = Change(
        "2026-05-01T00:00:00Z", ALPHA, "openrouter", "openrouter", "input_price", "1.5", "1.25", "curated", ""
    )
    cutoff = disputed_fact(made.facts["knowledge_cutoff"], "2025-01")
    return replace(made, facts={**made.facts, "knowledge_cutoff": cutoff}, prices=points, changes=(change,))


def beta() -> ModelCard:
    """Return an open model with two providers, a reasoner that sees."""
    offers = [
        offer(BETA, "openrouter", "0.5", "1.125", on="2026-05-19"),
        offer(BETA, "vercel-ai-gateway", "0.6", "2"),
        offer(BETA, "nvidia", "0", "0", tier="free", key="nvidia;tier=free"),
    ]
    values: dict[str, PlainValue] = {
        "product_type": "open-weights model",
        "release_date": "2026-03-02",
        "context_window": 262_144,
        "parameters_total": 4_000_000_000,
        "license": "Apache-2.0",
        "openness": "open source",
        "commercial_use": "allowed",
        "knowledge_cutoff": "2025-01",
        "lifecycle": "active",
        **capabilities("vision multimodal reasoning", "function_calling structured_outputs parallel_agents"),
    }
    return card(BETA, values, offers, [score(BETA, "mmlu_pro", "79.1"), score(BETA, "ifeval", "88")])


def gamma() -> ModelCard:
    """Return a model about which little is known: no price of tokens, one provider, a window."""
    values: dict[str, PlainValue] = {"context_window": 128_000, "product_type": "open-weights model"}
    beside = {"web_search_price": fact(GAMMA, "web_search_price", "0.01", offer="azure-openai")}
    kept = [
        fact(GAMMA, "cache_write_price", usd, offer="azure-openai", qualifier={"ttl": ttl})
        for ttl, usd in (("1h", "2"), ("5m", "1.25"))
    ]
    return card(GAMMA, values, [offer(GAMMA, "azure-openai", facts=beside, tiers=tuple(kept))])


def xi() -> ModelCard:
    """Return a model that nobody offers."""
    return card(XI, {"context_window": 128_000, "product_type": "open-weights model"})


def painter(model: str, *prices: str) -> ModelCard:
    """Return a model that makes images, with their prices at two sizes."""
    offers = [
        offer(
            model, "openai", key=f"openai;mode={mode}", mode=mode,
            facts={"image_price": fact(model, "image_price", usd, offer=f"openai;mode={mode}")},
        )
        for mode, usd in zip(("high-1024-x-1536", "low-1024-x-1024"), prices, strict=True)
    ]  # fmt: skip
    return card(model, {"product_type": "image model"}, offers)


CARDS = {
    ALPHA: alpha,
    BETA: beta,
    GAMMA: gamma,
    XI: xi,
    PHI: partial(painter, PHI, "0.2", "0.01"),
    PSI: partial(painter, PSI, "0.3", "0.04"),
}


def make_renderer() -> Renderer:
    """Return what makes pages on a fixed day."""
    return Renderer(CompareSettings(), lambda _a, _b, _snapshot: STAMP)


def make_audit(forget: int = 1000) -> Audit:
    """Return an audit of that day that takes every fact away in turn."""
    return Audit(make_renderer(), TODAY, FreshnessLimits(), random.Random(1), forget)


@cache
def rendered_pair(a: str, b: str) -> tuple[ModelCard, ModelCard, RenderedComparison]:
    """Return two of the models here and their page."""
    first, second = CARDS[a](), CARDS[b]()
    return first, second, make_renderer().rendered(first, second)


def spoilt_page(
    a: str, b: str, spoil: Callable[[Any], object] | None = None, *views: RenderedPage
) -> AuditedPage:
    """Return the page of two models, its document spoilt."""
    first, second, rendered = rendered_pair(a, b)
    document: Json = rendered.document
    if spoil is not None:
        spoil(document)
    return AuditedPage(
        make_audit().truth(first, second), document, views, today=TODAY, limits=FreshnessLimits()
    )


def rewritten_page(form: str, a: str, b: str, old: str, new: str) -> RenderedPage:
    """Return a rendering in which every `old` became `new`, read back."""
    text: str = getattr(rendered_pair(a, b)[2], form)
    assert old in text, f"{form} of {a} and {b}: wanted {old!r} in it"
    return READERS[form](text.replace(old, new))


def found_on(spoilt: AuditedPage) -> list[Violation]:
    """Return what the checks of the table find on a page."""
    return [*make_audit().run_checks(spoilt)]


def check_ids(found: Iterable[Violation]) -> set[str]:
    """Return which checks fired."""
    return {violation.check for violation in found}


def audit_pair(a: ModelCard, b: ModelCard, forget: int = 1000) -> Iterator[Violation]:
    """Yield all that a full audit finds on the page of two models."""
    return make_audit(forget).page(a, b)
