"""Recorded pages: what a trim keeps, what it drops, and the note it leaves."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.recorded_pages import recording_path

from cardwatch.crawler.formats.json_listing import load_json
from cardwatch.crawler.record import MAX_PAGE_BYTES, RecordError, dump_json, main, record_page, trim_text

PAGE = (
    '{"data": [{"id": "a/1", "price": 1.50e-06, "text": "prose"}, {"id": "b", "price": 2.00, "text": "m"}],'
    ' "models": {"x": {"k": 1}, "y/z": {"k": 2}}, "n": [10, 11, 12, 13]}'
)
TEXT = "# Title\nintro\n| a | b |\n| 1 | 2 |\nend\n"

TRIMS = [
    (["/data/*/text"], {"data": [{"id": "a/1", "price": "1.50e-06"}, {"id": "b", "price": "2.00"}]}),
    (["/data?id=b"], {"data": [{"id": "b", "price": "2.00", "text": "m"}]}),
    (["/models?=y/z"], {"models": {"y/z": {"k": "2"}}}),
    (["/models?k=1"], {"models": {"x": {"k": "1"}}}),
    (["/models/y~1z"], {"models": {"x": {"k": "1"}}}),
    (["/n?#=0,2-3"], {"n": ["10", "12", "13"]}),
    (["/n/0"], {"n": ["11", "12", "13"]}),
    (["/data", "/models"], {"n": ["10", "11", "12", "13"]}),
]


@pytest.mark.parametrize(("trims", "kept"), TRIMS)
def test_a_pointer_drops_and_a_selection_keeps(trims: list[str], kept: dict[str, object]) -> None:
    found = load_json(trim_text(PAGE, trims))
    assert {key: found[key] for key in kept} == kept


def test_numbers_stay_as_they_were_written() -> None:
    assert "1.50e-06" in trim_text(PAGE, ["/n"])


@pytest.mark.parametrize(
    ("trims", "kept"),
    [
        (["lines=1,3-4"], "# Title\n| a | b |\n| 1 | 2 |\n"),
        (["drop-line=^intro|^end"], "# Title\n| a | b |\n| 1 | 2 |\n"),
        (["keep-line=^\\|", "lines=2"], "| 1 | 2 |\n"),
    ],
)
def test_lines_are_kept_by_number_and_by_pattern(trims: list[str], kept: str) -> None:
    assert trim_text(TEXT, trims) == kept


@pytest.mark.parametrize(
    ("text", "trim", "why"),
    [
        (PAGE, "/nope", "fits nothing"),
        (PAGE, "/data?id=zzz", "fits nothing"),
        (PAGE, "/data?id", "wanted KEY=value"),
        (TEXT, "/data", "wants JSON, found '# Title"),
        (TEXT, "lines=90", "fits nothing"),
        (TEXT, "lines=x", "wanted numbers such as"),
        (TEXT, "keep-line=zzz", "fits nothing"),
        (TEXT, "drop-line=zzz", "fits nothing"),
        (TEXT, "drop-line=.*", "fits every line"),
        (TEXT, "shorter", "wanted a /pointer or one of"),
    ],
)
def test_a_trim_that_cannot_be_says_why(text: str, trim: str, why: str) -> None:
    with pytest.raises(RecordError, match=why):
        trim_text(text, [trim])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_what_is_written_is_what_was_read(value: object) -> None:
    assert json.loads(dump_json(value)) == value


def test_a_page_carries_where_it_comes_from(tmp_path: Path) -> None:
    original = tmp_path / "models.json"
    original.write_text(PAGE)
    out = record_page(
        "acme_models",
        original,
        out=tmp_path / "pages" / "acme_models" / "list.json",
        url="https://acme.example/models",
        fetched=date(2026, 5, 15),
        trim=["/data/*/text"],
        note="kept by acme/archive",
    )
    assert "prose" not in out.read_text()
    provenance = tomllib.loads(out.with_name("list.json.provenance.toml").read_text())
    assert provenance == {
        "source": "acme_models",
        "url": "https://acme.example/models",
        "date": "2026-05-15",
        "original": "models.json",
        "original_sha256": hashlib.sha256(PAGE.encode()).hexdigest(),
        "original_size": len(PAGE),
        "trim": ["/data/*/text"],
        "note": "kept by acme/archive",
    }


def test_a_page_that_is_still_too_large_is_refused(tmp_path: Path) -> None:
    original = tmp_path / "big.md"
    original.write_text("x" * (MAX_PAGE_BYTES + 1))
    with pytest.raises(RecordError, match="wanted at most 50000 bytes, found 50001: trim more"):
        record_page("acme", original, out=tmp_path / "out.md", url="", fetched=date(2026, 5, 15), trim=[])
    assert not (tmp_path / "out.md").exists()


def test_the_command_line_records_and_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = str(recording_path("openrouter/models.2026-05-15.json"))
    command = ["openrouter_models", original, "--url", "https://openrouter.ai/api/v1/models"]
    command += ["--date", "2026-05-15", "--pages", str(tmp_path), "--name", "page.json"]
    main([*command, "--trim", "/data?id=openai/gpt-4.1", "--trim", "/data/*/description"])
    (item,) = load_json((tmp_path / "openrouter_models" / "page.json").read_text())["data"]
    assert (item["id"], "description" in item) == ("openai/gpt-4.1", False)
    with pytest.raises(SystemExit):
        main([*command, "--trim", "/nope"])
    assert capsys.readouterr().err.endswith("error: /nope: fits nothing\n")
