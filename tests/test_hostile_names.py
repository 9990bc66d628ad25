"""Names that no system takes as they are: none shares another's place, and nothing hidden leaves the catalog."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from random import Random

import pytest
from msgspec.structs import replace
from support.card_builders import card, fact, offer
from support.made_sites import SINCE, made_content, made_site, source_status, write_made_site
from support.soak_notes import print_row

from cardwatch.cli import print_error
from cardwatch.compare.wording.escaping import escape_html, escape_markdown, escape_markdown_lines
from cardwatch.db.query.cards import Change, ModelCard
from cardwatch.normalize.hidden_characters import escape_hidden_json, has_hidden, write_out_hidden_values
from cardwatch.site.feed import xml_safe
from cardwatch.site.places import assign_places, file_slug
from cardwatch.terminal import output

BASES = (
    "a-b",
    "gpt-4.1",
    "qwen3.5-4b",
    "a$b",
    "con",
    "aux.1",
    "com1",
    "nul",
    "café",
    "ｇｐｔ",
    "x" * 300,
    "index.html",
    "7-20240613",
)
HIDDEN = "\x00\x07\x1b\x7f\x9b\u00ad\u061c\u200b\u200e\u202e\u2066\u2028\ufeff\U000e0041"
MARKS = "$ ./\\:*?\"<>|~%#&;'\t\n\r" + HIDDEN
QUICK, FULL = 400, 4_000


def twist(name: str, dice: Random) -> str:
    """Return a name that some system or reader takes for `name`, or nearly."""
    place, mark = dice.randrange(len(name) + 1), dice.choice(MARKS)
    return dice.choice(
        [
            name.upper(),
            name.title(),
            unicodedata.normalize("NFD", name),
            unicodedata.normalize("NFKC", name),
            f"{name}.",
            f"{name} ",
            f"-{name}",
            f"{name}-vs-{name}",
            file_slug(name),
            f"{file_slug(name)}x",
            name[:place] + mark + name[place:],
            name[:place] + "-" + name[place:],
        ]
    )


def hostile_names(count: int, seed: int = 1) -> list[str]:
    """Return different names, each a base twisted up to three times; same seed, same names."""
    dice, made = Random(seed), dict.fromkeys(BASES)
    while len(made) < count:
        name = dice.choice([*BASES, *list(made)[-20:]])
        for _ in range(dice.randint(1, 3)):
            name = twist(name, dice)
        made[name] = None
    return list(made)


def as_any_system_sees(path: str) -> str:
    """Return what is left of a path where case, composition, trailing dots and spaces make no difference."""
    parts = (
        unicodedata.normalize("NFKC", part).casefold().rstrip(". ") for part in path.strip("/").split("/")
    )
    return "/".join(parts)


DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))}


def place_problems(names: list[str]) -> Iterator[str]:
    ids = [f"{maker}/{name}" for name in names for maker in ("clash", "Clash")]
    pairs = [*zip(ids, ids[1:] + ids[:1], strict=True)]
    made = assign_places(ids, pairs)
    folders = [*made.models.values(), *made.pairs.values()]
    seen: dict[str, str] = {}
    for folder in folders:
        path = as_any_system_sees(folder)
        if path in seen:
            yield f"{folder!r} and {seen[path]!r} are one"
        seen[path] = folder
        for part in PurePosixPath(folder).parts:
            if (
                part.partition(".")[0] in DEVICES
                or len(part.encode()) > 255
                or part.endswith((".json", ".html"))
            ):
                yield f"{part!r} in {folder!r}"
    files = {f"{path}/{name}" for path in seen for name in ("index.html", "index.json", "part.json")}
    yield from (f"{path} is a file and a folder" for path in files & seen.keys())


@pytest.mark.parametrize("count", [QUICK, pytest.param(FULL, marks=pytest.mark.soak)])
def test_no_two_names_share_a_place(count: int) -> None:
    assert [*place_problems(hostile_names(count, seed=count))] == []


def test_a_name_made_to_look_like_a_marked_one_gets_a_mark_itself() -> None:
    marked = file_slug("a$b")
    assert marked == "a-b-c7979da2"
    made = assign_places(["clash/a$b", f"clash/{marked}", "clash/a-b"], []).models
    assert len({*made.values()}) == 3
    assert made["clash/a$b"] == f"models/clash/{marked}/"
    assert file_slug("gpt-4-20240613") == "gpt-4-20240613"


HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def shown_hidden(text: str) -> set[str]:
    """Return the hidden characters in an output that are not its own line ends and tabs."""
    return {c for c in text if unicodedata.category(c) in HIDDEN_CATEGORIES and c not in "\n\t"}


def test_what_is_hidden_is_what_unicode_calls_so() -> None:
    hidden = {chr(code) for code in range(0x110000) if has_hidden(chr(code))}
    assert (
        hidden
        == {c for c in map(chr, range(0x110000)) if unicodedata.category(c) in HIDDEN_CATEGORIES} - NEWER
    )


NEWER = {*map(chr, range(0x13439, 0x13440))}
"""Formats of hieroglyphs that only later tables of Python know."""


def outputs_of(name: str) -> dict[str, str]:
    """Return every way in which text leaves, with `name` in it."""
    row = {"name": name, "many": [name], "map": {name: name}}
    return {
        "pipe": "\n".join(output.table_lines(output.text_table([row], ["name", "many"]))),
        "csv": output.csv_text([row], ["name", "many", "map"]),
        "json": output.json_text(write_out_hidden_values(row)),
        "json string": escape_hidden_json(f'"{name}"'),
        "html": escape_html(name),
        "markdown": escape_markdown(name),
        "markdown cells": "".join(escape_markdown_lines([name, "x"])),
        "atom": xml_safe(name),
    }


@pytest.mark.parametrize("count", [QUICK, pytest.param(FULL, marks=pytest.mark.soak)])
def test_nothing_hidden_leaves_in_a_name(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    names = hostile_names(count, seed=count + 1)
    for name in names:
        for way, text in outputs_of(name).items():
            assert not shown_hidden(text), (way, name)
    for name in names[:100]:
        output.echo(name, bold=name)
        print_error(f"unknown model {name}", 2)
    printed = capsys.readouterr()
    assert not shown_hidden(printed.out + printed.err)
    if count == FULL:
        print_row(
            "hostile names",
            f"{count} names in places of pages and pairs, {count} in every way out",
            "no two share a path on any system, nothing hidden left",
        )


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "\t=", " =", "\u3000＝"]
)
def test_no_sign_starts_a_formula(sign: str) -> None:
    assert output.csv_cell(f"{sign}cmd|' /C calc'!A0").startswith("'")
    assert output.csv_cell("-1.5") == "-1.5"


def test_a_terminal_is_told_what_was_hidden(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    output.print_rows([{"name": "gpt\x1b]0;owned\x07\u202e4"}], ["name"], "table")
    printed = capsys.readouterr().out
    assert "\\x1b]0;owned\\x07\\u202e4" in printed
    assert not shown_hidden(printed.replace("\x1b[", ""))


def hostile_card(id_: str, text: str) -> ModelCard:
    made = card(id_, {"context_window": 128_000}, [offer(id_, "openrouter", "2", "8", provider_model=text)])
    facts = {"name": fact(id_, "name", text), "license": fact(id_, "license", text)}
    change = Change(SINCE, id_, "openrouter", "openrouter", "license", text, text[::-1], text, "")
    return replace(
        made, name=text, vendor=text, aliases=(text,), facts={**made.facts, **facts}, changes=(change,)
    )


def test_no_file_of_a_site_holds_anything_hidden(tmp_path: Path) -> None:
    texts = [f"n{n}{c}e" for n, c in enumerate(HIDDEN)]
    cards = [hostile_card(f"clash/m{n}{text[-2]}", text) for n, text in enumerate(texts)]
    pairs = [(cards[0].id, cards[1].id), (cards[2].id, cards[3].id)]
    content = made_content(cards, pairs, changes=[change for each in cards for change in each.changes],
                           sources=[source_status("openrouter")])  # fmt: skip
    write_made_site(made_site(content), tmp_path)
    found = {path.relative_to(tmp_path).as_posix(): shown_hidden(path.read_text(encoding="utf-8"))
             for path in tmp_path.rglob("*") if path.suffix in {".html", ".xml", ".csv", ".md", ".txt", ".js"}}  # fmt: skip
    assert len(found) > 20
    assert {path: marks for path, marks in found.items() if marks} == {}
