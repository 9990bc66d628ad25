"""What a comparison is made with, beside the two models."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from msgspec import Struct, field

from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK

HERE = Path(__file__).parent
ROOMS = ("", "render", "rules", "wording")
GENERATION = 1
"""Raised by a person when the page changes in kind; the digest beside it follows every edit."""


@cache
def template_version() -> str:
    """Return the version of rules and renderings: changes with any line of this package."""
    digest = hashlib.sha256()
    for room in ROOMS:
        for file in sorted((HERE / room).glob("*.py")):
            digest.update(f"{room}/{file.name}\0".encode())
            digest.update(file.read_bytes())
    return f"{GENERATION}-{digest.hexdigest()[:8]}"


class CompareSettings(Struct, frozen=True):
    """Monthly traffic in million tokens, and the version of the page. Raises ValueError below zero."""

    input_mtok: int = INPUT_MTOK
    output_mtok: int = OUTPUT_MTOK
    template: str = field(default_factory=template_version)

    def __post_init__(self) -> None:
        if self.input_mtok < 0 or self.output_mtok < 0:
            found = f"{self.input_mtok} and {self.output_mtok}"
            raise ValueError(f"traffic: wanted million tokens from 0 up, found {found}")

    @property
    def traffic(self) -> str:
        """The traffic in words, as it is printed beside every cost."""
        return f"{self.input_mtok:,}M input and {self.output_mtok:,}M output tokens a month"
