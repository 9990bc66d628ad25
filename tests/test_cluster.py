"""Several workers: every page archived once whatever is killed, hosts asked no faster, the same catalog in the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.cli_home import CliHome
from support.loopback import Answer, LoopbackSite
from support.simulated_world import day_of, model_ids

from cardwatch.cluster.crawling import split_by_host
from cardwatch.cluster.workers import Workers
from cardwatch.crawler.shard import finished_visits
from cardwatch.crawler.warc import is_growing, lock_growing, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.errors import CardwatchError

pytest.importorskip("distributed")

HOSTS = 12
DELAY = 0.2
NOW = day_of(0).isoformat()
PROVIDERS = ("groq", "mistral", "together", "fireworks")


def test_a_run_without_any_worker_ends_with_a_line() -> None:
    distributed = pytest.importorskip("dask.distributed")
    settings = {"distributed.scheduler.no-workers-timeout": "0.1s"}
    with (
        pytest.importorskip("dask").config.set(settings),
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
        pytest.raises(CardwatchError, match=r"cluster: .*task 'first'.* without any running workers"),
    ):
        list(Workers(client).run_tasks(str, [1], ["first"]))


class ClusterWorld:
    """Twelve hosts with one source each, and a home with two workers."""

    def __init__(self, sites: list[LoopbackSite], folder: Path, pages: int) -> None:
        self.sites, self.pages = sites, pages
        hosts = {
            f"shop_{n:02d}": {"url": site.url("/p/"), "count": pages, "provider": PROVIDERS[n % 4]}
            for n, site in enumerate(sites)
        }
        for n, site in enumerate(sites):
            site.put("/robots.txt", Answer("User-agent: *\nAllow: /\n"))
            for page in range(pages):
                offer = {
                    "model": model_ids()[page % 6],
                    "input_price": f"{1 + n}.{page:03d}",
                    "output_price": "99",
                }
                site.put(
                    f"/p/{page}",
                    Answer(json.dumps({"offers": [offer]}), headers={"Content-Type": "application/json"}),
                )
        environment = {
            "CARDWATCH_SPIDERS": "support.simulated_sources",
            "PYTHONPATH": str(Path(__file__).parent),
            "SHOPS": json.dumps(hosts),
        }
        self.cli_home = CliHome(folder, environment=environment)
        settings = "allow_private = true\nbudget = 100000\nhost_allowance = 100000\n[cluster]\nworkers = 2\n"
        text = (
            (folder / "cardwatch.toml")
            .read_text()
            .replace("delay_seconds = 0\n", f"delay_seconds = {DELAY}\n")
        )
        (folder / "cardwatch.toml").write_text(text + settings)
        self.hosts = list(hosts)

    @property
    def asked(self) -> Counter[str]:
        return Counter(site.url(one.url) for site in self.sites for one in site.log)

    @property
    def answered(self) -> int:
        return sum(len(site.log) for site in self.sites)

    def archived(self) -> Counter[str]:
        """Return how often each page has a visit in the archive."""
        return Counter(
            visit.url
            for file in warc_files(self.cli_home.home / "archive")
            for visit in finished_visits(file)
        )


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ClusterWorld]:
    pages = getattr(request, "param", 6)
    with ExitStack() as stack:
        sites = [stack.enter_context(LoopbackSite(f"127.0.0.{n + 2}")) for n in range(HOSTS)]
        yield ClusterWorld(sites, tmp_path, pages)


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that crawl: those below the command that have open WARC files."""
    running = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return sorted(
        pid for pid in running if _descends(pid, process.pid) and _writes_archive(Path(f"/proc/{pid}"))
    )


def _descends(pid: int, ancestor: int) -> bool:
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            return False
        if pid == ancestor:
            return True
    return False


def _writes_archive(entry: Path) -> bool:
    try:
        command = (entry / "cmdline").read_bytes()
        links = [str(link.readlink()) for link in (entry / "fd").iterdir()]
    except OSError:
        return False
    return b"spawn_main" in command and any(".warc.gz" in link for link in links)


def kill_one_worker(world: ClusterWorld, process: subprocess.Popen[str], after: int) -> None:
    """Wait until so many answers were given, then kill a worker that is at work."""
    while process.poll() is None:
        if world.answered >= after and (working := workers_of(process)):
            os.kill(working[0], signal.SIGKILL)
            return
        time.sleep(0.02)
    pytest.fail("the run ended before its worker could be killed")


def gaps_of(site: LoopbackSite) -> list[float]:
    times = sorted(one.at for one in site.log)
    return [later - earlier for earlier, later in pairwise(times)]


