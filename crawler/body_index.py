"""Where each body of an archive folder stands."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.record_list import list_records
from cardwatch.crawler.warc import DamagedArchiveError, read_body, warc_files


class BodyPlace(NamedTuple):
    """Where a body stands, and which answer brought it."""

    digest: str
    url: str
    date: str
    warc: str
    offset: int


class BodyIndex:
    """Where each body of an archive folder stands, by the lists beside its files."""

    def __init__(self, folder: Path, places: Iterable[BodyPlace] = ()) -> None:
        self._folder = folder
        self._by_digest: dict[str, list[BodyPlace]] = {}
        self._by_url: dict[str, BodyPlace] = {}
        self._by_visit: dict[tuple[str, str], BodyPlace] = {}
        for place in places:
            self.add(place)

    @classmethod
    def load(cls, folder: Path) -> BodyIndex:
        """Read the folder's lists, and the files that have none."""
        return cls(
            folder,
            (
                BodyPlace(record.body, record.url, record.date, path.name, record.offset)
                for path in warc_files(folder)
                for record in list_records(path)
                if record.body
            ),
        )

    def add(self, place: BodyPlace) -> None:
        """Note one more body."""
        self._by_digest.setdefault(place.digest, []).append(place)
        self._by_url[place.url] = place
        self._by_visit.setdefault((place.url, place.date), place)

    def find(self, digest: str) -> BodyPlace | None:
        """Return the first place of the body of this name, or None."""
        return next(iter(self._by_digest.get(digest, ())), None)

    def latest(self, url: str) -> BodyPlace | None:
        """Return the newest body that came from `url`, or None."""
        return self._by_url.get(url)

    def find_visit(self, url: str, date: str) -> BodyPlace | None:
        """Return where the body stands that `url` gave at a time, as WARC writes it, or None."""
        return self._by_visit.get((url, date))

    def find_sound(self, digest: str) -> BodyPlace | None:
        """Return the first place whose bytes are those of this name, or None."""
        return next((place for place in self._by_digest.get(digest, ()) if not self._problem(place)), None)

    def body(self, digest: str) -> bytes:
        """Return the bytes of this name. Raises DamagedArchiveError when the folder has them no more."""
        place = self.find_sound(digest) or self.find(digest)
        if place is None:
            raise DamagedArchiveError(f"archive: wanted {digest}, found no such body, in {self._folder}")
        return read_body(self._folder / place.warc, place.offset)

    def _problem(self, place: BodyPlace) -> str:
        try:
            read_body(self._folder / place.warc, place.offset)
        except DamagedArchiveError as error:
            return str(error)
        return ""
