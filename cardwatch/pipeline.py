"""The stages in order: archive files into the catalog, one transaction per source and file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cardwatch import normalize
from cardwatch.crawler.documents import Visit
from cardwatch.crawler.replay import first_moment, visits
from cardwatch.crawler.source import Source
from cardwatch.crawler.warc import grows, warc_files
from cardwatch.db.catalog import Catalog
from cardwatch.db.reports import IngestReport
from cardwatch.normalize.identity import Links
from cardwatch.normalize.records import Reading

Sources = Mapping[str, type[Source]]
Tick = Callable[[Visit], None]
BAD = ("error", "unparsed", "blocked", "held")


@dataclass(slots=True)
class Taken:
    """What reading archive files did to the catalog, report by report."""

    reports: list[IngestReport] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[str]:
        """Sources with a visit that could not be used, or with a whole page held."""
        return sorted({r.source for r in self.reports if r.held_pages or any(r.outcomes[o] for o in BAD)})


def take_files(catalog: Catalog, files: Iterable[Path], sources: Sources, tick: Tick) -> Taken:
    """Bring the visits of these archive files that the catalog has not seen into it, in the order given."""
    taken = Taken()
    for file in files:
        unread = visits([file], sources, after={file.name: catalog.cursor(file.name)})
        taken.reports += take_visits(catalog, unread, sources, tick)
        catalog.set_cursor(file.name, file.stat().st_size)
        taken.files.append(file.name)
    return taken


def take_visits(
    catalog: Catalog, found: Iterable[Visit], sources: Sources, tick: Tick
) -> Iterator[IngestReport]:
    """Ingest visits source by source, each in one transaction.

    Rows keep the id that the rules understand: which id stands for it is the catalog's, and can be undone.
    """
    grouped: dict[str, list[Visit]] = {}
    for visit in found:
        tick(visit)
        grouped.setdefault(visit.source, []).append(visit)
    links = Links(catalog.links().names, {})
    for name, group in grouped.items():
        card = sources[name].card()
        yield catalog.ingest(card, group, Reader(sources[name], links), rules=normalize.VERSION)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads visits of one source by its card and by what people decided about names."""

    source: type[Source]
    links: Links

    def __call__(self, visit: Visit) -> Reading:
        return normalize.read(visit, self.source.card(), self.links)


def unread(catalog: Catalog, archive: Path) -> list[Path]:
    """Return the archive files with something the catalog has not taken in, by their first record, oldest first.

    A file that another crawl, such as a job of Scrapyd's, still adds to waits until it is finished.
    """
    files = [file for file in warc_files(archive) if catalog.cursor(file.name) < file.stat().st_size]
    return sorted((file for file in files if not grows(file)), key=first_moment)


def read_again(catalog: Catalog, archive: Path, sources: Sources, tick: Tick) -> list[IngestReport]:
    """Read the latest bytes of every page again whose facts were read by other rules than today's."""
    wanted: dict[str, set[tuple[str, str]]] = {}
    for page in catalog.to_read_again(normalize.VERSION):
        wanted.setdefault(page.archive, set()).add((page.source, page.url))
    files = [file for file in warc_files(archive) if file.name in wanted]
    again = (
        visit
        for file in files
        for visit in visits([file], sources)
        if (visit.source, visit.url) in wanted[file.name]
    )
    return list(take_visits(catalog, again, sources, tick))
