"""Events as one plain line each, and the message that lists them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from cardwatch.app import App
from cardwatch.compare.offers import qualifier_text
from cardwatch.compare.wording.grammar import clean_text, count_noun
from cardwatch.compare.wording.number_format import format_unit_price
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.notifications import deliveries, events
from cardwatch.db.notifications.deliveries import Event, EventKind
from cardwatch.db.notifications.events import FailingSource, PriceChange
from cardwatch.db.query.cards import move_ratio
from cardwatch.db.query.reports import Hold
from cardwatch.db.staleness.stale_facts import StaleFact
from cardwatch.freshness_budget import build_stale_report
from cardwatch.terminal.mail_lines import mail_line
from cardwatch.terminal.options import BY_ME
from cardwatch.watchlist import Watcher, watcher

FIGURES = re.compile(r"\d+")
MARKUP = re.compile(r"[<>&*`~|\\^{}\[\]@#\"]|(?<=:)//")
"""What chat programs and mail readers take for formatting, links or mentions."""
LONGEST = 160
"""Characters of a name or a reason from outside."""
BEFORE_COMMAND = "; cardwatch "
"""What parts an event from the command that acts on it; a message has that on a line of its own."""
SHOWN = (10, 5, 3, 1, 0)
"""Lines of one kind in a message: as many of these as fit."""


class KindHeading(NamedTuple):
    """How a kind is counted in a message, and which command lists the rest."""

    one: str
    many: str
    more: str


HEADINGS: Mapping[EventKind, KindHeading] = {
    "price": KindHeading("price moved", "prices moved", "cardwatch changes --since {day}"),
    "held": KindHeading("change held", "changes held", "cardwatch holds"),
    "retired": KindHeading("model retired", "models retired", "cardwatch models"),
    "failing": KindHeading("source failing", "sources failing", "cardwatch sources"),
    "stale": KindHeading("freshness limit broken", "freshness limits broken", "cardwatch stale"),
    "unread": KindHeading("page not read as before", "pages not read as before", "cardwatch drift"),
}
"""In the order of a message."""


def collect_events(app: App, catalog: CatalogReports) -> list[Event]:
    """Return all present and recent events, whether they were sent or not; of models, those that are watched."""
    seen = watcher(app, catalog)
    return [
        *_price_events(app, catalog, seen),
        *_hold_events(catalog, seen),
        *_retirement_events(catalog, seen),
        *_failure_events(catalog),
        *_stale_events(app, catalog),
        *_unread_events(catalog),
        *_reading_events(app, catalog),
    ]


def _price_events(app: App, catalog: CatalogReports, seen: Watcher) -> Iterator[Event]:
    """Yield the price changes above the configured percentage, the largest first."""
    least = Decimal(str(app.config.notify.price_moved_percent))
    first = deliveries.news_horizon(app.now())
    before = deliveries.news_horizon(app.now() - timedelta(days=deliveries.NEWS_DAYS))
    for move in sorted(
        events.find_price_changes(catalog, before), key=lambda move: -move_ratio(move.old, move.new)
    ):
        percent = move.percent
        if not seen(move.model, move.offer, move.attribute):
            continue
        if move.at >= first and (percent is None or abs(percent) > least):
            place = (move.model, move.offer, move.attribute, move.qualifier)
            subject = " ".join([*filter(None, place), f"{move.old} → {move.new}"])
            yield Event("price", subject, move.at, move.source, move.model, _price_line(move))


def _price_line(move: PriceChange) -> str:
    if move.percent is None:
        change = "was free" if move.new else "now free"
    else:
        percent = float(move.percent)
        change = f"{percent:+.3g} %" if abs(percent) < 999 else f"{move.new / move.old:.0f} times"
    under = f", {plain_line(qualifier_text(json.loads(move.qualifier)))}" if move.qualifier else ""
    price = move.attribute.replace("_", " ")
    values = f"{format_unit_price(str(move.old))} → {format_unit_price(str(move.new))}"
    place = _model_and_offer(move.model, move.offer)
    return f"{place}: {price}{under} {values} ({change}), says {plain_line(move.source)}"


def _hold_events(catalog: CatalogReports, seen: Watcher) -> Iterator[Event]:
    """Yield each change that waits; a newer value in the same place waits since the same day and is no new event."""
    for hold in catalog.holds():
        if hold.model and not seen(hold.model, hold.offer or "", hold.attribute):
            continue
        place = (hold.source, hold.model, hold.offer, hold.attribute)
        yield Event(
            "held", " ".join(filter(None, place)), hold.since, hold.source, hold.model, _hold_line(hold)
        )


def _hold_line(hold: Hold) -> str:
    where = _model_and_offer(hold.model, hold.offer or "") if hold.model else plain_line(hold.source)
    says = f", says {plain_line(hold.source)}" if hold.model else ""
    what = f"{plain_line(hold.attribute.replace('_', ' '))}, " if hold.attribute else ""
    return f"{where}: {what}{plain_line(hold.reason)}{says}{BEFORE_COMMAND}holds release {hold.id} {BY_ME}"


def _retirement_events(catalog: CatalogReports, seen: Watcher) -> Iterator[Event]:
    for ending in events.find_retirements(catalog, at=catalog.now):
        if not seen(ending.model, ending.offer, ""):
            continue
        subject = " ".join(filter(None, (ending.model, ending.offer)))
        text = f"{_model_and_offer(ending.model, ending.offer)}: {plain_line(ending.why)}, says {plain_line(ending.source)}"
        yield Event("retired", subject, ending.at, ending.source, ending.model, text)


def _model_and_offer(model: str, offer: str) -> str:
    return f"{plain_line(model)} at {plain_line(offer)}" if offer else plain_line(model)


def _failure_events(catalog: CatalogReports) -> Iterator[Event]:
    for found in events.failing_sources(catalog):
        yield Event("failing", found.source, found.at, found.source, None, _failure_line(found))


def _failure_line(found: FailingSource) -> str:
    pages = f", {found.failing} of {found.pages} pages" if found.pages > 1 else ""
    detail = f": {plain_line(found.detail)}" if found.detail else ""
    return f"{plain_line(found.source)}: failing since {found.since[:10]}{pages}{detail}"


def _unread_events(catalog: CatalogReports) -> Iterator[Event]:
    """Yield each new shape of a source's pages once, however many rows have it."""
    for new in catalog.new_shapes():
        parts, facts = count_noun(new.parts, "part"), count_noun(new.waiting, "fact")
        text = f"{plain_line(new.source)}: {parts} not understood, {facts} waiting, {plain_line(new.shape)}"
        yield Event("unread", f"{new.source}: {new.shape}", new.since, new.source, None, text)


