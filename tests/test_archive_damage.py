"""Damage in an archive is seen record by record, costs nothing else, and can be set apart without losing a byte."""

from __future__ import annotations

import gzip
import os
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.http import TextResponse
from support.cli_home import CliHome
from support.foreign_archive import Foreign
from support.loopback import LoopbackSite
from support.loopback_crawls import archived_visits, crawl_loopback, items, listing, printed_prices
from support.recorded_pages import PAGES, spiders

from cardwatch.crawler.archive_check import check_archive_file
from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.documents import Outcome, PagePart
from cardwatch.crawler.record_list import list_records, record_list_path
from cardwatch.crawler.spiders.groq_models import GroqModels
from cardwatch.crawler.warc import scan_records, warc_files

SOURCE = "groq_models"
URL = spiders()[SOURCE].url
PAGE = (PAGES / SOURCE / "models.md").read_text(encoding="utf-8")
TEXT = {"Content-Type": "text/markdown; charset=utf-8"}
NOW = ("--now", "2026-06-01T00:00:00Z")


def flip(path: Path, at: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)


@pytest.mark.parametrize("count", [15, pytest.param(70, marks=pytest.mark.soak)])
def test_one_flipped_byte_in_each_record_is_named(tmp_path: Path, count: int) -> None:
    """One after the other, anywhere in it; then in all of them at once, and without the list beside the file."""
    chance = random.Random(count)
    with LoopbackSite() as site:
        site.put("/list", listing("1", more=[f"/{number}" for number in range(count)]))
        for number in range(count):
            site.put(f"/{number}", listing(f"{number}" * chance.randrange(1, 2000)))
        path = crawl_loopback(tmp_path, items(site)).path
    assert path
    whole, records = path.read_bytes(), list_records(path)
    assert len(records) > 3 * count
    assert check_archive_file(path) == []
    for record in records:
        flip(path, record.offset + chance.randrange(record.size), chance.randrange(8))
        assert [place.offset for place in check_archive_file(path)] == [record.offset]
        path.write_bytes(whole)
    for record in records:
        flip(path, record.offset + chance.randrange(record.size), chance.randrange(8))
    assert [place.offset for place in check_archive_file(path)] == [record.offset for record in records]
    for record in records:
        path.write_bytes(whole)
        record_list_path(path).unlink(missing_ok=True)
        flip(path, *harmful_bit(whole[record.offset :][: record.size], record.offset, chance))
        assert [place.offset for place in check_archive_file(path)] == [record.offset]
    path.write_bytes(whole)
    record_list_path(path).unlink(missing_ok=True)
    for record in records:
        flip(path, *harmful_bit(whole[record.offset :][: record.size], record.offset, chance, GZIP_HEAD))
    assert [place.offset for place in check_archive_file(path)] == [record.offset for record in records]


GZIP_HEAD = 10
"""What marks the beginning of a record: with it and the record before damaged, and no list, nothing tells them apart."""


def harmful_bit(member: bytes, offset: int, chance: random.Random, first: int = 0) -> tuple[int, int]:
    """Return a place in the file, from the `first` byte on, and a bit whose change is seen by who unpacks the record."""
    while True:
        at, bit = chance.randrange(first, len(member)), chance.randrange(8)
        changed = bytearray(member)
        changed[at] ^= 1 << bit
        try:
            harmless = gzip.decompress(changed) == gzip.decompress(member)
        except (OSError, EOFError, zlib.error):
            harmless = False
        if not harmless:
            return offset + at, bit


@pytest.fixture
def cli_home(tmp_path: Path) -> CliHome:
    """One page twice, at two prices, and a robots.txt nobody reads, from another crawler's file."""
    cli_home = CliHome(tmp_path, "[compare]\nneighbours = 0\n")
    file = Foreign(tmp_path / "x.warc.gz").add(URL, PAGE, headers=TEXT, day=1)
    file.add("https://acme.example/robots.txt", "User-agent: *", headers=TEXT, day=2)
    file.add(URL, PAGE.replace("$0.15 input", "$0.16 input"), headers=TEXT, day=3).done()
    cli_home.run_in_process("replay", "x.warc.gz", *NOW)
    return cli_home


