"""The stages in order: archive files into the catalog, one transaction per source and file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType

from cardwatch import normalize
from cardwatch.crawler.bounds import page_bounds
from cardwatch.crawler.documents import Visit
from cardwatch.crawler.follower import ArchiveFollower
from cardwatch.crawler.replay import ArchiveReader, FileToRead, file_order
from cardwatch.crawler.source import Source
from cardwatch.crawler.unread_visit import DamagedRecord
from cardwatch.crawler.warc import is_growing, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import IngestReport
from cardwatch.normalize.identity.resolver import Links
from cardwatch.normalize.records import Reading

Sources = Mapping[str, type[Source]]
VisitCallback = Callable[[Visit], None]
ReadFiles = Callable[[Sequence[FileToRead]], Iterator[tuple[FileToRead, Iterator[Visit | DamagedRecord]]]]
FAILED_OUTCOMES = ("error", "unparsed", "blocked")


@dataclass(slots=True)
class IngestResult:
    """What reading archive files did to the catalog, report by report."""

    reports: list[IngestReport] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    damaged: list[DamagedRecord] = field(default_factory=list)
    """Records that tell of nothing; what follows them was read."""

    def __add__(self, later: IngestResult) -> IngestResult:
        return IngestResult(
            self.reports + later.reports, self.files + later.files, self.damaged + later.damaged
        )

    @property
    def partial(self) -> dict[str, list[str]]:
        """What was not understood of pages that were read, by source."""
        return {
            report.source: [each.sentence() for each in report.partial_reads.values()]
            for report in self.reports
            if report.partial_reads
        }

    @property
    def failures(self) -> dict[str, dict[str, str]]:
        """What went wrong with visits that could not be used, by source and URL."""
        found: dict[str, dict[str, str]] = {}
        for report in self.reports:
            if report.failures:
                found.setdefault(report.source, {}).update(report.failures)
        return found

    @property
    def failed(self) -> list[str]:
        """Sources with a visit that could not be used."""
        return sorted({r.source for r in self.reports if any(r.outcomes[o] for o in FAILED_OUTCOMES)})


def ingest_files(
    catalog: CatalogStore,
    files: Iterable[Path],
    sources: Sources,
    tick: VisitCallback,
    *,
    read: ReadFiles | None = None,
    ahead: ReadAhead | None = None,
) -> IngestResult:
    """Bring the visits of these archive files that the catalog has not seen into it, in the order given.

    `read` reads them, this process if it is None; one may have been read `ahead`.
    """
    taken, latest = IngestResult(), datetime.fromisoformat(catalog.now)
    wanted = [FileToRead(file, catalog.cursor(file.name), file.stat().st_size, latest) for file in files]
    for file, unread in (read or partial(_read_here, sources))(wanted):
        before, pairs = len(taken.damaged), ahead.take(file) if ahead else None
        found = _sound(unread, taken.damaged) if pairs is None else (visit for visit, _ in pairs)
        ready = {id(visit): reading for visit, reading in pairs or () if reading}
        same = ahead is not None and ahead.links == decided_links(catalog)
        taken.reports += ingest_visits(catalog, found, sources, tick, ready if same else {})
        unreadable = [record.offset for record in taken.damaged[before:] if record.last]
        catalog.set_cursor(file.path.name, min(unreadable, default=file.size))
        taken.files.append(file.path.name)
    return taken


def _read_here(
    sources: Sources, files: Sequence[FileToRead]
) -> Iterator[tuple[FileToRead, Iterator[Visit | DamagedRecord]]]:
    with ArchiveReader(sources) as reader:
        for file in files:
            yield file, reader.visits(file.path, file.start, file.latest)


def _sound(found: Iterable[Visit | DamagedRecord], damaged: list[DamagedRecord]) -> Iterator[Visit]:
    """Yield the visits, and put the records that tell of none aside."""
    for one in found:
        if isinstance(one, DamagedRecord):
            damaged.append(one)
        else:
            yield one


def decided_links(catalog: CatalogStore) -> Links:
    """Return what people decided about names, by which rows are read."""
    return Links(catalog.links().names, {})


def ingest_visits(
    catalog: CatalogStore,
    found: Iterable[Visit],
    sources: Sources,
    tick: VisitCallback,
    ready: Mapping[int, Reading] = MappingProxyType({}),
) -> Iterator[IngestReport]:
    """Ingest visits source by source, each in one transaction; `ready` readings are named by the id() of their visit.

    Rows keep the id that the rules understand: which id stands for it is the catalog's, and can be undone.
    """
    grouped: dict[str, list[Visit]] = {}
    for visit in found:
        tick(visit)
        grouped.setdefault(visit.source, []).append(visit)
    links = decided_links(catalog)
    for name, group in grouped.items():
        card = sources[name].card()
        yield catalog.ingest(card, group, VisitReader(sources[name], links, ready), rules=normalize.VERSION)


@dataclass(frozen=True, slots=True)
class VisitReader:
    """Reads visits of one source by its card and by what people decided about names."""

    source: type[Source]
    links: Links
    ready: Mapping[int, Reading] = field(default_factory=dict)

    def __call__(self, visit: Visit) -> Reading:
        if id(visit) in self.ready:
            return self.ready[id(visit)]
        with page_bounds():
            return normalize.read(visit, self.source.card(), self.links)


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """The file of a crawl, read by a process of its own as it grows, by what people had decided when that began."""

    links: Links
    follower: ArchiveFollower[Reading | None]

    @classmethod
    def begin(cls, catalog: CatalogStore, archive: Path, sources: Sources) -> ReadAhead:
        """Have the next new file of the archive read."""
        links = decided_links(catalog)
        readers = {name: VisitReader(source, links) for name, source in sources.items()}
        return cls(links, ArchiveFollower(sources, archive, partial(_try_to_read, readers)))

    def __enter__(self) -> ReadAhead:
        return self

    def __exit__(self, *error: object) -> None:
        self.follower.close()

    def take(self, file: FileToRead) -> list[tuple[Visit, Reading | None]] | None:
        """Return what was read of a file, None for one that was not followed to its end."""
        return self.follower.take(file)


def _try_to_read(readers: Mapping[str, VisitReader], visit: Visit) -> Reading | None:
    """Return what a visit says; None where nothing is to be read, or where whoever ingests it must see what fails."""
    try:
        return readers[visit.source](visit) if visit.rows else None
    except Exception:  # noqa: BLE001  the same again, in the visit's own cell
        return None


def unread_files(catalog: CatalogStore, archive: Path) -> list[Path]:
    """Return the archive files with something the catalog has not taken in, by their first record, oldest first.

    A file that another crawl, such as a job of Scrapyd's, still adds to waits until it is finished.
    """
    files = [file for file in warc_files(archive) if catalog.cursor(file.name) < file.stat().st_size]
    return sorted((file for file in files if not is_growing(file)), key=file_order)


def reread_pages(
    catalog: CatalogStore, archive: Path, sources: Sources, tick: VisitCallback
) -> list[IngestReport]:
    """Read the latest bytes of every page again that was read by other rules than today's, or not understood whole."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    versions = {name: source.parser_version for name, source in sources.items()}
    for page in catalog.to_read_again(normalize.VERSION, versions):
        wanted.setdefault(page.archive, set()).add((page.source, page.url))
    files = [file for file in warc_files(archive) if file.name in wanted]
    with ArchiveReader(sources) as reader:
        again = (
            visit
            for file in files
            for visit in _sound(reader.visits(file), [])
            if (visit.source, visit.url) in wanted[file.name]
        )
        return list(ingest_visits(catalog, again, sources, tick))
