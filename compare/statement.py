"""One sentence of a comparison."""

from __future__ import annotations

from typing import NamedTuple

from cardwatch.compare.rules.statement_rules import StatementSection


class Statement(NamedTuple):
    """The rule that made it, what it is about (a, b or pair), and the ids of every fact it leans on."""

    id: str
    rule: str
    section: StatementSection
    about: str
    text: str
    facts: tuple[str, ...]
