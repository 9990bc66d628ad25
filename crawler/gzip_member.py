"""One gzip member as a stream that vouches for its bytes: what reads it knows whether they are all as packed."""

from __future__ import annotations

import zlib
from typing import IO

FIRST_BLOCK, BLOCK = 1 << 11, 1 << 16
"""Bytes read at once: of a member's start, as most are small, and of the rest."""
LARGEST_CONTENT = 1 << 30
"""Bytes that a member may unpack to: a page has a thousandth, and a bomb takes hours."""
UNPACKED_BLOCK = 1 << 20
"""Bytes given at once at most: a line of many megabytes is put together from few pieces."""
HEADER_SIZE = 10
MAGIC = b"\x1f\x8b\x08"


class GzipMemberError(ValueError):
    """The bytes are no sound gzip member."""


class GzipCutOffError(GzipMemberError):
    """The file ends before its gzip member does."""


def pack_member(content: bytes) -> bytes:
    """Return a gzip member of this content, made in one call: a compressor kept for several costs twice as much."""
    return zlib.compress(content, wbits=31)


class GzipMember:
    """The content of the gzip member at `start` of a file, block by block; `end` is known once all is read."""

    def __init__(self, file: IO[bytes], start: int) -> None:
        file.seek(start)
        self._file = file
        self._unpacker = zlib.decompressobj(wbits=31)
        self._position = 0
        self._next_size = FIRST_BLOCK
        self.end = start

    @property
    def is_read(self) -> bool:
        """Say whether all of the content has been read."""
        return self._unpacker.eof

    def tell(self) -> int:
        """Return how many bytes of the content have been read."""
        return self._position

    def read(self, size: int = UNPACKED_BLOCK) -> bytes:
        """Return the next bytes, b"" at the end; as many as come at once, not `size`. Raises GzipMemberError."""
        found = b""
        while not found and not self._unpacker.eof:
            packed = self._unpacker.unconsumed_tail or self._read_file()
            try:
                found = self._unpacker.decompress(packed, UNPACKED_BLOCK)
            except zlib.error as error:
                raise GzipMemberError(str(error)) from None
        if self._unpacker.eof:
            self.end = self._file.tell() - len(self._unpacker.unused_data)
        self._position += len(found)
        if self._position > LARGEST_CONTENT:
            raise GzipMemberError(f"unpacks to more than {LARGEST_CONTENT >> 20} MB")
        return found

    def _read_file(self) -> bytes:
        packed = self._file.read(self._next_size)
        self._next_size = BLOCK
        if not packed:
            raise GzipCutOffError("the file ends inside a gzip member")
        return packed
