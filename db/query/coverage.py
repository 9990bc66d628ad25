"""Who speaks for themselves: which facts makers and providers say in sources of their own."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cardwatch.normalize.attributes import get_attribute

PartyRole = Literal["maker", "provider"]


@dataclass(slots=True)
class PartyCoverage:
    """How many facts about its models, or its offers, a maker or provider says itself.

    `sources` are its own sources, none where only others speak, and `last_read` is when one of them was last
    known to be true. `only_others` counts by topic the facts that nobody but others says.
    """

    party: str
    role: PartyRole
    sources: set[str] = field(default_factory=set)
    last_read: str | None = None
    models: set[str] = field(default_factory=set)
    facts: int = 0
    own_facts: int = 0
    only_others: Counter[str] = field(default_factory=Counter)

    @property
    def own_share(self) -> float | None:
        """Return the share of its facts that it says itself, None where nobody says any."""
        return self.own_facts / self.facts if self.facts else None


_FACTS = """
    SELECT iif(l.offer = '', 'maker', 'provider') AS role,
      iif(l.offer = '', substr(l.model, 1, instr(l.model, '/') - 1), l.provider) AS party,
      l.model, c.attribute,
      group_concat(DISTINCT iif({own}, p.source, NULL)) AS own_sources,
      max(iif({own}, p.last_verified, NULL)) AS last_read
    FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
    WHERE c.until IS NULL AND c.value IS NOT NULL
    GROUP BY role, party, l.model, l.offer, c.attribute, c.qualifier
""".format(own="l.authority = 'first_party' OR (l.offer <> '' AND l.authority = 'provider_api')")
"""A provider's API speaks for what it serves, not for the maker of the model."""


HEADLINES = {
    "price": frozenset({"input_price", "output_price", "image_price", "character_price", "hourly_price"}),
    "context": frozenset({"context_window", "max_input_tokens"}),
    "release": frozenset({"release_date"}),
}
"""What a reader wants from the maker first, by attributes; beside them `lifecycle`, which any list of the maker tells."""
MOST_OFFERED = 200


@dataclass(frozen=True, slots=True)
class HeadlineCoverage:
    """Of the models with the most providers, how many have each headline from their maker, and how many have all."""

    models: int
    by_headline: Mapping[str, int]
    all_of_them: int

    def sentence(self) -> str:
        """Return "Of the 200 models with the most providers 150 have their price from their maker, …"."""
        told = [f"{count} {headline}" for headline, count in self.by_headline.items()]
        return (
            f"Of the models with the most providers ({self.models}), these have from their maker: "
            f"{', '.join(told)}; all four: {self.all_of_them}."
        )


_TOP = """
    SELECT l.model FROM claims c JOIN listings l ON l.id = c.listing_id
    WHERE c.until IS NULL AND l.offer <> '' AND l.model IS NOT NULL
    GROUP BY l.model ORDER BY count(DISTINCT l.provider) DESC, l.model LIMIT ?
"""
_OWN = """
    SELECT DISTINCT l.model, c.attribute FROM claims c JOIN listings l ON l.id = c.listing_id
    WHERE c.until IS NULL AND c.value IS NOT NULL AND l.authority = 'first_party' AND l.model IS NOT NULL
"""


def headline_coverage(conn: sqlite3.Connection, most: int = MOST_OFFERED) -> HeadlineCoverage:
    """Return how far makers speak for the models that most providers serve."""
    top = {model for (model,) in conn.execute(_TOP, [most])}
    own: dict[str, set[str]] = {}
    for model, attribute in conn.execute(_OWN):
        if model in top:
            own.setdefault(model, set()).add(attribute)
    said = {
        model: {name for name, wanted in HEADLINES.items() if wanted & names} for model, names in own.items()
    }
    counts = {name: sum(name in each for each in said.values()) for name in HEADLINES}
    whole = sum(len(each) == len(HEADLINES) for each in said.values())
    return HeadlineCoverage(len(top), {**counts, "lifecycle": len(own)}, whole)


def party_coverage(conn: sqlite3.Connection) -> list[PartyCoverage]:
    """Return the coverage of every maker and provider of the catalog, the ones with most facts first."""
    found: dict[tuple[str, str], PartyCoverage] = {}
    for role, party, model, attribute, own, last_read in conn.execute(_FACTS):
        row = found.setdefault((role, party), PartyCoverage(party, role))
        row.models.add(model)
        row.facts += 1
        if own:
            row.own_facts += 1
            row.sources.update(own.split(","))
            row.last_read = max(row.last_read or "", last_read or "") or None
        else:
            row.only_others[get_attribute(attribute).group] += 1
    return sorted(found.values(), key=lambda row: (-row.facts, row.role, row.party))
