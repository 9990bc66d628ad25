"""Who says something of a model or an offer, and what its row is about: what the choice among claims leans on."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from cardwatch.db.store.choice_rules import RowKind, Speaker
from cardwatch.db.store.values import variant_of
from cardwatch.normalize.providers import DEVELOPERS, PROVIDERS, developer_of

OWN_PROVIDERS: Mapping[str, tuple[str, ...]] = {
    "zhipu": ("zai", "zhipuai"),
    "moonshot": ("moonshotai", "moonshotai-cn"),
    "google": ("google-gemini", "google-vertex"),
    "meta": ("llama",),
    "bytedance": ("volcengine", "byteplus"),
    "amazon": ("nova",),
    "kling": ("klingai",),
    "inclusionai": ("bailing",),
}
"""Providers that belong to a developer without bearing its id."""
_MODES = frozenset(f"mode={word}{mode}" for word in ("", "non-") for mode in ("reasoning", "thinking"))
"""Ways to call one model under names of their own: on its developer's own page they speak for it as a snapshot does."""
_CODE_HOSTS = frozenset({"huggingface.co", "github.com", "raw.githubusercontent.com"})
"""Where the first part of a path says whose page it is."""
_SHARED_ENDINGS = frozenset({"com", "co", "ac", "org", "net", "gov"})
"""Second parts of a host that are no name of their own when two letters follow: example.com.cn."""


def is_own_provider(developer: str, provider: str) -> bool:
    """Say whether a provider is the developer itself."""
    named_after = provider == developer or provider.startswith(f"{developer}-")
    return named_after or provider in OWN_PROVIDERS.get(developer, ())


def speaker_of(authority: str, *, model: str, provider: str, offer: str, url: str) -> Speaker:
    """Return who speaks when a source of this authority says something of a model, or of its offer."""
    if authority == "review":
        return Speaker.REVIEW
    owner = provider if offer else developer_of(model)
    if authority == "curated":
        return Speaker.CITED_OWN_PAGE if is_own_page(url, owner) else Speaker.CURATED
    own = is_own_provider(owner, provider)
    if authority == "aggregator":
        return Speaker.OWN_ROW if own and provider and not offer else Speaker.OTHER_ROW
    if offer or own or authority == "first_party":
        return Speaker.OWN_PAGE
    return Speaker.OTHER_API


def row_kind_of(*, model: str, provider: str, via: str) -> RowKind:
    """Return what a row that says something of a model is about; `via` is the offer it stands under."""
    known = PROVIDERS.get(provider)
    own = not provider or is_own_provider(developer_of(model), provider)
    apart = variant_of(via)
    dated = [part for part in apart if part.startswith("snapshot=") or (not provider and part in _MODES)]
    if (known and known.kind == "subscription") or len(dated) < len(apart) or (apart and not own):
        return RowKind.ROUTE
    if not own:
        return RowKind.OTHERS
    return RowKind.SNAPSHOT if apart else RowKind.OWN


def is_own_page(url: str, owner: str) -> bool:
    """Say whether a page belongs to a developer or a provider: by its host, or its place on a code host."""
    place = urlsplit(url)
    host = place.hostname or ""
    if host in _CODE_HOSTS:
        return place.path.strip("/").partition("/")[0].lower() in _names(owner)
    return registered_domain(host) in _domains(owner)


def registered_domain(host: str) -> str:
    """Return the part of a host that somebody registered.

    >>> registered_domain("platform.claude.com"), registered_domain("help.aliyun.com.cn")
    ('claude.com', 'aliyun.com.cn')
    """
    parts = host.lower().split(".")
    shared = len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in _SHARED_ENDINGS
    return ".".join(parts[-3:] if shared else parts[-2:])


@cache
def _names(owner: str) -> frozenset[str]:
    known = DEVELOPERS.get(owner)
    return frozenset({owner, *(known.aliases if known else ())})


@cache
def _domains(owner: str) -> frozenset[str]:
    """Return the domains of a developer or provider: those of its providers, and names it has as a maker."""
    own = [known.url for known in PROVIDERS.values() if is_own_provider(owner, known.id)]
    sites = DEVELOPERS[owner].sites if owner in DEVELOPERS else ()
    return frozenset({registered_domain(urlsplit(url).hostname or "") for url in own if url} | set(sites))


def update_speakers(conn: sqlite3.Connection) -> None:
    """Work out anew who speaks in every listing, after the rules of it changed."""
    rows = conn.execute(
        "SELECT l.id, l.authority, l.model, l.provider, l.offer, l.via, p.url FROM listings l JOIN pages p"
        " ON p.id = l.page_id"
    ).fetchall()
    conn.executemany(
        "UPDATE listings SET rank = ?, via_rank = ? WHERE id = ?",
        [
            (
                speaker_of(authority, model=model, provider=provider, offer=offer, url=url),
                row_kind_of(model=model, provider=provider, via=via),
                number,
            )
            for number, authority, model, provider, offer, via, url in rows
        ],
    )
