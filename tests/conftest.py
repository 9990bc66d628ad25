"""What several test files need: the demo, made once for all workers, an empty catalog, hosts, a receiver."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import settings
from support.loopback import LoopbackSite
from support.made_catalogs import CatalogWorld
from support.message_receiver import MessageReceiver

import cardwatch.crawler.settings

if TYPE_CHECKING:
    from support.https_proxy import ProxiedHosts

ROOT = Path(__file__).parent.parent
settings.register_profile("repeatable", deadline=None, derandomize=True)  # the same examples in every run
settings.register_profile("soak", deadline=None)  # new examples each time: pytest --hypothesis-profile=soak
settings.load_profile("repeatable")


SLOW_FILES = (
    "test_cluster.py",
    "test_walks.py",
    "test_schedule.py",
    "test_wheel.py",
    "test_runs_meet.py",
    "test_kill.py",
)
"""Files of few long tests: the workers begin with them, so that none is left with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of slow files first; the others keep their order."""
    items.sort(key=lambda item: item.path.name not in SLOW_FILES)


def once(folder: Path, make: Callable[[], None]) -> Path:
    """Return `folder`, filled by the first worker that asks; the others wait."""
    done = folder.with_suffix(".done")
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            make()
            done.touch()
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def demo_home(shared_folder: Path) -> Path:
    """A home that `cardwatch demo` filled, with few pairs and no site. Look, do not write; for that take demo_copy."""
    home, settings = shared_folder / "demo", shared_folder / "demo.toml"
    settings.write_text((ROOT / "cardwatch.toml").read_text().replace("neighbours = 2", "neighbours = 0"))
    return once(home, lambda: _cardwatch("--home", str(home), "--config", str(settings), "demo", "--json"))


@pytest.fixture
def demo_copy(demo_home: Path, tmp_path: Path) -> Path:
    """A demo home of one's own."""
    return Path(shutil.copytree(demo_home, tmp_path / "var"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CatalogWorld]:
    """An empty catalog, which is sound at the end of the test."""
    made = CatalogWorld(tmp_path / "catalog.db")
    yield made
    assert made.catalog.check() == []
    made.catalog.close()


@pytest.fixture
def two_hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[LoopbackSite]]:
    """Two hosts on loopback, with the simulated sources in place of the real ones."""
    monkeypatch.setattr(cardwatch.crawler.settings, "SPIDER_MODULES", ["support.simulated_sources"])
    with LoopbackSite("127.0.0.2") as first, LoopbackSite("127.0.0.3") as second:
        yield [first, second]


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    """A host on loopback with one listing."""
    from support.loopback_crawls import listing  # brings the crawler

    with LoopbackSite() as made:
        made.put("/list", listing("1"))
        yield made


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ProxiedHosts]:
    """Hosts by their public names, behind a proxy that the environment leads to."""
    from support.https_proxy import ProxiedHosts  # brings certificates

    with ProxiedHosts() as made:
        for name, value in made.environment(tmp_path).items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture
def receiver() -> Iterator[MessageReceiver]:
    """Who is notified."""
    with MessageReceiver() as made:
        yield made


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tells a figure at the end of the run, whichever worker saw it."""
    return lambda text: record_property("measured", text)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    figures = [text for report in reports for name, text in report.user_properties if name == "measured"]
    if figures:
        terminalreporter.section("measured")
        terminalreporter.write_line("\n".join(sorted(figures)))


def _cardwatch(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "cardwatch.cli", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=600,
    )
