"""Archive files read by several workers: each into a record file named by what it was read from."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from cardwatch import normalize
from cardwatch.cluster.workers import Workers
from cardwatch.crawler.documents import Visit
from cardwatch.crawler.replay import ArchiveReader, FileToRead
from cardwatch.crawler.run import source_classes
from cardwatch.crawler.unread_visit import DamagedRecord


class ReadTask(NamedTuple):
    """An archive file to read, and the folder of the record files."""

    file: FileToRead
    records: Path


def read_by_workers(
    workers: Workers, records: Path, files: Sequence[FileToRead]
) -> Iterator[tuple[FileToRead, Iterator[Visit | DamagedRecord]]]:
    """Return each file with what it tells, in the order given, whichever worker is first."""
    tasks = [ReadTask(file._replace(path=file.path.resolve()), records.resolve()) for file in files]
    keys = [f"read-{file.path}-{file.start}-{file.size}-{file.latest}" for file in files]
    records_read = workers.run_in_order(read_into_record_file, tasks, keys)
    return zip(files, map(load_record_file, records_read), strict=True)


def read_into_record_file(task: ReadTask) -> Path:
    """Read one archive file; what is at hand of the same bytes, read by the same rules, is not read again."""
    file, classes = task.file, source_classes()
    with file.path.open("rb") as archived:
        body = file_digest(archived, "sha256").hexdigest()
    rules = [
        normalize.VERSION,
        *(f"{name} {source.parser_version}" for name, source in sorted(classes.items())),
    ]
    inputs = (body, file.path.name, file.start, file.latest, rules)
    target = task.records / f"{sha256(repr(inputs).encode()).hexdigest()}.records"
    if not target.exists():
        task.records.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}.part")
        with ArchiveReader(classes) as reader, partial.open("wb") as out:
            for found in reader.visits(file.path, file.start, file.latest):
                pickle.dump(found, out)
        partial.replace(target)
    return target


def load_record_file(path: Path) -> Iterator[Visit | DamagedRecord]:
    """Yield what a record file holds, then drop it: whoever asks to the end has it in the catalog."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)
    path.unlink(missing_ok=True)
