"""Stages of a run by one process and by several workers, side by side: seconds of the clock, and their ratio.

    python benchmarks/cluster_speed.py [PAGES [WORKERS …]]

PAGES pages (1,200 unless told otherwise) of 30 offers on 12 loopback hosts, which answer from a process of their own.
Each number of workers (1, 2 and 4) has a home of its own; every stage is the installed command, and all read what the
first crawled, so that their catalogs must be the same. Where the machine has
fewer cores than workers and hosts, the ratio says what the workers cost.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

from cardwatch.db.catalog import CatalogStore

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from sides import served_beside, tell
from support.simulated_world import model_ids

TESTS = sys.path[0]
COMMAND = Path(sys.executable).with_name("cardwatch")
HOSTS, OFFERS = 12, 30
PROVIDERS = ("groq", "mistral", "together", "fireworks")
STAGES = (
    ("crawl", *(f"shop_{number:02d}" for number in range(HOSTS))),
    ("normalize",),
    ("compare", "--all"),
    ("export",),
)
NOW = "2026-10-01T06:00:00+00:00"
SETTINGS = """
[crawl]
contact = "me@acme.example"
delay_seconds = 0
allow_private = true
budget = 10000000
host_allowance = 10000000
[compare]
neighbours = 2
"""


def page(host: int, number: int) -> str:
    """Return one page of a host: offers of models that other hosts offer as well, at prices of its own."""
    models = model_ids()
    offers = [
        {
            "model": models[(number * OFFERS + k) % len(models)],
            "input_price": f"{1 + host}.{number:03d}{k:02d}",
            "output_price": f"{20 + host}.{number:03d}{k:02d}",
            "context_window": "128000",
        }
        for k in range(OFFERS)
    ]
    return json.dumps({"offers": offers})


def serve(pipe: Connection) -> None:
    """Be all hosts, each at an address of its own."""

    async def answer(request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(text="User-agent: *\nAllow: /\n")
        host, number = int(request.url.host.rpartition(".")[2]) - 2, int(request.path.rpartition("/")[2])
        return web.Response(text=page(host, number), content_type="application/json")

    async def run() -> None:
        site = web.Application()
        site.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        for number in range(HOSTS):
            await web.TCPSite(runner, f"127.0.0.{number + 2}", 0).start()
        pipe.send([f"http://{address}:{port}" for address, port in runner.addresses])
        await asyncio.Event().wait()

    asyncio.run(run())


def run_stages(folder: Path, first: Path, workers: int, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the seconds of each stage in a new home; what is read is the archive of the `first` home."""
    folder.mkdir()
    (folder / "cardwatch.toml").write_text(SETTINGS)
    seconds = {}
    for stage in STAGES:
        command = [str(COMMAND), *stage, "--workers", str(workers), "--now", NOW]
        begun = time.monotonic()
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        if ran.returncode:
            raise SystemExit(f"{' '.join(command)}: exit {ran.returncode}: {ran.stderr[-2000:]}")
        seconds[stage[0]] = time.monotonic() - begun
        if stage[0] == "crawl" and folder != first:
            shutil.rmtree(folder / "var")
            shutil.copytree(first / "var" / "archive", folder / "var" / "archive")
    return seconds


def digest_of(folder: Path) -> str:
    with CatalogStore.open(folder / "var" / "catalog.db", now=lambda: datetime.now(UTC)) as catalog:
        return sha256(catalog.dump().encode()).hexdigest()


def main(pages: int, counts: Sequence[int]) -> None:
    """Print a table: a row a stage, a column a number of workers."""
    with served_beside(serve) as addresses, tempfile.TemporaryDirectory() as root:
        sources = {
            f"shop_{n:02d}": {"url": f"{address}/p/", "count": pages // HOSTS, "provider": PROVIDERS[n % 4]}
            for n, address in enumerate(addresses)
        }
        environment = {
            **os.environ,
            "CARDWATCH_SPIDERS": "support.simulated_sources",
            "PYTHONPATH": TESTS,
            "SHOPS": json.dumps(sources),
        }
        homes = {count: Path(root) / str(count) for count in counts}
        found = {
            count: run_stages(home, homes[counts[0]], count, environment) for count, home in homes.items()
        }
        same = len({digest_of(home) for home in homes.values()}) == 1
    first = found[counts[0]]
    tell(f"| stage | {' | '.join(f'{count}, s' for count in counts)} | ratio to {counts[0]} |")
    tell(f"|---|{'---:|' * (len(counts) + 1)}")
    for stage in first:
        row = [found[count][stage] for count in counts]
        ratios = " · ".join(f"{seconds / row[0]:.2f}" for seconds in row[1:])
        tell(f"| {stage} | {' | '.join(f'{seconds:.1f}' for seconds in row)} | {ratios} |")
    tell(f"{os.cpu_count()} cores; {'the same catalog' if same else 'CATALOGS DIFFER'} for each")


if __name__ == "__main__":
    sizes = [int(text) for text in sys.argv[1:]]
    main(sizes[0] if sizes else 1200, sizes[1:] or [1, 2, 4])
