"""The changes as an Atom feed: an entry per change, dated when it changed, under an id that stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from feedgen.feed import FeedGenerator

from cardwatch.compare.history import change_ends, change_label
from cardwatch.compare.side import Side
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.db.query.cards import Change
from cardwatch.normalize.hidden_characters import write_out_hidden_lines

ENTRIES = 200
EPOCH = "1970-01-01T00:00:00+00:00"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text: str) -> str:
    """Return text in characters that XML 1.0 can write; hidden ones are written out."""
    return _UNFIT.sub("", write_out_hidden_lines(text))


def entry_urn(*parts: object) -> str:
    """Return an id that is the same for the same parts, whoever exports them and wherever."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(31).join(map(str, parts)))}"


def atom_feed(changes: Sequence[tuple[Change, Side, str]], base_url: str) -> bytes:
    """Return the newest changes, newest first; each comes with its model and that model's page."""
    feed = FeedGenerator()
    feed.id(base_url or entry_urn("cardwatch", "changes"))
    feed.title("Cardwatch: what changed")
    feed.author({"name": "Cardwatch"})
    feed.link(href=f"{base_url}feed.xml", rel="self")
    feed.link(href=f"{base_url}changes/index.html", rel="alternate")
    feed.generator("Cardwatch")
    feed.updated(_time(changes[0][0].at if changes else EPOCH))
    seen: dict[str, int] = {}
    for change, side, page in changes[:ENTRIES]:
        made = entry_urn(
            change.at, change.model, change.offer, change.attribute, change.source, change.old, change.new
        )
        seen[made] = seen.get(made, 0) + 1
        id_ = made if seen[made] == 1 else entry_urn(made, seen[made])
        _entry(feed, change, side, f"{base_url}{page}", id_)
    text: bytes = feed.atom_str(pretty=True)
    return text


def _entry(feed: FeedGenerator, change: Change, side: Side, page: str, id_: str) -> None:
    old, new = change_ends(change)
    entry = feed.add_entry(order="append")
    entry.id(id_)
    entry.title(xml_safe(f"{side.name}: {change_label(side, change)} {old} → {new}"))
    entry.link(href=page)
    entry.updated(_time(change.at))
    entry.content(xml_safe(f"{clean_text(change.source)}: {clean_text(change.url, 300)}"), type="text")


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
