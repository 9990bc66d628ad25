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
_MARKED = re.compile(r"(?:^|-)(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8}$")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?|.*\.(?:html|json)")
"""Names of devices, which Windows opens in any folder, and of files of ours."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of every model and of every pair, each ending in a slash."""

    models: Mapping[str, str]
    pairs: Mapping[Pair, str]


def assign_places(models: Iterable[str], pairs: Iterable[Pair]) -> Places:
    """Give each model and pair its folder; a pair is named after the model parts of its ids.

    The developer is put before a model part that two developers use.
    """
    ids, taken = sorted(models), set[str]()
    shared = Counter(model_part(id_) for id_ in ids)
    short = {
        id_: file_slug(id_.replace("/", "-") if shared[model_part(id_)] > 1 else model_part(id_))
        for id_ in ids
    }
    return Places(
        {
            id_: _take_folder(f"models/{'/'.join(map(file_slug, id_.split('/', 1)))}", id_, taken)
            for id_ in ids
        },
        {
            (a, b): _take_folder(f"compare/{short[a]}-vs-{short[b]}", f"{a} {b}", taken)
            for a, b in sorted(pairs)
        },
    )


def _take_folder(folder: str, text: str, taken: set[str]) -> str:
    """Return a folder that nothing else has, named `folder` unless that is taken."""
    if folder in taken:
        folder = f"{folder}-{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
    taken.add(folder)
    return f"{folder}/"


def model_part(id_: str) -> str:
    """Return an id without its developer."""
    return id_.split("/", 1)[-1]


def file_slug(text: str) -> str:
    """Return a file name for `text`: itself where every system takes it, else readable and with a mark of its own.

    A text that ends like a marked name is marked itself, so that neither can take the other's place.
    """
    made = _UNSAFE.sub("-", text.lower()).strip("-.")
    if (
        made
        and made == text
        and len(made) <= LONGEST
        and not _MARKED.search(made)
        and not _RESERVED.fullmatch(made)
    ):
        return made
    shown = made.replace(".", "-") if _RESERVED.fullmatch(made) else made
    return f"{shown[:LONGEST]}-{_mark(text)}".lstrip("-")


def _mark(text: str) -> str:
    """Return eight hexadecimal digits, at least one of them a letter and one not: no date and no word."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    parts = (digest[n : n + 8] for n in range(len(digest) - 7))
    return next(part for part in parts if _MARKED.search(part))


def relative_link(here: str, there: str) -> str:
    """Return the relative address of file `there` on the page in folder `here` ("" is the site's root)."""
    return posixpath.relpath(there, here or ".")


def path_to_root(here: str) -> str:
    """Return what leads from folder `here` to the site's root: "" or "../../"."""
    return "../" * here.count("/")
