"""Comparisons per second of one core: claims, evidence, Markdown and JSON of every pair of made-up models.

    python benchmarks/compare_speed.py [MODELS]

Prints pairs a second, and how many times longer a pair takes than joining and encoding a finished page of
the same size: a figure that holds on any machine. Time is processor time.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations

from compare.comparison import Comparison, compare_sides, page_order
from compare.document import to_json
from compare.page import html, markdown
from compare.review import ReviewDay, Stamp
from compare.settings import CompareSettings
from compare.side import Side, seat
from db.cards import Evidence, Fact, ModelCard, Offer, Plain
from normalize.attributes import CAPABILITIES

STAMP = Stamp("2026-05-22T00:00:00Z", ReviewDay(date(2026, 5, 25)))
URL = "https://source.example/models"
BENCHMARKS = ("mmlu_pro", "gpqa_diamond", "livecodebench", "ifeval", "aime_2025", "mmmu", "hle", "bfcl")
PROVIDERS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")


def cards(count: int, seed: int = 1) -> list[ModelCard]:
    """Return made-up models with about as many facts as a well-documented one has."""
    rng = random.Random(seed)
    return [card(f"maker{n % 9}/model-{n}", rng) for n in range(count)]


def card(model: str, rng: random.Random) -> ModelCard:
    said: dict[str, Plain] = {
        "product_type": rng.choice(("standalone API model", "open-weights model")),
        "release_date": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "context_window": rng.choice((128_000, 200_000, 262_144, 1_047_576)),
        "max_output_tokens": 32_768,
        "license": rng.choice(("Proprietary", "Apache-2.0", "MIT")),
        "openness": rng.choice(("proprietary", "open weights", "open source")),
        "lifecycle": rng.choice(("active", "active", "preview", "deprecated")),
        "modality.input": ("image", "text"),
    }
    said |= {f"capability.{c}": rng.random() < 0.6 for c in CAPABILITIES if rng.random() < 0.7}
    offers = tuple(offer(model, p, rng) for p in rng.sample(PROVIDERS, rng.randint(0, 6)))
    scores = tuple(score(model, b, rng) for b in rng.sample(BENCHMARKS, rng.randint(0, 6)))
    facts = {name: fact(model, name, value) for name, value in said.items()}
    return ModelCard(model, model.split("/")[1].title(), model.split("/")[0].title(), facts, offers, scores)


def fact(model: str, name: str, value: Plain, offer_key: str | None = None, unit: str = "") -> Fact:
    found = Evidence("source", URL, "sha256:" + "a" * 64, "/1", "2026-05-20T00:00:00Z", "2026-05-20")
    return Fact(model, name, "known", value, unit, offer_key, evidence=(found,), reviewed_on="2026-05-20")


def offer(model: str, provider: str, rng: random.Random) -> Offer:
    prices = {"input_price": str(rng.randint(1, 80) / 8), "output_price": str(rng.randint(8, 400) / 8)}
    facts = {name: fact(model, name, value, provider, "usd_per_mtok") for name, value in prices.items()}
    facts["context_window"] = fact(model, "context_window", 128_000, provider)
    return Offer(provider, model, provider, provider.title(), "host", model, facts=facts)


def score(model: str, name: str, rng: random.Random) -> Fact:
    return fact(model, f"benchmark.{name}", str(rng.randint(100, 990) / 10), unit="percent")


def pairs(made: list[ModelCard]) -> Iterator[Comparison]:
    """Yield every comparison, each model seated once per side."""
    ordered = sorted(made, key=lambda c: page_order(c.id))
    settings = CompareSettings()
    seats: dict[str, tuple[Side, Side]] = {
        c.id: (seat(c, "a", settings), seat(c, "b", settings)) for c in ordered
    }
    for a, b in combinations(ordered, 2):
        yield compare_sides(seats[a.id][0], seats[b.id][1])


def timed(made: list[ModelCard], render: Callable[[Comparison], object]) -> tuple[int, float]:
    """Return how many pairs were rendered and in how many seconds."""
    start, count = time.process_time(), 0
    for comparison in pairs(made):
        render(comparison)
        count += 1
    return count, time.process_time() - start


def join_seconds(page: str, count: int) -> float:
    """Return the seconds that joining and encoding a page from its lines takes, `count` times."""
    lines = page.split("\n")
    start = time.process_time()
    for _ in range(count):
        "\n".join(lines).encode()
    return time.process_time() - start


RENDERINGS: dict[str, Callable[[Comparison], object]] = {
    "claims": lambda c: c.claims,
    "claims, Markdown and JSON": lambda c: (markdown(c, STAMP), to_json(c, STAMP)),
    "claims and HTML": lambda c: html(c, STAMP),
}


def main(models: int) -> None:
    made = cards(models)
    page = markdown(next(pairs(made)), STAMP)
    for name, render in RENDERINGS.items():
        count, seconds = timed(made, render)
        ratio = seconds / join_seconds(page, count)
        sys.stdout.write(f"{name}: {count} pairs, {count / seconds:,.0f}/s, {ratio:.0f}x a join\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
