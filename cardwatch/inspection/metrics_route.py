"""The address `/metrics` beside Datasette's own, for Prometheus to ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from cardwatch.inspection.links import Asgi, Send

PATH = "/metrics"
_HEADERS = [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8"), (b"cache-control", b"no-store")]


def add_metrics_route(app: Asgi, metrics_text: Callable[[], str]) -> Asgi:
    """Return `app` with the metrics at /metrics, made anew at each request."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        body = (await asyncio.to_thread(metrics_text)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": body})

    return wrapped
