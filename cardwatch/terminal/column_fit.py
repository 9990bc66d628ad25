"""Which columns of a table fit a terminal, how wide each is, and where the lines of a cell end: never inside a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

GAP = 2
COMFORTS = (14, 11, 8)
"""How narrow a cell with more to say may become: the first of these that leaves out no column but the less wanted."""
LESS_WANTED = frozenset(
    {"url", "source", "evidence", "since", "kind", "authority", "vendor", "document", "role"}
)
"""Columns that are left out before any other: what they say is asked for by --format csv or json."""
_PIECE = re.compile(r"\d{4}-\d\d-\d\d\S*|\d[\d.,]*(?![^\s/_-])|[^\s/_-]*[/_-]+|[^\s/_-]+|\s+")
"""What stays on one line: a date, a number, a word with the sign behind it at which a name may go on below."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:.]+Z")


def shorten_moment(text: str) -> str:
    """Return the day of a moment, any other text as it is."""
    return _MOMENT.sub(r"\1", text) if _MOMENT.fullmatch(text) else text


def fit_columns(table: Sequence[Sequence[str]], width: int) -> dict[int, int]:
    """Return the places of the columns that fit and their widths; `table` begins with its headings.

    The first column is always there. Room that is left goes to the cells that would need several lines.
    """
    wants = [max(cell_len(row[at]) for row in table) for at in range(len(table[0]))]
    needs = [max(_longest_piece(row[at]) for row in table) for at in range(len(table[0]))]
    wanted = {at for at, name in enumerate(table[0]) if at == 0 or name not in LESS_WANTED}
    for comfort in COMFORTS:
        least = [max(need, min(want, comfort)) for need, want in zip(needs, wants, strict=True)]
        kept = _choose_columns(least, wanted, width)
        if wanted <= kept.keys():
            break
    return _share_room(kept, wants, width)


def _choose_columns(least: Sequence[int], wanted: set[int], width: int) -> dict[int, int]:
    """Return the columns that fit, each as wide as it must be: the wanted ones first, from the left."""
    kept = {0: min(least[0], width)}
    for at in sorted(range(1, len(least)), key=lambda at: (at not in wanted, at)):
        if sum(kept.values()) + least[at] + GAP * len(kept) <= width:
            kept[at] = least[at]
    return dict(sorted(kept.items()))


def _share_room(kept: dict[int, int], wants: Sequence[int], width: int) -> dict[int, int]:
    left = width - sum(kept.values()) - GAP * (len(kept) - 1)
    hungry = sorted(kept, key=lambda at: wants[at] - kept[at])
    for place, at in enumerate(hungry):
        more = min(wants[at] - kept[at], left // (len(hungry) - place))
        kept[at] += max(more, 0)
        left -= max(more, 0)
    return kept


def _longest_piece(text: str) -> int:
    return max(map(cell_len, _PIECE.findall(text)), default=0)


def wrap_cell(text: str, width: int) -> str:
    """Return a cell as lines of at most `width`, ended between words and behind "/", "_" and "-".

    A word longer than that stands alone.
    """
    return "\n".join(line.rstrip() for line in _lines(text, width))


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line) + cell_len(piece.rstrip()) > width:
            yield line
            line = piece.lstrip()
        else:
            line += piece
    yield line
