"""Where each body of an archive folder stands, and the lists of them beside its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from cardwatch.crawler.warc import (
    UNREADABLE_ERRORS,
    DamagedArchiveError,
    WarcRecord,
    body_digest,
    format_warc_date,
    read_body,
    scan_records,
    warc_files,
)

_BODY_LIST_SUFFIX = ".bodies.jsonl"


class BodyPlace(NamedTuple):
    """Where a body stands, and which answer brought it."""

    digest: str
    url: str
    date: str
    warc: str
    offset: int


class BodyIndex:
    """Where each body of an archive folder stands.

    Each WARC file of ours has a list of its bodies beside it. The lists are derived: one that is absent or
    older than its file is made again from the file.
    """

    def __init__(self, folder: Path, places: Iterable[BodyPlace] = ()) -> None:
        self._folder = folder
        self._by_digest: dict[str, BodyPlace] = {}
        self._by_url: dict[str, BodyPlace] = {}
        for place in places:
            self.add(place)

    @classmethod
    def load(cls, folder: Path) -> BodyIndex:
        """Read the folder's lists, and the files that have none."""
        return cls(folder, (place for path in warc_files(folder) for place in _listed_places(path)))

    def add(self, place: BodyPlace) -> None:
        """Note one more body; the first place of a body is the one that counts."""
        self._by_digest.setdefault(place.digest, place)
        self._by_url[place.url] = place

    def find(self, digest: str) -> BodyPlace | None:
        """Return where the body of this name stands, or None."""
        return self._by_digest.get(digest)

    def latest(self, url: str) -> BodyPlace | None:
        """Return the newest body that came from `url`, or None."""
        return self._by_url.get(url)

    def body(self, digest: str) -> bytes:
        """Return the bytes of this name. Raises DamagedArchiveError when the folder has them no more."""
        place = self.find(digest)
        if place is None:
            raise DamagedArchiveError(f"archive: wanted {digest}, found no such body, in {self._folder}")
        return read_body(self._folder / place.warc, place.offset)


def write_body_list(path: Path, places: Iterable[BodyPlace]) -> None:
    """Write the list of a finished WARC file's bodies beside it."""
    lines = [json.dumps({"size": path.stat().st_size})]
    lines += [json.dumps(place._asdict()) for place in places]
    made = path.with_name(path.name + _BODY_LIST_SUFFIX)
    unfinished = made.with_suffix(".tmp")
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(made)


def body_places(path: Path) -> Iterator[BodyPlace]:
    """Yield the bodies that one WARC file holds itself."""
    for entry in scan_records(path):
        if entry.kind == "response" and (digest := _own_digest(entry)):
            yield BodyPlace(digest, entry.url, format_warc_date(entry.date), path.name, entry.offset)


def _own_digest(entry: WarcRecord) -> str:
    """Return our name of a body, counted where its crawler used another; "" where the body cannot be read."""
    if entry.digest.startswith("sha256:"):
        return entry.digest
    try:
        return body_digest(read_body(entry.warc, entry.offset))
    except (DamagedArchiveError, *UNREADABLE_ERRORS):
        return ""


def _listed_places(path: Path) -> Iterable[BodyPlace]:
    index = path.with_name(path.name + _BODY_LIST_SUFFIX)
    if not index.exists():
        return body_places(path)
    with index.open(encoding="utf-8") as lines:
        places = [*_parse_places(lines, path.stat().st_size)]
    return places or body_places(path)


def _parse_places(lines: IO[str], size: int) -> Iterator[BodyPlace]:
    first: dict[str, Any] = json.loads(next(lines, "{}"))
    if first.get("size") == size:
        for line in lines:
            yield BodyPlace(**json.loads(line))
