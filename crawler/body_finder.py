"""Where the bytes of an archived answer stand, also when its record only says that they came before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from cardwatch.crawler.body_index import BodyIndex, BodyPlace
from cardwatch.crawler.left_out import LeftOutNote
from cardwatch.crawler.warc import (
    CONTENT_KINDS,
    DamagedArchiveError,
    WarcRecord,
    format_warc_date,
    read_body,
    read_head,
    read_stated_digest,
    scan_records,
    warc_files,
)


def pruned_digests(folder: Path) -> Iterator[str]:
    """Yield the digests of the bodies that were left out on purpose; a file says so in its second record."""
    for path in warc_files(folder):
        for entry in islice(scan_records(path), 1, None):
            note = LeftOutNote.of(entry)
            if note is None:
                break
            if note.why == "pruned":
                yield from (record.digest for record in note.records)


Place = tuple[Path, int]
HeaderLines = tuple[tuple[str, str], ...]


class BodyFinder:
    """Finds the bytes behind a record, also when it only says that they came before."""

    def __init__(self) -> None:
        self._places: dict[str | tuple[str, str], Place] = {}
        self._folders: dict[Path, BodyIndex] = {}
        self._pruned_digests: dict[Path, frozenset[str]] = {}

    def note(self, entry: WarcRecord) -> None:
        """Remember the place of a body by its digest, and by the record and the visit that others may name."""
        place = (entry.warc, entry.offset) if entry.kind in CONTENT_KINDS else self._noted(entry)
        if place:
            for key in (entry.digest, _bare_id(entry.id), (entry.url, format_warc_date(entry.date))):
                self._places.setdefault(key, place)

    def complete(self, entry: WarcRecord) -> WarcRecord:
        """Return an answer with the status and headers of the one that it repeats or confirms, if it has none itself.

        Raises DamagedArchiveError where that one cannot be found, or is another by its ETag.
        """
        if entry.kind != "revisit" or entry.status not in (0, 304):
            return entry
        status, headers = read_head(*(self._noted(entry) or self._find_in_folder(entry)))
        if (etag := header_value(entry.headers, "etag")) and etag != (known := header_value(headers, "etag")):
            raise DamagedArchiveError(
                f"archive: wanted the answer of ETag {etag}, found {known or 'none'}, for {entry.url}"
            )
        return replace(entry, status=status, headers=headers)

    def read(self, entry: WarcRecord) -> tuple[Place, bytes]:
        """Return where the body of an answer stands, and the body. Raises DamagedArchiveError."""
        place = (entry.warc, entry.offset) if entry.kind in CONTENT_KINDS else self._noted(entry)
        if place is None:
            place = self._find_in_folder(entry)
        try:
            return place, read_body(*place)
        except DamagedArchiveError:
            if entry.kind in CONTENT_KINDS:
                raise
            place = self._find_in_folder(entry)
            return place, read_body(*place)

    def is_pruned(self, entry: WarcRecord) -> bool:
        """Say whether the body behind a record was left out on purpose from another file of its folder."""
        if entry.kind in CONTENT_KINDS or not entry.digest or self._noted(entry):
            return False
        bodies = self._bodies(entry.warc.parent)
        return bodies.find(entry.digest) is None and entry.digest in self._pruned(entry.warc.parent)

    def _pruned(self, folder: Path) -> frozenset[str]:
        if folder not in self._pruned_digests:
            self._pruned_digests[folder] = frozenset(pruned_digests(folder))
        return self._pruned_digests[folder]

    def _noted(self, entry: WarcRecord) -> Place | None:
        if entry.digest:
            return self._places.get(entry.digest)
        record, url, date = entry.refers_to
        return (
            (record and self._places.get(_bare_id(record))) or (url and self._places.get((url, date))) or None
        )

    def _find_in_folder(self, entry: WarcRecord) -> Place:
        """Return where another file of the folder has the body. Raises DamagedArchiveError."""
        _, url, date = entry.refers_to
        bodies = self._bodies(entry.warc.parent)
        found = bodies.find_sound(entry.digest) or bodies.find_visit(url, date)
        if found is None or not _has_digest(found, entry):
            wanted = entry.digest or (f"what {url} gave at {date}" if url else "a digest")
            raise DamagedArchiveError(
                f"archive: wanted {wanted}, found no such body, for {entry.warc.name}:{entry.offset}"
            )
        return entry.warc.parent / found.warc, found.offset

    def _bodies(self, folder: Path) -> BodyIndex:
        if folder not in self._folders:
            self._folders[folder] = BodyIndex.load(folder)
        return self._folders[folder]


def _has_digest(place: BodyPlace, entry: WarcRecord) -> bool:
    """Say whether the body at a place has the digest that a record names: ours, or the one that its crawler wrote."""
    if entry.digest in ("", place.digest):
        return True
    return read_stated_digest(entry.warc.parent / place.warc, place.offset) == entry.digest


def _bare_id(record: str) -> str:
    """Return the id of a record without the brackets that some crawlers leave out."""
    return record.strip("<>")


def header_value(headers: HeaderLines, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
