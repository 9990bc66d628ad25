"""kill -9 at any moment of a run: nothing half-written, no fact without its bytes, and the next run carries on."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from support.cli_home import CliHome
from support.loopback import Answer, LoopbackSite
from support.simulated_world import day_of, model_ids

from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.warc import body_digest
from cardwatch.db.catalog import CatalogStore

HOSTS, PAGES, OFFERS, KILLS = 3, 4, 4, 3
MODELS = model_ids()
Dump = list[list[object]]


def page(host: int, number: int, day: int) -> Answer:
    """Return a page of offers; later days change prices, add an offer on one page and drop one on another."""
    first = number * (OFFERS + 1)
    count = OFFERS + (day > 0 and number == 1) - (day > 0 and number == 2)
    offers = [
        {
            "model": MODELS[first + n],
            "input_price": str(1 + n + (day if number % 2 else 0)),
            "output_price": str(4 + 4 * n),
            "context_window": str(1000 * (host + 1)),
        }
        for n in range(count)
    ]
    body = json.dumps({"offers": offers})
    return Answer(body, headers={"Content-Type": "application/json"}, etag=True, wait=0.02)


class KillWorld:
    """Three hosts with pages, and a helper that starts runs quickly."""

    def __init__(self, sites: list[LoopbackSite], folder: Path) -> None:
        self.sites, self.folder = sites, folder
        self.sources = {
            f"shop_{n}": {"url": site.url("/p/"), "count": PAGES, "provider": provider}
            for n, (site, provider) in enumerate(zip(sites, ("groq", "mistral", "xai"), strict=True))
        }
        self.environment = {
            "CARDWATCH_SPIDERS": "support.simulated_sources",
            "SHOPS": json.dumps(self.sources),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        self.fork_server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("support") / "fork_server.py")],
            env={**os.environ, **self.environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def make_home(self, name: str) -> CliHome:
        return CliHome(
            self.folder / name, "allow_private = true\n[compare]\nneighbours = 1\n", self.environment
        )

    def morning(self, day: int) -> None:
        for host, site in enumerate(self.sites):
            for number in range(PAGES):
                site.put(f"/p/{number}", page(host, number, day))

    def refresh(self, day: int) -> list[str]:
        return ["refresh", *self.sources, "--now", day_of(day).isoformat()]

    def starts(self, cli_home: CliHome, arguments: list[str], *, kill_after: float | None = None) -> int:
        """Run the command in a forged process, killed after so many seconds if it lasts; returns its exit code."""
        assert self.fork_server.stdin
        assert self.fork_server.stdout
        start = {"folder": str(cli_home.folder), "arguments": arguments, "kill_after": kill_after}
        self.fork_server.stdin.write(json.dumps(start) + "\n")
        self.fork_server.stdin.flush()
        return int(self.fork_server.stdout.readline())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillWorld]:
    with (
        LoopbackSite("127.0.0.2") as first,
        LoopbackSite("127.0.0.3") as second,
        LoopbackSite("127.0.0.4") as third,
    ):
        world = KillWorld([first, second, third], tmp_path_factory.mktemp("kill"))
        with world.fork_server:
            yield world
            assert world.fork_server.stdin
            world.fork_server.stdin.close()


class Undisturbed:
    """What runs that nobody kills come to, and how long they take."""

    def __init__(self, world: KillWorld) -> None:
        self.cli_home, self.dumps, self.seconds = world.make_home("undisturbed"), list[Dump](), list[float]()
        for day in (0, 3):
            world.morning(day)
            start = time.monotonic()
            assert world.starts(self.cli_home, world.refresh(day)) == 0
            self.seconds.append(time.monotonic() - start)
            self.dumps.append(dumped(self.cli_home))


@pytest.fixture(scope="module")
def undisturbed(world: KillWorld) -> Undisturbed:
    return Undisturbed(world)


def dumped(cli_home: CliHome, *, places: bool = False) -> Dump:
    """Return all that the catalog says; where the archive keeps its bytes only if `places` matter."""
    with CatalogStore(cli_home.home / "catalog.db", now=lambda: day_of(9)) as catalog:
        rows = [json.loads(line) for line in catalog.dump().splitlines()]
    if places:
        return rows
    without = {"documents": slice(6, 8), "attempts": slice(-3, -1)}
    for row in rows:
        if row[0] in without:
            del row[without[row[0]]]
    return sorted(rows, key=json.dumps)


def sound(cli_home: CliHome) -> None:
    """Check what must hold at any moment: the file is whole, and every fact stands in bytes that are there."""
    if not (cli_home.home / "catalog.db").exists():
        return
    with closing(connect(cli_home.home / "catalog.db")) as conn:
        assert conn.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert conn.execute("pragma foreign_key_check").fetchall() == []
        if not conn.execute("select count(*) from sqlite_schema where name = 'documents'").fetchone()[0]:
            return
        digests = [row[0] for row in conn.execute("select distinct digest from documents")]
        facts = conn.execute("select count(*) from claims where document_id is null and reviewer is null")
        assert facts.fetchone() == (0,)
    archive = BodyIndex.load(cli_home.home / "archive")
    assert all(body_digest(archive.body(digest)) == digest for digest in digests)


ROUNDS = [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 82))]


@pytest.mark.parametrize("turn", ROUNDS)
def test_a_killed_refresh_loses_nothing(world: KillWorld, undisturbed: Undisturbed, turn: int) -> None:
    chance = random.Random(turn)
    cli_home = world.make_home(f"refresh-{turn}")
    if day := 3 * (turn % 2):
        world.morning(0)
        assert world.starts(cli_home, world.refresh(0)) == 0
    world.morning(day)
    for _ in range(KILLS):
        seconds = chance.uniform(0, undisturbed.seconds[day > 0])
        world.starts(cli_home, world.refresh(day), kill_after=seconds)
        sound(cli_home)
    assert world.starts(cli_home, world.refresh(day)) == 0, (cli_home.folder / "forged.log").read_text()
    sound(cli_home)
    assert dumped(cli_home) == undisturbed.dumps[day > 0]


REPLAYS = [0, *(pytest.param(n, marks=pytest.mark.soak) for n in range(1, 20))]


@pytest.mark.parametrize("turn", REPLAYS)
def test_a_killed_replay_loses_nothing(world: KillWorld, undisturbed: Undisturbed, turn: int) -> None:
    chance = random.Random(turn)
    again = ["replay", str(undisturbed.cli_home.home / "archive"), "--now", day_of(3).isoformat()]
    whole = world.make_home(f"replayed-{turn}")
    start = time.monotonic()
    assert world.starts(whole, again) == 0
    seconds = time.monotonic() - start
    cli_home = world.make_home(f"replay-{turn}")
    for _ in range(KILLS):
        world.starts(cli_home, again, kill_after=chance.uniform(0, seconds))
        sound(cli_home)
    assert world.starts(cli_home, again) == 0
    sound(cli_home)
    assert dumped(cli_home, places=True) == dumped(whole, places=True)


def test_the_installed_command_is_killed_and_carries_on(world: KillWorld, undisturbed: Undisturbed) -> None:
    cli_home = world.make_home("installed")
    world.morning(0)
    for _ in range(2):
        before = sum(len(site.log) for site in world.sites)
        with cli_home.start(*world.refresh(0)) as process:
            while sum(len(site.log) for site in world.sites) < before + 4 and process.poll() is None:
                time.sleep(0.005)
            process.kill()
        sound(cli_home)
    cli_home.types(*world.refresh(0))
    assert dumped(cli_home) == undisturbed.dumps[0]
