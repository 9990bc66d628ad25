"""The visits of archive files, read in this process: the command reads them in a worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from cardwatch.crawler.documents import Visit
from cardwatch.crawler.replay import SourceClasses, file_order, unread_visits
from cardwatch.crawler.unread_visit import UnreadVisit


def replay_visits(paths: Sequence[Path], sources: SourceClasses) -> Iterator[Visit]:
    """Yield the visits of files in time order."""
    for path in sorted(paths, key=file_order):
        for visit, _ in replay_with_ends(path, sources):
            yield visit


def replay_with_ends(path: Path, sources: SourceClasses, start: int = 0) -> Iterator[tuple[Visit, int]]:
    """Yield what one file tells from `start` on, each visit with the place behind it."""
    readers = {name: source() for name, source in sources.items()}
    for found in unread_visits(path, readers, start):
        if isinstance(found, UnreadVisit):
            yield found.read_alone(), found.end
