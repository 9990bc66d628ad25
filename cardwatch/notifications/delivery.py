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

from cardwatch.app import App
from cardwatch.compare.wording.grammar import count_noun
from cardwatch.config import NotifySection
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.notifications import deliveries
from cardwatch.db.notifications.deliveries import Event
from cardwatch.notifications.events import collect_events, message_text, message_title
from cardwatch.terminal import output

URLS_VARIABLE = "CARDWATCH_NOTIFY_URLS"
LONGEST_MESSAGE = 3500
"""Characters of a message, also where a service would take more."""
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://")
HOST = re.compile(r"localhost|\[?[0-9a-f:]*:[0-9a-f:]*\]?|[\w-]+(\.[\w-]+)+")
UNUSABLE_ADDRESS = (
    "no address that Apprise can use: it knows no such service, or a part of the address is missing"
)


def receiver_addresses(settings: NotifySection) -> tuple[str, ...]:
    """Return the addresses in force, each once: those of the settings, then those of the environment."""
    named = (url.strip() for url in settings.urls)
    return tuple(dict.fromkeys(filter(None, [*named, *os.environ.get(URLS_VARIABLE, "").split()])))


@dataclass(frozen=True)
class Receiver:
    """Somebody who gets messages at an address, which is kept out of its repr."""

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

    def send_message(self, heading: str, text: str, *, alarm: bool = False) -> bool:
        """Send a message; return whether the receiver accepted it."""
        import apprise

        kind = apprise.NotifyType.WARNING if alarm else apprise.NotifyType.INFO
        sender = apprise.Apprise()
        sender.add(self.service)
        return bool(
            sender.notify(text, title=heading, notify_type=kind, body_format=apprise.NotifyFormat.TEXT)
        )

    def text_limit(self, heading: str) -> int:
        """Return how many characters of text it takes below a heading."""
        return min(LONGEST_MESSAGE, int(self.service.body_maxlen) - len(heading) - 2)


@dataclass(frozen=True, slots=True)
class EventDelivery:
    """An event and its `state`: told (sent), untold (pending), or unsure when a run was killed while sending it."""

    receiver: str | None
    kind: str
    at: str
    text: str
    state: str
    source: str | None = None
    model: str | None = None


def configured_receivers(settings: NotifySection) -> list[Receiver]:
    """Return the receivers in the settings."""
    return [Receiver(number, url) for number, url in enumerate(receiver_addresses(settings), 1)]


@contextmanager
def notifying(app: App, catalog: CatalogStore) -> Iterator[None]:
    """Register the receivers before a run and send them its events after it; without a receiver this does nothing."""
    found = configured_receivers(app.config.notify)
    register_receivers(app, catalog, found, before_run=True)
    yield
    deliver_events(app, catalog, found)


def register_receivers(
    app: App, catalog: CatalogStore, found: Sequence[Receiver], *, before_run: bool
) -> None:
    """Note which receivers are in the settings, and so since when events count for them."""
    if found:
        with catalog.transaction():
            for receiver in found:
                deliveries.register_receiver(catalog, receiver.id, app.now(), before_run=before_run)


def deliver_events(app: App, catalog: CatalogStore, found: Sequence[Receiver]) -> list[EventDelivery]:
    """Send every receiver its pending events in one message; what is not accepted stays pending, with a line on stderr."""
    if not found:
        return []
    known = collect_events(app, catalog)
    with catalog.transaction():
        deliveries.close_lasting_events(catalog, known, catalog.now)
    return [row for receiver in found for row in _deliver_to(app, catalog, receiver, known)]


def _deliver_to(
    app: App, catalog: CatalogStore, receiver: Receiver, known: Sequence[Event]
) -> Iterator[EventDelivery]:
    if receiver.service is None:
        output.echo(f"cardwatch: notify: {receiver.label}: {UNUSABLE_ADDRESS}", err=True)
        return
    news = deliveries.pending_events(catalog, receiver.id, known, app.now())
    if not news:
        return
    with catalog.transaction():
        deliveries.record_sending(catalog, receiver.id, news, catalog.now)
    took = _send_message(receiver, news)
    with catalog.transaction():
        if took:
            deliveries.mark_delivered(catalog, receiver.id, news, catalog.now)
        else:
            deliveries.cancel_delivery(catalog, receiver.id, news)
    if not took:
        waiting = f"{count_noun(len(news), 'event')} {'waits' if len(news) == 1 else 'wait'} for the next run"
        output.echo(f"cardwatch: notify: {receiver.label} did not take the message; {waiting}", err=True)
    for event in news:
        yield _event_delivery(receiver.label, event, "told" if took else "untold")


def _send_message(receiver: Receiver, news: Sequence[Event]) -> bool:
    heading = message_title(news)
    alarm = any(event.kind in ("failing", "stale") for event in news)
    return receiver.send_message(heading, message_text(news, receiver.text_limit(heading)), alarm=alarm)


def undelivered_events(app: App, catalog: CatalogReports, found: Sequence[Receiver]) -> list[EventDelivery]:
    """Return what each receiver would be sent now, and what it may have missed; nothing is written.

    Without a receiver: what one that was put into the settings now would be sent.
    """
    known = collect_events(app, catalog)
    rows = []
    named: list[tuple[str | None, str]] = [(receiver.label, receiver.id) for receiver in found]
    for label, name in named or [(None, "")]:
        unsure = deliveries.uncertain(catalog, name, app.now())
        rows += [EventDelivery(label, kind, at, text, "unsure") for kind, at, text in unsure]
        rows += [
            _event_delivery(label, event, "untold")
            for event in deliveries.pending_events(catalog, name, known, app.now())
        ]
    return rows


def _event_delivery(receiver: str | None, event: Event, state: str) -> EventDelivery:
    return EventDelivery(receiver, event.kind, event.at, event.text, state, event.source, event.model)
