"""Telling people: to whom, what is news to them, and what becomes of a message that nobody takes.

Apprise does the sending. It takes a quarter of a second to load, so nothing here loads it before there is an
address. An address can hold a key: it is printed as scheme and host only, and the catalog keeps a digest.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import scrypt
from typing import Any

import click

from cardwatch.app import App
from cardwatch.compare.words import plural
from cardwatch.config import Notify
from cardwatch.db import told
from cardwatch.db.catalog import Catalog
from cardwatch.db.told import Event
from cardwatch.tidings import message, tidings, title

VARIABLE = "CARDWATCH_NOTIFY_URLS"
LONGEST = 3500
"""Characters of a message, also where a service would take more."""
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
HOST = re.compile(r"localhost|\[?[0-9a-f:]*:[0-9a-f:]*\]?|[\w-]+(\.[\w-]+)+")
UNUSABLE = "no address that Apprise can use: it knows no such service, or a part of the address is missing"


def addresses(settings: Notify) -> tuple[str, ...]:
    """Return the addresses in force, each once: those of the settings, then those of the environment."""
    named = (url.get_secret_value().strip() for url in settings.urls)
    return tuple(dict.fromkeys(filter(None, [*named, *os.environ.get(VARIABLE, "").split()])))


@dataclass(frozen=True)
class Receiver:
    """Whoever takes messages at an address, which is kept out of its repr."""

    number: int
    url: str

    def __repr__(self) -> str:
        return f"Receiver({self.label!r})"

    @cached_property
    def id(self) -> str:
        """Return a digest that is slow to make, so that a weak password in an address cannot be found by trial."""
        return scrypt(self.url.encode(), salt=b"cardwatch", n=2**14, r=8, p=1, dklen=12).hex()

    @cached_property
    def service(self) -> Any:
        """Return Apprise's own object for the address, None if it can make none."""
        import apprise

        logging.getLogger("apprise").propagate = False  # it would print addresses
        asset = apprise.AppriseAsset(
            app_id="Cardwatch", app_desc="Cardwatch", app_url="", storage_mode="memory"
        )
        return apprise.Apprise.instantiate(self.url, asset=asset)

    @property
    def label(self) -> str:
        """Return scheme and host; no host where the service has a key in its place."""
        scheme = SCHEME.match(self.url)
        host = str(getattr(self.service, "host", None) or "")
        hosted = any("{host}" in template for template in getattr(self.service, "templates", ()))
        shown = host if hosted and HOST.fullmatch(host) else "…"
        return f"{scheme[1].lower()}://{shown}" if scheme else f"address {self.number}"

    def takes(self, heading: str, text: str, *, alarm: bool = False) -> bool:
        """Send, and say whether the receiver took it."""
        import apprise

        kind = apprise.NotifyType.WARNING if alarm else apprise.NotifyType.INFO
        sender = apprise.Apprise()
        sender.add(self.service)
        return bool(
            sender.notify(text, title=heading, notify_type=kind, body_format=apprise.NotifyFormat.TEXT)
        )

    def room(self, heading: str) -> int:
        """Return how many characters of text it takes below a heading."""
        return min(LONGEST, int(self.service.body_maxlen) - len(heading) - 2)


@dataclass(frozen=True, slots=True)
class Told:
    """An event and what came of it: told, untold, or unsure when a run was killed while telling it."""

    receiver: str | None
    kind: str
    at: str
    text: str
    state: str
    source: str | None = None
    model: str | None = None


def receivers(settings: Notify) -> list[Receiver]:
    """Return who is to be told."""
    return [Receiver(number, url) for number, url in enumerate(addresses(settings), 1)]


@contextmanager
def telling(app: App, catalog: Catalog) -> Iterator[None]:
    """Note before a run who is to be told, and tell them after it; without an address this does nothing."""
    found = receivers(app.config.notify)
    announce(app, catalog, found, before_run=True)
    yield
    tell(app, catalog, found)


def announce(app: App, catalog: Catalog, found: Sequence[Receiver], *, before_run: bool) -> None:
    """Note who is in the settings, and so since when things are news to them."""
    if found:
        with catalog.transaction() as conn:
            for receiver in found:
                told.announce(conn, receiver.id, app.now(), before_run=before_run)


def tell(app: App, catalog: Catalog, found: Sequence[Receiver]) -> list[Told]:
    """Tell every receiver what is news to it, in one message; what is not taken waits, with a line on stderr."""
    if not found:
        return []
    known = tidings(app, catalog)
    with catalog.transaction() as conn:
        told.close(conn, known, catalog.now)
    return [row for receiver in found for row in _tell(app, catalog, receiver, known)]


def _tell(app: App, catalog: Catalog, receiver: Receiver, known: Sequence[Event]) -> Iterator[Told]:
    if receiver.service is None:
        click.echo(f"cardwatch: notify: {receiver.label}: {UNUSABLE}", err=True)
        return
    news = told.pending(catalog.conn, receiver.id, known, app.now())
    if not news:
        return
    with catalog.transaction() as conn:
        told.send(conn, receiver.id, news, catalog.now)
    took = _sent(receiver, news)
    with catalog.transaction() as conn:
        if took:
            told.taken(conn, receiver.id, news, catalog.now)
        else:
            told.take_back(conn, receiver.id, news)
    if not took:
        waiting = f"{plural(len(news), 'event')} {'waits' if len(news) == 1 else 'wait'} for the next run"
        click.echo(f"cardwatch: notify: {receiver.label} did not take the message; {waiting}", err=True)
    for event in news:
        yield _row(receiver.label, event, "told" if took else "untold")


def _sent(receiver: Receiver, news: Sequence[Event]) -> bool:
    heading = title(news)
    alarm = any(event.kind in ("failing", "stale") for event in news)
    return receiver.takes(heading, message(news, receiver.room(heading)), alarm=alarm)


def untold(app: App, catalog: Catalog, found: Sequence[Receiver]) -> list[Told]:
    """Return what each receiver would be told now, and what it may have missed; nothing is written.

    Without a receiver: what one that was put into the settings now would be told.
    """
    known = tidings(app, catalog)
    rows = []
    named: list[tuple[str | None, str]] = [(receiver.label, receiver.id) for receiver in found]
    for label, name in named or [(None, "")]:
        unsure = told.unsure(catalog.conn, name, app.now())
        rows += [Told(label, kind, at, text, "unsure") for kind, at, text in unsure]
        rows += [_row(label, event, "untold") for event in told.pending(catalog.conn, name, known, app.now())]
    return rows


def _row(receiver: str | None, event: Event, state: str) -> Told:
    return Told(receiver, event.kind, event.at, event.text, state, event.source, event.model)
