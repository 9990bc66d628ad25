"""The workers of a run: processes of this machine, or those of a scheduler that runs elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol, TypeVar

from cardwatch.errors import CardwatchError, UsageError

SETTINGS = {
    "distributed.worker.daemon": False,
    "distributed.scheduler.allowed-failures": 10,
    "distributed.deploy.lost-worker-timeout": "10 minutes",
    "distributed.scheduler.no-workers-timeout": "10 minutes",
}
"""A worker has processes of its own, a task may outlive ten of its workers, and a busy machine may take minutes to
start another: Dask gives a worker up after 15 seconds, and without any a run would wait for ever."""
MISSING = "the cluster needs Dask: pip install 'cardwatch[cluster]'"
_Task = TypeVar("_Task", contravariant=True)
_Answer = TypeVar("_Answer", covariant=True)


class Work(Protocol[_Task, _Answer]):
    """A function that a worker can load by name."""

    def __call__(self, task: _Task, /) -> _Answer: ...


class Workers:
    """Runs tasks on all workers; a task whose worker dies runs again on another."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def count(self) -> int:
        """How many tasks run at once."""
        return max(1, int(sum(self._client.nthreads().values())))

    def run_tasks(
        self, work: Work[_Task, _Answer], tasks: Sequence[_Task], keys: Sequence[str]
    ) -> Iterator[tuple[int, _Answer]]:
        """Yield the number of each task and its answer, as they come.

        Raises what the work raises, and CardwatchError when the workers die with it or none is left.
        """
        distributed, scheduler = import_module("dask.distributed"), import_module("distributed.scheduler")
        numbers = {key: number for number, key in enumerate(keys)}
        futures = [
            self._client.submit(work, task, key=key, pure=True) for key, task in zip(keys, tasks, strict=True)
        ]
        try:
            for future in distributed.as_completed(futures):
                yield numbers[future.key], future.result()
        except (distributed.KilledWorker, scheduler.NoWorkerError) as error:
            raise CardwatchError(f"cluster: {error}") from error

    def run_in_order(
        self, work: Work[_Task, _Answer], tasks: Sequence[_Task], keys: Sequence[str]
    ) -> Iterator[_Answer]:
        """Yield the answers in the order of the tasks, whichever worker is first. Raises what the work raises."""
        ready: dict[int, _Answer] = {}
        wanted = 0
        for number, answer in self.run_tasks(work, tasks, keys):
            ready[number] = answer
            while wanted in ready:
                yield ready.pop(wanted)
                wanted += 1


@cache
def connect_workers(workers: int, scheduler: str) -> Workers:
    """Start processes of this machine, or join a scheduler; once, until this process ends."""
    try:
        dask, distributed = import_module("dask"), import_module("dask.distributed")
    except ImportError as error:
        raise UsageError(MISSING) from error
    if scheduler:
        try:
            return Workers(distributed.Client(scheduler, timeout="10s"))
        except (OSError, ValueError) as error:
            wanted = f"cluster.scheduler: wanted a scheduler that answers, found {scheduler}"
            raise UsageError(f"{wanted}: {error}") from error
    dask.config.set(SETTINGS)
    local = distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    )
    return Workers(distributed.Client(local))
