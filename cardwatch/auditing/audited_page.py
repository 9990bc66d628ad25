"""One comparison under audit: the document, what it was rendered as, and what must be so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from cardwatch.auditing.expected_pair import ExpectedPair
from cardwatch.auditing.expected_side import ExpectedSide
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.db.store.freshness_limits import FreshnessLimits

Json = dict[str, Any]
Text = tuple[str, str]
"""Where it stands, and the text."""


@dataclass(frozen=True)
class AuditedPage:
    """`today` is None when the page was rendered on another day."""

    truth: ExpectedPair
    document: Json
    views: tuple[RenderedPage, ...] = ()
    today: date | None = None
    limits: FreshnessLimits = field(default_factory=FreshnessLimits)

    @cached_property
    def facts(self) -> Mapping[str, Json]:
        """The document's facts by id."""
        return {fact["id"]: fact for fact in self.document["facts"]}

    def statements(self, *rules: str) -> list[Json]:
        """Return the statements that these rules made, or all of them."""
        return [statement for statement in self.document["claims"] if not rules or statement["rule"] in rules]

    def sided(self, *rules: str) -> Iterator[tuple[Json, ExpectedSide, ExpectedSide]]:
        """Yield the statements of these rules that are about a side, with that side and the other."""
        for statement in self.statements(*rules):
            if statement["about"] != "pair":
                this = self.truth.side(statement["about"])
                yield statement, this, self.truth.other(this)

    def texts(self) -> list[Text]:
        """Return every sentence of the document, and every question."""
        texts = [
            (f"claims.{statement['id']}", str(statement["text"])) for statement in self.document["claims"]
        ]
        return [*texts, *((f"faq.{n}", str(one["question"])) for n, one in enumerate(self.document["faq"]))]

    def scorecard_line(self, name: str) -> Json:
        """Return a line of the scorecard, {} if it has no such line."""
        return next((line for line in self.document["scorecard"] if line["signal"] == name), {})

    def criterion(self, name: str) -> object:
        """Return the result of one criterion of the verdict."""
        return next((c["result"] for c in self.document["verdict"]["criteria"] if c["name"] == name), None)

    def known(self, ids: Iterable[str]) -> list[Json]:
        """Return those of the facts that are on the page and known."""
        found = (self.facts.get(fact) for fact in ids)
        return [fact for fact in found if fact and fact["state"] == "known"]
