"""Where every page lives: folders named after ids, and links that work from any folder or disk."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

Pair = tuple[str, str]
PAGE, DATA, PART, KEPT = "index.html", "index.json", "part.json", "kept.json"
"""Of every model and pair the page and its data; of a model also what it says in every comparison, and where
each of its kept comparisons stands, by the other model's id."""
LONGEST = 80
_UNSAFE = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of every model and of every pair, each ending in a slash."""

    models: Mapping[str, str]
    pairs: Mapping[Pair, str]


def assign_places(models: Iterable[str], pairs: Iterable[Pair]) -> Places:
    """Give each model and pair its folder; a pair is named after the model parts of its ids.

    The developer is put before a model part that two developers use.
    """
    ids = sorted(models)
    shared = Counter(model_part(id_) for id_ in ids)
    short = {
        id_: file_slug(id_.replace("/", "-") if shared[model_part(id_)] > 1 else model_part(id_))
        for id_ in ids
    }
    folders: dict[Pair, str] = {}
    for a, b in sorted(pairs):
        folder = f"compare/{short[a]}-vs-{short[b]}/"
        taken = folder in folders.values()
        folders[a, b] = f"{folder[:-1]}-{_short_digest(f'{a} {b}')}/" if taken else folder
    return Places({id_: f"models/{'/'.join(map(file_slug, id_.split('/', 1)))}/" for id_ in ids}, folders)


def model_part(id_: str) -> str:
    """Return an id without its developer."""
    return id_.split("/", 1)[-1]


def file_slug(text: str) -> str:
    """Return a file name for `text`: itself where that is safe, else readable and with a mark of its own."""
    made = _UNSAFE.sub("-", text.lower()).strip("-.")
    if made == text and len(made) <= LONGEST:
        return made
    return f"{made[:LONGEST]}-{_short_digest(text)}".lstrip("-")


def _short_digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def relative_link(here: str, there: str) -> str:
    """Return the relative address of file `there` on the page in folder `here` ("" is the site's root)."""
    return posixpath.relpath(there, here or ".")


def path_to_root(here: str) -> str:
    """Return what leads from folder `here` to the site's root: "" or "../../"."""
    return "../" * here.count("/")
