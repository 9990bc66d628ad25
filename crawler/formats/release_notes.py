"""Release notes: days as headings or as labels of updates, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.markdown import plain_text

UPDATE = re.compile(r'\s*<Update label="(?P<day>[^"]+)"(?: description="(?P<title>[^"]*)")?.*')
CARD = re.compile(r'\s*<Card title="(?P<title>[^"]*)".*')
HEADING = re.compile(r" {0,4}#{2,4} +(?P<title>.*\S)")
BULLET = re.compile(r"[-*] ")
DAYS = {
    "iso date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "us date": re.compile(r"[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?, \d{4}"),
    "chinese date": re.compile(r"\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日"),
}


class ReleaseNote(NamedTuple):
    """A title or a line of text under a day, without links and code marks, and where it begins."""

    day: Cell
    text: str
    locator: str
    is_title: bool


def read_notes(text: str) -> Iterator[ReleaseNote]:
    """Yield what stands under each day of a Markdown page, titles and lines alike."""
    day: Cell | None = None
    for number, line in enumerate(text.splitlines(), 1):
        marked = UPDATE.fullmatch(line) or CARD.fullmatch(line) or HEADING.fullmatch(line)
        said = marked.groupdict() if marked else {}
        if found := find_day(said.get("day") or said.get("title") or "", number):
            day = found
            if not said.get("day"):
                continue
        if day is not None and (title := said.get("title") if marked else line):
            yield ReleaseNote(day, plain_text(title).strip(), f"/line[{number}]", marked is not None)


def read_bullets(text: str) -> Iterator[ReleaseNote]:
    """Yield each bullet below a day with the lines that it goes on over."""
    bullet: ReleaseNote | None = None
    for note in read_notes(text):
        if (
            bullet is not None
            and not note.is_title
            and not BULLET.match(note.text)
            and note.day == bullet.day
        ):
            bullet = bullet._replace(text=f"{bullet.text} {note.text}")
            continue
        if bullet is not None:
            yield bullet
        bullet = note if BULLET.match(note.text) else None
    if bullet is not None:
        yield bullet


def find_day(text: str, line: int) -> Cell | None:
    """Return a text that is a day, with the way it is written; None for another text."""
    unit = next((unit for unit, pattern in DAYS.items() if pattern.fullmatch(text)), None)
    return Cell(text, unit, f"/line[{line}]") if unit else None


def release_rows(came: Iterable[tuple[str, ReleaseNote]], *, where: str) -> Iterator[RawRow]:
    """Yield a row for each model that came, on the day of its oldest mention: notes begin with the newest.

    Raises PageChangedError when none came.
    """
    first = dict(came)
    if not first:
        wanted = "days, and models that came on them"
        raise PageChangedError("release notes", wanted=wanted, found="none", where=where)
    for name, note in first.items():
        yield RawRow("model", name, note.locator, {"release_date": note.day})
