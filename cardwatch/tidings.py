"""What there is to tell, each thing in one plain line, and the message that gathers the lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from cardwatch.app import App
from cardwatch.compare.figures import unit_price
from cardwatch.compare.offers import terms
from cardwatch.compare.words import clean, plural
from cardwatch.db import events, told
from cardwatch.db.catalog import Catalog
from cardwatch.db.events import Failing, Moved
from cardwatch.db.stale import StaleRow
from cardwatch.db.staleness import stale_report
from cardwatch.db.told import Event, Kind

MARKUP = re.compile(r"[<>&*`~|\\^{}\[\]@#\"]|(?<=:)//")
"""What chat programs and mail readers take for formatting, links or mentions."""
LONGEST = 160
"""Characters of a name or a reason from outside."""
SHOWN = (10, 5, 3, 1, 0)
"""Lines of one kind in a message: as many of these as fit."""


class Heading(NamedTuple):
    """How a kind is counted in a message, and which command tells the rest."""

    one: str
    many: str
    more: str


HEADINGS: Mapping[Kind, Heading] = {
    "price": Heading("price moved", "prices moved", "cardwatch changes --since {day}"),
    "retired": Heading("model retired", "models retired", "cardwatch models"),
    "failing": Heading("source failing", "sources failing", "cardwatch sources"),
    "stale": Heading("freshness limit broken", "freshness limits broken", "cardwatch stale"),
}
"""In the order of a message."""


def tidings(app: App, catalog: Catalog) -> list[Event]:
    """Return all that is and lately was worth telling, whether it was told or not."""
    return [*_prices(app, catalog), *_endings(catalog), *_failures(catalog), *_stale(app, catalog)]


def _prices(app: App, catalog: Catalog) -> Iterator[Event]:
    """Yield the moves that count, the largest first."""
    least = Decimal(str(app.config.notify.price_moved_percent))
    first = told.horizon(app.now())
    before = told.horizon(app.now() - timedelta(days=told.NEWS_DAYS))
    for move in sorted(events.moved(catalog.conn, before), key=_size, reverse=True):
        percent = move.percent
        if move.at >= first and (percent is None or abs(percent) > least):
            place = (move.model, move.offer, move.attribute, move.qualifier)
            subject = " ".join([*filter(None, place), f"{move.old} → {move.new}"])
            yield Event("price", subject, move.at, move.source, move.model, _price(move))


def _size(move: Moved) -> Decimal:
    low, high = sorted((move.old, move.new))
    return high / low if low else Decimal("Infinity")


def _price(move: Moved) -> str:
    if move.percent is None:
        change = "was free" if move.new else "now free"
    else:
        percent = float(move.percent)
        change = f"{percent:+.3g} %" if abs(percent) < 999 else f"{move.new / move.old:.0f} times"
    under = f", {plain(terms(json.loads(move.qualifier)))}" if move.qualifier else ""
    price = move.attribute.replace("_", " ")
    values = f"{unit_price(str(move.old))} → {unit_price(str(move.new))}"
    place = _place(move.model, move.offer)
    return f"{place}: {price}{under} {values} ({change}), says {plain(move.source)}"


def _endings(catalog: Catalog) -> Iterator[Event]:
    for ending in events.ended(catalog.conn, at=catalog.now):
        subject = " ".join(filter(None, (ending.model, ending.offer)))
        text = f"{_place(ending.model, ending.offer)}: {plain(ending.why)}, says {plain(ending.source)}"
        yield Event("retired", subject, ending.at, ending.source, ending.model, text)


def _place(model: str, offer: str) -> str:
    return f"{plain(model)} at {plain(offer)}" if offer else plain(model)


def _failures(catalog: Catalog) -> Iterator[Event]:
    for found in events.failing(catalog.conn):
        yield Event("failing", found.source, found.at, found.source, None, _failure(found))


def _failure(found: Failing) -> str:
    pages = f", {found.failing} of {found.pages} pages" if found.pages > 1 else ""
    detail = f": {plain(found.detail)}" if found.detail else ""
    return f"{plain(found.source)}: failing since {found.since[:10]}{pages}{detail}"


def _stale(app: App, catalog: Catalog) -> Iterator[Event]:
    """Gather the facts in error by source and reason, whatever day the reason names."""
    report = stale_report(catalog, now=app.now(), limits=app.limits, interval=app.interval)
    groups: dict[tuple[str, str], list[StaleRow]] = {}
    for row in report.rows:
        if row.level == "error":
            groups.setdefault((row.source, row.reason.partition(" since ")[0]), []).append(row)
    for (source, reason), rows in sorted(groups.items()):
        since = max(_broken(row, app.now().date()) for row in rows)
        subject = f"{source}: {reason}"
        yield Event("stale", subject, f"{since}T00:00:00Z", source, None, _broken_text(source, rows))


def _broken(row: StaleRow, today: date) -> date:
    """Return the first day on which a fact was past its limit."""
    return today - timedelta(days=row.age_days - row.limit_days - 1)


def _broken_text(source: str, rows: Sequence[StaleRow]) -> str:
    limits = sorted({row.limit_days for row in rows})
    days = " or ".join(str(days) for days in limits)
    facts = plural(len(rows), "fact")
    return f"{plain(source)}: {facts} not looked at for more than {days} days, {plain(rows[0].reason)}"


def plain(text: str) -> str:
    """Return text from outside as words on one line: no markup, no link, no mention, no hidden character."""
    kept = "".join(c if c.isprintable() else " " for c in MARKUP.sub(" ", clean(text, LONGEST)))
    return " ".join(kept.split())


def title(news: Sequence[Event]) -> str:
    """Return "Cardwatch: 2 prices moved, 1 source failing"."""
    counts = ((kind, sum(event.kind == kind for event in news)) for kind in HEADINGS)
    return f"Cardwatch: {', '.join(_counted(kind, count) for kind, count in counts if count)}"


def _counted(kind: Kind, count: int) -> str:
    return f"{count} {HEADINGS[kind].one if count == 1 else HEADINGS[kind].many}"


def message(news: Sequence[Event], room: int) -> str:
    """Return the lines by kind, as many of each as fit into `room` characters, and where to read the rest."""
    made = (_message(news, shown) for shown in SHOWN)
    fitting = next((text for text in made if len(text) <= room), None)
    return fitting if fitting is not None else f"{_message(news, 0)[: room - 1]}…"


def _message(news: Sequence[Event], shown: int) -> str:
    parts = []
    for kind in HEADINGS:
        found = [event for event in news if event.kind == kind]
        if found:
            lines = [f"- {event.text}" for event in found[:shown]]
            parts.append("\n".join([f"{_counted(kind, len(found))}:", *lines, *_more(kind, found, shown)]))
    return "\n\n".join(parts)


def _more(kind: Kind, found: Sequence[Event], shown: int) -> Iterator[str]:
    if len(found) > shown:
        command = HEADINGS[kind].more.format(day=min(event.at for event in found)[:10])
        yield f"and {len(found) - shown} more: {command}"