def test_doctor_names_the_record_and_what_leans_on_it(cli_home: CliHome) -> None:
    archived = cli_home.home / "archive" / "x.warc.gz"
    offsets = {entry.date.day: entry.offset for entry in scan_records(archived) if entry.kind == "response"}
    cli_home.run_in_process("doctor", *NOW, code=None)
    flip(archived, offsets[2] + 30)
    flip(archived, offsets[3] + 300)
    found = cli_home.run_in_process("doctor", "--format", "csv", *NOW, code=1)
    unread, read = (line for line in found.out.splitlines() if line.startswith("record"))
    assert f"x.warc.gz:{offsets[2]}, response of https://acme.example/robots.txt" in unread
    assert "no present fact leans on it" in unread
    assert f"x.warc.gz:{offsets[3]}, response of {URL}" in read
    assert f"facts that lean on it: {SOURCE} openai/gpt-oss-120b" in read
    assert "evidence,wrong" in found.out
    assert "record" not in cli_home.run_in_process("doctor", "--quick", *NOW, code=None).out


def test_a_rebuild_from_a_damaged_archive_says_what_is_missing(cli_home: CliHome) -> None:
    archived = cli_home.home / "archive" / "x.warc.gz"
    at = [entry.offset for entry in scan_records(archived)][1]
    flip(archived, at + 300)
    ran = cli_home.run_in_process("--home", "again", "replay", "var/archive", *NOW, code=1)
    assert f"x.warc.gz:{at}: no sound record" in ran.err
    cli_home.run_in_process("--home", "again", "normalize", *NOW)


def test_what_is_set_apart_keeps_its_bytes_and_stops_nothing(cli_home: CliHome) -> None:
    archived = cli_home.home / "archive" / "x.warc.gz"
    last = [*scan_records(archived)][-1]
    flip(archived, last.offset + 300)
    damaged = archived.read_bytes()[last.offset : last.end]
    facts = cli_home.claims
    cli_home.run_in_process("doctor", "--mend", *NOW, code=None)
    assert (cli_home.home / "archive" / "damaged" / f"x.warc.gz.{last.offset}").read_bytes() == damaged
    assert check_archive_file(archived) == []
    assert "set apart 0 records" in cli_home.run_in_process("doctor", "--mend", *NOW, code=None).err
    cli_home.run_in_process("normalize", *NOW)
    assert cli_home.claims == facts
    assert cli_home.value("select count(*) from pages where etag <> ''") == 0
    ran = cli_home.run_in_process("--home", "again", "replay", "var/archive", *NOW, code=1)
    assert f"set apart as damaged: x.warc.gz:{last.offset}" in ran.err, "a rebuild says what it lacks"


def test_a_fact_whose_bytes_are_set_apart_leans_on_the_next_that_say_it(cli_home: CliHome) -> None:
    """On those of a page that says another value beside it, and the same one again."""
    archived = cli_home.home / "archive" / "x.warc.gz"
    flip(archived, [*scan_records(archived)][-1].offset + 300)
    cli_home.run_in_process("doctor", "--mend", *NOW, code=None)
    assert "evidence,wrong" in cli_home.run_in_process("doctor", "--format", "csv", *NOW, code=1).out
    now = PAGE.replace("$0.15 input", "$0.16 input").replace("$0.60 output", "$0.61 output")
    later = (
        Foreign(cli_home.folder / "y.warc.gz").add(URL, now, headers=TEXT, date="2026-06-02T00:00:00Z").done()
    )
    at = ("--now", "2026-06-03T00:00:00Z")
    cli_home.run_in_process("replay", later.name, *at)
    assert "evidence,ok" in cli_home.run_in_process("doctor", "--format", "csv", *at, code=None).out
    since = cli_home.value(
        "select since from claims where attribute = 'input_price' and value = '0.16' and until is null"
    )
    assert since == "2026-05-03T00:00:00Z", "it has been so since it was"


def test_a_record_that_its_reader_dies_of_is_named_and_set_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli_home = CliHome(tmp_path, "[compare]\nneighbours = 0\n")
    read = GroqModels.rows

    def rows(source: GroqModels, response: TextResponse) -> Iterator[PagePart]:
        if "deadly" in response.text:
            os.abort()
        return read(source, response)

    monkeypatch.setattr(GroqModels, "rows", rows)
    file = Foreign(tmp_path / "x.warc.gz").add(URL, PAGE, headers=TEXT, day=1)
    file.add(URL, f"deadly {PAGE}", headers=TEXT, day=3).done()
    cli_home.run_in_process("replay", "x.warc.gz", *NOW, code=1)
    archived = cli_home.home / "archive" / "x.warc.gz"
    deadly = [*scan_records(archived)][-1]
    stored, facts = archived.read_bytes()[deadly.offset : deadly.end], cli_home.claims
    assert (
        f"x.warc.gz:{deadly.offset}" in cli_home.run_in_process("doctor", "--format", "csv", *NOW, code=1).out
    )
    cli_home.run_in_process("doctor", "--mend", *NOW, code=None)
    assert (cli_home.home / "archive" / "damaged" / f"x.warc.gz.{deadly.offset}").read_bytes() == stored
    assert "SIGABRT" not in cli_home.run_in_process("doctor", "--format", "csv", *NOW, code=None).out
    cli_home.run_in_process("normalize", *NOW)
    assert cli_home.claims == facts


