"""Which rules read a page: when they change, pages already in the archive are worth reading again."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def rules_version() -> str:
    """Return a digest of every rule and word list of this package: 16 hex digits."""
    digest = sha256()
    package = files("cardwatch.normalize")
    for file in sorted([*package.iterdir(), *(package / "identity").iterdir()], key=lambda file: file.name):
        if file.name.endswith((".py", ".toml")):
            digest.update(f"{file.name}\0".encode())
            digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]
