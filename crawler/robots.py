"""What one origin's robots.txt allows; no answer means no."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from protego import Protego

from cardwatch.crawler.documents import VisitProblem

ROBOTS_AGENT = "cardwatch"
MAX_ROBOTS_BYTES = 512 * 1024
"""Bytes of a robots.txt that are read (RFC 9309 asks for at least 500 KiB)."""


@dataclass(slots=True)
class Robots:
    """The rules of one origin. Whoever comes first asks for them; everybody else waits at `asking`."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: bool = False
    unreachable: str = ""
    no_answer: bool = False
    """Whether there was no answer at all, so that it is the host that fails and not its robots.txt."""
    _rules: Protego | None = None

    def answered(self, status: int, body: bytes) -> None:
        """Take the answer: 4xx means there are no rules, 429 and 5xx that nothing may be fetched."""
        self.known = True
        if status == 429 or status >= 500:
            self.unreachable = f"HTTP {status}"
        elif status < 300:
            self._rules = Protego.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace"))

    def failed(self, reason: str) -> None:
        """Take that there was no answer."""
        self.known = self.no_answer = True
        self.unreachable = reason

    def refusal(self, url: str) -> str:
        """Return why `url` must not be fetched, "" if it may."""
        if self.unreachable:
            return f"{VisitProblem.ROBOTS_FAILED} ({self.unreachable}), for {url}"
        if self._rules and not self._rules.can_fetch(url, ROBOTS_AGENT):
            return f"robots.txt forbids {url}"
        return ""

    @property
    def delay(self) -> float:
        """Seconds that lie between two requests, as Crawl-delay says; 0 when it does not."""
        return float(self._rules.crawl_delay(ROBOTS_AGENT) or 0) if self._rules else 0.0