@pytest.mark.parametrize("text", ["", "[]\n", '{"size": 1}\n', "half", None])
def test_a_damaged_list_is_made_again(tmp_path: Path, text: str | None) -> None:
    with LoopbackSite() as site:
        site.put("/list", listing("1"))
        path = crawl_loopback(tmp_path, items(site)).path
    assert path
    listed, records = record_list_path(path), list_records(path)
    if text is None:
        flip(listed, listed.stat().st_size - 20)
    else:
        listed.write_text(text)
    assert list_records(path) == records
    assert BodyIndex.load(tmp_path).find(records[1].body)


def test_a_body_that_is_damaged_is_kept_anew(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        site.put("/list", listing("1"))
        source = items(site)
        first = crawl_loopback(tmp_path, source).path
        assert first
        (answer,) = [record for record in list_records(first) if record.url.endswith("/list") and record.body]
        flip(first, answer.offset + answer.size - 12)
        second = crawl_loopback(tmp_path, source).path
    assert second
    kept = [
        entry.kind for entry in scan_records(second) if entry.url == source.url and entry.kind != "request"
    ]
    assert kept == ["response", "metadata"], "not said to have come before"
    assert [visit.outcome for visit in archived_visits(tmp_path, source)] == [Outcome.UNPARSED, Outcome.READ]
    assert BodyIndex.load(tmp_path).body(answer.body)


def test_a_record_that_was_cut_off_is_read_once_it_is_whole(cli_home: CliHome) -> None:
    more = (
        Foreign(cli_home.folder / "y.warc.gz")
        .add(URL, PAGE.replace("$0.15", "$0.17"), headers=TEXT, day=5)
        .done()
    )
    copy = cli_home.home / "archive" / "y.warc.gz"
    whole = more.read_bytes()
    copy.write_bytes(whole[:-40])
    errors = cli_home.run_in_process("normalize", *NOW, code=1).err
    assert "cut off: the file ends inside a gzip member" in errors
    cli_home.run_in_process("normalize", *NOW)
    copy.write_bytes(whole)
    cli_home.run_in_process("normalize", *NOW)
    assert cli_home.value("select max(started) from attempts") == "2026-05-05T00:00:00Z"


def test_a_file_cut_after_it_was_finished_is_damaged(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        site.put("/list", listing("1"))
        path = crawl_loopback(tmp_path, items(site)).path
    assert path
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-30])
    assert f"wanted {size} bytes, found {size - 30}" in " ".join(map(str, check_archive_file(path)))


def test_dates_after_the_import_are_refused(tmp_path: Path) -> None:
    cli_home = CliHome(tmp_path)
    file = Foreign(tmp_path / "x.warc.gz").add(URL, PAGE, headers=TEXT, day=1)
    file.add(URL, PAGE, headers=TEXT, date="2031-01-01T00:00:00Z").done()
    errors = cli_home.run_in_process("replay", "x.warc.gz", *NOW, code=1).err
    assert "WARC-Date: wanted one before its import, found 2031-01-01T00:00:00Z" in errors
    assert cli_home.value("select max(started) from attempts") == "2026-05-01T00:00:00Z"


def test_a_revisit_is_found_by_the_visit_or_the_record_it_names(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        source = items(site)
        url = site.url("/list")
    body = listing("1", "2").body
    assert isinstance(body, str)
    path = (
        Foreign(tmp_path / "x.warc.gz")
        .add(url, body, day=1)
        .again(url, "", day=2)
        .again(url, "", day=3)
        .done()
    )
    visits = archived_visits(tmp_path, source)
    assert [printed_prices(visit) for visit in visits] == [["1", "2"]] * 3
    assert warc_files(tmp_path) == [path]
