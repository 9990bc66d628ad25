"""Digests as WARC files state them: of any kind that hashlib knows, in hexadecimal, Base32 or Base64."""

from __future__ import annotations

import hashlib
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterable


def digest_agrees(stated: str, forms: Iterable[bytes]) -> bool:
    """Say whether a stated digest is that of one of these forms of a body; true of a kind that nobody knows.

    Crawlers differ in whether they count the bytes with their transfer coding, without it, or decoded.
    """
    kind, _, value = stated.strip().partition(":")
    name = kind.strip().lower().replace("-", "")
    if not value or name not in _FIXED_LENGTH:
        return True
    return any(value.strip() in _spellings(hashlib.new(name, form).digest(), value) for form in forms)


_FIXED_LENGTH = {name for name in hashlib.algorithms_guaranteed if not name.startswith("shake")}


def _spellings(digest: bytes, value: str) -> tuple[str, ...]:
    """Return a digest as it may be written, in capitals where `value` has them."""
    base32 = b32encode(digest).decode()
    spelled = (digest.hex(), digest.hex().upper(), base32, base32.lower())
    return (*spelled, base32.rstrip("="), b64encode(digest).decode(), urlsafe_b64encode(digest).decode())
