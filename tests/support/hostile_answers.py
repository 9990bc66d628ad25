"""Answers that no server should give, each with what is right to say of it: the start of its outcome and reason."""

from __future__ import annotations

import gzip
import zlib
from http.client import responses

from support.loopback import Answer, Asked, Handler, LoopbackSite
from support.odd_records import JSON, PAGE, chunked, page

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(PAGE)
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n"
READ, NO_HTTP, NO_JSON = "read ", "error no HTTP: ", "unparsed body: wanted JSON"
NOT_LISTED, TWO_WAYS = "error host ", "error a URL that two readers may read differently"


class WireHandler(Handler):
    """Answers of status 0 go out byte by byte as they are."""

    def send(self, answer: Answer, asked: Asked) -> None:
        if answer.status:
            super().send(answer, asked)
            return
        self.close_connection = True
        assert isinstance(answer.body, bytes)
        self.wfile.write(answer.body)


class WireSite(LoopbackSite):
    """A site that can also send what is no HTTP."""

    handler = WireHandler


def wire(data: bytes) -> Answer:
    return Answer(data, 0)


def typed(content_type: str, body: bytes = PAGE) -> Answer:
    return Answer(body, headers={"Content-Type": content_type})


def coded(coding: str, body: bytes) -> Answer:
    return Answer(body, headers={JSON[0]: JSON[1], "Content-Encoding": coding})


def linking(links: bytes) -> Answer:
    """Return a listing with further members of its JSON."""
    return typed(JSON[1], PAGE[:-1] + b", " + links + b"}")


def with_header(line: bytes) -> Answer:
    return wire(OK + line + b"\r\n" + LENGTH + PAGE)


def with_status(line: bytes) -> Answer:
    return wire(line + b"\r\nContent-Type: application/json\r\n" + LENGTH + PAGE)


