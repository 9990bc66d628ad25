"""What one run answers its crawler: the pages it planned, then those found on the way while visits last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.url_host import host_of

Validators = Callable[[str, str, int], Mapping[str, str]]
"""Conditional headers by source, URL and parser version."""


class PlannedVisits:
    """A plan on its way: `spare` pages more than planned may be found, while no host gets more than its allowance.

    `planned` are the pages by source, `hosts` how many of the plan are on each host, `knows` says of a source and a URL
    whether the plan decided on that page, taken or not.
    """

    def __init__(
        self,
        planned: Iterable[tuple[str, PageRequest]],
        hosts: Iterable[str],
        knows: Callable[[str, str], bool],
        *,
        spare: int,
        allowance: Callable[[str], int],
        validators: Validators,
    ) -> None:
        self.validators = validators
        self._hosts, self._knows, self._taken = Counter(hosts), knows, set[tuple[str, str]]()
        self._spare, self._allowance = spare, allowance
        self.planned: dict[str, list[PageRequest]] = {}
        for source, page in planned:
            self.planned.setdefault(source, []).append(page)

    def choose(self, source: str, pages: Sequence[PageRequest]) -> Sequence[PageRequest]:
        """Return all planned pages of a source when it first asks, whoever named them, then new ones."""
        return [*self.planned.pop(source, []), *(page for page in pages if self._takes(source, page))]

    def takes_continuation(self, url: str) -> bool:
        """Count one more request of a listing that goes on at `url`; False when its host has its share."""
        host = host_of(url)
        if self._hosts[host] >= self._allowance(host):
            return False
        self._hosts[host] += 1
        return True

    def _takes(self, source: str, page: PageRequest) -> bool:
        at = source, page.url
        if self._spare <= 0 or at in self._taken or self._knows(*at) or not self.takes_continuation(page.url):
            return False
        self._taken.add(at)
        self._spare -= 1
        return True
