"""Comparisons per second of one core: claims, evidence, Markdown and JSON of every pair of made-up models.

    python benchmarks/compare_speed.py [MODELS]

"first" seats every model and makes its parts of the pages on the way, "kept" finds them made. Beside them,
how many times longer a pair takes than joining and encoding a finished page from its lines: a figure that
holds on any machine. Time is processor time; medians, each round in a process of its own.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations

from sides import alone, middle, tell

from cardwatch.compare.comparison import Comparison, compare_sides, display_order
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.comparison_page import render_html, render_markdown
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import Side, build_side
from cardwatch.db.query.cards import Evidence, Fact, ModelCard, Offer
from cardwatch.db.store.values import PlainValue
from cardwatch.normalize.attributes import CAPABILITIES

STAMP = RenderContext("2026-05-22T00:00:00Z", ReviewDay(date(2026, 5, 25)))
URL = "https://source.example/models"
BENCHMARKS = ("mmlu_pro", "gpqa_diamond", "livecodebench", "ifeval", "aime_2025", "mmmu", "hle", "bfcl")
ROUNDS = 3
PROVIDERS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


def cards(count: int, seed: int = 1) -> list[ModelCard]:
    """Return made-up models with about as many facts as a well-documented one has."""
    rng = random.Random(seed)
    return [card(f"maker{n % 9}/model-{n}", rng) for n in range(count)]


def card(model: str, rng: random.Random) -> ModelCard:
    values: dict[str, PlainValue] = {
        "product_type": rng.choice(("standalone API model", "open-weights model")),
        "release_date": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "context_window": rng.choice((128_000, 200_000, 262_144, 1_047_576)),
        "max_output_tokens": 32_768,
        "license": rng.choice(("Proprietary", "Apache-2.0", "MIT")),
        "openness": rng.choice(("proprietary", "open weights", "open source")),
        "lifecycle": rng.choice(("active", "active", "preview", "deprecated")),
        "modality.input": ("image", "text"),
    }
    values |= {f"capability.{c}": rng.random() < 0.6 for c in CAPABILITIES if rng.random() < 0.7}
    offers = tuple(offer(model, p, rng) for p in rng.sample(PROVIDERS, rng.randint(0, 6)))
    scores = tuple(score(model, b, rng) for b in rng.sample(BENCHMARKS, rng.randint(0, 6)))
    facts = {name: fact(model, name, value) for name, value in values.items()}
    return ModelCard(model, model.split("/")[1].title(), model.split("/")[0].title(), facts, offers, scores)


def fact(model: str, name: str, value: PlainValue, offer_key: str | None = None, unit: str = "") -> Fact:
    found = Evidence("source", URL, "sha256:" + "a" * 64, "/1", "2026-05-20T00:00:00Z", "2026-05-20")
    return Fact(model, name, "known", value, unit, offer_key, evidence=(found,), reviewed_on="2026-05-20")


def offer(model: str, provider: str, rng: random.Random) -> Offer:
    prices = {"input_price": str(rng.randint(1, 80) / 8), "output_price": str(rng.randint(8, 400) / 8)}
    facts = {name: fact(model, name, value, provider, "usd_per_mtok") for name, value in prices.items()}
    facts["context_window"] = fact(model, "context_window", 128_000, provider)
    return Offer(provider, model, provider, provider.title(), "host", model, facts=facts)


def score(model: str, name: str, rng: random.Random) -> Fact:
    return fact(model, f"benchmark.{name}", str(rng.randint(100, 990) / 10), unit="percent")


def seats(made: list[ModelCard]) -> list[tuple[Side, Side]]:
    """Return every model seated on both sides, in page order."""
    settings = CompareSettings()
    ordered = sorted(made, key=lambda c: display_order(c.id))
    return [(build_side(card, "a", settings), build_side(card, "b", settings)) for card in ordered]


def pairs(seated: list[tuple[Side, Side]]) -> Iterator[Comparison]:
    """Yield every comparison."""
    for (first, _), (_, second) in combinations(seated, 2):
        yield compare_sides(first, second)


def join(page: str, count: int) -> None:
    """Join and encode a page from its lines, `count` times."""
    lines = page.split("\n")
    for _ in range(count):
        "\n".join(lines).encode()


RENDERINGS: dict[str, Callable[[Comparison], object]] = {
    "claims": lambda c: c.claims,
    "claims and JSON": lambda c: to_json(c, STAMP),
    "claims, Markdown and JSON": lambda c: (render_markdown(c, STAMP), to_json(c, STAMP)),
    "claims and HTML": lambda c: render_html(c, STAMP),
}


def measure(rendering: str, models: int) -> dict[str, float]:
    """Return the number of pairs, and the seconds of a first pass, of a second one, and of as many joins."""
    render, made = RENDERINGS[rendering], cards(models)
    times = [time.process_time()]
    seated = seats(made)
    for _ in range(2):
        for comparison in pairs(seated):
            render(comparison)
        times.append(time.process_time())
    count, page = models * (models - 1) // 2, render_markdown(next(pairs(seated)), STAMP)
    times.append(time.process_time())
    join(page, count)
    return {
        "pairs": count,
        "first": times[1] - times[0],
        "kept": times[2] - times[1],
        "join": time.process_time() - times[3],
    }


def main(models: int) -> None:
    for rendering in RENDERINGS:
        found = middle([alone(measure, rendering, models) for _ in range(ROUNDS)])
        figures = [
            f"{name} {found['pairs'] / found[name]:,.0f}/s, {found[name] / found['join']:.0f}x a join"
            for name in ("first", "kept")
        ]
        tell(f"{rendering}: {'; '.join(figures)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