BLOCKED = (401, 402, 403, 407, 451)
ERRORS = (
    *(
        201,
        202,
        203,
        204,
        205,
        206,
        207,
        226,
        299,
        300,
        301,
        305,
        306,
        399,
        400,
        404,
        405,
        406,
        410,
        418,
        421,
    ),
    *(425, 429, 499, 500, 501, 502, 503, 504, 511, 520, 599, 600, 999),
)
STATUSES = {
    f"status {code}": (
        Answer(b"" if code in (204, 205) else PAGE, code), f"{outcome} HTTP {code} {responses.get(code, '')}".strip()
    )
    for outcome, codes in (("blocked", BLOCKED), ("error", ERRORS)) for code in codes
}  # fmt: skip
LINES = {
    "304 to nobody": (Answer(b"", 304), "error HTTP 304 to a request without a validator"),
    "100 first": (wire(b"HTTP/1.1 100 x\r\n\r\n" + OK + LENGTH + PAGE), READ),
    "103 first": (wire(b"HTTP/1.1 103 x\r\nLink: </x>\r\n\r\n" + OK + LENGTH + PAGE), READ),
    "102 a thousand times": (wire(b"HTTP/1.1 102 x\r\n\r\n" * 1000 + OK + LENGTH + PAGE), READ),
    "101": (wire(b"HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\n" + OK + LENGTH + PAGE), "error "),
    "no phrase": (with_status(b"HTTP/1.1 200"), READ),
    "phrase with an escape": (with_status(b"HTTP/1.1 200 O\x1b[31mK"), READ),
    "HTTP/1.0": (with_status(b"HTTP/1.0 200 OK"), READ),
    "HTTP/2 in clear": (with_status(b"HTTP/2 200 OK"), NO_HTTP),
    "HTTP/9.9": (with_status(b"HTTP/9.9 200 OK"), NO_HTTP),
    "another protocol": (with_status(b"ICY 200 OK"), NO_HTTP),
    "no protocol": (with_status(b"200 OK"), NO_HTTP),
    "status 2000": (with_status(b"HTTP/1.1 2000 OK"), NO_HTTP),
    "status -1": (with_status(b"HTTP/1.1 -1 OK"), NO_HTTP),
    "status 0x1": (with_status(b"HTTP/1.1 0x1 OK"), NO_HTTP),
    "status of odd digits": (with_status(b"HTTP/1.1 \xb200 OK"), NO_HTTP),
    "tabs in the line": (with_status(b"HTTP/1.1\t200\tOK"), NO_HTTP),
    "small letters": (with_status(b"http/1.1 200 OK"), NO_HTTP),
    "a line of 100,000": (with_status(b"HTTP/1.1 200 " + b"x" * 100_000), NO_HTTP),
    "nothing": (wire(b""), "error Server disconnected"),
    "empty lines": (wire(b"\r\n" * 9999), "error "),
    "TLS": (wire(b"\x15\x03\x01\x00\x02\x02\x28"), NO_HTTP),
    "every byte": (wire(bytes(range(256))), NO_HTTP),
    "HTTP/0.9": (wire(b"<html>hello"), NO_HTTP),
    "headers without end": (wire(OK), "error Server disconnected inside its headers"),
    "a header without end": (wire(OK + b"X-A: b"), "error Server disconnected inside its headers"),
    "line feeds alone": (wire((OK + LENGTH).replace(b"\r", b"") + PAGE), READ),
    "returns alone": (wire((OK + LENGTH).replace(b"\n", b"") + PAGE), NO_HTTP),
    "two answers at once": (wire((OK + LENGTH + PAGE) * 2), READ),
    "length left out": (wire(OK + b"\r\n" + PAGE), READ),
    "length too large": (wire(OK + b"Content-Length: 900\r\n\r\n" + PAGE), "error Response payload is not completed"),
    "length too small": (wire(OK + b"Content-Length: 9\r\n\r\n" + PAGE), "error "),
    "length twice": (with_header(b"Content-Length: 3"), NO_HTTP),
    "length below zero": (wire(OK + b"Content-Length: -3\r\n\r\n" + PAGE), NO_HTTP),
    "length in words": (wire(OK + b"Content-Length: lots\r\n\r\n" + PAGE), NO_HTTP),
    "length of thirty digits": (wire(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + PAGE), NO_HTTP),
    "chunks": (wire(OK + CHUNKS + chunked()), READ),
    "chunks with trailers": (wire(OK + CHUNKS + chunked(last=b"0\r\nSet-Cookie: a\r\n\r\n")), READ),
    "chunks without the last": (wire(OK + CHUNKS + chunked(last=b"")), "error Response payload is not completed"),
    "chunk of no size": (wire(OK + CHUNKS + b"zz\r\n" + PAGE), NO_HTTP),
    "chunk below zero": (wire(OK + CHUNKS + b"-5\r\n" + PAGE), NO_HTTP),
    "chunk of an exabyte": (wire(OK + CHUNKS + b"f" * 16 + b"\r\n" + PAGE), "error "),
    "chunks and a length": (wire(OK + b"Transfer-Encoding: chunked\r\n" + LENGTH + chunked()), NO_HTTP),
    "chunks in chunks": (wire(OK + CHUNKS + chunked(chunked())), NO_JSON),
}  # fmt: skip
HEADERS = {
    "folded header": (with_header(b"X-A: a\r\n b"), READ),
    "header of Latin-1": (with_header(b"X-A: caf\xe9"), READ),
    "header with an escape": (with_header(b"X-A: \x1b]0;x\x07"), READ),
    "header without a colon": (with_header(b"garbage"), NO_HTTP),
    "header without a name": (with_header(b": x"), NO_HTTP),
    "header with NUL": (with_header(b"X-A: a\0b"), NO_HTTP),
    "header of 9,000": (with_header(b"X-A: " + b"y" * 9000), NO_HTTP),
    "5,000 cookies": (with_header(b"\r\n".join([b"Set-Cookie: a=b"] * 5000)), NO_HTTP),
    "100 cookies": (with_header(b"\r\n".join([b"Set-Cookie: a=b"] * 100)), READ),
    "two content types": (with_header(b"Content-Type: image/png"), READ),
    "ETag without quotes": (with_header(b"ETag: abc"), READ),
    "ETag of bytes": (with_header(b'ETag: "\xff"'), READ),
    "ETag of 7,000": (with_header(b'ETag: "%s"' % (b"a" * 7000)), READ),
    "two ETags": (with_header(b'ETag: "a"\r\nETag: "b"'), READ),
    "modified in year 0": (with_header(b"Last-Modified: Sat, 01 Jan 0000 00:00:00 GMT"), READ),
    "modified in a leap second": (with_header(b"Last-Modified: Sat, 31 Dec 2016 23:59:60 GMT"), READ),
    "modified in year 9999": (with_header(b"Last-Modified: Fri, 31 Dec 9999 23:59:59 GMT"), READ),
    "modified yesterday": (with_header(b"Last-Modified: yesterday"), READ),
    "Age of fourteen digits": (with_header(b"Age: 99999999999999"), READ),
    "Age below zero": (with_header(b"Age: -5"), READ),
    "Age as a list": (with_header(b"Age: 1, 2"), READ),
    "Date of never": (with_header(b"Date: never"), READ),
    "max-age without end": (with_header(b"Cache-Control: max-age=99999999999999999999"), READ),
    "Refresh": (with_header(b"Refresh: 0; url=/elsewhere"), READ),
    "Alt-Svc": (with_header(b'Alt-Svc: h3=":443"'), READ),
    "Content-Location of a file": (with_header(b"Content-Location: file:///etc/passwd"), READ),
    "Retry-After of words": (Answer(b"busy", 429, {"Retry-After": "soon"}), "error HTTP 429"),
    "Retry-After of nan": (Answer(b"busy", 503, {"Retry-After": "nan"}), "error HTTP 503"),
    "Retry-After on 31 February": (
        Answer(b"busy", 503, {"Retry-After": "Tue, 31 Feb 2026 00:00:00 GMT"}), "error HTTP 503"),
    "Retry-After in 1970": (Answer(b"busy", 503, {"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}), "error HTTP 503"),
}  # fmt: skip
GZIP = gzip.compress(PAGE)
NOT_ASKED = "error encoding: wanted gzip, found "
CODINGS = {
    "gzip": (coded("gzip", GZIP), READ),
    "gzip by another name": (coded(" X-GZIP ", GZIP), READ),
    "gzip in two members": (coded("gzip", gzip.compress(PAGE[:5]) + gzip.compress(PAGE[5:])), READ),
    "gzip with padding": (coded("gzip", GZIP + bytes(9)), READ),
    "gzip with a long name": (coded("gzip", GZIP[:3] + b"\x08" + GZIP[4:10] + b"n" * 65_535 + b"\0" + GZIP[10:]), READ),
    "gzip cut off": (coded("gzip", GZIP[:-12]), "error body: wanted all of gzip"),
    "gzip without its check sum": (coded("gzip", GZIP[:-8]), "error body: wanted all of gzip"),
    "gzip of another check sum": (coded("gzip", GZIP[:-8] + b"12345678"), "error body: wanted gzip, found CRC"),
    "gzip that is none": (coded("gzip", PAGE), "error body: wanted gzip, found Not a gzipped file"),
    "gzip of nothing": (coded("gzip", b""), "unparsed body: wanted a page"),
    "gzip of empty members": (coded("gzip", gzip.compress(b"") * 9999), "unparsed body: wanted a page"),
    "gzip in gzip": (coded("gzip, gzip", gzip.compress(GZIP)), NOT_ASKED),
    "deflate": (coded("deflate", zlib.compress(PAGE)), NOT_ASKED),
    "Zstandard": (coded("zstd", b"\x28\xb5\x2f\xfd"), NOT_ASKED),
    "a charset": (coded("utf-8", PAGE), NOT_ASKED),
    "identity": (coded("identity", PAGE), READ),
}  # fmt: skip
BODIES = {
    "a byte order mark": (typed(JSON[1], b"\xef\xbb\xbf" + PAGE), READ),
    "two byte order marks": (typed(JSON[1], b"\xef\xbb\xbf" * 2 + PAGE), NO_JSON),
    "UTF-16": (typed(JSON[1], PAGE.decode().encode("utf-16")), READ),
    "UTF-16 without a mark": (typed(JSON[1], PAGE.decode().encode("utf-16le")), NO_JSON),
    "charset utf-7": (typed("text/plain; charset=utf-7"), READ),
    "charset idna": (typed("text/plain; charset=idna"), "unparsed UnicodeError"),
    "charset punycode": (typed("text/plain; charset=punycode"), NO_JSON),
    "charset undefined": (typed("text/plain; charset=undefined"), "unparsed UnicodeError"),
    "charset zlib": (typed("text/plain; charset=zlib"), "unparsed LookupError"),
    "charset of 5,000": (typed("text/plain; charset=" + "x" * 5000), READ),
    "type of marks": (typed(";;;=,"), READ),
    "type of 5,000": (typed("a/" + "b" * 5000), READ),
    "type of a part": (typed("multipart/mixed; boundary=x", b"--x\r\n\r\n" + PAGE), NO_JSON),
    "NULs": (typed(JSON[1], bytes(999)), NO_JSON),
    "spaces": (typed(JSON[1], b" \n\t"), "unparsed body: wanted a page"),
    "nested arrays": (typed(JSON[1], b"[" * 99_999), NO_JSON),
    "nested objects": (typed(JSON[1], b'{"a":' * 99_999), NO_JSON),
    "NaN": (typed(JSON[1], b'{"data": NaN}'), NO_JSON),
    "a number of 99,999 digits": (linking(b'"n": ' + b"9" * 99_999), READ),
    "half a character": (typed(JSON[1], b'{"data": "\\ud800"}'), NO_JSON),
    "null": (typed(JSON[1], b"null"), "unparsed TypeError"),
    "two pages": (typed(JSON[1], PAGE * 2), NO_JSON),
    "entities without end": (
        typed("application/xml", b'<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><l>&b;</l>'), NO_JSON),
    "entity of a file": (
        typed("application/xml", b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'), NO_JSON),
    "an attribute for each of 50,000": (
        typed("text/html", b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">"), NO_JSON),
    "nested elements": (typed("text/html", b"<div>" * 50_000), NO_JSON),
    "a refresh in HTML": (typed("text/html", b'<meta http-equiv="refresh" content="0;url=/x">'), NO_JSON),
    "a challenge": (typed("text/html", b"<title>Just a moment...</title>"), "blocked challenge page"),
    "next that is itself": (linking(b'"next": "?"'), "unparsed next page: wanted a page not seen yet"),
    "next of a file": (linking(b'"next": "file:///etc/passwd"'), "error file scheme"),
    "next of a script": (linking(b'"next": "javascript:alert(1)"'), "unparsed ValueError: Missing scheme"),
    "next of half an address": (linking(b'"next": "http://[::1"'), "unparsed ValueError: Invalid IPv6"),
    "next elsewhere": (linking(b'"next": "http://10.0.0.1/"'), NOT_LISTED),
    "next with NUL": (linking(b'"next": "/a\\u0000b"'), "error HTTP 404"),
    "next of 20,000": (linking(b'"next": "/%s"' % (b"a" * 20_000)), "error HTTP 404"),
    "more that is no URL": (linking(b'"more": ["javascript:1", "mailto:x"]'), READ),
    "more with headers": (linking(b'"more": ["/a\\r\\nWARC-Type: response\\r\\nX: y"]'), READ),
    "more that is no text": (linking(b'"more": [5, null, {}]'), READ),
    "more on 50 hosts": (
        linking(b'"more": [' + b",".join(b'"http://other%d.example/"' % n for n in range(50)) + b"]"), READ),
}  # fmt: skip
PLACES = {
    "file:///etc/passwd": "error HTTP 302", "data:application/json,{}": "error HTTP 302",
    "ftp://HOST/": "error HTTP 302", "javascript:alert(1)": "error Missing scheme", "": "error max redirections",
    "//": "error max redirections", "///x": NOT_LISTED, "http://[::1": "error Invalid IPv6 URL",
    "http://u:p@HOST/ok": TWO_WAYS, "http://HOST@evil.example/": TWO_WAYS, "http://example.org/": NOT_LISTED,
    "http://127.0.0.1:99999/": "error Port out of range", "http://127.0.0.1:-1/": "error Port could not be cast",
    "http://127.0.0.1:x/": "error Port could not be cast", "http://127.0.0.1:0/": "error robots.txt unreachable",
    "http://169.254.169.254/latest": NOT_LISTED, "http://metadata.google.internal/": NOT_LISTED,
    "http://2130706433/": TWO_WAYS, "http://0x7f.1/": TWO_WAYS, "http://0177.0.0.1/": TWO_WAYS,
    # A mapped address is written in one way up to Python 3.12 and in another since; both are refused.
    "http://127.1/": TWO_WAYS, "http://[::ffff:127.0.0.1]/": "error ", "http://[fe80::1%25eth0]/": TWO_WAYS,
    "http://127.0.0.1./ok": TWO_WAYS, "http://b\xfccher.example/": TWO_WAYS, "/o k": "error HTTP 404",
    "/%0d%0aX: y": "error HTTP 404", "/caf\xe9": "error HTTP 404", "/a\0b": NO_HTTP, "/" + "a" * 20_000: NO_HTTP,
    "\\\\evil.example\\x": "error HTTP 404", "ws://HOST/ok": "error HTTP 302", "SELF": "error max redirections",
    "SELF#x": "error max redirections", "?again": "error HTTP 404", "/login": "blocked login wall",
    "/": "unparsed redirected to a home page", "/ok": READ, "/ok#a#b": READ, "/../../ok": READ, "http:/ok": READ,
    "//HOST/ok": READ, "HTTP://HOST/ok": READ, "\t/ok\t": READ,
}  # fmt: skip
"""Where a redirect leads."""


def hostile_answers(host: str) -> dict[str, tuple[Answer, str]]:
    """Return answers by the paths that give them on `host`, and what is right to say of each."""
    given = [*STATUSES.values(), *LINES.values(), *HEADERS.values(), *CODINGS.values(), *BODIES.values()]
    answers = {f"/{number}": each for number, each in enumerate(given)}
    for number, (place, right) in enumerate(PLACES.items(), len(given)):
        location = place.replace("HOST", host).replace("SELF", f"/{number}")
        answers[f"/{number}"] = (Answer(b"", 302, {"Location": location}), right)
    return answers


SOUND = page("5")
