from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.page_tables import read_page_tables
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records, read_tables
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL, ABOUT = "model", "about"
COLUMNS = {"model name": MODEL, "description": ABOUT}
ENDED = re.compile(
    r"> (?:The )?`(?P<name>[\w.-]+)`(?P<series> series models.*?)? (?:was|were) officially (?P<how>discontinued|retired)"
    r" on \*\*(?P<day>[A-Z][a-z]+ \d{1,2}, \d{4})\*\*"
)
ID = re.compile(r"[\w.-]+")
GONE = ("Deprecated", "Discontinued", "Retired")
"""What stands beside a model that is gone, and begins the heading above such models."""


class MoonshotModels(Source):
    """Moonshot's list of models: those it serves, and those it serves no longer, with the day.

    Others go on serving the weights of most of them: what ended is Moonshot's own offer.
    """

    name = "moonshot_models"
    title = "Kimi model list"
    kind = "model list"
    authority = Authority.FIRST_PARTY
    url = "https://platform.kimi.ai/docs/models.md"
    page_urls = r"https://platform\.kimi\.ai/docs/models"
    max_age = timedelta(days=7)
    expected_rows = range(3, 100)
    providers = ("moonshotai",)
    developers = ("moonshot",)
    terms = "Documentation, all rights reserved: facts are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        notes = {
            (found["name"], bool(found["series"])): (number, found)
            for number, line in enumerate(response.text.splitlines(), 1)
            if (found := ENDED.match(line))
        }
        read_table = partial(_read_table, days={key: _day(*note) for key, note in notes.items()})
        tables = read_page_tables(response)
        yield from read_tables(tables, read_table, where=response.url)
        listed = {word for table in tables for word in ID.findall(table.text)}
        for (name, series), (number, found) in notes.items():
            if not series and name not in listed:
                at = f"/line[{number}]"
                cells = {"lifecycle": Cell(found["how"], at=at), "shutdown_date": _day(number, found)}
                yield RawRow("offer", name, at, cells, provider="Moonshot AI")


def _day(number: int, found: re.Match[str]) -> Cell:
    return Cell(found["day"], "us date", f"/line[{number}]")


def _read_table(table: PageTable, days: Mapping[tuple[str, bool], Cell]) -> Iterator[PagePart]:
    if "model name" in map(fold_heading, table.headings):
        read_row = partial(_read_row, days=days, gone=table.section.startswith(GONE))
        yield from read_records(table, COLUMNS, read_row, need=(MODEL, ABOUT))


def _read_row(row: TableRecord, days: Mapping[tuple[str, bool], Cell], gone: bool) -> Iterator[RawRow]:
    name, about = row.texts[MODEL], row.texts[ABOUT]
    if not ID.fullmatch(name):
        raise PageChangedError("model", wanted="an id", found=repr(name), where=row.locator)
    if about not in GONE:
        if gone:
            raise PageChangedError("state", wanted=GONE, found=repr(about), where=row.locator)
        yield RawRow("model", name, row.locator, {"lifecycle": Cell("active")})
        return
    cells = {"lifecycle": Cell(about, at=row.at[ABOUT])}
    if day := days.get((name, False)) or _day_of_series(name, days):
        cells["shutdown_date"] = day
    yield RawRow("offer", name, row.locator, cells, provider="Moonshot AI")


def _day_of_series(name: str, days: Mapping[tuple[str, bool], Cell]) -> Cell | None:
    return next((day for (of, series), day in days.items() if series and name.startswith(f"{of}-")), None)
