"""Runs that meet, that were missed, and what each tells a monitor: the installed command against loopback shops."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from support.cli_home import CliHome, CommandResult
from support.loopback import Answer, Asked, LoopbackSite

from cardwatch.crawler.warc import warc_files

ROOT = Path(__file__).parent.parent
PAGES = 4
HANGS = 600
"""Seconds after which something is taken to hang; far more than a loaded machine needs."""
REFUSED = CommandResult(1, "", "cardwatch: var: another run is working here; try again when it ends\n")
SCHEMA = ROOT / "docs" / "reference" / "schemas" / "run.json"
MONDAY, THURSDAY = "2026-11-16T06:00:00Z", "2026-11-19T06:00:00Z"


def page(number: int, price: str = "1") -> Answer:
    """Return a page with one offer."""
    offers = [{"model": ["gpt-4.1", "gpt-4o", "o3", "o4-mini"][number], "input_price": price}]
    return Answer(json.dumps({"offers": offers}), headers={"Content-Type": "application/json"}, etag=True)


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        for number in range(PAGES):
            site.put(f"/p/{number}", page(number))
        yield site


@pytest.fixture
def cli_home(site: LoopbackSite, tmp_path: Path) -> CliHome:
    shop = {"url": site.url("/p/"), "count": PAGES, "provider": "groq"}
    environment = {
        "CARDWATCH_SPIDERS": "support.simulated_sources",
        "SHOPS": json.dumps({"shop_0": shop}),
        "PYTHONPATH": str(Path(__file__).parent),
    }
    return CliHome(
        tmp_path, f"allow_private = true\ntimeout_seconds = {HANGS}\n[compare]\nneighbours = 1\n", environment
    )


def facts(cli_home: CliHome) -> int:
    """Return how many facts of the shop stand."""
    return sum(row[0] == "shop_0" for row in cli_home.values)


class Gate:
    """Keeps an answer back until it is opened."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.reached, self.opened = answer, Event(), Event()

    def __call__(self, asked: Asked) -> Answer:
        self.reached.set()
        assert self.opened.wait(HANGS)
        return self.answer


# --- two at once -----------------------------------------------------------------------------------------------


def test_a_second_run_says_so_and_leaves_the_first_alone(site: LoopbackSite, cli_home: CliHome) -> None:
    site.put("/p/2", gate := Gate(page(2)))
    with cli_home.start("refresh", "shop_0", "--json") as first:
        assert gate.reached.wait(HANGS)
        assert cli_home.types("refresh", "shop_0", "--json", code=1) == REFUSED
        for command in (["normalize"], ["demo"], ["doctor", "--relearn"]):
            assert cli_home.run_in_process(*command, code=1) == REFUSED
        assert cli_home.reads("sources"), "whoever only looks may"
        gate.opened.set()
        out, err = first.communicate(timeout=HANGS)
    assert (first.returncode, err) == (0, "")
    assert json.loads(out)["visits"] == PAGES
    assert len(site.paths) == PAGES, "the second one asked nobody"
    assert cli_home.value("select count(*) from runs where kind = 'refresh'") == 1
    assert facts(cli_home) == PAGES


def test_the_lock_goes_with_the_run_that_held_it(site: LoopbackSite, cli_home: CliHome) -> None:
    site.put("/p/2", gate := Gate(page(2)))
    with cli_home.start("refresh", "shop_0") as first:
        assert gate.reached.wait(HANGS)
        first.kill()
    gate.opened.set()
    assert cli_home.types("refresh", "shop_0", "--json").summary()["exit_code"] == 0
    assert facts(cli_home) == PAGES


def scrapy(cli_home: CliHome) -> subprocess.Popen[bytes]:
    """Start a spider as Scrapyd does, beside whatever else runs."""
    arguments = [
        "-m",
        "scrapy",
        "crawl",
        "shop_0",
        "-s",
        "CARDWATCH_ALLOW_PRIVATE=1",
        "-s",
        "DOWNLOAD_DELAY=0",
        "-s",
        f"DOWNLOAD_TIMEOUT={HANGS}",
    ]
    environment = {**cli_home.environment, "SCRAPY_SETTINGS_MODULE": "cardwatch.crawler.settings"}
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=cli_home.folder, env=environment, stderr=subprocess.DEVNULL
    )


@pytest.mark.soak
@pytest.mark.parametrize(
    "killed",
    [pytest.param(False, marks=pytest.mark.soak, id="finished"), pytest.param(True, id="killed")],
)
def test_a_file_that_a_spider_still_writes_is_read_when_it_is_done(
    site: LoopbackSite, cli_home: CliHome, killed: bool
) -> None:
    site.put("/p/2", gate := Gate(page(2)))
    with scrapy(cli_home) as spider:
        assert gate.reached.wait(HANGS)
        assert cli_home.types("normalize", "--json").summary()["visits"] == 0
        assert (
            "a crawl still adds to the archive" in cli_home.run_in_process("prune", "--keep", "1", code=1).err
        )
        if killed:
            spider.kill()
        gate.opened.set()
    visits = cli_home.types("normalize", "--json").summary()["visits"]
    assert visits in (range(len(site.paths)) if killed else [PAGES]), (
        "the page that was held back is not there"
    )
    assert cli_home.types("normalize", "--json").summary()["visits"] == 0, "read once"
    assert facts(cli_home) == visits


# --- a missed run ----------------------------------------------------------------------------------------------


def schedule(cli_home: CliHome, now: str) -> tuple[bool, str]:
    """Return what the report and doctor say of the schedule."""
    report = cli_home.reads("stale", "--now", now)["summary"]
    output = json.loads(cli_home.run_in_process("doctor", "--format", "json", "--now", now, code=None).out)
    (state,) = [row["state"] for row in output if row["check"] == "schedule"]
    return report["schedule_dead"], state


