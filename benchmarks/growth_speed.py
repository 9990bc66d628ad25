"""A refresh in which one page changed, beside fetching, as the catalog grows: one page for each made-up model.

    python benchmarks/growth_speed.py [MODELS]...

A catalog of each size is filled and compared once (two neighbours a model). Then, three days in a row, one page
says another price, 20 others are the same, and every stage of `refresh` but the crawl is timed, then the three
reports. Seconds are processor time, in a process of their own; the last line is the largest size over the smallest.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import orjson
from change_speed import CARD, START, Row, cells, record, world
from msgspec.structs import asdict
from sides import alone, middle, peak_mb, tell

from cardwatch.app import App
from cardwatch.compare.render.record_json import conflict_json
from cardwatch.config import CompareSection, Config
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Document, Outcome, RawRow, SourceRow, Visit
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.schedule.crawl_plan import plan_crawl
from cardwatch.db.schedule.due_pages import plan_due
from cardwatch.freshness_budget import build_stale_report, limits_kept, run_days
from cardwatch.home import Home
from cardwatch.normalize.records import Reading, RowEvidence
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons
from cardwatch.run.crawl_stage import failing_hosts
from cardwatch.run.ingest_stage import IngestResult
from cardwatch.run.summary import print_run, run_json
from cardwatch.terminal.stale_table import print_stale_report

SIZES = (500, 5_000, 50_000)
DAYS = 3
SAME = 20
"""Pages that a run looks at and finds unchanged."""
FIRST_ROWS = 40
Page = tuple[str, Sequence[Row]]
"""URL and rows."""


def pages(models: int) -> list[Page]:
    """Return a page for each model, on fifty hosts."""
    found: dict[str, list[Row]] = {}
    for row in world(models):
        found.setdefault(row[0], []).append(row)
    return [(f"https://host{n % 50}.example/{name}", rows) for n, (name, rows) in enumerate(found.items())]


def ingest(catalog: CatalogStore, wanted: Sequence[Page], at: datetime) -> IngestReport:
    """Bring these pages into the catalog, as one run found them."""
    rows = dict(wanted)
    return catalog.ingest(
        CARD,
        [visit(url, rows, at) for url, rows in wanted],
        lambda v: reading(v, rows[v.url]),
        rules="made up",
    )


def visit(url: str, rows: Sequence[Row], at: datetime) -> Visit:
    page = Document(digest(url, rows), url, at, "application/json", 1, f"{at:%Y%m%d}.warc", 512)
    raw = tuple(SourceRow(page, RawRow("model", row[0], "/", cells(row[2]), row[1] or "")) for row in rows)
    return Visit(
        CARD.id, "listing", url, at, Outcome.READ, 1, 200, documents=(page,), rows=raw, warc=page.warc
    )


def reading(found: Visit, rows: Sequence[Row]) -> Reading:
    page = found.documents[0]
    where = RowEvidence(
        source=CARD.id, url=page.url, document=page.digest, locator="/", fetched_at=page.fetched_at
    )
    return Reading(tuple(record(row, where) for row in rows))


def digest(url: str, rows: Sequence[Row]) -> str:
    return f"sha256:{sha256(orjson.dumps([url, rows])).hexdigest()}"


def app(home: Path, at: datetime) -> App:
    return App(Home(home), Config(compare=CompareSection(neighbours=2)), lambda: at)


def fill(home: Path, models: int) -> None:
    """Make the catalog and its comparisons; a page or two of every hundred wait for longer than their limit."""
    made = pages(models)
    old = made[63::64]
    with CatalogStore.open(home / "catalog.db", now=lambda: START) as catalog, catalog.run("refresh") as note:
        ingest(catalog, old, START - timedelta(days=20))
        ingest(catalog, [page for number, page in enumerate(made) if number % 64 != 63], START)
        update_comparisons(app(home, START), catalog)
        note |= {"skipped": {}, "named": ()}


def change(home: Path, models: int, day: int) -> dict[str, float]:
    """Run one refresh in which one page changed; return the seconds of each stage, and the memory."""
    at = START + timedelta(days=day)
    made = pages(models)
    url, rows = made[models // 2]
    name, host, values = rows[1]
    moved = {**values, "input_price": str(float(str(values["input_price"])) + day / 8)}
    visited = [(url, [rows[0], (name, host, moved), *rows[2:]]), *made[:SAME]]
    del made
    timed: dict[str, float] = {}
    with CatalogStore.open(home / "catalog.db", now=lambda: at) as catalog, catalog.run("refresh") as note:
        timed |= _refresh(app(home, at), catalog, visited, at, note)
    return {**timed, "refresh": sum(timed.values()), "memory": peak_mb()}


def _refresh(
    app: App, catalog: CatalogStore, visited: Sequence[Page], at: datetime, note: dict[str, object]
) -> Iterator[tuple[str, float]]:
    taken, compared = IngestResult(), ComparisonUpdate()

    def take_in() -> None:
        taken.reports.append(ingest(catalog, visited, at))
        catalog.settle_holds()

    def compare() -> None:
        nonlocal compared
        compared = update_comparisons(app, catalog)

    def finish() -> None:
        catalog.overdue_unread(app.limits)
        note.update(run_json(catalog, taken, compared))

    def report() -> None:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            print_run(app, catalog, taken, compared, None)

    stages: dict[str, Callable[[], object]] = {
        "limits": lambda: limits_kept(app, catalog),
        "plan": lambda: plan(app, catalog),
        "ingest": take_in,
        "compare": compare,
        "finish": finish,
        "print": report,
    }
    for name, stage in stages.items():
        yield name, seconds_of(stage)
    assert taken.reports[0].changed == 1, taken.reports[0]


def plan(app: App, catalog: CatalogStore) -> None:
    """Choose what to visit, as `refresh` does."""
    named: dict[str, Sequence[PageRequest]] = {CARD.id: ()}
    make_plan = partial(
        plan_crawl, budget=app.config.crawl.budget, host_allowance=app.config.crawl.host_allowance, run_days=run_days(app),
        due_only=True, suspects=failing_hosts(app, catalog),
    )  # fmt: skip
    known = catalog.known_pages(named, limits=app.limits)
    plan_due(known, make_plan, run_days=run_days(app), budget=app.config.crawl.budget)
    catalog.any_unanswered_signal()


def seconds_of(stage: Callable[[], object]) -> float:
    start = time.process_time()
    stage()
    return time.process_time() - start


def report(home: Path, name: str) -> dict[str, float]:
    """Return the seconds that a report takes to its first rows, and the memory."""
    at = START + timedelta(days=DAYS, hours=1)
    with app(home, at).reading() as catalog:
        ways: dict[str, Callable[[], object]] = {
            "stale": lambda: _first_stale(app(home, at), catalog),
            "models": lambda: [*map(asdict, catalog.models())][:FIRST_ROWS],
            "conflicts": lambda: [
                conflict_json(row) for row in catalog.conflicts(Config().compare)[:FIRST_ROWS]
            ],
        }
        return {name: seconds_of(ways[name]), "memory": peak_mb()}


def _first_stale(app: App, catalog: object) -> None:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        print_stale_report(build_stale_report(app, catalog), FIRST_ROWS)  # type: ignore[arg-type]


def measure(models: int) -> dict[str, float]:
    """Return the seconds of every stage and report at one size, and the most memory that any took."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        start = time.monotonic()
        alone(fill, home, models)
        tell(f"{models:,} models: filled in {time.monotonic() - start:.0f} s")
        found = middle([alone(change, home, models, day) for day in range(1, DAYS + 1)])
        for name in ("stale", "models", "conflicts"):
            figures = alone(report, home, name)
            found[name] = figures[name]
            found["memory"] = max(found["memory"], figures["memory"])
    return found


def main(sizes: Sequence[int]) -> None:
    """Print a line per stage: seconds at each size, and how many times the smallest the largest is."""
    found = [measure(models) for models in sizes]
    tell(f"{'':12}" + "".join(f"{models:>10,}" for models in sizes) + f"{'ratio':>8}")
    for name in found[0]:
        each = [result[name] for result in found]
        unit = "10.0f" if name in ("memory", "before") else "10.3f"
        tell(
            f"{name:12}" + "".join(f"{one:{unit}}" for one in each) + f"{each[-1] / max(each[0], 1e-9):8.1f}"
        )
    tell("goals: refresh at most 2 times and 1 s, each report 1 s, memory 500 MB at 50,000 models")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
