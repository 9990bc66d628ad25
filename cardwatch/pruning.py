"""The archive by its policy: bodies older than `[archive] keep` days go, unless the catalog still refers to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cardwatch.crawler.left_out import LeftOutNote
from cardwatch.crawler.prune import (
    PRUNED_SUFFIX,
    PrunedFile,
    needed_digests,
    prune_note,
    removable_bodies,
    replace_with_copy,
    write_copy_without,
)
from cardwatch.crawler.run import source_classes
from cardwatch.crawler.warc import WarcRecord, is_growing, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.errors import CardwatchError

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class UnneededBodies:
    """What one archive file holds that nobody needs."""

    file: Path
    bodies: list[WarcRecord]

    @property
    def size(self) -> int:
        """Bytes of the file that they take."""
        return sum(entry.end - entry.offset for entry in self.bodies)


def unneeded_bodies(catalog: CatalogStore, archive: Path, before: datetime) -> list[UnneededBodies]:
    """Return, file by file, the bodies from before then that no fact, hold or last reading needs.

    A file the catalog has not read to its end is left alone, and so is one that another crawler wrote.
    Raises CardwatchError while a crawl adds to the archive: what it fetches may be noted as "the same as before".
    """
    files = warc_files(archive)
    if growing := [file.name for file in files if is_growing(file)]:
        raise CardwatchError(f"{growing[0]}: a crawl still adds to the archive; prune when it has ended")
    since, sources = catalog.readable_since(), source_classes()

    def needed(source: str, url: str, started: datetime) -> bool:
        name = sources[source].page_name(url) if source in sources else url
        return started >= min(before, since.get((source, name), NEVER) - timedelta(seconds=1))

    wanted = catalog.documents_in_use() | needed_digests(files, needed)
    read = [file for file in files if catalog.cursor(file.name) == file.stat().st_size]
    found = (UnneededBodies(file, removable_bodies(file, wanted, before)) for file in read)
    return [spare for spare in found if spare.bodies]


def prune_file(catalog: CatalogStore, spared: UnneededBodies) -> PrunedFile:
    """Write the file without its unneeded bodies."""
    return rewrite_without(catalog, spared.file, prune_note(spared.bodies))


def rewrite_without(catalog: CatalogStore, file: Path, note: LeftOutNote) -> PrunedFile:
    """Write the file without what the note names; after a kill, file and catalog are both old or both new."""
    thin = write_copy_without(file, note)
    catalog.record_rewritten_file(file.name, thin.moved, thin.path.stat().st_size)
    replace_with_copy(file, thin.path)
    return thin


def finish_pruning(catalog: CatalogStore, archive: Path) -> None:
    """Finish or undo what a killed `prune` left: what the catalog has noted is finished, anything else undone."""
    for thin in archive.glob(f"*{PRUNED_SUFFIX}"):
        file = thin.with_name(thin.name.removesuffix(PRUNED_SUFFIX))
        if catalog.cursor(file.name) == thin.stat().st_size:
            replace_with_copy(file, thin)
        else:
            thin.unlink()
