"""A process that reads a crawl's file while it grows: the same catalog as without, whatever becomes of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import TextResponse
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import Items, crawl_loopback, items, listing

from cardwatch.crawler import follower
from cardwatch.crawler.documents import RawRow, Visit
from cardwatch.crawler.replay import FileToRead
from cardwatch.crawler.source import Source
from cardwatch.db.catalog import CatalogStore
from cardwatch.normalize.records import Reading
from cardwatch.run.ingest_stage import ReadAhead, ingest_files, unread_files

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing forks")
NOW = datetime(2027, 6, 1, tzinfo=UTC)
Taken = list[tuple[Visit, Reading | None]] | None


class Sold(Items):
    """Offers of a shop; one page ends the first process that reads it."""

    name = "sold"
    killed: Path

    def rows(self, response: TextResponse) -> Iterator[RawRow]:
        if "deadly" in response.url and not self.killed.exists():
            self.killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        for row in super().rows(response):
            yield RawRow(row.kind, row.name, row.locator, row.cells, provider="openrouter")


def run_home(home: Path, archive: Path, sources: dict[str, type[Source]], *, ahead: bool) -> str:
    """Take what is new into a home's catalog, crawling beforehand if something is to be read `ahead`; its dump."""
    with CatalogStore.open(home, now=lambda: NOW) as catalog:
        with ReadAhead.begin(catalog, archive, sources) if ahead else nullcontext() as reader:
            if ahead:
                crawl_loopback(archive, *sources.values())
            files = unread_files(catalog, archive)
            ingest_files(catalog, files, sources, lambda visit: None, ahead=reader)
        return catalog.dump()


@pytest.mark.parametrize(("page", "runs"), [("/three", 2), ("/deadly", 1)])
def test_what_is_read_ahead_makes_the_same_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, page: str, runs: int
) -> None:
    taken = list[Taken]()
    take = ReadAhead.take

    def noted(self: ReadAhead, file: FileToRead) -> Taken:
        taken.append(take(self, file))
        return taken[-1]

    monkeypatch.setattr(ReadAhead, "take", noted)
    with LoopbackSite() as site:
        site.put("/list", listing("1", "2", next="/next", more=["/two", page, "/gone", "/broken"]))
        site.put("/next", listing("3"))
        site.put("/two", listing("1", "free", "x"), listing("1", "5", "x"))
        site.put(page, listing("1", "2"))
        site.put("/gone", Answer("no such page", 404))
        site.put("/broken", Answer("{", headers={"Content-Type": "application/json"}))
        sold = type("Sold", (Sold,), {"url": site.url("/list"), "killed": tmp_path / "killed"})
        sources: dict[str, type[Source]] = {"sold": sold, "items": items(site, "/two")}
        archive = tmp_path / "archive"
        archive.mkdir()
        for _ in range(runs):
            dumps = [
                run_home(tmp_path / f"{by}.db", archive, sources, ahead=by == "ahead")
                for by in ("ahead", "turn")
            ]
            assert dumps[0] == dumps[1]
            assert "input_price" in dumps[0]
    assert (taken[0] is None) == (page == "/deadly"), "a reader that died leaves the file to whoever wants it"
    assert all(any(reading and reading.records for _, reading in pairs) for pairs in taken if pairs)
    assert {path.suffix for path in archive.iterdir()} == {".gz", ".jsonl"}, "nothing else is left"
    assert not [record for record in caplog.records if record.name.startswith("scrapy")], (
        "a crawl has no warnings"
    )


def test_a_file_that_was_there_or_is_no_crawl_s_own_is_not_waited_for(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        site.put("/list", listing("1"))
        sources: dict[str, type[Source]] = {"items": items(site)}
        crawl_loopback(tmp_path, *sources.values())
        (file,) = tmp_path.glob("*.gz")
        with CatalogStore.open(tmp_path / "catalog.db", now=lambda: NOW) as catalog:
            with ReadAhead.begin(catalog, tmp_path, sources) as reader:
                assert reader.take(FileToRead(file, 0, file.stat().st_size, NOW)) is None
            with ReadAhead.begin(catalog, tmp_path, sources) as reader:
                (tmp_path / "other.warc.gz").write_bytes(b"no record")
                assert reader.take(FileToRead(tmp_path / "other.warc.gz", 0, 9, NOW)) is None


@pytest.mark.parametrize(("cores", "helps"), [({0}, False), ({0, 1}, True)])
def test_one_core_reads_in_turn(monkeypatch: pytest.MonkeyPatch, cores: set[int], helps: bool) -> None:
    monkeypatch.setattr(follower.os, "sched_getaffinity", lambda process: cores, raising=False)
    assert follower.can_follow() == helps
