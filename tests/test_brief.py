"""The morning on one screen, the watchlist, and the filters of changes."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from support.loopback import LoopbackSite
from support.message_receiver import MessageReceiver
from support.notified_world import FIRST, LIMITS, SECOND, NotifiedWorld
from support.simulated_world import day_of


@pytest.fixture
def world(tmp_path: Path, receiver: MessageReceiver, two_hosts: list[LoopbackSite]) -> NotifiedWorld:
    made = NotifiedWorld(two_hosts, receiver, tmp_path)
    made.listen()
    made.put_offer(0, "1", {"model": SECOND, "input_price": "5"})
    made.refresh(0)
    made.put_offer(0, "1.2", {"model": SECOND, "input_price": "5.1"})
    made.fail(1)
    made.refresh(6, code=1)
    return made


def watch(world: NotifiedWorld, settings: str) -> None:
    world.cli_home.settings(f"allow_private = true\n[compare]\nneighbours = 0\n{LIMITS}[watch]\n{settings}\n")


def test_the_brief_fits_a_mail_and_every_line_has_its_command(world: NotifiedWorld) -> None:
    now = ["--now", day_of(6).isoformat()]
    output = world.cli_home.run_in_process("brief", *now).out
    assert max(map(len, output.splitlines())) <= 80
    headings = [line.partition(" (")[0] for line in output.splitlines() if line[:1].isupper()]
    assert headings[1:] == ["MOVED", "HELD", "ENDS SOON", "STALE", "BROKEN"]
    assert "input price $1 -> $1.20 (+20.0 %), between" in " ".join(output.split())
    assert "shop_1: failing since" in output
    answer = world.cli_home.reads("brief", *now)
    assert all(
        line["command"].startswith("cardwatch ") for part in list(answer.values())[2:] for line in part
    )
    assert {line["text"].split(":")[0] for line in answer["stale"]} == {"shop_1"}
    assert "-&gt;" in world.cli_home.run_in_process("brief", *now, "--format", "html").out


def test_what_waits_stands_on_one_line_an_offer_and_its_command_decides_when_pasted(
    world: NotifiedWorld,
) -> None:
    world.put_offer(0, "0", {"model": SECOND, "input_price": "0"})
    world.refresh(7, code=1)
    now = ["--now", day_of(7).isoformat()]
    lines = world.cli_home.reads("brief", *now)["held"]
    assert [line["text"].partition(" keeps ")[2].partition(":")[0] for line in lines] == [
        "input price $1.20 (now said free)", "input price $5.10 (now said free)",
    ]  # fmt: skip
    assert all(line["text"].endswith(f"it is published by {day_of(10):%Y-%m-%d}") for line in lines)
    for line in lines:
        world.cli_home.run_in_process(*shlex.split(line["command"].replace("$(id -un)", "desk"))[1:], *now)
    assert world.cli_home.reads("brief", *now)["held"] == []
    assert "free" in world.cli_home.run_in_process("show", FIRST, *now).out


def test_changes_are_filtered_by_kind_provider_and_size(world: NotifiedWorld) -> None:
    def models(*options: str) -> set[str]:
        return {row["model"] for row in world.cli_home.reads("changes", *options)}

    assert models() - models("--kind", "lifecycle") == {FIRST, SECOND}
    assert models("--min-percent", "10") == {FIRST}
    assert models("--provider", "groq", "--kind", "price") == {FIRST, SECOND}
    assert models("--provider", "mistral") == models("--kind", "limit") == set()
    assert "+20.0 %" in world.cli_home.run_in_process("changes").out


def test_a_watchlist_narrows_what_is_told(world: NotifiedWorld) -> None:
    watch(world, f'models = ["{SECOND}"]')
    now = ["--now", day_of(6).isoformat()]
    assert {row["model"] for row in world.cli_home.reads("changes", "--watched")} == {SECOND}
    assert world.cli_home.reads("stale", "--watched", *now)["rows"] == []
    assert [line["text"].split(" ")[0] for line in world.cli_home.reads("brief", *now)["moved"]] == [SECOND]
    assert [row for row in world.untold(6) if row["kind"] == "price" and row["model"] == FIRST] == []
