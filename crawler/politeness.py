"""How a run treats one host: it spaces requests, waits when told to, and stops after repeated failures."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy.exceptions import IgnoreRequest


class HostClosedError(IgnoreRequest):
    """A host is asked no more in this run; says why."""


@dataclass(frozen=True, slots=True)
class ThrottlePolicy:
    """Seconds and counts, for each host. `delay` lies between two requests, `concurrency` of them may be
    under way; `backoff` is the first wait after a failure, doubled with each one up to `longest_backoff`;
    `longest_wait` is what a host may ask for before it is given up; `failures` in a row close it, and one
    is enough for a host among `suspects`, which failed in the last run.
    """

    delay: float = 1.0
    concurrency: int = 1
    backoff: float = 1.0
    longest_backoff: float = 30.0
    longest_wait: float = 120.0
    failures: int = 5
    suspects: frozenset[str] = frozenset()


@dataclass(slots=True)
class HostThrottle:
    """One host in one run."""

    name: str
    throttle_policy: ThrottlePolicy
    stopped: asyncio.Event
    delay: float = 0.0
    closed: str = ""
    _failures: int = 0
    _last: float = float("-inf")
    _not_before: float = float("-inf")
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.throttle_policy.concurrency)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until this host may be asked again, and take one of its places meanwhile.

        Raises HostClosedError when it may not be asked in this run.
        """
        async with self._places:
            async with self._turn:
                while (wait := max(self._last + self._pause, self._not_before) - monotonic()) > 0:
                    self._check(wait)
                    await self._sleep(wait)
                self._check(0)
                self._last = monotonic()
            yield

    @property
    def _pause(self) -> float:
        return max(self.delay, self.throttle_policy.delay)

    def _check(self, wait: float) -> None:
        if self.stopped.is_set():
            raise HostClosedError("the run was stopped")
        if wait > self.throttle_policy.longest_wait:
            self.closed = self.closed or f"{self.name} asks to wait {wait:.0f} s"
        if self.closed:
            raise HostClosedError(self.closed)

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopped.wait(), seconds)
        except TimeoutError:
            return

    def answered(self, status: int, retry_after: float | None) -> None:
        """Note an answer: a busy or broken host is left alone for a while, as long as it says if it says."""
        if status == 429 or status >= 500:
            self.failed(f"HTTP {status}", retry_after)
        else:
            self._failures = 0

    def failed(self, reason: str, wait: float | None = None) -> None:
        """Note that a request came to nothing; too many in a row close the host for this run."""
        self._failures += 1
        backoff = min(
            self.throttle_policy.backoff * 2 ** (self._failures - 1), self.throttle_policy.longest_backoff
        )
        pause = backoff * random.uniform(0.5, 1.5) if wait is None else wait
        self._not_before = max(self._not_before, monotonic() + pause)
        if self._failures >= (
            1 if self.name in self.throttle_policy.suspects else self.throttle_policy.failures
        ):
            self.closed = f"{self.name} failed {self._failures} times in a row, last: {reason}"


@dataclass(slots=True)
class HostThrottles:
    """Every host of one run, by name."""

    throttle_policy: ThrottlePolicy
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _hosts: dict[str, HostThrottle] = field(default_factory=dict)

    def __getitem__(self, name: str) -> HostThrottle:
        if name not in self._hosts:
            self._hosts[name] = HostThrottle(name, self.throttle_policy, self.stopped)
        return self._hosts[name]

    def slow_down(self, name: str, delay: float) -> None:
        """Keep at least `delay` seconds between two requests to a host."""
        self[name].delay = max(self[name].delay, delay)


def parse_retry_after(headers: Mapping[str, bytes | None], now: Callable[[], datetime]) -> float | None:
    """Return the seconds an answer asks to wait, from a Retry-After in seconds or as a date; None if none."""
    text = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if re.fullmatch("[0-9]+", text):
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - now()).total_seconds())
    except (ValueError, OverflowError):
        return None