@pytest.mark.soak
def test_a_missed_run_is_told_and_the_next_one_catches_up(site: LoopbackSite, cli_home: CliHome) -> None:
    cli_home.types("refresh", "shop_0", "--now", MONDAY)
    assert schedule(cli_home, MONDAY) == (False, "ok")
    assert schedule(cli_home, THURSDAY) == (True, "wrong")
    assert "is the schedule still alive?" in cli_home.run_in_process("stale", "--now", THURSDAY).out
    site.log.clear()
    summary = cli_home.types("refresh", "shop_0", "--json", "--now", THURSDAY).summary()
    assert sorted(site.paths) == [f"/p/{number}" for number in range(PAGES)], "all that came due meanwhile"
    assert summary["outcomes"] == {"verified_same": PAGES}
    assert schedule(cli_home, THURSDAY) == (False, "ok")


# --- what a monitor is told ------------------------------------------------------------------------------------


def summary(ran: CommandResult) -> Mapping[str, Any]:
    """Return the one line on stdout, after holding it against its schema and the exit code."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    (line,) = ran.out.splitlines()
    found: Mapping[str, Any] = json.loads(line)
    schema = {**json.loads(SCHEMA.read_text(encoding="utf-8")), "additionalProperties": False}
    jsonschema.Draft202012Validator(schema).validate(found)
    assert found["exit_code"] == ran.code
    assert ran.err == (f"cardwatch: {found['trouble']}\n" if ran.code else "")
    return found


@pytest.mark.soak
def test_one_line_tells_a_good_run(cli_home: CliHome) -> None:
    result = summary(cli_home.types("refresh", "shop_0", "--json", "--now", MONDAY))
    assert (result["finished_at"], result["planned"], result["facts_new"]) == (MONDAY, PAGES, PAGES)
    nothing = summary(cli_home.types("refresh", "shop_0", "--json", "--now", MONDAY))
    assert (nothing["visits"], nothing["outcomes"]) == (0, {})
    summary(cli_home.types("replay", "var/archive", "--json", "--home", "other", "--now", MONDAY))


def test_one_line_tells_what_failed(site: LoopbackSite, cli_home: CliHome) -> None:
    site.put("/p/1", Answer("oops", 500))
    result = summary(cli_home.types("refresh", "shop_0", "--json", code=1))
    assert (result["failed"], result["outcomes"]["error"]) == (["shop_0"], 1)
    assert result["trouble"] == "failed or held: shop_0; `cardwatch sources` says why"


@pytest.mark.soak
def test_one_line_tells_of_a_run_that_was_stopped(site: LoopbackSite, cli_home: CliHome) -> None:
    site.put("/p/1", gate := Gate(page(1)))
    with cli_home.start("refresh", "shop_0", "--json") as process:
        assert gate.reached.wait(HANGS)
        process.send_signal(signal.SIGTERM)
        gate.opened.set()
        out, err = process.communicate(timeout=HANGS)
    report = summary(CommandResult(process.returncode, out, err))
    assert (report["stopped"], report["exit_code"]) == (True, 1)
    assert cli_home.types("refresh", "shop_0", "--json").summary()["exit_code"] == 0
    assert facts(cli_home) == PAGES


@pytest.mark.soak
def test_normalize_fails_with_the_spiders_it_reads_from(site: LoopbackSite, cli_home: CliHome) -> None:
    site.put("/p/1", Answer("oops", 500))
    with scrapy(cli_home) as spider:
        assert spider.wait(HANGS) == 0, "Scrapy itself calls this finished"
    result = summary(cli_home.types("normalize", "--json", code=1))
    assert (result["failed"], result["facts_new"]) == (["shop_0"], PAGES - 1)


# --- archives of other homes -----------------------------------------------------------------------------------


@pytest.mark.soak
def test_files_are_read_in_the_order_of_what_they_tell_not_of_their_names(
    site: LoopbackSite, cli_home: CliHome, tmp_path: Path
) -> None:
    cli_home.types("refresh", "shop_0", "--now", MONDAY)
    site.put("/p/0", page(0, "2"))
    cli_home.types("refresh", "shop_0", "--now", THURSDAY)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for file, name in zip(warc_files(cli_home.home / "archive"), ("z", "a"), strict=True):
        (theirs / f"{name}.warc.gz").write_bytes(file.read_bytes())
    result = summary(cli_home.types("replay", "theirs", "--json", "--home", "other", "--now", THURSDAY))
    assert result["outcomes"] == {"verified_changed": PAGES + 1, "verified_same": PAGES - 1}
    known = summary(cli_home.types("replay", "theirs", "--json", "--now", THURSDAY))
    assert known["outcomes"] == {"known": 2 * PAGES}, "the same visits under other names"


# --- a merge between runs --------------------------------------------------------------------------------------


@pytest.mark.soak
def test_a_merged_model_goes_on_as_the_same_offer(site: LoopbackSite, cli_home: CliHome) -> None:
    cli_home.types("refresh", "shop_0", "--now", MONDAY)
    decided = ("--by", "cli_home", "--reason", "renamed", "--now", MONDAY)
    cli_home.run_in_process("models", "merge", "gpt-4.1", "codex-1", *decided)
    site.put("/p/0", page(0, "2"))
    result = summary(cli_home.types("refresh", "shop_0", "--json", "--now", THURSDAY))
    assert (result["facts_changed"], result["facts_new"]) == (1, 0)
    (change,) = cli_home.reads("changes", "--kind", "price")
    assert (change["model"], change["from"], change["to"]) == ("openai/codex-1", "1", "2")
