"""What a claim's listing is called in words, so that a conflict says who says what."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from cardwatch.db.store.choice_rules import RowKind, Speaker
from cardwatch.db.store.values import provider_of, variant_of
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS, developer_of

_MANY: Mapping[str, str] = {
    "first-party": "other makers",
    "cloud": "clouds",
    "gateway": "gateways",
    "host": "hosts",
    "subscription": "plans",
}

_NOUNS: Mapping[RowKind, str] = {
    RowKind.OWN: "own row",
    RowKind.SNAPSHOT: "own row",
    RowKind.OTHERS: "row",
    RowKind.ROUTE: "route",
}
_STATED = (Speaker.REVIEW, Speaker.CITED_OWN_PAGE, Speaker.CURATED)


def speaker_words(claim: sqlite3.Row) -> str:
    """Return who says it, by the rule of who may speak: "the developer's own row", "a person's review"."""
    owner = "provider" if claim["offer"] else "developer"
    return {
        Speaker.REVIEW: "a person's review",
        Speaker.OWN_PAGE: f"the {owner}'s own page",
        Speaker.CITED_OWN_PAGE: f"a curated fact from the {owner}'s own page",
        Speaker.OWN_ROW: f"the {owner}'s own row",
        Speaker.CURATED: "a curated fact",
        Speaker.OTHER_API: "another provider's API",
        Speaker.OTHER_ROW: "an aggregator's row",
    }[Speaker(claim["speaker"])]


def listing_words(claim: sqlite3.Row) -> str:
    """Return the listing by name: "OpenAI's own page", "GitHub Copilot's route", "OpenRouter's row"."""
    speaker = Speaker(claim["speaker"])
    key = claim["offer"] or claim["via"]
    provider, variant = provider_of(key), variant_of(key)
    developer = developer_of(claim["model"])
    name = PROVIDERS[provider].name if provider in PROVIDERS else provider
    maker = DEVELOPERS[developer].name if developer in DEVELOPERS else developer
    owner = name if claim["offer"] else maker
    if speaker in (Speaker.REVIEW, Speaker.CURATED):
        return speaker_words(claim)
    if speaker is Speaker.CITED_OWN_PAGE:
        return f"a curated fact from {owner}'s own page"
    about = f" ({', '.join(variant)})" if variant and not claim["offer"] else ""
    if speaker is Speaker.OWN_PAGE:
        return f"{owner}'s own page{about}"
    if claim["offer"] or not provider:
        return f"{speaker_words(claim)}{about}"
    return f"{name}'s {_NOUNS[RowKind(claim['row_kind'])]}{about}"


def who_differs(rivals: Sequence[sqlite3.Row]) -> str:
    """Return who says something else, by name if it is one, else how many of what."""
    names = {(row["source"], listing_words(row)) for row in rivals}
    if len(names) == 1:
        ((source, words),) = names
        stated = Speaker(rivals[0]["speaker"]) in _STATED
        return f"{words} differs" if stated else f"{words} in {source} differs"
    providers = {provider_of(row["via"]) for row in rivals}
    kinds = {PROVIDERS[provider].kind if provider in PROVIDERS else "" for provider in providers}
    if len(kinds) == 1 and len(providers) > 1 and (kind := min(kinds)):
        return f"{len(providers)} {_MANY[kind]} differ"
    return f"{len(names)} listings differ"
