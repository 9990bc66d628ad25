"""Who speaks for themselves: which facts makers and providers say in sources of their own."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Literal, NamedTuple

from msgspec import Struct, field

from cardwatch.db.store.choice_rules import quote_words
from cardwatch.db.store.speakers import is_own_provider
from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.providers import developer_of

PartyRole = Literal["maker", "provider"]


class PartyCoverage(Struct):
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
LIFECYCLE = "lifecycle"
MOST_OFFERED = 200


class ModelCoverage(Struct, frozen=True):
    """Which of the headlines the maker of a model says itself.

    `sold` says that somebody knows of an offer of the maker, and that the maker does not say itself that all its
    offers of it have ended, nor tells of it without any where it prints what others cost: of a model that its maker
    only hands out, or serves no longer, it can say no price.
    """

    model: str
    providers: int
    stated: frozenset[str]
    sold: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the headlines that the maker could say and does not."""
        wanted = (name for name in (*HEADLINES, LIFECYCLE) if self.sold or name != "price")
        return tuple(name for name in wanted if name not in self.stated)


class HeadlineCoverage(Struct, frozen=True):
    """How far makers speak for the models that most providers serve."""

    models: tuple[ModelCoverage, ...]

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the headlines in order."""
        return (*HEADLINES, LIFECYCLE)

    @property
    def not_sold(self) -> int:
        """Return how many have no offer of their maker."""
        return sum(not each.sold for each in self.models)

    @property
    def whole(self) -> int:
        """Return how many have all that their maker can say."""
        return sum(not each.missing for each in self.models)

    def count_said(self, headline: str) -> int:
        """Return how many have one headline from their maker."""
        return sum(headline in each.stated for each in self.models)

    def missing_by_maker(self) -> Mapping[str, Counter[str]]:
        """Return by maker how many of its models lack each headline, the makers with most of them first."""
        found: dict[str, Counter[str]] = {}
        for each in self.models:
            found.setdefault(developer_of(each.model), Counter()).update(each.missing)
        most = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
        return {maker: lacks for maker, lacks in most if lacks}

    def sentence(self) -> str:
        """Return "Of the models with the most providers (200), these have from their maker: 150 price, …"."""
        counts = [f"{self.count_said(headline)} {headline}" for headline in self.names()]
        counts[0] += f" ({self.not_sold} are not sold by it)"
        return (
            f"Of the models with the most providers ({len(self.models)}), these have from their maker: "
            f"{', '.join(counts)}; all that it can say: {self.whole}."
        )

    def missing_sentence(self) -> str:
        """Return what makers do not say, "alibaba 20 context, 12 release; openai 3 context", "" where nothing."""
        return "; ".join(
            f"{maker} {', '.join(f'{count} {headline}' for headline, count in lacks.most_common())}"
            for maker, lacks in self.missing_by_maker().items()
        )


_TOP = """
    SELECT l.model, count(DISTINCT l.provider) FROM claims c JOIN listings l ON l.id = c.listing_id
    WHERE c.until IS NULL AND l.offer <> '' AND l.model IS NOT NULL
    GROUP BY l.model ORDER BY count(DISTINCT l.provider) DESC, l.model LIMIT ?
"""
_OFFERED = """
    SELECT DISTINCT l.model, l.provider FROM claims c JOIN listings l ON l.id = c.listing_id
    WHERE c.until IS NULL AND l.offer <> '' AND l.model IS NOT NULL
"""
_OWN_WORDS = """
    SELECT l.model, l.provider, l.offer, max(c.attribute = 'lifecycle' AND c.value = 'retired') AS retired,
      min(iif(c.attribute = 'shutdown_date', c.value, NULL)) AS shutdown, max(p.last_verified) AS last_read
    FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
    WHERE c.until IS NULL AND l.authority = 'first_party' AND l.model IS NOT NULL
    GROUP BY l.model, l.provider, l.offer
"""
"""Of each model, and of each offer that who bills it lists itself, what is said of its end, and when that was read."""
_UNPRICED = f"""
    SELECT DISTINCT l.model FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
    WHERE c.until IS NULL AND l.authority = 'first_party' AND l.offer = '' AND l.model IS NOT NULL
      AND p.source IN (
        SELECT p.source FROM claims c JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id
        WHERE c.until IS NULL AND l.authority = 'first_party' AND l.offer <> ''
          AND c.attribute IN ({quote_words(sorted(HEADLINES["price"]))}))
"""
"""The models of which a maker's source tells that prints the prices of others: where it has none, none is billed."""
_SAID = """
    SELECT DISTINCT l.model, l.provider, l.authority = 'first_party' AND l.offer = '', c.attribute
    FROM claims c JOIN listings l ON l.id = c.listing_id
    WHERE c.until IS NULL AND c.value IS NOT NULL AND l.authority IN ('first_party', 'provider_api')
      AND l.model IS NOT NULL
"""
"""What pages and APIs say of what is their own; of a model that is its maker, of an offer who bills."""


def headline_coverage(conn: sqlite3.Connection, most: int = MOST_OFFERED) -> HeadlineCoverage:
    """Return how far makers speak for the models that most providers serve."""
    top: dict[str, int] = dict(conn.execute(_TOP, [most]))
    sold = {model for model, provider in conn.execute(_OFFERED) if _is_makers(model, provider)}
    unpriced = {model for (model,) in conn.execute(_UNPRICED)}
    ended, going_on = _ended_models(conn)
    sold -= ended | (unpriced - going_on)
    answers: dict[str, set[str]] = {model: set() for model in top}
    for model, provider, about_own_model, attribute in conn.execute(_SAID):
        if model in top and (about_own_model or _is_makers(model, provider)):
            answers[model] |= {
                LIFECYCLE,
                *(name for name, wanted in HEADLINES.items() if attribute in wanted),
            }
    return HeadlineCoverage(
        tuple(
            ModelCoverage(model, count, frozenset(answers[model]), model in sold)
            for model, count in top.items()
        )
    )


def _ended_models(conn: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """Return the models that their makers say they serve no longer, and those of which they list an offer that goes on.

    A day of the end counts when a page of the maker was read after it.
    """
    own = [each for each in map(_OwnWord._make, conn.execute(_OWN_WORDS)) if each.is_makers]
    newest: dict[str, str] = {}
    for each in own:
        maker = developer_of(each.model)
        newest[maker] = max(newest.get(maker, ""), each.last_read)
    ended: dict[bool, set[str]] = {True: set(), False: set()}
    for each in own:
        over = bool(each.retired or (each.shutdown and each.shutdown <= newest[developer_of(each.model)]))
        if over or each.offer:
            ended[over].add(each.model)
    return ended[True] - ended[False], ended[False]


class _OwnWord(NamedTuple):
    model: str
    provider: str | None
    offer: str
    retired: int
    shutdown: str | None
    last_read: str

    @property
    def is_makers(self) -> bool:
        return not self.offer or _is_makers(self.model, self.provider or "")


def _is_makers(model: str, provider: str) -> bool:
    return bool(provider) and is_own_provider(developer_of(model), provider)


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
