"""What people decide, typed as commands: holds by id, model and rule, far values, links to new ids, and their undoing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.cli_home import CliHome
from support.made_catalogs import GPT, QWEN, START, CatalogWorld, Row, aggregator, offer

NOW = ("--now", (START.replace(day=12)).isoformat())
BY = ("--by", "reviewer")
WHERE = ("--url", "https://openai.com/api/pricing", *BY)


@pytest.fixture
def cli_home(tmp_path: Path) -> Iterator[CliHome]:
    home = CliHome(tmp_path, "[compare]\nneighbours = 0\n")
    home.home.mkdir()
    world = CatalogWorld(home.home / "catalog.db")
    rows = [offer(GPT, input_price="2", output_price="8"), offer(QWEN, input_price="0.1")]
    world.see(*rows, Row(None, {"input_price": "1"}, "openrouter", name="acme/large:beta"))
    world.see(offer(GPT, input_price="0", output_price="2000"), offer(QWEN, input_price="1.5"), day=1)
    world.catalog.close()
    return home


def held(cli_home: CliHome) -> set[tuple[str, str]]:
    return {(row["model"], row["reason"].split(":")[0]) for row in cli_home.reads("holds")}


def test_holds_are_decided_by_id_by_model_and_by_rule(cli_home: CliHome) -> None:
    assert len(cli_home.reads("holds")) == 3
    cli_home.run_in_process("holds", "reject", "--model", "gpt-4.1", "--reason", "beyond", *BY, *NOW)
    assert {model for model, _ in held(cli_home)} == {GPT, QWEN}
    cli_home.run_in_process("holds", "release", "--reason", "jumps", *BY, *NOW)
    assert {model for model, _ in held(cli_home)} == {GPT}
    (left,) = cli_home.reads("holds")
    cli_home.run_in_process("holds", "release", str(left["id"]), *BY, *NOW)
    assert cli_home.reads("holds") == []
    assert cli_home.rows("select action, decided_by from decisions order by id") == [
        ("reject", "reviewer"), ("release", "reviewer"), ("release", "reviewer"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ((), "name the holds"),
        (("1", "--reason", "jumps"), "name the holds"),
        (("--reason", "nothing_such"), "no open hold is like that"),
        (("--model", "nobody/nothing"), "nobody/nothing"),
        (("99",), "hold 99"),
    ],
)
def test_what_names_no_hold_is_wrong_use(cli_home: CliHome, options: tuple[str, ...], error: str) -> None:
    assert error in cli_home.run_in_process("holds", "release", *options, *BY, code=2).err
    assert "wanted a name" in cli_home.run_in_process("holds", "release", *options, "--by", " ", code=2).err
    assert len(cli_home.reads("holds")) == 3


def test_a_hold_says_all_that_a_person_needs(cli_home: CliHome) -> None:
    free = next(
        row for row in cli_home.reads("holds") if row["attribute"] == "input_price" and row["model"] == GPT
    )
    assert (free["provider"], free["old"], free["new"], free["since"][:10]) == (
        "openrouter",
        "2",
        "0",
        "2026-03-11",
    )
    assert {"old_evidence", "new_evidence", "others", "if_undecided", "ends_on"} <= {*free}
    assert free["ends_on"] == "2026-03-14"
    shown = cli_home.run_in_process("show", "gpt-4.1", *NOW).out
    assert "held since 2026-03-11" in " ".join(shown.split())
    (sold,) = cli_home.reads("show", "gpt-4.1", *NOW)["offers"]
    assert sold["input_price"] == "2"
    assert sold["held"]["input_price"] == {
        "source": "openrouter_models",
        "value": "0",
        "since": "2026-03-11",
        "reason": "from 2 to 0: suddenly free",
    }


def test_a_value_far_from_every_source_asks_for_force(cli_home: CliHome) -> None:
    price = ("gpt-4.1", "input_price", "--provider", "openrouter", "--unit", "usd_per_mtok", *WHERE, *NOW)
    for far in ("200", "0", "0.1"):
        refused = cli_home.run_in_process("review", *price, "--value", far, code=2).err
        assert "openrouter_models says 2" in refused
        assert "--force" in refused
    cli_home.run_in_process("review", *price, "--value", "3")
    cli_home.run_in_process("review", *price, "--value", "0.1", "--force")
    assert (
        cli_home.value("select value from facts where attribute = 'input_price' and model = ?", GPT) == "0.1"
    )
    where = ("--source", "review", "--offer", "openrouter", "--reason", "a slip")
    cli_home.run_in_process("facts", "retract", "gpt-4.1", "input_price", *where, *BY, *NOW)
    assert cli_home.value("select value from facts where attribute = 'input_price' and model = ?", GPT) == "2"


def test_a_name_is_linked_to_an_unknown_id_only_when_told_so(cli_home: CliHome) -> None:
    name = ("openrouter_models", "acme/large:beta")
    why = ("--reason", "same weights", *BY, *NOW)
    refused = cli_home.run_in_process("models", "link", *name, "openai/gpt-4.11", *why, code=2).err
    assert all(part in refused for part in ("openai/gpt-4.11", "--new"))
    assert cli_home.rows("select model from links") == []
    cli_home.run_in_process("models", "link", *name, "gpt-4.1", *why)
    assert cli_home.rows("select model from links") == [(GPT,)]
    cli_home.run_in_process("models", "unlink", *name, *why)
    cli_home.run_in_process("models", "link", *name, "acme/large", "--new", *why)
    assert cli_home.rows("select model from links") == [("acme/large",)]


def test_a_merge_is_taken_back(cli_home: CliHome) -> None:
    why = ("--reason", "renamed", *BY, *NOW)
    cli_home.run_in_process("models", "merge", QWEN, GPT, *why)
    assert {row["id"] for row in cli_home.reads("models")} == {GPT}
    cli_home.run_in_process("models", "unmerge", QWEN, *why)
    assert {row["id"] for row in cli_home.reads("models")} == {GPT, QWEN}


def test_others_word_stands_beside_a_hold(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="2.1"), card=aggregator("models_dev"))
    world.see(offer(GPT, input_price="0"), day=1)
    (hold,) = world.catalog.holds()
    world.catalog.close()
    assert [(other.source, other.value) for other in hold.others] == [("models_dev", "2.1")]
    assert hold.old_evidence is not None
    assert hold.new_evidence is not None
    assert hold.new_evidence.seen[:10] == "2026-03-11"
