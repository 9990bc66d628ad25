"""Transfer and content codings of an archived body: undone strictly, so that a part never passes for the whole."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import brotli

LARGEST_BODY = 64 << 20
"""Bytes that a body may unpack to: the largest listing we know has 5 MB."""
MOST_CODINGS = 8
_GZIP_START = b"\x1f\x8b"
_CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_LINE_END = re.compile(rb"\r?\n")


class CodingError(ValueError):
    """A coding cannot be undone; says what was wanted and found."""


class TooLargeError(CodingError):
    """A body unpacks to more than it may."""


def undo_codings(body: bytes, transfer: str, content: str) -> bytes:
    """Return a body without the codings that its Transfer-Encoding and Content-Encoding name, last one first.

    What shows no sign of a coding is taken as decoded before it was archived, as many crawlers do. Raises CodingError.
    """
    names = [*_names(content), *_names(transfer)]
    if len(names) > MOST_CODINGS:
        raise CodingError(f"wanted at most {MOST_CODINGS} codings, found {len(names)}")
    for name in reversed(names):
        body = (
            _DECODERS[name](body)
            if name in _DECODERS
            else _as_decoded(body, f"a known coding instead of {name}")
        )
    return body


def undo_chunks(body: bytes) -> bytes:
    """Return a body without its transfer coding in chunks, or as it is where it has none. Raises CodingError."""
    return b"".join(_chunks(body)) if _is_chunked(body) else body


def _names(header: str) -> Iterator[str]:
    names = (name.strip().lower() for name in header.split(","))
    return (name for name in names if name not in ("", "identity"))


def _is_chunked(body: bytes) -> bool:
    """Say whether a body starts with a chunk: its size, so many bytes or the end of the body, and a line end."""
    line = _CHUNK_LINE.match(body)
    if line is None:
        return False
    end = line.end() + int(line[1], 16)
    return end + 1 >= len(body) or _LINE_END.match(body, end) is not None or int(line[1], 16) == 0


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while line := _CHUNK_LINE.match(body, at):
        end = line.end() + int(line[1], 16)
        if end == line.end():
            return  # trailers may follow
        if end > len(body):
            break
        yield body[line.end() : end]
        after = _LINE_END.match(body, end)
        at = after.end() if after else end
    raise CodingError(f"wanted chunks up to an empty one, found none at byte {at} of {len(body)}")


def gunzip(body: bytes, limit: int) -> bytes:
    """Return the content of all gzip members of a body, zeros behind them aside. Raises CodingError."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as members:
            found = members.read(limit + 1)
    except EOFError:
        raise CodingError("wanted all of gzip, found its start") from None
    except (OSError, zlib.error) as error:
        raise CodingError(f"wanted gzip, found {error}") from None
    return _within(found, limit)


def _gunzip(body: bytes) -> bytes:
    return gunzip(body, LARGEST_BODY) if body.startswith(_GZIP_START) else _as_decoded(body, "gzip")


def _undeflate(body: bytes) -> bytes:
    """Unpack deflate, with the frame that the standard wants or without it, as some servers send it."""
    framed = len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    try:
        return _inflate(zlib.decompressobj(wbits=15 if framed else -15), body)
    except CodingError:
        if framed:
            raise
        return _as_decoded(body, "deflate")


def _inflate(unpacker: zlib._Decompress, body: bytes) -> bytes:
    try:
        found = _within(unpacker.decompress(body, LARGEST_BODY + 1), LARGEST_BODY)
    except zlib.error as error:
        raise CodingError(f"wanted deflate, found {error}") from None
    if not unpacker.eof:
        raise CodingError("wanted all of deflate, found its start")
    return found


def _unbrotli(body: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        found = _within(unpacker.process(body, output_buffer_limit=LARGEST_BODY + 1), LARGEST_BODY)
    except brotli.error as error:
        raise CodingError(f"wanted Brotli, found {error}") from None
    if not unpacker.is_finished():
        raise CodingError("wanted all of Brotli, found its start")
    return found


def _as_decoded(body: bytes, name: str) -> bytes:
    """Return a body that shows no sign of its coding, where it is text."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise CodingError(f"wanted {name}, found bytes that are neither that nor text") from None
    return body


def _within(found: bytes, limit: int) -> bytes:
    if len(found) > limit:
        raise TooLargeError(f"wanted at most {limit} bytes, found more")
    return found


_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "chunked": undo_chunks,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
}
