"""Release notes: days or months as headings or as labels of updates, and what stands under them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cardwatch.crawler.documents import Cell, PageChangedError, RawRow
from cardwatch.crawler.formats.markdown import plain_text, split_sections

UPDATE = re.compile(r'\s*<Update label="(?P<day>[^"]+)"(?: description="(?P<title>[^"]*)")?.*')
CARD = re.compile(r'\s*<Card title="(?P<title>[^"]*)".*')
BULLET = re.compile(r"[-*] ")
DAYS = {
    "iso date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "year first date": re.compile(r"\d{4}-\d{1,2}-\d{1,2}"),
    "us date": re.compile(
        r"[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?, \d{4}"
        r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d{4}"
    ),
    "chinese date": re.compile(r"\d{4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?"),
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
    for section in split_sections(text):
        if found := find_day(section.title, section.locator):
            day = found
        elif section.title and day is not None:
            yield ReleaseNote(day, section.title, section.locator, is_title=True)
        for line in section.lines:
            if update := UPDATE.fullmatch(line.text):
                day = find_day(update["day"], line.locator)
            marked = update or CARD.fullmatch(line.text)
            if day is not None and (heading := marked["title"] if marked else line.text):
                yield ReleaseNote(day, plain_text(heading).strip(), line.locator, marked is not None)
            if line.text.strip() == "</Update>":
                day = None


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


def find_day(text: str, locator: str) -> Cell | None:
    """Return a text that is a day, with the way it is written; None for another text."""
    unit = next((unit for unit, pattern in DAYS.items() if pattern.fullmatch(text)), None)
    return Cell(text, unit, locator) if unit else None


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
