"""What people are told: each event once, to receivers and from sources that misbehave on loopback."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import simulated_sources
from support.loopback import Answer, LoopbackSite
from support.made_catalogs import CatalogWorld, aggregator, offer
from support.message_receiver import KEY, MessageReceiver
from support.notified_world import FIRST, MODELS, SECOND, TESTS, NotifiedWorld
from support.simulated_world import day_of, iso_day

from cardwatch.db.notifications import events

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own


@pytest.fixture
def world(tmp_path: Path, receiver: MessageReceiver, two_hosts: list[LoopbackSite]) -> NotifiedWorld:
    return NotifiedWorld(two_hosts, receiver, tmp_path)


def wait_for(done: Callable[[], object]) -> None:
    for _ in range(3000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("nothing came of it")


# --- events ----------------------------------------------------------------------------------------------------


def test_the_installed_command_tells_a_price_that_moved_once(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.put_offer(price="1.5")
    world.cli_home.types(*world.run(1))
    world.cli_home.types(*world.run(1))
    world.refresh(2)
    assert world.receiver.texts() == [
        f"Cardwatch: 1 price moved\n1 price moved:\n- {FIRST} at groq: input price $1 → $1.50 (+50 %), says shop_0"
    ]


def test_only_a_move_by_more_than_the_limit_is_told(world: NotifiedWorld) -> None:
    for day, price in enumerate(("1", "1.1", "1.21", "1.35")):
        world.put_offer(price=price)
        world.refresh(day)
    (message,) = world.receiver.texts()
    assert "$1.21 → $1.35 (+11.6 %)" in message
    world.configure("price_moved_percent = 60")
    world.put_offer(price="0.55")
    world.refresh(4)
    assert world.receiver.texts() == []


def test_from_and_to_free_is_told_when_it_is_published(world: NotifiedWorld) -> None:
    messages = []
    for day, price in enumerate(("1", "0", "0", "1", "1")):
        world.put_offer(price=price)
        world.refresh(day)
        messages.append(world.receiver.texts())
    assert [len(texts) for texts in messages] == [0, 1, 1, 1, 0], (
        "held for a day, and told once; its return is not"
    )
    assert messages[1][0].startswith("Cardwatch: 1 change held\n")
    assert "input price, from 1 to 0: suddenly free, with output_price still" in messages[1][0]
    assert "says shop_0\n    cardwatch holds release 1 --by $(id -un)" in messages[1][0]
    sent = [line for one in world.receiver.heard for line in one["message"].splitlines()]
    assert max(map(len, sent)) <= 80
    assert "input price $1 → free (now free)" in messages[2][0]
    assert "input price free → $1 (was free)" in messages[3][0]


def test_a_price_that_comes_back_and_moves_again_is_told_again(world: NotifiedWorld) -> None:
    for day, price in enumerate(("1", "2", "1", "2")):
        world.put_offer(price=price)
        world.refresh(day)
    assert [text.count("→") for text in world.receiver.texts()] == [1, 1, 1]


def test_a_move_that_a_second_source_repeats_is_told_once(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    for day, (one, other) in enumerate((("1", "1"), ("2", "1"), ("2", "2"), ("1", "2"), ("2", "2"))):
        for name, price in (("portkey_pricing", one), ("models_dev", other)):
            world.see(offer(FIRST, "together", input_price=price), card=aggregator(name), day=day)
    moves = [(move.source, str(move.new)) for move in events.find_price_changes(world.catalog, "")]
    world.catalog.close()
    assert moves == [("portkey_pricing", "2"), ("portkey_pricing", "1"), ("portkey_pricing", "2")]


def test_a_dated_series_is_history(world: NotifiedWorld) -> None:
    span = {"model": FIRST, "from": iso_day(-90), "to": iso_day(-30)}
    world.put_offer(0, "1", {**span, "input_price": "3"})
    world.refresh(0)
    world.put_offer(0, "1", {**span, "input_price": "9"})
    world.refresh(1)
    assert world.cli_home.value("select count(*) from changes where told and kind = 'price'") == 1
    assert world.receiver.texts() == []


def test_models_that_end_are_told_once(world: NotifiedWorld) -> None:
    later = {"model": SECOND, "input_price": "1", "shutdown_date": iso_day(2)}
    world.put_offer(0, "1", later, lifecycle="active")
    world.refresh(0)
    world.put_offer(0, "1", later, lifecycle="retired")
    for day in range(1, 5):
        world.refresh(day)
    assert [text.splitlines()[2] for text in world.receiver.texts()] == [
        f"- {FIRST} at groq: retired, says shop_0",
        f"- {SECOND} at groq: shut down on {iso_day(2)}, says shop_0",
    ]


def test_a_model_that_had_ended_before_anybody_looked_is_no_news(world: NotifiedWorld) -> None:
    world.put_offer(0, "1", lifecycle="retired", shutdown_date=iso_day(-400))
    world.refresh(0)
    world.put_offer(1, "1", {"model": SECOND, "input_price": "1", "shutdown_date": iso_day(-400)})
    world.refresh(1)
    assert world.receiver.texts() == []


def test_a_failing_source_is_told_once_per_failure(world: NotifiedWorld) -> None:
    messages = []
    for day, works in enumerate((True, False, False, True, False, False)):
        (world.put_offer if works else world.fail)(0)
        world.cli_home.run_in_process(*world.run(day), code=0 if works else 1)
        messages.append(world.receiver.texts())
    assert [len(texts) for texts in messages] == [0, 1, 0, 0, 1, 0]
    assert messages[1][0].startswith("Cardwatch: 1 source failing\n")
    assert f"shop_0: failing since {iso_day(1)}: " in messages[1][0]
    assert f"shop_0: failing since {iso_day(4)}: " in messages[4][0]


def test_a_page_that_is_gone_is_not_yet_its_source(world: NotifiedWorld) -> None:
    world.cli_home.environment["SHOPS"] = ""
    simulated_sources.define_sources(
        {"shop_0": {"url": world.sites[0].url("/p/"), "count": 2, "provider": "groq"}}
    )
    page = ["refresh", "--all", "--now"]
    world.sites[0].put("/p/1", Answer(json.dumps({"offers": [{"model": SECOND, "input_price": "1"}]})))
    world.cli_home.run_in_process(*page, day_of(0).isoformat())
    world.sites[0].put("/p/1", Answer("gone", 410))
    world.cli_home.run_in_process(*page, day_of(1).isoformat(), code=1)
    assert world.receiver.texts() == []
    world.sites[0].put("/p/0", Answer("gone", 410))
    world.cli_home.run_in_process(*page, day_of(2).isoformat(), code=1)
    (message,) = world.receiver.texts()
    assert "shop_0: failing since 2026-10-02, 2 of 2 pages" in message


def test_a_page_that_failed_before_anybody_listened_hides_no_other(world: NotifiedWorld) -> None:
    simulated_sources.define_sources(
        {"shop_0": {"url": world.sites[0].url("/p/"), "count": 2, "provider": "groq"}}
    )
    world.listen()
    world.sites[0].put("/p/1", Answer("gone", 410))
    world.cli_home.run_in_process("refresh", "--all", "--now", day_of(0).isoformat(), code=1)
    world.listen(world.receiver.address)
    for day, works in ((1, True), (2, False), (3, False)):
        (world.put_offer if works else world.fail)(0)
        world.cli_home.run_in_process("refresh", "--all", "--now", day_of(day).isoformat(), code=1)
    (message,) = world.receiver.texts()
    assert f"shop_0: failing since {iso_day(0)}, 2 of 2 pages" in message


def test_a_freshness_limit_is_told_once_while_it_is_broken(world: NotifiedWorld) -> None:
    world.refresh(0)
    messages = {}
    for day in (*range(1, 8), 8, 9, 14):
        (world.fail if day not in (8, 9) else world.put_offer)(0)
        world.refresh(day, code=1 if day not in (8, 9) else 0)
        messages[day] = [
            line for text in world.receiver.texts() for line in text.splitlines() if "not looked" in line
        ]
    facts = "2 facts not looked at for more than 4 days"
    assert {day: lines for day, lines in messages.items() if lines} == {
        5: [f"- shop_0: {facts}, source failing since {iso_day(1)}"],
        14: [f"- shop_0: {facts}, source failing since {iso_day(14)}"],
    }


def test_a_dead_schedule_is_one_message_from_another(world: NotifiedWorld) -> None:
    world.refresh(0)
    ran = world.cli_home.run_in_process("notify", "--now", day_of(12).isoformat())
    (message,) = world.receiver.texts()
    assert message.splitlines()[0] == "Cardwatch: 2 freshness limits broken"
    assert [line.split(",")[-1] for line in message.splitlines()[2:]] == [f" no run since {iso_day(0)}"] * 2
    assert ran.out.count("told") == 2
    assert "nothing to tell" in world.cli_home.run_in_process("notify", "--now", day_of(13).isoformat()).out


def test_normalize_tells_what_it_publishes(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.put_offer(price="2")
    world.cli_home.run_in_process("crawl", "shop_0", "--all", "--now", day_of(1).isoformat())
    assert world.receiver.texts() == []
    world.cli_home.run_in_process("normalize", "--now", day_of(2).isoformat())
    assert len(world.receiver.texts()) == 1


# --- from when on ----------------------------------------------------------------------------------------------


def test_who_is_put_into_the_settings_hears_from_then_on(world: NotifiedWorld) -> None:
    world.listen()
    for day, price in enumerate(("1", "2", "3")):
        world.put_offer(price=price)
        world.refresh(day)
    world.listen(world.receiver.address)
    world.put_offer(price="4")
    world.refresh(3)
    (message,) = world.receiver.texts()
    assert "$3 → $4" in message
    assert message.count("→") == 1


def test_who_was_out_of_the_settings_does_not_hear_of_that_time(world: NotifiedWorld) -> None:
    for day, price in enumerate(("1", "2", "3", "4", "5")):
        world.listen(*([world.receiver.address] if day not in (2, 3) else []))
        world.put_offer(price=price)
        world.refresh(day)
    assert [re.findall(r"\$\d → \$\d", text) for text in world.receiver.texts()] == [["$1 → $2"], ["$4 → $5"]]


def test_an_archive_read_into_an_empty_catalog_is_history(world: NotifiedWorld) -> None:
    world.listen()
    for day, price in enumerate(("1", "2", "3")):
        world.put_offer(price=price)
        world.refresh(day)
    for file in world.cli_home.home.glob("catalog.db*"):
        file.unlink()
    world.listen(world.receiver.address)
    world.refresh(3)
    assert world.cli_home.value("select count(*) from changes where kind = 'price'") == 2
    assert world.receiver.texts() == []


# --- receivers that misbehave ------------------------------------------------------------------------------------


def test_a_receiver_that_is_down_hears_once_it_is_up(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.put_offer(price="2")
    world.receiver.down()
    for day in (1, 2):
        ran = world.refresh(day)
        assert ran.err == (
            "cardwatch: notify: json://127.0.0.1 did not take the message; 1 event waits for the next run\n"
        )
    assert [row["state"] for row in world.untold(2)] == ["untold"]
    world.receiver.up()
    for day in (3, 4):
        assert world.refresh(day).err == ""
    (message,) = world.receiver.texts()
    assert "$1 → $2" in message
    assert len(world.receiver.heard) == 3
    assert world.untold(4) == []


def test_nobody_there_is_one_line_and_no_other_exit_code(world: NotifiedWorld) -> None:
    world.listen(f"json://me:{KEY}@127.0.0.1:9/{KEY}")
    world.refresh(0)
    world.put_offer(price="2")
    world.fail(1)
    ran = world.refresh(1, code=1)
    assert [line[:26] for line in ran.err.splitlines()] == [
        "cardwatch: notify: json://",
        "cardwatch: failed or held:",
    ]
    assert KEY not in ran.out + ran.err
    assert KEY not in world.cli_home.run_in_process("notify", "--now", day_of(1).isoformat(), code=1).err
    assert world.cli_home.value("select count(*) from told") == 0


def test_each_receiver_is_told_for_itself(world: NotifiedWorld) -> None:
    with MessageReceiver() as other:
        world.listen(other.address, world.receiver.address, other.address)
        world.refresh(0)
        other.down()
        world.put_offer(price="2")
        world.refresh(1)
        assert (len(world.receiver.texts()), other.texts()) == (1, [])
        other.up()
        world.refresh(2)
        assert (world.receiver.texts(), len(other.texts())) == ([], 1)


def test_what_a_killed_run_was_telling_is_not_told_again(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.put_offer(price="2")
    world.receiver.put("/in", Answer("thanks", wait=1))
    with world.cli_home.start(*world.run(1)) as process:
        wait_for(lambda: world.receiver.heard)
        process.send_signal(signal.SIGKILL)
    world.receiver.up()
    world.refresh(2)
    assert len(world.receiver.heard) == 1
    assert [(row["state"], row["text"][-13:]) for row in world.untold(2)] == [("unsure", ", says shop_0")]


def test_an_address_nobody_can_use_is_one_line(world: NotifiedWorld) -> None:
    world.listen(f"slak://{KEY}/{KEY}", world.receiver.address)
    why = "slak://…: no address that Apprise can use: it knows no such service, or a part of the address is missing"
    assert world.refresh(0).err == f"cardwatch: notify: {why}\n"
    trial = world.cli_home.types("notify", "--test", code=2)
    assert (trial.out, trial.err) == ("json://127.0.0.1 took the message\n", f"cardwatch: {why}\n")
    assert world.receiver.texts()[0].startswith("Cardwatch: a test\n")
    doctor = world.cli_home.run_in_process(
        "doctor", "--format", "json", "--now", day_of(0).isoformat(), code=1
    )
    assert {row["check"]: row for row in json.loads(doctor.out)}["notify"]["detail"] == why


def test_a_trial_needs_no_catalog_and_says_who_refused(world: NotifiedWorld) -> None:
    world.receiver.down()
    trial = world.cli_home.run_in_process("notify", "--test", code=1)
    assert trial.out == "json://127.0.0.1 did not take the message\n"
    world.listen()
    assert "CARDWATCH_NOTIFY_URLS" in world.cli_home.run_in_process("notify", "--test", code=2).err
    assert "no catalog yet" in world.cli_home.run_in_process("notify", "--dry-run", code=2).err


def test_a_key_in_an_address_is_shown_and_kept_nowhere(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.configure(f'urls = ["{world.receiver.address}"]')
    world.listen(f"discord://4174216298/{KEY}", f"ntfy://{KEY}", f"mailto://me:{KEY}@mail.example")
    doctor = world.cli_home.run_in_process("doctor", code=None)
    assert "json://127.0.0.1, discord://…, ntfy://…, mailto://mail.example" in doctor.out
    world.listen()
    world.put_offer(price="2")
    shown = [
        doctor,
        world.cli_home.run_in_process("-vv", *world.run(1)),
        world.cli_home.run_in_process("doctor", code=None),
    ]
    assert all(KEY not in ran.out + ran.err for ran in shown)
    assert len(world.receiver.texts()) == 1
    files = [file for file in world.cli_home.home.rglob("*") if file.is_file()]
    assert [file.name for file in files if KEY.encode() in file.read_bytes()] == []


@pytest.mark.parametrize("line", ['url = "{0}"', 'urls = "{0}"', "urls = [1, '{0}', {{ a = '{0}' }}]"])
def test_a_key_is_not_shown_by_a_mistake_in_the_settings(line: str, world: NotifiedWorld) -> None:
    world.configure(line.format(world.receiver.address))
    errors = world.cli_home.run_in_process("sources", code=2).err
    assert "cardwatch.toml: notify.url" in errors
    assert KEY not in errors


def test_without_an_address_apprise_is_not_loaded(world: NotifiedWorld) -> None:
    world.listen()
    world.cli_home.environment["PYTHONPROFILEIMPORTTIME"] = "1"
    for command in (world.run(0), ["notify", "--dry-run"], ["doctor", "--now", day_of(0).isoformat()]):
        assert not re.search(r"\| +apprise\b", world.cli_home.types(*command).err), command
    world.listen(world.receiver.address)
    assert re.search(r"\| +apprise\b", world.cli_home.types("doctor", "--now", day_of(0).isoformat()).err)


def test_the_list_has_the_documented_shape(world: NotifiedWorld) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads((TESTS.parent / "docs" / "reference" / "schemas" / "notify.json").read_text())
    world.refresh(0)
    rows = world.untold(9)
    assert len(rows) == 2
    jsonschema.Draft202012Validator({**schema, "unevaluatedProperties": False}).validate(rows)
    world.listen()
    rows = world.untold(9)
    assert {row["receiver"] for row in rows} == {None}
    jsonschema.Draft202012Validator(schema).validate(rows)


# --- messages --------------------------------------------------------------------------------------------------


def test_the_largest_moves_come_first(world: NotifiedWorld) -> None:
    others = [{"model": model, "input_price": "1"} for model in MODELS[1:4]]
    world.put_offer(0, "1", *others)
    world.refresh(0)
    moved = [{**other, "input_price": price} for other, price in zip(others, ("0.2", "3", "9"), strict=True)]
    world.put_offer(0, "1.2", *moved)
    world.refresh(1)
    (message,) = world.receiver.texts()
    assert re.findall(r"→ (\S+)", message) == ["$9", "$0.20", "$3", "$1.20"]


def test_hostile_words_of_a_page_do_no_harm(world: NotifiedWorld) -> None:
    world.refresh(0)
    world.sites[0].put("/p/0", Answer(json.dumps({"<b>@everyone\n\x1b[31m[x](http://evil.example)</b>": 1})))
    world.cli_home.run_in_process(*world.run(1), code=1)
    (message,) = world.receiver.texts()
    assert "b everyone" in message
    assert not re.search(r"[<>@\x1b\[\]]|://", message)
    assert len(message.splitlines()) == 3
