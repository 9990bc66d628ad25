"""One sentence of a comparison."""

from __future__ import annotations

from msgspec import Struct

from cardwatch.compare.rules.statement_rules import StatementSection


class Statement(Struct, frozen=True, gc=False):
    """The rule that made it, what it is about (a, b or pair), and the ids of every fact it leans on.

    Its JSON is its fields, in this order.
    """

    id: str
    rule: str
    section: StatementSection
    about: str
    text: str
    facts: tuple[str, ...]
