"""Work on unchecked bytes in a child process: a crash or a kill there does not end this process."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterable
from multiprocessing.connection import Connection, Pipe
from typing import Any, Generic, NamedTuple, NoReturn, ParamSpec, TypeVar

from cardwatch.crawler.bounds import PAGE_SECONDS, time_error

if sys.platform != "win32":
    import resource

P = ParamSpec("P")
T = TypeVar("T")
KILL_SECONDS = 2 * PAGE_SECONDS
"""Processor time between two results after which the process is killed: code that hears no signal took it."""


class WorkerDiedError(Exception):
    """The child process ended before its work did; the message says why."""


class _End(NamedTuple):
    """The work is done; `reason` is what it raised, "" for nothing."""

    reason: str = ""


class _Process(NamedTuple):
    pid: int
    pipe: Connection


class BoundedWorker(Generic[P, T]):
    """Runs one generator function in a child process that may crash; the next call starts a new child.

    The process is a fork of this one, made at the first call and kept for the next ones. Where nothing forks,
    the function runs here.
    """

    def __init__(self, function: Callable[P, Iterable[T]]) -> None:
        self._function = function
        self._process: _Process | None = None

    def __enter__(self) -> BoundedWorker[P, T]:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Generator[T, None, None]:
        """Yield the results. Raises WorkerDiedError where the process died or the function raised."""
        if sys.platform == "win32":
            yield from self._function(*args, **kwargs)
            return
        process = self._process or _fork(self._function)
        self._process = None  # until its work is done: whoever leaves in between leaves it half done
        try:
            process.pipe.send((args, kwargs))
            while not isinstance(found := _receive(process.pipe), _End):
                yield found
            self._process = process
        except (EOFError, ConnectionError):
            raise WorkerDiedError(_cause_of_death(process)) from None
        finally:
            if self._process is None:
                _kill(process)
        if found.reason:
            raise WorkerDiedError(found.reason)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            _kill(self._process)
            self._process = None


def _receive(pipe: Connection) -> Any:
    """Return the next result, with garbage collection off meanwhile: unpickling makes many objects."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return pipe.recv()
    finally:
        if collects:
            gc.enable()


def _fork(function: Callable[..., Iterable[object]]) -> _Process:
    ours, its = Pipe()
    pid = os.fork()
    if pid == 0:
        _work(function, its)
    its.close()
    return _Process(pid, ours)


def _work(function: Callable[..., Iterable[object]], pipe: Connection) -> NoReturn:
    """Run in the child process: close what it inherited, and exit when the parent does."""
    status = 1
    try:
        os.closerange(3, pipe.fileno())
        os.closerange(pipe.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what parsers print of bad bytes helps nobody
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115  whatever it was may lean on a file closed above
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGXCPU):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        gc.freeze()
        while True:
            args, kwargs = pipe.recv()
            pipe.send(_run(function, pipe, args, kwargs))
    except (EOFError, OSError):
        status = 0  # the process it came from is gone
    finally:
        os._exit(status)


def _run(function: Callable[..., Iterable[object]], pipe: Connection, args: Any, kwargs: Any) -> _End:
    """Send all results. An error of the function ends its work; the child process goes on."""
    try:
        renew_time()
        for found in function(*args, **kwargs):
            pipe.send(found)
            renew_time()
    except (EOFError, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001  the point of a worker
        return _End(f"{type(error).__name__}: {error}")
    return _End()


def renew_time() -> None:
    """Let this child process take its time once more; each result it sends does."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + KILL_SECONDS, hard))


def _kill(process: _Process) -> None:
    process.pipe.close()
    try:
        os.kill(process.pid, signal.SIGKILL)
        os.waitpid(process.pid, 0)
    except (ChildProcessError, ProcessLookupError):
        return  # it has been asked what it died of


def _cause_of_death(process: _Process) -> str:
    _, status = os.waitpid(process.pid, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return str(time_error(KILL_SECONDS))
    if number:
        return f"the reading process died of {signal.Signals(number).name}"
    return f"the reading process ended with {os.waitstatus_to_exitcode(status)}"
