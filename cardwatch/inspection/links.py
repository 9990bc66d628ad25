"""A Datasette plugin: cells that lead to a model's row or to our pages, and headers that keep scripts at home."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pluggy
from markupsafe import Markup, escape

from cardwatch.inspection.metadata import DATABASE
from cardwatch.normalize.hidden_characters import write_out_hidden_lines

hookimpl = pluggy.HookimplMarker("datasette")

MODELS = ("model", "a", "b", "winner", "replacement")
SITE, ASSETS = "site", "assets"
"""Where the exported site and our own style are mounted."""
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'{0}; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CHARTS = "/-/dashboards"
Send = Callable[[dict[str, Any]], Awaitable[None]]
Asgi = Callable[[dict[str, Any], Any, Send], Awaitable[None]]


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """Turn a page of the site, and a model id in the answer of a question, into a link."""
    if not isinstance(value, str) or not value:
        return None
    if column == "page" and table in {"models", "comparisons"}:
        return _link(datasette.urls.path(f"{SITE}/{value}"), "page")
    if (shown := write_out_hidden_lines(value)) != value:
        return escape(shown)
    if table is None and column in MODELS and "/" in value:
        return _link(datasette.urls.row(DATABASE, "models", tilde_encode(value)), value)
    return None


def _link(href: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(href, text)


def tilde_encode(key: str) -> str:
    """Return a primary key as Datasette writes it in an address."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else _escaped(c) for c in key)


def _escaped(character: str) -> str:
    return "+" if character == " " else "".join(f"~{byte:02X}" for byte in character.encode())


@hookimpl
def asgi_wrapper() -> Callable[[Asgi], Asgi]:
    """Let pages load nothing from elsewhere; only charts may compile expressions."""
    return add_headers


def add_headers(app: Asgi) -> Asgi:
    """Return `app` with our headers on each of its answers."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Send) -> None:
        charts = CHARTS in scope.get("path", "")
        own = [
            (b"content-security-policy", POLICY.format(" 'unsafe-eval'" if charts else "").encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]

        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *own]}
            await send(message)

        await app(scope, receive, with_headers)

    return wrapped
