"""Work in blocks: each is made by some worker from a snapshot of the catalog, and taken in in the order given."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from cardwatch.app import App, parse_clock
from cardwatch.cluster.workers import Workers
from cardwatch.compare.settings import template_version
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.errors import CardwatchError, HomeBusyError
from cardwatch.home import Home

BLOCKS_PER_WORKER = 4
"""So that the last blocks leave no worker long without one."""
T = TypeVar("T")
R = TypeVar("R")
BlockWork = Callable[[App, Sequence[T]], Sequence[R]]
"""What is made of some items by a look at the catalog: a function that a worker can load by name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the work for one worker: its items, the catalog snapshot it reads, and the file it writes its results to."""

    work: BlockWork[Any, Any]
    app: App
    items: Sequence[Any]
    target: Path
    template: str


@contextmanager
def take_snapshot(app: App, catalog: CatalogReports) -> Iterator[App]:
    """Yield the same at a copy of the catalog, its clock standing. Raises HomeBusyError when another has one."""
    folder = app.home.blocks.resolve()
    try:
        with FileLock(folder.with_suffix(".lock"), timeout=0):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            try:
                catalog.backup(folder / "catalog.db")
                yield replace(app, home=Home(folder), now=parse_clock(app.now().isoformat()))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        raise HomeBusyError(f"{folder}: other workers work there; try again when they end") from None


def work_in_blocks(workers: Workers, work: BlockWork[T, R], snapshot: App, items: Sequence[T]) -> Iterator[R]:
    """Yield what the workers make of the items, block after block, in their order."""
    size = max(1, ceil(len(items) / (workers.count * BLOCKS_PER_WORKER)))
    blocks = [
        Block(work, snapshot, items[n : n + size], snapshot.home.root / f"{n}.block", template_version())
        for n in range(0, len(items), size)
    ]
    keys = [f"{block.target}-{snapshot.now().isoformat()}" for block in blocks]
    for block, digest in zip(blocks, workers.run_in_order(make_block, blocks, keys), strict=True):
        yield from _load_block(block.target, digest)


def make_block(block: Block) -> str:
    """Write what is made of the items of a block; return its digest."""
    if template_version() != block.template:
        raise CardwatchError("cluster: wanted workers of one version of Cardwatch, found another")
    body = pickle.dumps(block.work(block.app, block.items))
    partial = block.target.with_name(f"{block.target.name}.part")
    partial.write_bytes(body)
    partial.replace(block.target)
    return sha256(body).hexdigest()


def _load_block(file: Path, digest: str) -> Sequence[Any]:
    body = file.read_bytes()
    if sha256(body).hexdigest() != digest:
        raise CardwatchError(f"{file}: wanted the block that a worker wrote, found other bytes")
    file.unlink()
    found: Sequence[Any] = pickle.loads(body)
    return found
