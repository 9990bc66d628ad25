"""One shard of a crawl: the pages of some hosts, visited into a folder of its own, and taken up again after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cardwatch.crawler.body_finder import BodyFinder
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.crawl_run import FinishedVisit
from cardwatch.crawler.middlewares import url_origin
from cardwatch.crawler.planned_visits import PlannedVisits
from cardwatch.crawler.robots import Robots
from cardwatch.crawler.run import CrawlSettings, crawl_sources, source_classes
from cardwatch.crawler.url_host import host_of
from cardwatch.crawler.visit_line import VisitLine, VisitLineError
from cardwatch.crawler.warc import (
    VISIT_CONTENT_TYPE,
    DamagedArchiveError,
    WarcRecord,
    scan_records,
    warc_files,
)

ROBOTS_PATH = "/robots.txt"


class PlannedPage(NamedTuple):
    """A page of one source that a shard visits, with the conditional headers it is asked with."""

    source: str
    request: PageRequest
    validators: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CrawlShard:
    """What one worker visits: all that a run plans on some hosts, which no other shard asks.

    `known` are the pages on these hosts that a plan decided on, by source and URL; `spare` more may be found on
    the way, while no host gets more than `host_allowance`, or its own of `host_allowances`. `clock` tells the time.
    """

    folder: Path
    pages: tuple[PlannedPage, ...]
    known: frozenset[tuple[str, str]]
    spare: int
    host_allowance: int
    host_allowances: Mapping[str, int]
    settings: CrawlSettings
    clock: Callable[[], datetime]

    def allowance(self, host: str) -> int:
        """Return how many pages a host gets at most."""
        return self.host_allowances.get(host, self.host_allowance)


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a shard brought, over all attempts at it."""

    visits: tuple[FinishedVisit, ...]
    stopped: bool


class ShardHistory(PlannedVisits):
    """Answers from the plan of one shard; pages that an earlier attempt archived are not asked again."""

    def __init__(self, shard: CrawlShard, done: Sequence[FinishedVisit]) -> None:
        visited = {(visit.source, visit.url) for visit in done}
        left = [page for page in shard.pages if (page.source, page.request.url) not in visited]
        headers = {(page.source, page.request.url): page.validators for page in left}
        super().__init__(
            ((page.source, page.request) for page in left),
            (host_of(page.request.url) for page in shard.pages),
            lambda source, url: (source, url) in shard.known or (source, url) in visited,
            spare=shard.spare - len(visited - shard.known),
            allowance=shard.allowance,
            validators=lambda source, url, _: headers.get((source, url), {}),
        )

    def _takes(self, source: str, page: PageRequest) -> bool:
        """Take a page found on the shard's own hosts: any other host is another shard's."""
        return self._hosts[host_of(page.url)] > 0 and super()._takes(source, page)


def crawl_shard(shard: CrawlShard) -> ShardResult:
    """Visit what earlier attempts at this shard left. Raises what crawl_sources does.

    A worker that is killed loses the visits under way and no other: the next one reads the files it left, asks
    for nothing in them again, and waits once as long as between two requests before it asks anybody.
    """
    files = warc_files(shard.folder) if shard.folder.is_dir() else []
    done = [visit for file in files for visit in finished_visits(file)]
    robots = {at: rules for file in files for at, rules in archived_robots(file)}
    history = ShardHistory(shard, done)
    classes = source_classes()
    sources = [
        classes[name] for name in {page.source: None for page in shard.pages} if name in history.planned
    ]
    if not sources:
        return ShardResult(tuple(done), stopped=False)
    if files:
        policy = shard.settings.throttle_policy.delay
        time.sleep(
            max([policy, *(each.delay for each in sources), *(each.delay for each in robots.values())])
        )
    result = crawl_sources(
        sources,
        past=history,
        archive=shard.folder,
        settings=shard.settings,
        now=shard.clock,
        progress=done.append,
        continues=history.takes_continuation,
        robots=robots,
    )
    return ShardResult(tuple(done), stopped=result.stopped)


def finished_visits(file: Path) -> Iterator[FinishedVisit]:
    """Yield the visits that an archive file of ours tells of, also one that a kill cut off."""
    for record in _sound_records(file):
        if record.content_type == VISIT_CONTENT_TYPE:
            try:
                line = VisitLine.parse(record.payload)
            except VisitLineError:
                continue
            yield FinishedVisit(line.source, line.url, line.outcome, line.status, line.size, line.detail)


def archived_robots(file: Path) -> Iterator[tuple[str, Robots]]:
    """Yield by origin the robots.txt that an archive file holds: it is not asked for twice in one run."""
    bodies = BodyFinder()
    for record in _sound_records(file):
        bodies.note(record)
        if record.kind in ("response", "revisit") and record.url == f"{url_origin(record.url)}{ROBOTS_PATH}":
            rules = Robots()
            try:
                body = bodies.read(record)[1] if record.status < 300 else b""
            except DamagedArchiveError:
                continue
            rules.answered(record.status, body)
            yield url_origin(record.url), rules


def _sound_records(file: Path) -> Iterator[WarcRecord]:
    return (record for record in scan_records(file) if not record.problem)
