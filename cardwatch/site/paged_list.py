"""Long lists over several pages, each light enough for a phone, and all rows beside them for the script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from cardwatch.site.data_files import script_json
from cardwatch.site.export_context import Site
from cardwatch.site.places import PAGE
from cardwatch.site.tree import SiteTree

MOST_BYTES = 150_000
"""Of the rows of one page; the frame around them is below 30 KB."""
SCRIPT = "rows.js"


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: its rows, its number from 1, the files of all pages, the rows in all.

    `script` is the HTML attribute that names the file with all rows, "" where this page has them all.
    """

    rows: Markup
    number: int
    pages: tuple[str, ...]
    total: int
    script: Markup


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list of several pages: their folder, their template, their entry in the menu, and the macro for a row."""

    folder: str
    template: str
    current: str
    row: str


def write_paged_list(
    site: Site, tree: SiteTree, kind: ListKind, lines: Iterable[object], **values: Any
) -> None:
    """Write every page of a list and, where one page does not hold it, all its rows as a script."""
    write_row = getattr(site.env.get_template("rows.html").module, kind.row)
    rows = [str(write_row(line)) for line in lines]
    chunks = list(split_rows(rows))
    pages = tuple(PAGE if number == 1 else f"page-{number}.html" for number in range(1, len(chunks) + 1))
    script = Markup(f' data-rows="{SCRIPT}"') if len(chunks) > 1 else Markup("")
    for number, (file, chunk) in enumerate(zip(pages, chunks, strict=True), 1):
        shown = ListPage(Markup("".join(chunk)), number, pages, len(rows), script)
        page = site.render(kind.template, kind.folder, kind.current, file=file, list=shown, **values)
        tree.put(kind.folder + file, page)
    if script:
        tree.put(kind.folder + SCRIPT, script_call("cardwatchRows", rows))


def split_rows(rows: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the rows of each page, at least one page."""
    start = size = 0
    for at, row in enumerate(rows):
        size += len(row.encode())
        if size > MOST_BYTES and at > start:
            yield rows[start:at]
            start, size = at, len(row.encode())
    yield rows[start:]


def script_call(function: str, value: object) -> bytes:
    """Return a script that hands a value over, which a page read from a disk can load, too."""
    return f"{function}({script_json(value)});\n".encode()
