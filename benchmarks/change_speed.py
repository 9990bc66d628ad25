"""One changed model in a catalog of made-up models: the work on kept pairs beside that on all pairs.

    python benchmarks/change_speed.py [MODELS]...

Two neighbours and two anchors per model. The first time is the whole stage: claims chosen, pairs chosen, cards read,
pairs made and stored. "all pairs" is told from a sample of pairs made in full. Time is
processor time, memory the peak of a process that does nothing else.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal

import orjson
from sides import alone, middle, peak_mb, tell

from cardwatch.app import App
from cardwatch.compare.comparison import compare_sides, display_order
from cardwatch.compare.render.comparison_json import to_stored_json
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import build_side
from cardwatch.config import CompareSection, Config
from cardwatch.crawler.documents import Cell, Document, Outcome, RawRow, SourceRow, Visit
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.db.catalog import CatalogStore
from cardwatch.home import Home
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.records import JsonValue, Reading, Record, RowEvidence, Value
from cardwatch.run.comparison_stage import update_comparisons

URL = "https://source.example/models"
START = datetime(2026, 5, 1, 12, tzinfo=UTC)
CARD = SourceCard(
    "made_up", "made up", "bench", Authority.AGGREGATOR, URL, timedelta(days=1), range(1, 10**6)
)
HOSTS = ("azure", "bedrock", "openrouter", "together", "fireworks", "groq")
SAMPLE = 2000
ROUNDS = 3
Values = dict[str, JsonValue]
Row = tuple[str, str | None, Values]
"""Model, provider, and what is said."""


def world(models: int) -> list[Row]:
    """Return the rows of a page about so many models: one on the model and one to three offers each."""
    rng = random.Random(1)
    return [row for number in range(models) for row in model(f"maker{number % 40}/m-{number}", number, rng)]


def model(name: str, number: int, rng: random.Random) -> Iterator[Row]:
    values: Values = {
        "name": name.split("/")[1].upper(),
        "family": f"Family {number % 97}",
        "product_type": rng.choice(("standalone API model", "open-weights model")),
        "release_date": f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "context_window": rng.choice((128_000, 200_000, 262_144)),
        "max_output_tokens": 32_768,
        "parameters_total": rng.choice((4, 8, 32, 70, 235)) * 10**9,
        "license": rng.choice(("Apache-2.0", "MIT", "Proprietary")),
        "lifecycle": "active",
        "capability.vision": rng.random() < 0.5,
        "capability.function_calling": rng.random() < 0.8,
    }
    yield name, None, values
    for host in rng.sample(HOSTS, rng.randint(1, 3)):
        eighths = rng.randint(1, 99)
        asked = {"input_price": str(eighths / 8), "output_price": str(eighths * rng.randint(2, 5) / 8)}
        yield name, host, {**asked, "context_window": 128_000}


def ingest(catalog: CatalogStore, rows: Sequence[Row], at: datetime, path: str) -> None:
    """Bring one page into the catalog."""
    digest = f"sha256:{sha256(orjson.dumps([path, rows])).hexdigest()}"
    page = Document(digest, URL + path, at, "application/json", 1, f"{at:%Y%m%d}.warc", 512)
    raw = tuple(SourceRow(page, RawRow("model", row[0], "/", cells(row[2]), row[1] or "")) for row in rows)
    made = Visit(
        CARD.id, "listing", page.url, at, Outcome.READ, 1, 200, documents=(page,), rows=raw, warc=page.warc
    )
    found = RowEvidence(source=CARD.id, url=page.url, document=digest, locator="/", fetched_at=at)
    catalog.ingest(
        CARD, [made], lambda _: Reading(tuple(record(row, found) for row in rows)), rules="made up"
    )


def cells(values: Values) -> dict[str, Cell]:
    return {name: Cell(str(value)) for name, value in values.items()}


def record(row: Row, found: RowEvidence) -> Record:
    name, host, facts = row
    kind: Literal["model", "offer"] = "offer" if host else "model"
    values = tuple(
        Value(attribute=key, value=value, unit=get_attribute(key).unit, raw=str(value), locator=f"/{key}")
        for key, value in facts.items()
    )
    return Record(
        kind=kind, evidence=found, name=name, provider=host, model=name, rule="made up", values=values
    )


def app(home: Path, at: datetime) -> App:
    anchors = ("maker0/m-0", "maker1/m-1")
    return App(Home(home), Config(compare=CompareSection(anchors=anchors, neighbours=2)), lambda: at)


def fill(home: Path, rows: Sequence[Row]) -> None:
    with CatalogStore.open(home / "catalog.db", now=lambda: START) as catalog:
        for start in range(0, len(rows), 500):
            ingest(catalog, rows[start : start + 500], START, f"/{start}")


def compare(home: Path, at: datetime) -> dict[str, float]:
    """Bring the kept pairs up to date."""
    with CatalogStore.open(home / "catalog.db", now=lambda: at) as catalog:
        start = time.process_time()
        catalog.dirty_models()
        chosen = time.process_time() - start
        done = update_comparisons(app(home, at), catalog)
        seconds = time.process_time() - start
    pairs = done.made + done.regenerated
    return {
        "seconds": seconds,
        "chosen": chosen,
        "pairs": pairs,
        "kept": pairs + done.left,
        "peak": peak_mb(),
    }


def change(home: Path, rows: Sequence[Row], day: int) -> None:
    """Give one model in the middle another licence."""
    name, host, values = rows[0]
    at = START + timedelta(days=day)
    first = [(name, host, values | {"license": f"Licence {day}"}), *rows[1:]]
    with CatalogStore.open(home / "catalog.db", now=lambda: at) as catalog:
        ingest(catalog, first, at, "/1000")


def per_pair(home: Path) -> float:
    """Return the seconds that one pair takes in full, from a sample."""
    with CatalogStore(home / "catalog.db", now=lambda: START) as catalog:
        ids = [row[0] for row in catalog.conn.execute("SELECT id FROM model_ids ORDER BY id LIMIT 100")]
        cards = sorted(catalog.cards(ids), key=lambda card: display_order(card.id))
    settings = CompareSettings()
    start, count = time.process_time(), 0
    first = [build_side(card, "a", settings) for card in cards]
    second = [build_side(card, "b", settings) for card in cards]
    for a, one in enumerate(first):
        for other in second[a + 1 : a + 1 + SAMPLE // len(cards)]:
            to_stored_json(compare_sides(one, other))
            count += 1
    return (time.process_time() - start) / count


def main(sizes: Sequence[int]) -> None:
    for models in sizes:
        rows = world(models)
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            alone(fill, home, rows)
            first = alone(compare, home, START)
            rounds = []
            for day in range(1, ROUNDS + 1):
                alone(change, home, rows[1000:1500], day)
                rounds.append(alone(compare, home, START + timedelta(days=day)))
            one = middle(rounds)
            everything = alone(per_pair, home) * models * (models - 1) / 2
        tell(
            f"{models:,} models: {first['kept']:,.0f} kept pairs, {first['pairs'] / first['seconds']:,.0f} a second the"
            f" first time ({first['chosen'] / first['seconds']:.0%} of it choosing among claims), {first['peak']:.0f} MB;"
            f" one changed model {one['pairs']:.0f} pairs, {one['seconds']:.2f} s, {one['peak']:.0f} MB:"
            f" 1/{first['seconds'] / one['seconds']:.0f} of all kept pairs,"
            f" 1/{everything / one['seconds']:,.0f} of all pairs"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [2000, 5000])
