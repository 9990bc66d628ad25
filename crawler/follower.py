"""The file that a crawl writes, read by a process of its own while it grows: where there is a core for it."""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from cardwatch.crawler.body_finder import BodyFinder
from cardwatch.crawler.bounded_worker import BoundedWorker, WorkerDiedError, renew_time
from cardwatch.crawler.documents import Visit
from cardwatch.crawler.replay import FileToRead, SourceClasses, told_by
from cardwatch.crawler.source import Source
from cardwatch.crawler.unread_visit import DamagedRecord, FileContents
from cardwatch.crawler.warc import DamagedArchiveError, is_growing, scan_records, warc_files

T = TypeVar("T")
PAUSE = 0.05
"""Seconds between two looks at a file that grows."""


def can_follow() -> bool:
    """Say whether a second process helps: it can be forked, and there is a core for it."""
    if sys.platform == "win32":
        return False
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) > 1


class ArchiveFollower(Generic[T]):
    """Reads the next new file of an archive folder while a crawl writes it, and what `work` makes of each visit.

    What it has read waits in its process. If that dies, whoever wants the file reads it as any other.
    """

    def __init__(self, sources: SourceClasses, archive: Path, work: Callable[[Visit], T]) -> None:
        self._known = frozenset(warc_files(archive))
        readers = {name: make() for name, make in sources.items()}
        worker = BoundedWorker(partial(_follow, readers, archive, self._known, work))
        self._results = worker()
        next(self._results)  # it has begun

    def close(self) -> None:
        """End its process."""
        self._results.close()

    def take(self, file: FileToRead) -> list[tuple[Visit, T]] | None:
        """Return the visits of a finished file with what was made of them, None where it was not followed to its end."""
        if file.path in self._known:
            return None
        try:
            if next(self._results) != file.path:
                self._results.close()
                return None
            found = [pickle.loads(each) for each in self._results if isinstance(each, bytes)]
        except (StopIteration, WorkerDiedError):
            return None
        return found if found.pop() == file.size else None


def _follow(
    readers: Mapping[str, Source], archive: Path, known: frozenset[Path], work: Callable[[Visit], object]
) -> Iterator[Path | bytes]:
    """Yield something at once, then the file, and when it is finished what it tells and how long it is."""
    yield b""
    path = _find_new_file(archive, known)
    yield path
    found = list[bytes]()
    for each in _read_growing(path, readers):
        told = each if isinstance(each, int) else (each, work(each))
        found.append(pickle.dumps(told, pickle.HIGHEST_PROTOCOL))
        renew_time()
    yield from found


def _find_new_file(archive: Path, known: frozenset[Path]) -> Path:
    """Return the first file with something in it that is not `known`. Raises EOFError when nobody waits for it."""
    parent = os.getppid()
    while os.getppid() == parent:
        for path in warc_files(archive):
            if path not in known and path.stat().st_size:
                return path
        renew_time()
        time.sleep(PAUSE)
    raise EOFError


def _read_growing(path: Path, readers: Mapping[str, Source]) -> Iterator[Visit | int]:
    """Yield the visits that a file tells of as they come, then its size. Raises DamagedArchiveError."""
    contents, end, grows = FileContents(path, BodyFinder()), 0, True
    while grows:
        grows = is_growing(path)  # asked first: what comes while it is read is read the next time
        for entry in scan_records(path, end):
            if entry.problem:
                break
            end = entry.end
            contents.note(entry)
            for told in told_by(entry, contents, readers):
                if isinstance(told, DamagedRecord):
                    raise DamagedArchiveError(told.reason)
                yield told.read_alone()
        if grows:
            time.sleep(PAUSE)
    if end != path.stat().st_size or not contents.ours:
        raise DamagedArchiveError(f"damaged at {end}")
    yield end
