"""Bounds on the processor time and the memory that one page may take, in this process."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

if sys.platform != "win32":
    import resource

PAGE_SECONDS = 10
"""Processor time that reading one page may take; the longest recorded listing takes half a second."""
_OWN_SIZE = Path("/proc/self/statm")
PAGE_MEMORY = 1 << 30
"""Bytes that reading one page may add to its process; the longest recorded listing adds a tenth."""


class BoundExceededError(Exception):
    """A page takes more time or memory than any page may."""


def time_error(seconds: float) -> BoundExceededError:
    """Return the error of a page that takes too long."""
    return BoundExceededError(f"took more than {seconds:g} s of processor time")


@contextmanager
def page_bounds() -> Iterator[None]:
    """Raise BoundExceededError when what runs inside takes more processor time or memory than a page may.

    It stops Python code and regular expressions; a parser written in C is stopped by whoever started this
    process (see bounded_worker). Outside the main thread, where no signal arrives, memory alone is bound.
    """
    with _memory_bound(PAGE_MEMORY), _time_bound(PAGE_SECONDS):
        try:
            yield
        except MemoryError as error:
            raise BoundExceededError(f"took more than {PAGE_MEMORY >> 20} MB of memory") from error


@contextmanager
def _time_bound(seconds: float) -> Iterator[None]:
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise time_error(seconds)

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1)  # again each second, lest a library swallow the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _memory_bound(size: int) -> Iterator[None]:
    """Let this process grow by `size` bytes at most, where the system tells how large it is now."""
    now = _address_space()
    if sys.platform == "win32" or now is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    known = [limit for limit in (now + size, soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int | None:
    try:
        with _OWN_SIZE.open("rb", buffering=0) as file:
            pages = file.read().split()[0]
    except OSError:
        return None
    return int(pages) * resource.getpagesize()
