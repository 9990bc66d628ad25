"""Parts of a page that its source did not understand: what may stand in them, and the record of them."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cardwatch.crawler.documents import SourceUnreadPart, UnreadPart, Visit
from cardwatch.db.ingest.page_diff import PageDiff, Subject, was_current

WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\d+")
UNKNOWN = "unknown."
"""How the attribute of a cell begins whose key or word no table names."""
LONGEST_SHAPE = 200
"""Characters of what tells one new shape from another."""


@dataclass(slots=True)
class _Losers:
    """The subjects of which a reading says less than the one before, and the part each may stand in."""

    names: Mapping[Subject, str]
    part_of: dict[Subject, int] = field(default_factory=dict)


def set_apart_unread(made: PageDiff) -> None:
    """Move from `gone` to `waiting` what the page said before and may still say in a part that was not read.

    A part may say what it names. One that names nothing we miss may be about anything, but about no more
    models than it has rows: if more are missing, the parts that were read say so. A table taken for one about
    something else is an unread part, too, if half of its rows name what is missing, unless only the rules changed.
    Where a row has a key that nobody knows, what it says less may stand there.
    """
    refused = {(cell.name, cell.attribute) for cell in made.reading.rejected}
    odd = {name for name, attribute in refused if attribute.startswith(UNKNOWN)}
    if not made.reading.unread and not refused and not made.visit.others:
        return
    losers = _find_losers(made)
    _add_changed_tables(made, losers)
    parts = [each.part for each in made.reading.unread]
    _match_names(losers, parts)
    _match_rest(losers, parts)
    made.unread_subjects = {*losers.part_of} | {
        subject for subject, name in losers.names.items() if (name, "row") in refused
    }
    gone, made.gone = made.gone, []
    for subject, key, claim in gone:
        name = made.listings[subject].name
        if subject in made.unread_subjects or name in odd or (name, key[0]) in refused:
            made.waiting.append((subject, key, claim))
            made.waiting_by_part[losers.part_of.get(subject, -1)] += claim.value is not None
        else:
            made.gone.append((subject, key, claim))


def _find_losers(made: PageDiff) -> _Losers:
    missing = {
        subject
        for subject, listing in made.listings.items()
        if subject not in made.readings and listing.absent_since is None
    }
    less = {
        subject
        for subject, key, claim in made.gone
        if was_current(claim, made.listings[subject]) or key[2] or key[3]
    }
    return _Losers({subject: made.listings[subject].name for subject in [*missing, *(less - missing)]})


def _add_changed_tables(made: PageDiff, losers: _Losers) -> None:
    if made.reread:
        return
    names = {*map(_words, losers.names.values())} - {"  "}
    changed = [
        each
        for each in made.visit.others
        if 2 * sum(name in _words(each.part.text) for name in names) >= max(each.part.rows, 1)
    ]
    if changed:
        made.reading = replace(made.reading, unread=(*made.reading.unread, *changed))
        made.visit = replace(made.visit, unread=(*made.visit.unread, *changed))


def _match_names(losers: _Losers, parts: Sequence[UnreadPart]) -> None:
    texts = [_words(f"{part.text} {part.section} {part.locator}") for part in parts]
    every = "\n".join(texts)
    for subject, name in losers.names.items():
        if (words := _words(name)).strip() and words in every:
            losers.part_of[subject] = next(n for n, text in enumerate(texts) if words in text)


def _match_rest(losers: _Losers, parts: Sequence[UnreadPart]) -> None:
    named = {*losers.part_of.values()}
    open_parts = [number for number, part in enumerate(parts) if part.rows and number not in named]
    rest = [subject for subject in losers.names if subject not in losers.part_of]
    if rest and len({subject[0] for subject in rest}) <= sum(parts[number].rows for number in open_parts):
        losers.part_of |= dict.fromkeys(rest, open_parts[0])


def _words(text: str) -> str:
    return f" {' '.join(WORD.findall(text.casefold()))} "


def shape_of(part: UnreadPart) -> str:
    """Return what makes an unread part a new one of its kind: not its figures, and not where it stands."""
    return DIGITS.sub("0", f"{part.kind}: {part.what}: {part.found}")[:LONGEST_SHAPE]


def write_unread_parts(conn: sqlite3.Connection, made: PageDiff) -> None:
    """Note the parts that one reading left unread; those it does not meet again are over."""
    since = dict(
        conn.execute(
            "SELECT shape, min(first_seen) FROM unread_parts WHERE page_id = ? AND until IS NULL GROUP BY shape",
            [made.page.id],
        ).fetchall()
    )
    conn.executemany(
        "INSERT INTO unread_parts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
        " ON CONFLICT DO UPDATE SET wanted = excluded.wanted, found = excluded.found,"
        " section = excluded.section, locator = excluded.locator, document = excluded.document,"
        " rows = excluded.rows, waiting = excluded.waiting, last_seen = excluded.last_seen, until = NULL,"
        " first_seen = CASE WHEN until IS NULL THEN first_seen ELSE excluded.first_seen END",
        [
            _unread_row(made, each, made.waiting_by_part[number], since.get(shape_of(each.part), made.at))
            for number, each in enumerate(made.reading.unread)
        ],
    )
    conn.execute(
        "UPDATE unread_parts SET until = ? WHERE page_id = ? AND until IS NULL AND last_seen <> ?",
        [made.at, made.page.id, made.at],
    )


def _unread_row(made: PageDiff, each: SourceUnreadPart, waiting: int, first_seen: str) -> tuple[object, ...]:
    part = each.part
    return (
        made.page.id, part.kind, part.what, part.wanted, part.found, part.text, part.section, part.locator,
        each.document.digest, shape_of(part), part.rows, waiting, first_seen, made.at,
    )  # fmt: skip


def confirm_unread_parts(conn: sqlite3.Connection, page_id: int, at: str) -> None:
    """Note that the parts a page was not read in still stand there, on an answer that was the same."""
    conn.execute("UPDATE unread_parts SET last_seen = ? WHERE page_id = ? AND until IS NULL", [at, page_id])


def is_read_in_part(conn: sqlite3.Connection, page_id: int) -> bool:
    """Say whether the last reading of a page left parts of it unread."""
    row = conn.execute(
        "SELECT 1 FROM unread_parts WHERE page_id = ? AND until IS NULL LIMIT 1", [page_id]
    ).fetchone()
    return row is not None


def has_refused(conn: sqlite3.Connection, page_id: int) -> bool:
    """Say whether the last reading of a page refused a cell."""
    row = conn.execute(
        "SELECT 1 FROM quarantine WHERE page_id = ? AND until IS NULL LIMIT 1", [page_id]
    ).fetchone()
    return row is not None


def record_page_reading(conn: sqlite3.Connection, page_id: int, visit: Visit, at: str) -> None:
    """Note how much of a page one reading understood."""
    rows = len({(each.document.digest, each.row.locator) for each in visit.rows})
    lost = Counter(each.part.kind for each in visit.unread)
    conn.execute(
        "INSERT OR REPLACE INTO page_readings VALUES (?, ?, ?, ?, ?)",
        [page_id, at, rows, sum(each.part.rows for each in visit.unread), lost["table"] + lost["section"]],
    )
