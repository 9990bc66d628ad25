"""How a run treats one host: it spaces requests, waits when told to, and stops after repeated failures."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import NamedTuple

from scrapy.exceptions import IgnoreRequest

from cardwatch.crawler.url_host import host_of

LONGEST_WINDOW = 600.0
"""Seconds until the next window of a host's allowance that are waited out."""


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


class RequestQuota(NamedTuple):
    """What a host allows for some of its URLs, apart from all others: `requests` in so many `seconds`.

    `name` is unlike any host's; `urls` is a regular expression of whole URLs.
    """

    name: str
    host: str
    urls: str
    requests: int
    seconds: float

    @property
    def delay(self) -> float:
        """Seconds between two requests that keep within it."""
        return self.seconds / self.requests

    def covers(self, url: str) -> bool:
        """Say whether a URL is one of those."""
        return re.fullmatch(self.urls, url) is not None

    def delay_within(self, usual: float) -> float:
        """Return the seconds between two requests: those of the quota, where these are fewer than usual."""
        return min(self.delay, usual)


@dataclass(slots=True)
class HostThrottle:
    """One host in one run, or those of its URLs that have a quota of their own."""

    name: str
    throttle_policy: ThrottlePolicy
    stopped: asyncio.Event
    delay: float = 0.0
    closed: str = ""
    _failures: int = 0
    _last: float = float("-inf")
    _not_before: float = float("-inf")
    _window_ends: float = float("-inf")
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
                while (wait := self._wait()) > 0:
                    await self._sleep(wait)
                self._last = monotonic()
            yield

    def _wait(self) -> float:
        """Return the seconds until the next request; a window that the host tells of is waited out in any case."""
        now = monotonic()
        wait = max(self._last + self._pause, self._not_before) - now
        self._check(wait)
        return max(wait, self._window_ends - now)

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

    def answered(self, status: int, retry_after: float | None, window: float | None = None) -> None:
        """Note an answer. A host that is busy or fails gets no request for a while: as long as it asks for, if it says so.

        `window` is the number of seconds until a host whose allowance is used up grants a new one.
        """
        spent = window is not None and window <= LONGEST_WINDOW
        if window is not None and spent:
            self._window_ends = max(self._window_ends, monotonic() + window)
        if status == 429 or status >= 500:
            self.failed(f"HTTP {status}", 0.0 if spent and retry_after is None else retry_after)
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
            failed = "once" if self._failures == 1 else f"{self._failures} times in a row, last"
            self.closed = f"{self.name} failed {failed}: {reason}"


@dataclass(slots=True)
class HostThrottles:
    """Every host of one run, by name, and every quota of one."""

    throttle_policy: ThrottlePolicy
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    quotas: tuple[RequestQuota, ...] = ()
    _hosts: dict[str, HostThrottle] = field(default_factory=dict)

    def __getitem__(self, name: str) -> HostThrottle:
        if name not in self._hosts:
            self._hosts[name] = HostThrottle(name, self.throttle_policy, self.stopped)
        return self._hosts[name]

    def of_url(self, url: str) -> HostThrottle:
        """Return what a request for `url` has to wait for: its quota, or else its host."""
        quota = find_quota(self.quotas, url)
        return self._of_quota(quota) if quota else self[host_of(url)]

    def _of_quota(self, quota: RequestQuota) -> HostThrottle:
        if quota.name not in self._hosts:
            policy = replace(self.throttle_policy, delay=quota.delay_within(self.throttle_policy.delay))
            self._hosts[quota.name] = HostThrottle(quota.host, policy, self.stopped)
        return self._hosts[quota.name]

    def slow_down(self, name: str, delay: float) -> None:
        """Keep at least `delay` seconds between two requests to a host, those with a quota aside."""
        self[name].delay = max(self[name].delay, delay)

    def obey_robots(self, name: str, delay: float) -> None:
        """Keep at least `delay` seconds between two requests to a host, whatever quotas it has."""
        self.slow_down(name, delay)
        for quota in self.quotas:
            if quota.host == name:
                apart = self._of_quota(quota)
                apart.delay = max(apart.delay, delay)


def find_quota(quotas: Iterable[RequestQuota], url: str) -> RequestQuota | None:
    """Return the quota that a URL counts against, None for that of its host."""
    return next((quota for quota in quotas if quota.covers(url)), None)


def parse_spent_window(headers: Mapping[str, bytes | None]) -> float | None:
    """Return the seconds until the next window when an answer says that nothing is left of this one; else None.

    That is the RateLimit header of the IETF's draft: `"api";r=0;t=137` has no request left for 137 seconds.
    """
    text = (headers.get("RateLimit") or b"").decode("latin-1")
    windows = (dict(re.findall(r";\s*([rt])\s*=\s*(\d{1,9})(?!\d)", each)) for each in text.split(","))
    spent = [float(each["t"]) for each in windows if each.get("r", "1").strip("0") == "" and "t" in each]
    return max(spent, default=None)


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
