"""A record written the plain way, as Cardwatch writes it, taken apart in one go; any other is for warcio to read."""

from __future__ import annotations

import re
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

_LINES = rb"(?:[!-9;-~]+:[ -~]*\r\n)*\r\n"
_WARC_HEAD = re.compile(rb"(WARC/1\.[01])()\r\n(" + _LINES + rb")")
_HTTP_HEADS = {
    "request": re.compile(rb"(GET)( [ -~]*)\r\n(" + _LINES + rb")"),
    "response": re.compile(rb"(HTTP/1\.[01])( [ -~]*)\r\n(" + _LINES + rb")"),
}
_HTTP_HEADS["revisit"] = _HTTP_HEADS["response"]
_AFTER_RECORD = b"\r\n\r\n"


def parse_plain_record(content: bytes) -> ArcWarcRecord | None:
    """Return the record that is all of `content`, as warcio gives it; None for one that asks for more than this."""
    head = _WARC_HEAD.match(content)
    if head is None:
        return None
    headers = _parse_head(head)
    get_header = headers.get_header
    length, url = get_header("Content-Length", ""), get_header("WARC-Target-URI", "")
    if not re.fullmatch("[0-9]{1,12}", length) or url.startswith("<") or " " in url:
        return None
    end = head.end() + int(length)
    if content[end:] != _AFTER_RECORD:
        return None
    kind, http, start = get_header("WARC-Type"), None, head.end()
    if kind in _HTTP_HEADS and int(length):
        http_head = _HTTP_HEADS[kind].match(content, start, end)
        if http_head is None or not url.startswith(("http:", "https:")):
            return None
        http, start = _parse_head(http_head), http_head.end()
    body = BytesIO(content[start:end])
    sizes = {"payload_length": end - start if http else -1}
    return ArcWarcRecord("warc", kind, headers, body, http, get_header("Content-Type"), int(length), **sizes)


def _parse_head(head: re.Match[bytes]) -> StatusAndHeaders:
    protocol, status, lines = (part.decode("ascii") for part in head.groups())
    pairs = (line.partition(":") for line in lines.splitlines() if line)
    return StatusAndHeaders(status.strip(), [(name, value.strip()) for name, _, value in pairs], protocol)
