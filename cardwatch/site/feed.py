"""The changes as an Atom feed: an entry per look, model and provider, dated by the look, under an id that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from feedgen.feed import FeedGenerator

from cardwatch.compare.history import change_ends, change_label, group_when
from cardwatch.compare.side import Side
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.compare.wording.number_format import format_move
from cardwatch.db.query.cards import Change
from cardwatch.normalize.hidden_characters import write_out_hidden_lines

ENTRIES = 200
IN_TITLE = 3
"""Changes of an entry that its title names."""
EPOCH = "1970-01-01T00:00:00+00:00"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text: str) -> str:
    """Return text in characters that XML 1.0 can write; hidden ones are written out."""
    return _UNFIT.sub("", write_out_hidden_lines(text))


def entry_urn(*parts: object) -> str:
    """Return an id that is the same for the same parts, whoever exports them and wherever."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(31).join(map(str, parts)))}"


ChangeEntry = tuple[Sequence[Change], Side, str]
"""What changed together, its model, and that model's page."""


def atom_feed(entries: Sequence[ChangeEntry], base_url: str, left_out: int = 0) -> bytes:
    """Return the newest changes, newest first; `left_out` is how many older entries there would be."""
    feed = FeedGenerator()
    feed.id(base_url or entry_urn("cardwatch", "changes"))
    feed.title("Cardwatch: what changed")
    if left_out:
        feed.subtitle(f"The newest {len(entries)} entries; {left_out} older ones are on the page of changes.")
    feed.author({"name": "Cardwatch"})
    feed.link(href=f"{base_url}feed.xml", rel="self")
    feed.link(href=f"{base_url}changes/index.html", rel="alternate")
    feed.generator("Cardwatch")
    feed.updated(_time(entries[0][0][0].at if entries else EPOCH))
    seen: dict[str, int] = {}
    for changes, side, page in entries:
        first = changes[0]
        made = entry_urn(first.at, first.model, first.provider, first.source)
        seen[made] = seen.get(made, 0) + 1
        id_ = made if seen[made] == 1 else entry_urn(made, seen[made])
        _entry(feed, changes, side, f"{base_url}{page}", id_)
    text: bytes = feed.atom_str(pretty=True)
    return text


def _entry(feed: FeedGenerator, changes: Sequence[Change], side: Side, page: str, id_: str) -> None:
    lines = [_line(side, change) for change in changes]
    more = f" and {len(lines) - IN_TITLE} more" if len(lines) > IN_TITLE else ""
    first = changes[0]
    entry = feed.add_entry(order="append")
    entry.id(id_)
    entry.title(xml_safe(f"{side.name}: {'; '.join(lines[:IN_TITLE])}{more}"))
    entry.link(href=page)
    entry.updated(_time(first.at))
    says = f"{clean_text(first.source)}: {clean_text(first.url, 300)}"
    entry.content(xml_safe("\n".join([*lines, f"When: {group_when(changes)}", says])), type="text")


def _line(side: Side, change: Change) -> str:
    old, new = change_ends(change)
    move = format_move(change.percent)
    return f"{change_label(side, change)} {old} → {new}{f' ({move})' if move else ''}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
