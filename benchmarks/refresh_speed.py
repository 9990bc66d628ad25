"""Pages a second: crawl, archive, normalise and ingest, beside a bare tuned Scrapy spider.

    python benchmarks/refresh_speed.py [PAGES]

Each page is about one model, 7 KB of which most is prose: a dozen facts and an offer. "again" is the second
refresh, over unchanged pages that answer 304 to our validators. "in turn" reads the archive when the crawl has
ended, as a machine with one core does; otherwise a second process reads it meanwhile. The server runs beside both.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from crawl_speed import UNDER_WAY, bare, serve
from scrapy.http import TextResponse
from sides import alone, middle, tell

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, RawRow, Visit
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.crawler.run import CrawlSettings, crawl_sources
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.schedule.candidates import Candidates
from cardwatch.db.schedule.crawl_plan import PlannedCrawl, plan_crawl
from cardwatch.normalize.identity.aliases import known_models
from cardwatch.run.ingest_stage import ReadAhead, ingest_files, unread_files

ROUNDS = 3
PROSE = "A model for text, code and images, with a long context and tool use. " * 95
KNOWN = sorted(known_models())
FACTS = ("license", "lifecycle", "release_date", "knowledge_cutoff", "family", "name")


def page(number: int) -> bytes:
    values = {
        "id": KNOWN[number % len(KNOWN)],
        "name": f"Acme {number}",
        "family": f"Acme {number % 50}",
        "license": "MIT",
        "lifecycle": "active",
        "release_date": "2025-11-02",
        "knowledge_cutoff": "2025-06",
        "context": str(128_000 + number),
        "output": "32768",
        "price": {"input": f"{number % 90 / 8 + 1}", "output": f"{number % 70 / 4 + 2}"},
        "text": PROSE,
    }
    return json.dumps(values).encode()


def source_at(base: str, pages: int) -> type[Source]:
    """Return a source of so many pages."""

    class RefreshedPages(Source):
        name = "pages"
        title = kind = "bench"
        authority = Authority.AGGREGATOR
        url = f"{base}/0"
        max_age = timedelta(days=1)
        expected_rows = range(1, 100)

        def pages(self) -> list[PageRequest]:
            return [PageRequest(f"{base}/{number}", "listing") for number in range(pages)]

        def rows(self, response: TextResponse) -> Iterator[RawRow]:
            item = response.json()
            cells = {name: Cell(item[name], at=f"/{name}") for name in FACTS}
            limits = {
                "context_window": Cell(item["context"], "tokens"),
                "max_output_tokens": Cell(item["output"], "tokens"),
            }
            prices = {f"{kind}_price": Cell(text, "usd/1M tokens") for kind, text in item["price"].items()}
            yield RawRow("model", item["id"], "/", cells | limits, provider="openrouter")
            yield RawRow("offer", item["id"], "/", prices | limits, provider="openrouter")

    return RefreshedPages


def nothing(visit: Visit) -> None:
    """Show no progress."""


def bare_rates(base: str, pages: int, folder: Path) -> dict[str, float]:
    """Run a spider that only counts; pages a second by the clock and of processor time."""
    began = time.perf_counter()
    rate = bare(base, pages, folder)
    return {"wall": pages / (time.perf_counter() - began), "rate": rate}


def refresh(base: str, pages: int, folder: Path, day: int, *, follow: bool = True) -> dict[str, float]:
    """Crawl into the archive and bring what came into the catalog; pages a second."""
    its = source_at(base, pages)
    archive = folder / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    settings = CrawlSettings(
        allow_private=True, throttle_policy=ThrottlePolicy(delay=0, concurrency=UNDER_WAY), throttle=False
    )
    began, began_wall = time.process_time(), time.perf_counter()
    now = datetime.now(UTC) + timedelta(days=day)
    with (
        CatalogStore.open(folder / "catalog.db", now=lambda: now) as catalog,
        ReadAhead.begin(catalog, archive, {"pages": its}) if follow else nullcontext() as ahead,
    ):
        made = plan_crawl(Candidates(), budget=pages, host_allowance=pages, run_days=1, due_only=False)
        past = PlannedCrawl(made, catalog.validators)
        crawled = crawl_sources(
            [its],
            past=past,
            archive=archive,
            settings=settings,
            now=lambda: datetime.now(UTC) + timedelta(days=day),
        )
        fetched = time.process_time() - began
        unread = unread_files(catalog, archive)
        taken = ingest_files(catalog, unread, {"pages": its}, nothing, ahead=ahead)
    seconds, wall = time.process_time() - began, time.perf_counter() - began_wall
    report = taken.reports[0]
    assert sum(crawled.counts["pages"].values()) == pages, crawled.counts
    assert report.new + report.changed == 0 or day == 0
    return {"wall": pages / wall, "rate": pages / seconds, "crawl": pages / fetched, "facts": report.new}


def main(pages: int) -> None:
    """Print medians."""
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=serve, args=(pages, port, page), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{port.value}"
    rounds = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            least = alone(bare_rates, base, pages, home)
            first = alone(refresh, base, pages, home / "followed", 0)
            again = alone(refresh, base, pages, home / "followed", 1)
            turn = alone(partial(refresh, follow=False), base, pages, home / "turn", 0)
            turn_again = alone(partial(refresh, follow=False), base, pages, home / "turn", 1)
        rounds.append(
            {
                "refresh": first["wall"] / least["wall"],
                "refresh again": again["wall"] / least["wall"],
                "in turn": turn["wall"] / least["wall"],
                "in turn again": turn_again["wall"] / least["wall"],
                "crawl alone": first["crawl"] / least["rate"],
                "refresh, processor time": first["rate"] / least["rate"],
                "new facts": first["facts"],
                "new facts again": again["facts"],
            }
        )
    server.terminate()
    medians = middle(rounds)
    for name in ("refresh", "refresh again", "in turn", "in turn again"):
        tell(f"{name:15}{medians[name]:8.2f} of bare, by the clock")
    tell(f"{'crawl alone':15}{medians['crawl alone']:8.2f} of bare, in processor time")
    tell(
        f"{'refresh':15}{medians['refresh, processor time']:8.2f} of bare, in processor time of its own process"
    )
    tell(f"facts written: {medians['new facts']:,.0f}, again {medians['new facts again']:.0f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
