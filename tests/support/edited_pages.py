"""Recorded pages with some of their words changed, read by their source."""

from __future__ import annotations

from collections.abc import Iterator

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow, UnreadPart
from support.recorded_cases import Case


def read_edited(source: str, page: str, body: str | bytes) -> list[RawRow]:
    """Return the rows of a body that stands where this recorded page stood."""
    return [part for part in _page(source, page).parts(body) if isinstance(part, RawRow)]


def edited_rows(source: str, page: str, *changes: tuple[str, str]) -> list[RawRow]:
    """Return the rows of a recorded page in which every (old, new) has been replaced, each of them there."""
    return read_edited(source, page, _edited(source, page, *changes))


def complaints(source: str, page: str, body: str | bytes) -> str:
    """Return what a source says of all it does not understand in a body, a line each: page, parts and cells."""
    try:
        return "\n".join(line for part in _page(source, page).parts(body) for line in _not_understood(part))
    except PageChangedError as error:
        return str(error)


def edited_complaints(source: str, page: str, *changes: tuple[str, str]) -> str:
    """Return what a source says of all it does not understand in a recorded page with these changes."""
    return complaints(source, page, _edited(source, page, *changes))


def _page(source: str, page: str) -> Case:
    return Case(f"{source}/{page}")


def _edited(source: str, page: str, *changes: tuple[str, str]) -> str:
    text = _page(source, page).text
    for old, new in changes:
        assert old in text, f"{source}/{page} has no {old!r}"
        text = text.replace(old, new)
    return text


def _not_understood(part: PagePart) -> Iterator[str]:
    if isinstance(part, UnreadPart):
        yield f"{part.what}: wanted {part.wanted}, found {part.found}, at {part.locator}"
        return
    for name, cell in part.cells.items():
        if cell.wanted or name.startswith("unknown."):
            yield f"{name}: wanted {cell.wanted or 'a known one'}, found {cell.text}, at {part.locator}{cell.at}"
