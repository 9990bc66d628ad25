"""A month of runs against shops that change, break, lie and recover: no false date, no lost fact, true reasons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import month
import pytest
import shops
from front import Desk, Ran
from month import FULL, SHORT, Change, Incident, Reader, Size, Stale, World, day_of, plain

import crawler.settings


class Watched:
    """The world, the desk beside it, and one reader's account of both."""

    def __init__(self, world: World, folder: Path) -> None:
        environment = {
            "CARDWATCH_SPIDERS": "shops",
            "SHOPS": json.dumps(world.sources),
            "PYTHONPATH": str(Path(__file__).parent),
        }
        self.world, self.reader = world, Reader(world)
        self.desk = Desk(folder, f"allow_private = true\n{world.size.settings}", environment)
        self.seen: Counter[str] = Counter()
        self.asked = 0

    def live_through(self, day: int, *, apart: bool) -> None:
        """Run one day, in a process of its own if `apart`, and compare what is known with the account."""
        world, run = self.world, self.desk.types if apart else self.desk.inside
        world.day = day
        ran = run(
            "refresh", *world.sources, "--budget", str(world.size.budget), "--json", "--now", stamp(day), code=None
        )  # fmt: skip
        assert ran.code in (0, 1), ran.err
        self.reader.catch_up()
        self.within_budget(ran)
        assert self.facts() == self.expected(), "a fact was lost, or a date is false"
        assert self.stale(day) == self.reader.stale(day), "the report does not say what is so"

    def within_budget(self, ran: Ran) -> None:
        asked = sum(1 for _ in month.requests_of(self.world))
        today, self.asked = asked - self.asked, asked
        assert today <= self.world.size.budget
        assert ran.summary()["planned"] <= self.world.size.budget

    def facts(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        rows = self.desk.rows("select source, model, attribute, value, substr(last_verified, 1, 10) from facts"
                              " where offer <> '' and source like 'shop_%'")  # fmt: skip
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}  # type: ignore[misc]

    def expected(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        return {key: (plain(value), day) for key, (value, day) in self.reader.facts().items()}

    def stale(self, day: int) -> set[Stale]:
        said = json.loads(self.desk.inside("stale", "--format", "json", "--now", stamp(day, 12)).out)
        rows = [row for row in said["rows"] if row["source"].startswith("shop_")]
        self.seen.update({row["reason"].partition(" since")[0] for row in rows})
        return {
            Stale(
                row["source"],
                row["model"],
                row["attribute"],
                row["level"],
                row["last_verified"][:10],
                row["reason"],
            )
            for row in rows
        }

    def changes(self) -> set[Change]:
        rows: list[dict[str, Any]] = self.desk.reads("changes")
        return {
            Change(
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
    size: Size = request.param
    with World(size) as world:
        shops.define(world.sources)
        monkeypatch.setattr(crawler.settings, "SPIDER_MODULES", ["shops"])
        yield Watched(world, tmp_path)


@pytest.mark.parametrize("watched", [SHORT], indirect=True)
def test_a_short_month(watched: Watched) -> None:
    live(watched, apart={0, 5})
    assert {*watched.seen} >= {
        "source failing", "page gone", "parser broken by a page change", "blocked by the site", "blocked by robots",
    }  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("watched", [FULL], indirect=True)
def test_a_whole_month(watched: Watched) -> None:
    live(watched, apart={0, 7, 15, 23, 30})


def live(watched: Watched, apart: set[int]) -> None:
    world, reader = watched.world, watched.reader
    for day in range(world.size.days):
        watched.live_through(day, apart=day in apart)
    assert watched.changes() == reader.changes()
    assert planted(world) <= {change[1:] for change in reader.changes()}
    assert (
        watched.desk.inside("doctor", "--now", stamp(world.size.days - 1, 12), code=None).out.count("wrong")
        == 0
    )
    assert not [row for row in watched.stale(world.size.days - 1) if row.reason == "budget"]


def planted(world: World) -> set[tuple[str, str, str, str, str]]:
    """Return the price changes that the script holds, as `changes` tells them."""
    return {
        (world.shops[page[0]].name, *fact, plain(world.base(page, fact)), plain(value))
        for (page, fact), changes in world.changes.items()
        for _, value in changes
    }


def lies(world: World) -> list[Incident]:
    return [incident for incident in world.incidents if incident.kind in month.LIES]
