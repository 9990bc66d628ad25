"""Reading a page part by part: what is not understood costs itself, never its neighbours.

Strict all the same: a word is known by name, says nothing, or is not understood; nothing is guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, PartKind, RawRow, UnreadPart
from cardwatch.crawler.page_checks import READING_ERRORS

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
NOT_A_NAME = re.compile(
    r"[*†‡§¶⁰¹²³⁴-⁹\n<>]|\[\d{1,2}\]|\$ ?\d"
    r"|^(?:new|hot|popular|recommended|updated|featured)\b[:!]? | (?:new|hot|popular|recommended|updated|featured)!?$",
    re.IGNORECASE,
)
"""What stands on a name and is none of it: a footnote's mark, markup, an amount, a badge."""
UNSEEN = str.maketrans({**dict.fromkeys("\xad\u200b\u2060\ufeff", ""), **dict.fromkeys("\u2010\u2011", "-")})
"""Where a word may break and where it may not: a reader sees none of it, and a hyphen as a hyphen."""

DOLLARS = re.compile(r"(?<![A-Za-z])(?:US ?)?\$ ?(?=\d)")
NAMED_DOLLARS = re.compile(r"(\$\d[\d.,]*) ?(?:USD|US dollars)\b")


class ReadablePart(Protocol):
    """What `read_each` takes: a table row, a table, an entry of a JSON list."""

    @property
    def locator(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def under(self) -> str: ...
    @property
    def row_count(self) -> int: ...


R = TypeVar("R", bound=ReadablePart)


def read_each(
    parts: Iterable[R], read_one: Callable[[R], Iterable[PagePart]], *, kind: PartKind = "row"
) -> Iterator[PagePart]:
    """Yield what `read_one` reads of each part; one on which it raises is an unread part, whole.

    Nothing of such a part is kept: a price whose condition turned out to be unreadable must not stand alone.
    A row whose name has a mark or a badge on it is not understood, either: it is no other model's.
    """
    for part in parts:
        try:
            found = tuple(read_one(part))
            if kind == "row":
                _check_names(found)
            yield from found
        except READING_ERRORS as error:
            yield unread_part(error, part, kind)


def _check_names(found: Iterable[PagePart]) -> None:
    for part in found:
        if isinstance(part, RawRow) and (mark := NOT_A_NAME.search(part.name)):
            wanted, marked = "a name without marks", f"{mark[0].strip()!r} on {part.name!r}"
            raise PageChangedError("name", wanted=wanted, found=marked, where=part.locator)


def unread_part(error: BaseException, part: ReadablePart, kind: PartKind) -> UnreadPart:
    """Return the part of a page on which reading it raised `error`."""
    what, wanted, found = (type(error).__name__, "a readable part", str(error))
    if isinstance(error, PageChangedError):
        what, wanted, found = error.what, error.wanted, error.found
    return UnreadPart(kind, what, wanted, found, part.locator, part.text, part.under, part.row_count)


def without_repeats(parts: Iterable[PagePart]) -> Iterator[PagePart]:
    """Leave out a row that says word for word what an earlier one said: some pages print a price twice."""
    seen = set[object]()
    for part in parts:
        if isinstance(part, RawRow):
            texts = {meter: cell.text for meter, cell in part.cells.items()}
            marks = (tuple(sorted(each.items())) for each in (part.variant, part.qualifier, texts))
            shape = (part.kind, part.name, part.provider, *marks)
            if shape in seen:
                continue
            seen.add(shape)
        yield part


def unread_cell(text: str, *, wanted: object, at: str = "") -> Cell:
    """Return a cell that its source does not understand; give it under the attribute it should have been."""
    return Cell(text, "", at, str(wanted))


def unread_json(value: object, *, wanted: str, at: str) -> Cell:
    """Return such a cell for a value of another shape."""
    return unread_cell(json.dumps(value, ensure_ascii=False), wanted=wanted, at=at)


def matched_cell(form: re.Pattern[str], text: str, unit: str, *, at: str, example: str | None = None) -> Cell:
    """Return what a text of that form says: its first group if it has any, else all of it.

    Another text is not understood; the form was wanted then, or what looks like the `example`.
    """
    found = form.fullmatch(text)
    if found is None:
        return unread_cell(text, wanted=example or form.pattern, at=at)
    return Cell(found[min(form.groups, 1)], unit, at)


def seen_text(text: str) -> str:
    """Return a text of a page as a reader understands it.

    Characters that only say where a line may break are left out, and dollars are written in one way: "$5".
    """
    if not text.isascii():
        text = text.translate(UNSEEN).replace("\uff04", "$")
    if "$" not in text or ("US" not in text and "$ " not in text):
        return text
    return NAMED_DOLLARS.sub(r"\1", DOLLARS.sub("$", text))


def lookup(table: Mapping[K, T], word: K, *, what: str, where: str) -> T:
    """Return what a word means. Raises PageChangedError for a word nobody has decided about."""
    if word not in table:
        raise PageChangedError(what, wanted=f"one of {list(table)}", found=repr(word), where=where)
    return table[word]
