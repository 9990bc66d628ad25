"""The project as a deployment of Scrapyd's: built, sent and run by its own tools, then read into the catalog."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.installed_clone import InstalledClone, make_environment, run_command
from support.loopback import LoopbackSite
from support.recorded_pages import spiders
from test_schedule import recipe
from test_walks import ROOT

pytest.importorskip("scrapyd", reason="scrapyd is not installed")
pytest.importorskip("scrapyd_client", reason="scrapyd-client is not installed")
pytestmark = pytest.mark.soak


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Scrapyd:
    """A server on loopback, whose environment has what our sources need but not our code."""

    def __init__(self, folder: Path, home: Path) -> None:
        folder.mkdir()
        settings = recipe("scrapyd.conf").replace("/var/lib/scrapyd", str(folder))
        settings = settings.replace("6800", f"{free_port()}\npoll_interval = 0.2")
        (folder / "scrapyd.conf").write_text(settings)
        self.folder, self._log = folder, folder / "server.log"
        own = {"CARDWATCH_HOME": str(home), "CARDWATCH_CONTACT": "me@acme.example", "HOME": str(folder)}
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [make_environment(folder / "env") / "scrapyd"], cwd=folder, env=own, stdout=log, stderr=log
            )

    def log(self) -> str:
        return self._log.read_text()

    @property
    def url(self) -> str:
        """The address it listens at, once it does."""
        while not (started := re.search(r"Site starting on (\d+)", self.log())):
            assert self._process.poll() is None, self.log()
            time.sleep(0.05)
        return f"http://127.0.0.1:{started[1]}"

    def ask(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/{what}", timeout=60) as answer:
            return json.load(answer)

    def finished(self, job: str) -> dict[str, Any]:
        """Return what it says of a job, once that has ended."""
        while not (ended := self.ask("listjobs.json?project=cardwatch")["finished"]):
            assert self._process.poll() is None, self.log()
            time.sleep(0.1)
        (job_line,) = [line for line in ended if line["id"] == job]
        return dict(job_line)

    def __enter__(self) -> Scrapyd:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(30)


class Deployment(NamedTuple):
    """One deployment, and one job run to its end."""

    clone: InstalledClone
    server: Scrapyd
    site: LoopbackSite
    deployed: Any
    listed: str
    job: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("scrapyd")
    with LoopbackSite() as site:
        clone = InstalledClone(folder / "clone", site)
        with Scrapyd(folder / "server", clone.home) as server:
            target = (clone.folder / "scrapy.cfg").read_text()
            (clone.folder / "scrapy.cfg").write_text(target.replace("http://localhost:6800", server.url))
            deployed = json.loads(typed(clone, "scrapyd-deploy"))
            listed = typed(clone, "scrapyd-client", "spiders", "-p", "cardwatch")
            private = ["--arg", "setting=CARDWATCH_ALLOW_PRIVATE=1"]
            scheduled = typed(clone, "scrapyd-client", "schedule", "-p", "cardwatch", "acme_prices", *private)
            job = scheduled.split(" => ")[1].strip()
            assert server.finished(job)["spider"] == "acme_prices"
            yield Deployment(clone, server, site, deployed, listed, job)


def typed(clone: InstalledClone, command: str, *arguments: str) -> str:
    done = run_command(
        clone.bin / command, *arguments, folder=clone.folder, HOME=str(clone.folder), PATH="/usr/bin:/bin"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_target_is_where_the_recipe_listens() -> None:
    parsed = configparser.ConfigParser()
    parsed.read_string(recipe("scrapyd.conf"))
    parsed.read(ROOT / "scrapy.cfg")
    server, deploy = parsed["scrapyd"], parsed["deploy"]
    assert (server["bind_address"], deploy["url"]) == (
        "127.0.0.1",
        f"http://localhost:{server['http_port']}",
    ), "with a slash at its end the client's own addresses have two"
    assert server["max_proc"] == "1"


def test_it_deploys_and_lists_every_source(story: Deployment) -> None:
    assert story.deployed["status"] == "ok"
    assert story.deployed["spiders"] == len(spiders()) + 1
    assert story.listed.split() == ["cardwatch:", *sorted([*spiders(), "acme_prices"])]
    assert story.server.ask("listspiders.json?project=cardwatch")["spiders"] == story.listed.split()[1:]


def test_the_egg_holds_our_code_and_nothing_else(story: Deployment) -> None:
    (egg,) = story.server.folder.glob("eggs/cardwatch/*.egg")
    with zipfile.ZipFile(egg) as packed:
        folders = {name.split("/")[0] for name in packed.namelist()}
    assert folders == {"cardwatch", "EGG-INFO"}


def test_a_job_runs_to_its_end_without_an_error(story: Deployment) -> None:
    assert story.server.ask(f"status.json?job={story.job}")["currstate"] == "finished"
    log = (story.server.folder / "logs" / "cardwatch" / "acme_prices" / f"{story.job}.log").read_text()
    assert "Spider closed (finished)" in log
    assert not re.search(r"ERROR|WARNING|Traceback", log), log
    assert "Process died" not in story.server.log()
    (asked,) = story.site.asked("/acme.json")
    assert asked.headers["User-Agent"].endswith(" (+me@acme.example)")


def test_what_it_archived_comes_into_the_catalog(story: Deployment) -> None:
    assert len([*(story.clone.home / "archive").glob("*.warc.gz")]) == 1
    summary = json.loads(typed(story.clone, "cardwatch", "normalize", "--json"))
    assert (summary["visits"], summary["facts_new"], summary["exit_code"]) == (1, 2, 0)
    shown = json.loads(typed(story.clone, "cardwatch", "show", "gpt-4.1", "--format", "json"))
    (offer,) = [offer for offer in shown["offers"] if offer["provider"] == "groq"]
    assert offer["input_price"] == "1"
    assert len(story.site.asked("/acme.json")) == 1, "nobody was asked twice"


@pytest.mark.soak
def test_the_server_installs_as_the_page_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "schedule.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ +((?:python3 -m venv|/opt/scrapyd/bin/pip) .*)$", page, re.MULTILINE)
    assert len(lines) == 3
    for line in [*lines, "/opt/scrapyd/bin/pip check", "/opt/scrapyd/bin/scrapyd --version"]:
        command = line.replace("/opt/scrapyd", str(tmp_path / "env")).replace("python3", sys.executable)
        subprocess.run(shlex.split(command), cwd=ROOT, check=True, capture_output=True, timeout=900)
