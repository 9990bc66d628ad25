"""Why a fact is stale and why a run failed: what the answers on loopback make the commands say."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loopback import Answer, LoopbackSite
from support.message_receiver import MessageReceiver
from support.notified_world import NotifiedWorld
from support.simulated_world import day_of

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def world(tmp_path: Path, receiver: MessageReceiver, two_hosts: list[LoopbackSite]) -> NotifiedWorld:
    made = NotifiedWorld(two_hosts, receiver, tmp_path)
    made.listen()
    return made


def runs(world: NotifiedWorld, day: int, *arguments: str, code: int = 0) -> str:
    done = world.cli_home.run_in_process(*arguments, "--now", day_of(day).isoformat(), code=code)
    return done.out + done.err


def reasons(world: NotifiedWorld, day: int, source: str = "shop_0") -> set[str]:
    """Return why the prices of a source are stale on a day."""
    rows = world.cli_home.reads("stale", "--now", day_of(day).isoformat())["rows"]
    return {row["reason"] for row in rows if row["source"] == source and row["attribute"] == "input_price"}


@pytest.mark.parametrize(
    ("path", "answer", "reason"),
    [
        ("/p/0", Answer("<title>Just a moment...</title>", headers=HTML), "challenge page"),
        ("/p/0", Answer(" \n"), "empty answer"),
        ("/p/0", Answer("", 302, {"Location": "/"}), "sent to the home page"),
        ("/robots.txt", Answer("busy", 503, {"Retry-After": "0"}), "robots.txt failed"),
        ("/robots.txt", Answer("User-agent: *\nDisallow: /"), "blocked by robots"),
        ("/p/0", Answer("no", 403), "blocked by the site"),
    ],
)
def test_a_page_that_brings_something_else_is_called_by_its_name(
    world: NotifiedWorld, path: str, answer: Answer, reason: str
) -> None:
    world.sites[0].put("/", Answer("<title>Welcome</title>", headers=HTML))
    world.refresh(0)
    world.sites[0].put(path, answer)
    output = runs(world, 3, "refresh", "shop_0", "shop_1", "--all", code=1)
    assert "shop_0 failed: " in output
    assert "shop_1 failed" not in output
    assert reasons(world, 4) == {reason}
    assert reasons(world, 4, "shop_1") == set()


def test_a_host_that_asks_to_wait_too_long_answered_429(world: NotifiedWorld) -> None:
    world.sites[0].put("/p/0", Answer("slow down", 429, {"Retry-After": "7200"}))
    world.refresh(0, code=1)
    found = world.cli_home.rows("select status, detail from attempts where outcome = 'error'")
    assert [status for status, _ in found] == [429]
    assert "asks to wait 7200 s" in found[0][1]


def test_a_source_that_nobody_named_was_not_asked(world: NotifiedWorld) -> None:
    world.refresh(0)
    runs(world, 3, "refresh", "shop_1", "--all")
    assert reasons(world, 3) == {"not asked (you named other sources)"}
    assert reasons(world, 3, "shop_1") == set()


def test_an_archive_alone_waits_for_its_first_run(world: NotifiedWorld) -> None:
    world.refresh(0)
    other = world.cli_home.folder / "other"
    runs(world, 3, "--home", str(other), "replay", str(world.cli_home.home / "archive"))
    rows = world.cli_home.reads("--home", str(other), "stale", "--now", day_of(3).isoformat())["rows"]
    assert {row["reason"] for row in rows} == {"waits for the next run"}


def test_nothing_answers(world: NotifiedWorld) -> None:
    for site in world.sites:
        site.put("/robots.txt", Answer("", drop=0))
    output = runs(world, 0, "refresh", "shop_0", "shop_1", "--all", code=1)
    assert output.count("no network") == 1
    assert "failed: " not in output
    assert "shop_0  " not in output, "no row of zeros"


def test_a_replay_tells_what_failed(world: NotifiedWorld) -> None:
    world.fail(0)
    world.refresh(0, code=1)
    other = ["--home", str(world.cli_home.folder / "other")]
    output = runs(world, 1, *other, "replay", str(world.cli_home.home / "archive"), code=1)
    assert "shop_0 failed: HTTP 500 Internal Server Error" in output
    assert "failed or held: shop_0" in output


def test_a_page_that_the_budget_had_no_room_for_says_so(world: NotifiedWorld) -> None:
    world.refresh(0)
    runs(world, 3, "refresh", "--budget", "1")
    late = {source: reasons(world, 3, source) for source in ("shop_0", "shop_1")}
    assert sorted(late.values(), key=len)[0] == set(), "one page was asked for"
    assert set().union(*late.values()) == {"other pages came first"}, "the limits would fit"
