"""The archived bytes behind a fact."""

from __future__ import annotations

from pathlib import Path

from cardwatch.compare.display_facts import fact_text
from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.warc import DamagedArchiveError
from cardwatch.db.query.cards import Fact, ModelCard
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.terminal.locator_text import text_at_locator

EXCERPT = 600


def evidence_text(card: ModelCard, attribute: str, archive: Path) -> str:
    """Return where each matching fact was read, and the archived text around it.

    Raises UsageError when the card has no such fact, CardwatchError when the archive lacks the bytes.
    """
    facts = [fact for name, fact in card.facts.items() if name == attribute]
    facts += [fact for offer in card.offers for name, fact in offer.facts.items() if name == attribute]
    facts += [fact for fact in card.benchmarks if fact.attribute == attribute]
    if not facts:
        raise UsageError(f"{card.id}: no fact {attribute!r}; `cardwatch show {card.id}` lists them")
    index = BodyIndex.load(archive)
    return "\n\n".join(_evidence(fact, index) for fact in facts)


def _evidence(fact: Fact, index: BodyIndex) -> str:
    lines = [f"{fact.offer or 'model'}  {fact.attribute} = {fact_text(fact)}"]
    for evidence in fact.evidence:
        lines += [f"  {evidence.source}  {evidence.url}", f"  reviewed on {evidence.reviewed_on}"]
        if evidence.document:
            lines += [
                f"  {evidence.document} at {evidence.locator}",
                *_excerpt(evidence.document, evidence.locator, index),
            ]
    return "\n".join(lines)


def _excerpt(document: str, locator: str, index: BodyIndex) -> list[str]:
    try:
        body = index.body(document)
    except (KeyError, DamagedArchiveError) as error:
        raise CardwatchError(f"archive: wanted {document}, found none: {error}") from error
    return [f"    {line}" for line in text_at_locator(body, locator)[:EXCERPT].splitlines()]
