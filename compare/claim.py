"""One sentence of a comparison."""

from __future__ import annotations

from typing import NamedTuple

from cardwatch.compare.rules.claims import Section


class Claim(NamedTuple):
    """The rule that made it, what it is about (a, b or pair), and the ids of every fact it leans on."""

    id: str
    rule: str
    section: Section
    about: str
    text: str
    facts: tuple[str, ...]
