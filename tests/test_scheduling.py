"""Which pages a run visits: exactly as many as it may, the best ones, and for reasons it can name."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support import simulated_sources
from support.cli_home import CliHome, CommandResult
from support.loopback import Answer, LoopbackSite
from support.simulated_world import day_of, model_ids

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.db.schedule.candidates import Candidates
from cardwatch.db.schedule.crawl_plan import PlannedCrawl, plan_crawl

PAGES = 6
MODELS = model_ids()


class SchedulerWorld:
    """Two shops of six pages, and a home from which they are visited."""

    def __init__(self, sites: list[LoopbackSite], folder: Path) -> None:
        self.sites, self.cli_home = sites, CliHome(folder)
        self.spec: dict[str, dict[str, Any]] = {
            f"shop_{n}": {"url": site.url("/p/"), "count": PAGES, "provider": provider}
            for n, (site, provider) in enumerate(zip(sites, ("groq", "mistral"), strict=True))
        }
        for site in sites:
            for number in range(PAGES):
                site.put(f"/p/{number}", self.page(number))
        self.configure()

    def configure(self, settings: str = "", **shop: Any) -> None:
        """Write the settings, and change what the shops are."""
        simulated_sources.define_sources({name: {**own, **shop} for name, own in self.spec.items()})
        self.cli_home.settings(f"allow_private = true\n{settings}")

    def page(
        self, number: int, *, price: str = "1", more: tuple[dict[str, str], ...] = (), **values: str
    ) -> Answer:
        """Return a page with one offer, and what else it tells."""
        offer = {"model": MODELS[number], "input_price": price, "output_price": "4", "context_window": "8192"}
        body = {"offers": [{**offer, **values}, *({**offer, **other} for other in more)]}
        return Answer(json.dumps(body), headers={"Content-Type": "application/json"}, etag=True)

    def refresh(self, day: float, *options: str, code: int | None = 0) -> CommandResult:
        """Run on a day, and forget what was asked before."""
        for site in self.sites:
            site.log.clear()
        return self.cli_home.run_in_process(
            "refresh", *options, "--json", "--now", day_of(day).isoformat(), code=code
        )

    @property
    def asked(self) -> list[str]:
        """The pages asked for since the last run began, as shop/page."""
        return sorted(
            f"{n}{path.removeprefix('/p')}" for n, site in enumerate(self.sites) for path in site.paths
        )

    def explained(self, day: float, *options: str) -> dict[str, tuple[str, str]]:
        """Return for each page whether a crawl would visit it, and why."""
        rows = self.cli_home.reads("crawl", "--explain", *options, "--now", day_of(day).isoformat())
        return {f"{row['source'][-1]}/{row['url'][-1]}": (row["visit"], row["why"]) for row in rows}

    def write(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.cli_home.home / "catalog.db")) as conn:
            conn.execute(statement, values)
            conn.commit()


@pytest.fixture
def world(tmp_path: Path, two_hosts: list[LoopbackSite]) -> SchedulerWorld:
    return SchedulerWorld(two_hosts, tmp_path)


def test_a_budget_is_met_exactly(world: SchedulerWorld) -> None:
    for day, budget in enumerate((5, 7, 1, 12, 20, 3)):
        planned = world.refresh(day, "--budget", str(budget)).summary()["planned"]
        assert len(world.asked) == len({*world.asked}) == planned == min(budget, 2 * PAGES)


def test_a_failing_page_is_asked_once_under_a_budget_and_does_not_take_it_all(world: SchedulerWorld) -> None:
    world.refresh(0)
    for number in range(3):
        world.sites[0].put(f"/p/{number}", Answer("gone", 404))
    asked = []
    for day in range(1, 8):
        world.refresh(day, "--budget", "3", code=None)
        assert len(world.asked) == 3
        asked += world.asked
    assert {*asked} == {f"{shop}/{page}" for shop in range(2) for page in range(PAGES)}
    gone = [page for page in asked if page in ("0/0", "0/1", "0/2")]
    assert len(gone) < len(asked) / 2


def test_what_is_explained_is_what_is_done(world: SchedulerWorld) -> None:
    world.refresh(0, "--budget", "8")
    reasons = world.explained(1, "--budget", "6")
    world.refresh(1, "--budget", "6")
    assert sorted(page for page, (visit, _) in reasons.items() if visit == "yes") == world.asked
    assert {why for visit, why in reasons.values() if visit == "no"} == {"budget of 6 spent"}
    assert list(reasons.values()).count(("yes", "never visited")) == 4


def test_a_weight_decides_who_is_asked(world: SchedulerWorld) -> None:
    world.refresh(0)
    world.write("update pages set weight = 1000 where url like '%/4' and source = 'shop_1'")
    assert world.explained(1, "--budget", "1")["1/4"][0] == "yes"
    world.refresh(1, "--budget", "1")
    assert world.asked == ["1/4"]
    world.write("update pages set weight = 1")
    world.write("update pages set weight = 1000 where url like '%/2' and source = 'shop_0'")
    world.refresh(2, "--budget", "1")
    assert world.asked == ["0/2"]


def test_weights_are_the_facts_a_page_verifies_and_where_they_are_shown(world: SchedulerWorld) -> None:
    world.configure("[compare]\nall_pairs_up_to = 50\nneighbours = 0\n")
    world.cli_home.run_in_process("refresh", "shop_0", "--budget", "3", "--now", day_of(0).isoformat())
    shown = "select count(*) from comparisons where ? in (a, b)"
    for number in range(3):
        weight = world.cli_home.value(
            "select weight from pages where source = 'shop_0' and url like ?", f"%/{number}"
        )
        times = world.cli_home.value(shown, MODELS[number])
        assert times > 2
        assert weight == 3 * (1 + times), "three facts, each once and once per comparison"


def test_what_was_learned_can_be_learned_again_from_the_attempts(world: SchedulerWorld) -> None:
    for day in range(6):
        world.sites[0].put("/p/0", world.page(0, price=f"1.{day}"))
        if day == 3:
            world.sites[1].put("/p/1", Answer("oops", 500))
        world.refresh(day, "--all", code=1 if day >= 3 else 0)
    learned = dict(world.cli_home.rows("select url, posterior from pages where posterior is not null"))
    gaps = dict(world.cli_home.rows("select url, last_gap from pages"))
    assert len({*learned.values()}) == 3, "one page changes daily, one fails, the others stay as they are"
    world.write("update pages set posterior = null, last_gap = 9")
    world.cli_home.run_in_process("doctor", "--relearn", "--now", day_of(6).isoformat())
    assert (
        dict(world.cli_home.rows("select url, posterior from pages where posterior is not null")) == learned
    )
    assert dict(world.cli_home.rows("select url, last_gap from pages")) == gaps


def test_a_page_that_changes_often_is_asked_more_often(world: SchedulerWorld) -> None:
    asked = []
    for day in range(12):
        world.sites[0].put("/p/3", world.page(3, price=f"1.{day:02d}"))
        world.refresh(day, "--budget", "12" if day < 2 else "3")
        asked += world.asked if day >= 2 else []
    counts = {page: asked.count(page) for page in {*asked}}
    assert counts.pop("0/3") > max(counts.values())


def test_only_what_is_due_is_asked_without_a_budget(world: SchedulerWorld) -> None:
    world.refresh(0)
    world.refresh(1)
    assert world.asked == []
    assert {why for _, why in world.explained(1).values()} == {"not due for 1.0 d"}
    world.refresh(2)
    assert len(world.asked) == 12
    world.configure("budget = 5\n")
    world.refresh(4)
    assert len(world.asked) == 5


def test_a_limit_shorter_than_its_source_asks_for_makes_a_page_due(world: SchedulerWorld) -> None:
    world.configure("[freshness.limits]\nprice = { warn = 3, error = 9 }\n", max_age=30)
    for day, pages in ((0, 12), (2, 0), (3, 12), (5, 0)):
        world.refresh(day)
        assert len(world.asked) == pages


def test_a_source_is_asked_every_few_hours_where_the_settings_say_so(world: SchedulerWorld) -> None:
    world.configure('interval_hours = 6\n[sources.shop_0]\nevery = "6h"\n')
    asked = []
    for hour in (0, 5, 6.1, 12, 18):
        world.refresh(hour / 24)
        asked.append((len(world.asked), {page[0] for page in world.asked}))
    assert asked == [(12, {"0", "1"}), (0, set()), (6, {"0"}), (6, {"0"}), (6, {"0"})]
    assert ("no", "not due for 5.0 h") in world.explained(19 / 24).values()
    (due,) = {row["next_due"] for row in world.cli_home.reads("sources") if row["id"] == "shop_0"}
    assert due == (day_of(1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_limits_of_hours_are_held_against_the_clock(world: SchedulerWorld) -> None:
    world.configure('interval_hours = 2\n[freshness.limits]\nprice = { warn = "6h", error = "36h" }\n')
    world.refresh(0)
    for hour, levels in ((6, set()), (6.5, {"warn"}), (36, {"warn"}), (36.5, {"error"})):
        rows = world.cli_home.reads("stale", "--now", day_of(hour / 24).isoformat())["rows"]
        assert {row["level"] for row in rows if row["attribute"] == "output_price"} == levels
    rows = world.cli_home.reads("stale", "--now", day_of(7 / 24).isoformat())["rows"]
    assert {(row["attribute"], row["age_days"], row["limit_days"]) for row in rows} == {
        ("input_price", 0.2917, 0.25), ("output_price", 0.2917, 0.25)
    }  # fmt: skip
    output = world.cli_home.run_in_process("stale", "--now", day_of(7 / 24).isoformat()).out
    assert " 7 h" in output
    assert " 6 h" in output
    world.refresh(5 / 24)
    assert len(world.asked) == 12, "they would pass their limit before the next run"


@pytest.mark.parametrize("limit", ["6 hours", "", "0h", -1, 0, True])
def test_a_limit_that_is_no_time_is_refused(world: SchedulerWorld, limit: object) -> None:
    world.configure(f"[freshness.limits]\nprice = {{ warn = {json.dumps(limit)}, error = 9 }}\n")
    assert "freshness.limits.price.warn" in world.refresh(0, code=2).err


def test_a_told_date_makes_its_page_due_when_it_comes(world: SchedulerWorld) -> None:
    world.configure("[freshness.limits]\nprice = { warn = 90, error = 99 }\nlimit = { warn = 90, error = 99 }\n"
                "lifecycle = { warn = 90, error = 99 }\n", max_age=60)  # fmt: skip
    rise = {"input_price": "3", "from": day_of(5).date().isoformat()}
    world.sites[0].put("/p/1", world.page(1, more=(rise,)))
    world.sites[1].put("/p/2", world.page(2, shutdown_date=day_of(7).date().isoformat()))
    world.refresh(0)
    days = {}
    for day in range(1, 10):
        if day == 5:
            assert world.explained(day)["0/1"] == ("yes", f"its date {rise['from']} has come")
            world.sites[0].put("/p/1", world.page(1))
        world.refresh(day)
        days[day] = world.asked
    assert {day: asked for day, asked in days.items() if asked} == {5: ["0/1"], 7: ["1/2"]}
    standing = world.cli_home.rows("select value, valid_from from claims c join listings l on l.id = c.listing_id"
                              " where attribute = 'input_price' and model = ? and until is null"
                              " and offer = 'groq'", MODELS[1])  # fmt: skip
    assert standing == [("1", "")], "the rise was called off"


def test_a_surprise_is_looked_at_again_at_once(world: SchedulerWorld) -> None:
    world.configure(max_age=30)
    world.refresh(0)
    world.sites[1].put("/p/5", world.page(5, price="40"))
    world.refresh(1, "--all")
    assert "input_price" in {hold["attribute"] for hold in world.cli_home.reads("holds")}
    world.sites[1].put("/p/5", world.page(5))
    assert world.explained(2)["1/5"] == ("yes", "a surprising change wants a second look")
    world.refresh(2)
    assert world.asked == ["1/5"]
    assert world.cli_home.reads("holds") == []
    world.refresh(3)
    assert world.asked == []


def test_a_host_gets_its_share_and_no_more(world: SchedulerWorld) -> None:
    world.configure("host_allowance = 2\n")
    world.refresh(0)
    assert [page[0] for page in world.asked] == ["0", "0", "1", "1"]
    assert ("no", "127.0.0.2 has its share") in world.explained(0).values()
    world.refresh(0, "--budget", "12")
    assert len(world.asked) == 4


def test_pages_an_index_named_are_asked_also_when_it_is_not(world: SchedulerWorld) -> None:
    index = world.sites[0].put("/p/list", Answer('{"pages": [0, 1, 2, 3]}'))
    simulated_sources.define_sources({"shop_0": {**world.spec["shop_0"], "count": 0, "index": [index]}})
    world.refresh(0, "--budget", "3")
    assert world.asked == ["0/0", "0/1", "0/list"], "the index, and what it names while visits last"
    world.write("update pages set weight = 0.0001 where kind = 'index'")
    world.sites[0].put("/p/list", Answer("oops", 500))
    world.refresh(2, code=1)
    assert world.asked[:2] == ["0/0", "0/1"]
    assert world.cli_home.value("select last_outcome from pages where kind = 'index'") == "error"
    world.sites[0].put("/p/list", Answer('{"pages": [0, 1, 2, 3]}'))
    world.refresh(4)
    world.refresh(5)
    assert world.cli_home.rows("select count(*) from pages where last_verified is not null") == [(5,)]
    assert {row["state"] for row in world.cli_home.reads("sources") if row["id"] == "shop_0"} == {"ok"}


def test_limits_that_cannot_be_kept_are_told_with_ones_that_can(world: SchedulerWorld) -> None:
    world.refresh(0)
    world.configure("budget = 1\n")
    says = "freshness limits cannot be kept: 1.7 visits a run are needed, the budget is 1; achievable: limits"
    assert f"{says} 1.7 times as long, 12 d instead of 7 d" in world.refresh(12).err
    assert says in world.cli_home.run_in_process("stale", "--now", day_of(12).isoformat()).out
    rows = world.cli_home.run_in_process(
        "doctor", "--format", "json", "--now", day_of(12).isoformat(), code=1
    )
    assert {row["check"]: row["state"] for row in json.loads(rows.out)}["limits"] == "wrong"
    limits = world.cli_home.reads("stale", "--now", day_of(12).isoformat())["summary"]["limits"]
    assert (limits["kept"], limits["needed"], limits["stretch"]) == (False, 1.7, 1.71)
    world.configure("host_allowance = 1\n[freshness.limits]\nprice = { warn = 3, error = 5 }\n")
    assert "127.0.0.2 needs 2.0 visits a run, a host gets 1" in world.refresh(13).err


def test_a_run_whose_clock_was_ahead_is_seen(world: SchedulerWorld) -> None:
    world.refresh(9)
    says = f"a visit of {day_of(9):%Y-%m-%dT%H:%M:%SZ} lies ahead"
    before = world.cli_home.run_in_process("doctor", "--now", day_of(3).isoformat(), code=1)
    assert says in before.out
    assert "doctor: clock" in before.err
    assert (
        "lies ahead"
        not in world.cli_home.run_in_process("doctor", "--now", day_of(9).isoformat(), code=None).out
    )


def test_a_schedule_that_died_is_seen(world: SchedulerWorld) -> None:
    world.refresh(0)
    alive = world.cli_home.reads("stale", "--now", day_of(2).isoformat())["summary"]
    assert (alive["schedule_dead"], alive["next_run"]) == (False, day_of(1).strftime("%Y-%m-%dT%H:%M:%SZ"))
    late = day_of(9).isoformat()
    answer = world.cli_home.reads("stale", "--now", late)
    assert answer["summary"]["schedule_dead"]
    assert {row["reason"] for row in answer["rows"]} == {"no run since 2026-10-01"}
    assert "is the schedule still alive?" in world.cli_home.run_in_process("stale", "--now", late).out
    assert "schedule" in world.cli_home.run_in_process("doctor", "--now", late, code=1).err


def test_a_source_that_is_switched_off_is_the_reason(world: SchedulerWorld) -> None:
    world.refresh(0)
    world.configure("[sources.shop_0]\nenabled = false\n")
    for day in (4, 9):
        world.refresh(day)
        assert {page[0] for page in world.asked} == {"1"}
    rows = world.cli_home.reads("stale", "--now", day_of(9).isoformat())["rows"]
    assert {(row["source"], row["reason"]) for row in rows if row["source"].startswith("shop")} == {
        ("shop_0", "source switched off in the settings")
    }
    assert world.refresh(10).summary()["skipped"] == {"shop_0": "switched off in the settings"}


def test_a_listing_that_goes_on_takes_its_requests_from_its_hosts_share() -> None:
    made = plan_crawl(Candidates(), budget=5, host_allowance=3, run_days=1, due_only=False)
    past = PlannedCrawl(made, lambda source, url, version: {})
    urls = ["https://a.example/2", "https://a.example/3", "https://A.example/4", "https://a.example/5"]
    assert [past.takes_continuation(url) for url in urls] == [True, True, True, False]
    assert past.takes_continuation("https://b.example/2")
    assert past.choose("shop_0", [PageRequest("https://a.example/p", "listing")]) == []