def _reading_events(app: App, catalog: CatalogReports) -> Iterator[Event]:
    """Yield each finding of the self-check of reading, told once while it lasts, whatever its figures."""
    for each in catalog.reading_findings(app.limits):
        subject = f"{each.source}: {FIGURES.sub('0', each.finding)} {each.url}".rstrip()
        text = plain_line(f"{each.source}: {each.finding}")
        yield Event("unread", subject, catalog.now, each.source, None, text)


def _stale_events(app: App, catalog: CatalogReports) -> Iterator[Event]:
    """Gather the facts in error by source and reason, whatever day the reason names."""
    report = build_stale_report(app, catalog)
    groups: dict[tuple[str, str], list[StaleFact]] = {}
    for row in report.rows:
        if row.level == "error":
            groups.setdefault((row.source, row.reason.partition(" since ")[0]), []).append(row)
    for (source, reason), rows in sorted(groups.items()):
        since = max(_day_past_limit(row, app.now().date()) for row in rows)
        subject = f"{source}: {reason}"
        yield Event("stale", subject, f"{since}T00:00:00Z", source, None, _stale_line(source, rows))


def _day_past_limit(row: StaleFact, today: date) -> date:
    """Return the first day on which a fact was past its limit."""
    return today - timedelta(days=ceil(row.age_days - row.limit_days) - 1)


def _span_words(spans: Sequence[float]) -> str:
    """Return spans of days in words, in hours where one is no whole number of days.

    >>> _span_words([14, 30, 60]), _span_words([0.25, 14])
    ('14, 30 or 60 days', '6 or 336 hours')
    """
    whole = all(float(days).is_integer() for days in spans)
    words = [f"{days:g}" if whole else f"{24 * days:.4g}" for days in spans]
    listed = ", ".join(words[:-1])
    return f"{listed + ' or ' if listed else ''}{words[-1]} {'days' if whole else 'hours'}"


def _stale_line(source: str, rows: Sequence[StaleFact]) -> str:
    limits = sorted({row.limit_days for row in rows})
    facts = f"{count_noun(len(rows), 'fact')} not looked at for more than {_span_words(limits)}"
    return f"{plain_line(source)}: {facts}, {plain_line(rows[0].reason)}"


def plain_line(text: str) -> str:
    """Return text from outside as words on one line: no markup, no link, no mention, no hidden character."""
    kept = "".join(c if c.isprintable() else " " for c in MARKUP.sub(" ", clean_text(text, LONGEST)))
    return " ".join(kept.split())


def message_title(news: Sequence[Event]) -> str:
    """Return "Cardwatch: 2 prices moved, 1 source failing"."""
    counts = ((kind, sum(event.kind == kind for event in news)) for kind in HEADINGS)
    return f"Cardwatch: {', '.join(_counted(kind, count) for kind, count in counts if count)}"


def _counted(kind: EventKind, count: int) -> str:
    return f"{count} {HEADINGS[kind].one if count == 1 else HEADINGS[kind].many}"


def message_text(news: Sequence[Event], room: int) -> str:
    """Return the lines by kind, as many of each as fit into `room` characters, and where to read the rest."""
    made = (_message_with(news, shown) for shown in SHOWN)
    fitting = next((text for text in made if len(text) <= room), None)
    return fitting if fitting is not None else f"{_message_with(news, 0)[: room - 1]}…"


def _message_with(news: Sequence[Event], shown: int) -> str:
    parts = []
    for kind in HEADINGS:
        found = [event for event in news if event.kind == kind]
        if found:
            lines = [_mail_line(event.text) for event in found[:shown]]
            parts.append(
                "\n".join([f"{_counted(kind, len(found))}:", *lines, *_rest_line(kind, found, shown)])
            )
    return "\n\n".join(parts)


def _mail_line(text: str) -> str:
    what, _, command = text.partition(BEFORE_COMMAND)
    return mail_line(what, f"cardwatch {command}" if command else "")


def _rest_line(kind: EventKind, found: Sequence[Event], shown: int) -> Iterator[str]:
    if len(found) > shown:
        command = HEADINGS[kind].more.format(day=min(event.at for event in found)[:10])
        yield f"and {len(found) - shown} more: {command}"
