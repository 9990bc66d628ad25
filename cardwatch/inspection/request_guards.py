"""What every request to the served catalog must pass: a host of ours, and an answer in time."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import pluggy

from cardwatch.db.export.published_copy import bound_query_steps
from cardwatch.inspection.links import Asgi, Send

hookimpl = pluggy.HookimplMarker("datasette")

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})
ANSWER_SECONDS = 5.0
"""Until an answer begins: a page is several queries, each within Datasette's own limit."""
_HOST = re.compile(r"\[([0-9a-fA-F:.]{2,45})\](?::\d{1,5})?|([^\[\]:@/\s]{1,253})(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class ServedHosts:
    """The names a browser may know this server by.

    A page of another name, whose owner had it resolve to this machine (DNS rebinding), is not among them.
    """

    names: frozenset[str]
    any_address: bool

    @classmethod
    def of(cls, host: str, named: Iterable[str] = ()) -> ServedHosts:
        """Return those of a server that listens on `host`, with further names of it."""
        own = {host, *named, *LOOPBACK_NAMES}
        if host not in LOOPBACK_NAMES:
            own |= {socket.gethostname(), socket.getfqdn()}
        return cls(frozenset(name.casefold().rstrip(".") for name in own), host not in LOOPBACK_NAMES)

    def allows(self, header: str) -> bool:
        """Say whether a Host header names this server."""
        parts = _HOST.fullmatch(header)
        if parts is None:
            return False
        name = (parts[1] or parts[2]).casefold().rstrip(".")
        return name in self.names or (self.any_address and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def guard_requests(app: Asgi, hosts: ServedHosts, seconds: float = ANSWER_SECONDS) -> Asgi:
    """Return `app` behind a look at the Host header, and with a limit on how long an answer may take to begin."""

    async def guarded(scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif not _is_for_us(scope, hosts):
            await _answer(
                send, 400, "This server does not go by that name; `cardwatch serve --allow-host NAME`."
            )
        else:
            await _answer_in_time(app, scope, receive, send, seconds)

    return guarded


def _is_for_us(scope: dict[str, Any], hosts: ServedHosts) -> bool:
    """Say whether a request names this server, once."""
    host_headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    return len(host_headers) == 1 and hosts.allows(host_headers[0])


async def _answer_in_time(app: Asgi, scope: dict[str, Any], receive: Any, send: Send, seconds: float) -> None:
    limit = asyncio.timeout(seconds)

    async def begin(message: dict[str, Any]) -> None:
        limit.reschedule(None)
        await send(message)

    try:
        async with limit:
            await app(scope, receive, begin)
    except TimeoutError:
        if not limit.expired():
            raise
        await _answer(send, 503, f"This page takes more than {seconds:g} s; ask for less of it.")


async def _answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


@hookimpl
def prepare_connection(conn: Any) -> None:
    """Bound what one step of a query may do: Datasette looks at its time limits between steps."""
    bound_query_steps(conn)
