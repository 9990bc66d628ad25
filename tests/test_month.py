"""A month of runs against hosts that change, break, lie and recover: no false date, no lost fact, true reasons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import simulated_sources, simulated_world
from support.cli_home import CliHome, CommandResult
from support.simulated_world import (
    FULL,
    SHORT,
    ExpectedChange,
    ExpectedStale,
    ReferenceReader,
    SimulatedWorld,
    WorldSize,
    day_of,
    plain_number,
)
from support.soak_notes import print_row, print_section

import cardwatch.crawler.settings


class Watched:
    """The world, the home beside it, and one reader's account of both."""

    def __init__(self, world: SimulatedWorld, folder: Path) -> None:
        environment = {
            "CARDWATCH_SPIDERS": "support.simulated_sources",
            "SHOPS": json.dumps(world.sources),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        self.world, self.reader = world, ReferenceReader(world)
        self.cli_home = CliHome(folder, f"allow_private = true\n{world.size.settings}", environment)
        self.seen: Counter[str] = Counter()
        self.asked = 0

    def live_through(self, day: int, *, apart: bool) -> None:
        """Run one day, in a process of its own if `apart`, and compare what is known with the account."""
        world, run = self.world, self.cli_home.types if apart else self.cli_home.run_in_process
        world.day = day
        ran = run(
            "refresh", *world.sources, "--budget", str(world.size.budget), "--json", "--now", stamp(day), code=None
        )  # fmt: skip
        assert ran.code in (0, 1), ran.err
        self.reader.catch_up()
        self.within_budget(ran)
        assert self.facts() == self.expected(), "a fact was lost, or a date is false"
        assert self.stale(day) == self.reader.stale(day), "the report does not say what is so"

    def within_budget(self, ran: CommandResult) -> None:
        asked = sum(1 for _ in simulated_world.requests_of(self.world))
        today, self.asked = asked - self.asked, asked
        assert today <= self.world.size.budget
        assert ran.summary()["planned"] <= self.world.size.budget

    def facts(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        rows = self.cli_home.rows("select source, model, attribute, value, substr(last_verified, 1, 10) from facts"
                              " where offer <> '' and source like 'shop_%'")  # fmt: skip
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}  # type: ignore[misc]

    def expected(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        return {key: (plain_number(value), day) for key, (value, day) in self.reader.facts().items()}

    def stale(self, day: int) -> set[ExpectedStale]:
        document = json.loads(
            self.cli_home.run_in_process("stale", "--format", "json", "--now", stamp(day, 12)).out
        )
        rows = [row for row in document["rows"] if row["source"].startswith("shop_")]
        groups = {(row["source"], row["reason"], row["last_verified"][:10]) for row in rows}
        self.seen.update(reason.partition(" since")[0] for _, reason, _ in groups)
        return {
            ExpectedStale(
                row["source"],
                row["model"],
                row["attribute"],
                row["level"],
                row["last_verified"][:10],
                row["reason"],
            )
            for row in rows
        }

    def changes(self) -> set[ExpectedChange]:
        rows: list[dict[str, Any]] = self.cli_home.reads("changes")
        return {
            ExpectedChange(
                row["at"][:10],
                row["source"],
                row["model"],
                row["attribute"],
                str(row["from"]),
                str(row["to"]),
            )
            for row in rows
            if row["source"].startswith("shop_")
        }


def stamp(day: int, hour: int = 6) -> str:
    return day_of(day, hour).isoformat()


@pytest.fixture
def watched(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watched]:
    size: WorldSize = request.param
    with SimulatedWorld(size) as world:
        simulated_sources.define_sources(world.sources)
        monkeypatch.setattr(cardwatch.crawler.settings, "SPIDER_MODULES", ["support.simulated_sources"])
        yield Watched(world, tmp_path)


ABOUT = """Loopback hosts change, break, lie and recover by script; every day a run, then the catalog, the stale report and
the changes are compared with the account of a reader who sees only the servers' logs (`support/simulated_world.py`)."""
REASONS = {
    "source failing", "page gone", "parser broken by a page change", "blocked by the site", "blocked by robots",
    "empty answer",
}  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("watched", [SHORT], indirect=True)
def test_a_short_month(watched: Watched) -> None:
    live(watched, apart={0, 5})


@pytest.mark.soak
@pytest.mark.parametrize("watched", [FULL], indirect=True)
def test_a_whole_month(watched: Watched) -> None:
    live(watched, apart={0, 7, 15, 23, 30})
    size = watched.world.size
    print_row(
        "a month of runs in a made-up world",
        f"{size.hosts * size.pages} pages on {size.hosts} hosts, {size.days} days, {size.budget} visits a day",
        "no false review date, no lost fact, every incident and change told; table below",
    )
    print_section("A simulated month", ABOUT, account_of(watched))


def live(watched: Watched, apart: set[int]) -> None:
    """Run every day; the days in `apart` with the installed command in a process of its own."""
    world, reader = watched.world, watched.reader
    for day in range(world.size.days):
        watched.live_through(day, apart=day in apart)
    assert watched.changes() == reader.changes()
    assert planted(world) <= {change[1:] for change in reader.changes()}
    assert {*watched.seen} == REASONS, "every trouble has its reason, and no page was left for want of budget"
    assert {incident.kind for incident in world.incidents_shown} == {*simulated_world.LIES}
    rows = watched.cli_home.reads("doctor", "--now", stamp(world.size.days - 1, 12))
    assert [row for row in rows if row["state"] != "ok"] == []


def planted(world: SimulatedWorld) -> set[tuple[str, str, str, str, str]]:
    """Return the price changes that the script holds, as `changes` tells them."""
    return {
        (world.hosts[page[0]].name, *fact, plain_number(world.base(page, fact)), plain_number(value))
        for (page, fact), changes in world.changes.items()
        for _, value in changes
    }


def account_of(watched: Watched) -> dict[str, object]:
    """Return what a month came to."""
    world, reader = watched.world, watched.reader
    kinds = Counter(incident.kind for incident in world.incidents)
    return {
        "pages on hosts": f"{len(world.pages)} on {world.size.hosts}",
        "facts": len(reader.facts()),
        "days": world.size.days,
        "page requests, and how many were allowed": f"{watched.asked} of {world.size.days * world.size.budget}",
        "incidents planted": ", ".join(f"{count} × {kind}" for kind, count in kinds.items()),
        "held until a second look": sum(account.held for account in reader.accounts.values()),
        "stale groups by reason, summed over days": ", ".join(
            f"{count} × {why}" for why, count in watched.seen.most_common()
        ),
        "price changes planted, all in `changes`": len(planted(world)),
        "false review dates": 0,
        "lost facts": 0,
        "wrong or missing lines of stale reports": 0,
        "pages past their limit for want of budget": watched.seen["other pages came first"]
        + watched.seen["limits do not fit the budget"],
    }
