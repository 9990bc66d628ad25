"""The folders of the exported site below `/site/`, which Datasette serves by file names alone."""

from __future__ import annotations

from typing import Any

from cardwatch.inspection.links import SITE, Asgi, Send
from cardwatch.site.places import PAGE


def open_site_folders(app: Asgi) -> Asgi:
    """Return `app` with the page of a folder at the folder's address, as web servers have it."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path == f"/{SITE}":
            await send(
                {
                    "type": "http.response.start",
                    "status": 302,
                    "headers": [(b"location", f"/{SITE}/".encode())],
                }
            )
            await send({"type": "http.response.body", "body": b""})
        elif path.startswith(f"/{SITE}/") and path.endswith("/"):
            page = {"path": path + PAGE, "raw_path": scope["raw_path"] + PAGE.encode()}
            await app({**scope, **page}, receive, send)
        else:
            await app(scope, receive, send)

    return wrapped
