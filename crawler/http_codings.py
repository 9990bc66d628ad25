"""Transfer and content codings of an archived body: undone strictly, so that a part never passes for the whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping

import brotli

LARGEST_BODY = 64 << 20
"""Bytes that a body may unpack to: the largest listing we know has 5 MB."""
_GZIP_START = b"\x1f\x8b"
_CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_LINE_END = re.compile(rb"\r?\n")


class CodingError(ValueError):
    """A coding cannot be undone; says what was wanted and found."""


def undo_codings(body: bytes, transfer: str, content: str) -> bytes:
    """Return a body without the codings that its Transfer-Encoding and Content-Encoding name, last one first.

    What shows no sign of a coding is taken as decoded before it was archived, as many crawlers do. Raises CodingError.
    """
    for name in reversed([*_names(content), *_names(transfer)]):
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


def _gunzip(body: bytes) -> bytes:
    """Unpack all gzip members; what follows them and is none is padding."""
    found = b""
    while body.startswith(_GZIP_START):
        unpacker = zlib.decompressobj(wbits=31)
        found += _inflate(unpacker, body, "gzip", LARGEST_BODY - len(found))
        body = unpacker.unused_data
        if not body.startswith(_GZIP_START):
            return found
    return _as_decoded(body, "gzip")


def _undeflate(body: bytes) -> bytes:
    """Unpack deflate, with the frame that the standard wants or without it, as some servers send it."""
    framed = len(body) > 1 and body[0] & 15 == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    try:
        return _inflate(zlib.decompressobj(wbits=15 if framed else -15), body, "deflate", LARGEST_BODY)
    except CodingError:
        if framed:
            raise
        return _as_decoded(body, "deflate")


def _inflate(unpacker: zlib._Decompress, body: bytes, name: str, room: int) -> bytes:
    try:
        found = unpacker.decompress(body, room + 1)
    except zlib.error as error:
        raise CodingError(f"wanted {name}, found {error}") from None
    if len(found) > room:
        raise _too_large()
    if not unpacker.eof:
        raise CodingError(f"wanted all of {name}, found its start")
    return found


def _unbrotli(body: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    try:
        found: bytes = unpacker.process(body, output_buffer_limit=LARGEST_BODY + 1)
    except brotli.error as error:
        raise CodingError(f"wanted Brotli, found {error}") from None
    if len(found) > LARGEST_BODY:
        raise _too_large()
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


def _too_large() -> CodingError:
    return CodingError(f"wanted at most {LARGEST_BODY >> 20} MB, found more")


_DECODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "chunked": undo_chunks,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
}