def check_two_kills(world: ClusterWorld) -> None:
    process = world.cli_home.start("refresh", *world.hosts, "--json")
    pages = HOSTS * world.pages
    kill_one_worker(world, process, HOSTS + pages // 5)
    kill_one_worker(world, process, HOSTS + pages // 2)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert json.loads(out.splitlines()[-1])["planned"] == pages
    wanted = {site.url(f"/p/{page}") for site in world.sites for page in range(world.pages)}
    archived = world.archived()
    assert {*archived} == wanted
    assert {*archived.values()} == {1}, "archived exactly once"
    asked = world.asked
    again = sum(asked[url] - 1 for url in wanted)
    assert again <= 2 * HOSTS, "only what was under way is asked again, one a host and kill"
    assert all(asked[site.url("/robots.txt")] == 1 for site in world.sites)
    gaps = [gap for site in world.sites for gap in gaps_of(site)]
    short = [gap for gap in gaps if gap < DELAY / 2]
    assert len(short) <= len(gaps) / 20, "no host is asked faster; a busy machine notices some requests late"
    assert world.cli_home.value("select count(*) from attempts") == pages
    assert not (world.cli_home.home / "shards").exists() or not [
        *(world.cli_home.home / "shards").rglob("*.warc.gz")
    ]


def test_two_killed_workers_lose_no_page_and_repeat_none(world: ClusterWorld) -> None:
    check_two_kills(world)


@pytest.mark.soak
@pytest.mark.parametrize("world", [75], indirect=True)
def test_two_killed_workers_in_nine_hundred_pages(world: ClusterWorld) -> None:
    check_two_kills(world)


@pytest.mark.soak
@pytest.mark.parametrize(
    "counts",
    [("1", "2"), pytest.param(("1", "4"), marks=pytest.mark.soak)],
    ids=lambda counts: "-".join(counts),
)
def test_the_same_archive_makes_the_same_catalog_and_site_by_any_number_of_workers(
    world: ClusterWorld, tmp_path: Path, counts: tuple[str, str]
) -> None:
    world.cli_home.types("crawl", *world.hosts, "--now", NOW)
    archive = world.cli_home.home / "archive"
    assert len(warc_files(archive)) == 2, "a shard a worker"
    dumps, sites = [], []
    for workers in counts:
        home = tmp_path / f"by-{workers}"
        for words in (("replay", str(archive)), ("export", str(home / "site"))):
            world.cli_home.types("--home", str(home), *words, "--workers", workers, "--now", NOW)
        files = [path for path in (home / "site").rglob("*") if path.is_file()]
        sites.append({path.relative_to(home): path.read_bytes() for path in files})
        assert not (home / "blocks").exists(), "what the workers left is taken in"
        with CatalogStore.open(home / "catalog.db", now=lambda: datetime.now(UTC)) as catalog:
            dumps.append(catalog.dump())
    assert len(dumps[0].splitlines()) > 2 * HOSTS * world.pages
    assert dumps[0] == dumps[1]
    assert sum(path.parts[1] == "compare" for path in sites[0]) > 2, "pages of pairs"
    assert sites[0] == sites[1]


def test_a_run_that_dies_is_completed_by_the_next(world: ClusterWorld) -> None:
    process = world.cli_home.start("refresh", *world.hosts)
    while world.answered < HOSTS + HOSTS * world.pages // 3:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    shards, deadline = world.cli_home.home / "shards", time.monotonic() + 60
    while any(is_growing(file) for file in shards.rglob("*.warc.gz")):
        assert time.monotonic() < deadline, "the workers outlive their scheduler"
        time.sleep(0.2)
    before = sum(len(list(finished_visits(file))) for file in shards.rglob("*.warc.gz"))
    assert before
    world.cli_home.types("refresh", *world.hosts, "--workers", "1")
    archived = world.archived()
    assert {*archived.values()} == {1}
    assert len(archived) == HOSTS * world.pages
    assert world.cli_home.value("select count(*) from attempts") == HOSTS * world.pages


@pytest.mark.soak
def test_a_run_refuses_while_workers_of_a_dead_one_still_write(world: ClusterWorld) -> None:
    shard = world.cli_home.home / "shards" / "20261001T060000Z" / "00"
    shard.mkdir(parents=True)
    with (shard / "20261001T060000Z-01.warc.gz").open("wb") as file:
        file.write(b"x")
        file.flush()
        lock_growing(file)
        result = world.cli_home.types("crawl", "shop_00", "--workers", "1", code=1)
    assert "workers of an earlier run still write" in result.err
    assert world.answered == 0


@pytest.mark.soak
def test_workers_of_a_scheduler_elsewhere_do_the_same(world: ClusterWorld, tmp_path: Path) -> None:
    """The recipe of docs/how-to/scale-out.md on one machine: each part in a folder of its own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    allowed = {**world.cli_home.environment, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    host, _, port = address.removeprefix("tcp://").partition(":")
    commands = [["dask_scheduler", "--host", host, "--port", port, "--no-dashboard"]]
    commands += [["dask_worker", address, "--nthreads", "1", "--no-dashboard"]] * 2
    with ExitStack() as stack:
        for number, (name, *arguments) in enumerate(commands):
            own = tmp_path / f"machine-{number}"
            own.mkdir()
            part = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{name}", *arguments], cwd=own, env=allowed,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            stack.callback(part.wait)
            stack.callback(part.terminate)
        settings = world.cli_home.folder / "cardwatch.toml"
        settings.write_text(settings.read_text().replace("workers = 2", f'scheduler = "{address}"'))
        world.cli_home.types("refresh", *world.hosts)
    archived = world.archived()
    assert {*archived.values()} == {1}
    assert len(archived) == HOSTS * world.pages
    assert world.cli_home.value("select count(*) from attempts") == HOSTS * world.pages


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_one_process_imports_no_dask() -> None:
    code = (
        "import sys; sys.argv = ['cardwatch', 'refresh', '--help']\n"
        "from cardwatch.cli import main\n"
        "import cardwatch.commands.refresh, cardwatch.run.worker_choice, cardwatch.run.steps, cardwatch.run.crawl_stage\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('dask', 'distributed')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_host_is_in_one_shard_and_shards_are_even() -> None:
    sizes: Mapping[str, int] = {"a": 50, "b": 30, "c": 20, "d": 5}
    pages: list[Any] = [
        SimpleNamespace(host=host, number=n) for host, size in sizes.items() for n in range(size)
    ]
    groups = split_by_host(pages, 2)
    assert [len(group) for group in groups] == [55, 50]
    places = Counter(host for group in groups for host in {page.host for page in group})
    assert places == dict.fromkeys(sizes, 1)
    assert [page.number for page in groups[0] if page.host == "a"] == list(range(50)), "best pages stay first"
    assert len(split_by_host(pages, 9)) == 4
