"""Damage in the archive: which records it costs, which facts lean on them, and setting them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardwatch.crawler.archive_check import DamagedPlace, check_archive_file, set_apart
from cardwatch.crawler.left_out import LeftOutNote, LeftOutRecord
from cardwatch.crawler.unread_visit import unread_place
from cardwatch.crawler.warc import is_growing, scan_records, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.pruning import rewrite_without

APART_FOLDER = "damaged"
"""Folder below the archive with the bytes of damaged records."""
SHOWN_FACTS = 3


@dataclass(frozen=True, slots=True)
class ArchiveDamage:
    """One damaged stretch of an archive file, and the present facts that were read from it."""

    place: DamagedPlace
    facts: Sequence[str]

    def sentence(self) -> str:
        """Say it in one line."""
        if not self.facts:
            return f"{self.place}; no present fact leans on it"
        more = f" and {len(self.facts) - SHOWN_FACTS} more" if len(self.facts) > SHOWN_FACTS else ""
        return f"{self.place}; facts that lean on it: {', '.join(self.facts[:SHOWN_FACTS])}{more}"


def find_damage(catalog: CatalogReports, archive: Path) -> Iterator[ArchiveDamage]:
    """Yield what of the archive is not what was kept; what a kill cut off is no damage."""
    for file in warc_files(archive):
        if is_growing(file):
            continue
        places = [place for place in check_archive_file(file) if not place.killed]
        facts = catalog.facts_read_from(file.name, {place.offset for place in places}) if places else {}
        yield from (ArchiveDamage(place, facts.get(place.offset, ())) for place in places)


def find_unreadable(catalog: CatalogReports, archive: Path) -> Iterator[tuple[DamagedPlace, str]]:
    """Yield the records whose reading raised or exhausted something on the last visit to their page, and the detail."""
    ends: dict[str, dict[int, str]] = {}
    for _, url, detail in catalog.failed_pages():
        if (where := unread_place(detail)) and (archive / where[0]).exists():
            ends.setdefault(where[0], {})[where[1]] = f"{url}\n{detail}"
    for name, details in ends.items():
        for entry in scan_records(archive / name):
            if entry.end in details and not entry.problem:
                url, detail = details[entry.end].split("\n", 1)
                yield DamagedPlace(name, entry.offset, entry.end, f"visit of {url}", detail), detail


@dataclass(frozen=True, slots=True)
class MendedArchive:
    """What was set apart, and how many pages the next run fetches whole."""

    places: Sequence[DamagedPlace]
    refetched: int


def mend_archive(catalog: CatalogStore, archive: Path) -> MendedArchive:
    """Set damaged and unreadable records apart: their bytes go to files of their own, the rest stays."""
    details = dict(find_unreadable(catalog, archive))
    mended: list[DamagedPlace] = []
    refetched = 0
    for file in warc_files(archive):
        unreadable = [place for place in details if place.warc == file.name]
        places = [] if is_growing(file) else [*check_archive_file(file), *unreadable]
        if places:
            set_apart(file, places, archive / APART_FOLDER)
            reasons = [details[place] for place in unreadable]
            refetched += catalog.record_set_apart(file.name, {place.offset for place in places}, reasons)
            rewrite_without(catalog, file, LeftOutNote(why="damaged", records=tuple(map(_left_out, places))))
            mended += places
    return MendedArchive(mended, refetched)


def _left_out(place: DamagedPlace) -> LeftOutRecord:
    return LeftOutRecord(id="", digest="", url="", offset=place.offset, reason=str(place))
