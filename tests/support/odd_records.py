"""Records of WARC files put together byte by byte, so that each may be as odd as another crawler makes it."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable

from support.loopback_crawls import listing

URL = "https://acme.example/list"
JSON = ("Content-Type", "application/json")
DAY = "2026-05-02T00:00:00Z"
HeaderLines = Iterable[tuple[str, str]]


def page(price: str = "1.9") -> bytes:
    """Return a listing of one item at a price."""
    body = listing(price).body
    assert isinstance(body, str)
    return body.encode()


PAGE = page()


def http(
    body: bytes = PAGE, headers: HeaderLines = (JSON,), *, status: str = "HTTP/1.1 200 OK",
    length: object = None, end: bytes = b"\r\n",
) -> bytes:  # fmt: skip
    """Return an HTTP answer; `length` is what it says of its body, None for the truth and "" for nothing."""
    size = len(body) if length is None else length
    lines = [status, *(f"{name}: {text}" for name, text in headers)]
    lines += [] if size == "" else [f"Content-Length: {size}"]
    return end.join(line.encode("latin-1") for line in lines) + end + end + body


def record(
    block: bytes | None = None, kind: str | None = "response", *, url: str | None = URL, date: str | None = DAY,
    version: str = "WARC/1.0", content_type: str | None = "application/http; msgtype=response", id: str = "<urn:x:1>",
    length: object = None, end: bytes = b"\r\n", tail: bytes = b"\r\n\r\n", **more: str,
) -> bytes:  # fmt: skip
    """Return a record; a header that is None is left out, and `more` are further ones with _ for -."""
    block = http() if block is None else block
    headers = {
        "WARC-Type": kind, "WARC-Record-ID": id, "WARC-Target-URI": url, "WARC-Date": date,
        "Content-Type": content_type, **{name.replace("_", "-"): text for name, text in more.items()},
        "Content-Length": len(block) if length is None else length,
    }  # fmt: skip
    lines = [version, *(f"{name}: {text}" for name, text in headers.items() if text is not None)]
    return end.join(line.encode("utf-8", "surrogateescape") for line in lines) + end + end + block + tail


def revisit(block: bytes | None = None, **headers: str) -> bytes:
    """Return a record that says its body came before, a day after the others."""
    profile = {"WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" if block is None else block
    stated = {"date": "2026-05-03T00:00:00Z", "id": "<urn:x:2>", **profile, **headers}
    return record(head, "revisit", **stated)  # type: ignore[arg-type]


INFO = record(b"software: other/1\r\n", "warcinfo", url=None, content_type="application/warc-fields")
SOUND = record(http(page("7")), date="2026-05-20T00:00:00Z", id="<urn:x:20>")
"""What follows the odd record, and must be read."""


def packed(*records: bytes) -> bytes:
    """Return records as one gzip member each."""
    return b"".join(map(gzip.compress, records))


def digest(kind: str, data: bytes = PAGE, spelling: str = "base32") -> str:
    """Return a digest as a WARC header states it."""
    made = hashlib.new(kind, data).digest()
    spellings = {"hex": made.hex(), "HEX": made.hex().upper(), "base64": base64.b64encode(made).decode()}
    return f"{kind}:{spellings.get(spelling) or base64.b32encode(made).decode()}"


def chunked(data: bytes = PAGE, *, last: bytes = b"0\r\n\r\n", extension: bytes = b"") -> bytes:
    """Return a body in chunks of seven bytes."""
    parts = [data[at : at + 7] for at in range(0, len(data), 7)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + last
