"""The archive by its policy: bodies older than `[archive] keep` days go, unless something leans on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cardwatch.crawler.prune import THINNED, Thinned, bodies_of, spare, without
from cardwatch.crawler.warc import Entry, grows, warc_files
from cardwatch.db.catalog import Catalog
from cardwatch.db.pruning import documents_in_use, note_thinned, readable_since
from cardwatch.errors import CardwatchError

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Spared:
    """What one archive file holds that nobody needs."""

    file: Path
    bodies: list[Entry]

    @property
    def size(self) -> int:
        """Bytes of the file that they take."""
        return sum(entry.end - entry.offset for entry in self.bodies)


def spared(catalog: Catalog, archive: Path, before: datetime) -> list[Spared]:
    """Return, file by file, the bodies from before then that no fact, hold or last reading leans on.

    A file the catalog has not read to its end is left alone, and so is one that another crawler wrote.
    Raises CardwatchError while a crawl adds to the archive: what it fetches may be noted as "the same as before".
    """
    files = warc_files(archive)
    if growing := [file.name for file in files if grows(file)]:
        raise CardwatchError(f"{growing[0]}: a crawl still adds to the archive; prune when it has ended")
    since = readable_since(catalog.conn)

    def needed(source: str, url: str, started: datetime) -> bool:
        return started >= min(before, since.get((source, url), NEVER) - timedelta(seconds=1))

    wanted = documents_in_use(catalog.conn) | bodies_of(files, needed)
    read = [file for file in files if catalog.cursor(file.name) == file.stat().st_size]
    found = (Spared(file, spare(file, wanted, before)) for file in read)
    return [spare for spare in found if spare.bodies]


def prune(catalog: Catalog, spared: Spared) -> Thinned:
    """Write the file without its spare bodies; a kill leaves either the old file and places or the new."""
    thin = without(spared.file, spared.bodies)
    with catalog.transaction() as conn:
        note_thinned(conn, spared.file.name, thin.moved, thin.path.stat().st_size)
    thin.path.replace(spared.file)
    return thin


def finish(catalog: Catalog, archive: Path) -> None:
    """Carry on where a kill left pruning: what the catalog has noted is done, anything else is undone."""
    for thin in archive.glob(f"*{THINNED}"):
        file = thin.with_name(thin.name.removesuffix(THINNED))
        if catalog.cursor(file.name) == thin.stat().st_size:
            thin.replace(file)
        else:
            thin.unlink()
