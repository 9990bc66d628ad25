"""`cardwatch brief`: the morning on one screen."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from html import escape
from textwrap import fill
from typing import NamedTuple

import click

from cardwatch.app import App, pass_app
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import Change
from cardwatch.db.staleness.stale_facts import group_stale_facts
from cardwatch.freshness_budget import build_stale_report
from cardwatch.terminal import output
from cardwatch.terminal.params import DATE_PARAM
from cardwatch.watchlist import Watcher, watcher

WIDTH = 80
SHOWN = 8
"""Lines of one part; a count says how many more there are."""
ALL_OF = {
    "moved": "cardwatch changes",
    "held": "cardwatch holds",
    "ends_soon": "cardwatch brief --format json",
    "stale": "cardwatch stale",
    "broken": "cardwatch sources",
}
"""The command that lists the whole of a part."""


class BriefLine(NamedTuple):
    """One thing to know, and the command that acts on it."""

    text: str
    command: str


@click.command()
@click.option("--since", type=DATE_PARAM, metavar="DATE", help="Changes from this day on; the last two days.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True
)
@pass_app
def brief(app: App, since: str | None, form: str) -> None:
    """Say in one screen what moved, is held, ends soon, is stale or broken, each with the command that acts on it.

    It keeps to the [watch] section of the settings, fits a mail of 80 columns and exits 0 whatever it finds.

    \b
    cardwatch brief
    cardwatch brief --format html | mail -s "Models this morning" me@example.org
    """
    day = since or f"{(app.now() - timedelta(days=1)):%Y-%m-%d}"
    with app.reading() as catalog:
        seen = watcher(app, catalog)
        parts = {
            "moved": _moved(app, catalog, seen, day),
            "held": _held(catalog, seen),
            "ends_soon": _ending(app, catalog, seen),
            "stale": _stale(app, catalog, seen),
            "broken": _broken(catalog),
        }
    if form == "json":
        told = {name: [line._asdict() for line in lines] for name, lines in parts.items()}
        output.echo(
            output.json_text({"generated_at": f"{app.now():%Y-%m-%dT%H:%M:%SZ}", "since": day, **told})
        )
    elif form == "html":
        output.echo(f"<pre>{escape(brief_text(parts, day))}</pre>")
    else:
        output.echo(brief_text(parts, day))


def brief_text(parts: dict[str, list[BriefLine]], day: str) -> str:
    """Return the parts as text of at most 80 columns."""
    blocks = [f"Cardwatch since {day}"]
    for name, lines in parts.items():
        rest = [f"- and {len(lines) - SHOWN} more: {ALL_OF[name]}"] if len(lines) > SHOWN else []
        blocks.append(
            "\n".join(
                [f"{name.replace('_', ' ').upper()} ({len(lines)})", *map(_wrapped, lines[:SHOWN]), *rest]
            )
        )
    return "\n\n".join(blocks)


def _wrapped(line: BriefLine) -> str:
    text = fill(line.text, WIDTH, initial_indent="- ", subsequent_indent="  ", break_long_words=False)
    return f"{text}\n    {line.command}"


def _moved(app: App, catalog: CatalogReports, seen: Watcher, day: str) -> list[BriefLine]:
    least = app.config.watch.price_moved_percent
    found = [
        change
        for change in catalog.changes(since=day)
        if seen(change.model, change.offer, change.attribute)
        and (change.percent is None or abs(change.percent) >= least)
    ]
    found.sort(key=lambda change: (change.kind != "price", -abs(change.percent or Decimal(0))))
    return [BriefLine(_moved_text(change), f"cardwatch show {change.model}") for change in found]


def _moved_text(change: Change) -> str:
    percent = f" ({change.percent:+.1f} %)" if change.percent is not None else ""
    where = f" at {change.provider}" if change.provider else ""
    values = f"{_word(change.old, change.attribute)} -> {_word(change.new, change.attribute)}"
    between = (
        f"between {change.seen_before[:10]} and {change.at[:10]}" if change.seen_before else change.at[:10]
    )
    return f"{change.model}{where}: {change.attribute.replace('_', ' ')} {values}{percent}, {between}"


def _word(value: object, attribute: str) -> str:
    if value is not None and attribute.endswith("_price"):
        return "free" if not Decimal(str(value)) else str(value)
    return "unknown" if value is None else str(value)


def _held(catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    return [
        BriefLine(
            f"{hold.model or hold.url} {hold.attribute.replace('_', ' ')}: {_word(hold.old, hold.attribute)} stays,"
            f" {hold.source} now says {_word(hold.new, hold.attribute)}; {hold.reason}",
            f"cardwatch holds release {hold.id} --by NAME   (or reject)",
        )
        for hold in catalog.holds()
        if hold.model is None or seen(hold.model, hold.offer, hold.attribute)
    ]


def _ending(app: App, catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    first = catalog.now[:10]
    last = f"{app.now() + timedelta(days=app.config.watch.shutdown_within_days):%Y-%m-%d}"
    stated = {
        claim.model
        for claim in catalog.stated_claims()
        if claim.attribute == "shutdown_date" and seen(claim.model, None, "")
    }
    ends = [
        (str(fact.value), card.id)
        for card in (catalog.cards(stated) if stated else ())
        if (fact := card.facts.get("shutdown_date")) and first <= str(fact.value) <= last
    ]
    return [BriefLine(f"{model} ends on {day}", f"cardwatch show {model}") for day, model in sorted(ends)]


def _stale(app: App, catalog: CatalogReports, seen: Watcher) -> list[BriefLine]:
    rows = [
        row
        for row in build_stale_report(app, catalog).rows
        if row.level == "error" and seen(row.model, row.offer, row.attribute)
    ]
    return [
        BriefLine(
            f"{group.source}: {group.facts} facts not looked at since {group.worst.last_verified[:10]},"
            f" {group.worst.reason}",
            f"cardwatch refresh {group.source}",
        )
        for group in group_stale_facts(rows)
    ]


def _broken(catalog: CatalogReports) -> list[BriefLine]:
    failing = [
        BriefLine(f"{source.id}: {source.reason or source.state}", f"cardwatch refresh {source.id} --all")
        for source in catalog.sources()
        if source.state == "failing"
    ]
    unread = [
        BriefLine(
            f"{new.source}: {new.parts} parts not understood, {new.shape}", f"cardwatch drift {new.source}"
        )
        for new in catalog.new_shapes()
    ]
    return failing + unread
