"""The internet of a test: a proxy on loopback that answers real https:// URLs from what the test wrote down.

Certificates are real too, by an authority of the test's own, which the environment it returns trusts.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import trustme

from support.loopback import Answer, Asked, Handler, LoopbackSite, Script

TYPES = {
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".yml": "text/plain; charset=utf-8",
}
AUTHORITY = trustme.CA()


@cache
def host_certificate(host: str) -> ssl.SSLContext:
    """Return what a server called `host` shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(host).configure_cert(context)
    return context


class Tunnel(Handler):
    """Takes CONNECT, then speaks as the host it was asked for."""

    def do_CONNECT(self) -> None:  # noqa: N802
        host, _, port = self.path.rpartition(":")
        site = self.server.site
        assert isinstance(site, ProxiedHosts)
        if host not in site.hosts:
            self.send_error(502, f"no such host: {host}")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.origin = f"https://{host}" + ("" if port == "443" else f":{port}")
        try:
            self.connection = host_certificate(host).wrap_socket(self.connection, server_side=True)
        except (ssl.SSLError, OSError):
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def finish(self) -> None:
        super().finish()
        self.connection.close()


class ProxiedHosts(LoopbackSite):
    """Answers by URL. A host exists once one of its URLs answers; it has no robots.txt unless given one."""

    handler = Tunnel

    def __init__(self) -> None:
        super().__init__()
        self.hosts: set[str] = set()

    def url(self, path: str = "/") -> str:
        return path if path.startswith("https://") else super().url(path)

    def put(self, path: str, *answers: Script) -> str:
        if path.startswith("https://"):
            self.hosts.add(path.split("/")[2].partition(":")[0])
        return super().put(path, *answers)

    def serve(
        self, url: str, *pages: Path, etag: bool = True, headers: Mapping[str, str] | None = None
    ) -> str:
        """Answer `url` with recorded pages, one a request and the last from then on."""
        made = [
            Answer(
                page.read_bytes(),
                headers={"Content-Type": TYPES.get(page.suffix, "text/plain"), **(headers or {})},
                etag=etag,
            )
            for page in pages
        ]
        return self.put(url, *made)

    def down(self, host: str) -> None:
        """Take a host off the net."""
        self.hosts.discard(host)

    def asked_of(self, host: str) -> list[Asked]:
        """Return the requests that reached one host, robots.txt left out."""
        start = f"https://{host}/"
        return [a for a in self.log if a.url.startswith(start) and a.url != start + "robots.txt"]

    def environment(self, folder: Path) -> dict[str, str]:
        """Return the environment variables that lead a program here; the authority is written to `folder`."""
        trusted = folder / "authority.pem"
        AUTHORITY.cert_pem.write_to_path(str(trusted))
        proxy = super().url("")
        return {
            "HTTPS_PROXY": proxy,
            "HTTP_PROXY": proxy,
            "https_proxy": proxy,
            "http_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "SSL_CERT_FILE": str(trusted),
        }
