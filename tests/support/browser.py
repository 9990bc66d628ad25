"""Chromium for tests: what a page asked for and complained of, and the axe-core rules over it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Debian's Chromium; skips the test where it or playwright is absent."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@dataclass
class WatchedPage:
    """A page, every address it asked for, and everything it complained of."""

    page: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def outside(self, *inside: str) -> list[str]:
        """Return what was asked of others than `inside`."""
        return [url for url in self.asked if not url.startswith(inside)]

    def opens(self, url: str) -> Any:
        """Go to an address."""
        self.page.goto(url)
        return self.page


@contextmanager
def watch_page(browser: Any, **options: Any) -> Iterator[WatchedPage]:
    """Open a fresh page; `options` are those of a browser context (viewport, color_scheme …)."""
    context = browser.new_context(**options)
    page = context.new_page()
    seen = WatchedPage(page)
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", lambda request: seen.complaints.extend(failed_request(request)))
    page.on("pageerror", lambda error: seen.complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (seen.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
    yield seen
    context.close()


def failed_request(request: Any) -> list[str]:
    """Return the complaint about a request that failed, none if we went elsewhere before its answer."""
    return [] if "ERR_ABORTED" in (request.failure or "") else [f"failed: {request.url} {request.failure}"]


def serious_findings(page: Any) -> list[str]:
    """Return axe-core's serious and critical findings on a page; skips the test where axe-core is absent.

    Of long tables only the first rows are judged: the others are built alike.
    """
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm install --no-save axe-core")
    page.evaluate("document.querySelectorAll('tr:nth-child(n + 25)').forEach((row) => row.remove())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a word on stderr."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
