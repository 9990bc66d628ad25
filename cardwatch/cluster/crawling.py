"""A crawl by several workers: the plan in shards by host, each into a folder of its own, then into the archive."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cardwatch.cluster.workers import Workers
from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND
from cardwatch.crawler.crawl_run import ProgressCallback
from cardwatch.crawler.planned_visits import Validators
from cardwatch.crawler.run import CrawlResult, CrawlSettings
from cardwatch.crawler.shard import CrawlShard, PlannedPage, crawl_shard
from cardwatch.crawler.source import Source
from cardwatch.crawler.warc import is_growing, warc_files
from cardwatch.db.schedule.candidates import Candidate
from cardwatch.db.schedule.crawl_plan import CrawlPlan
from cardwatch.errors import HomeBusyError
from cardwatch.home import Home


def crawl_shards(
    workers: Workers,
    made: CrawlPlan,
    sources: Mapping[str, type[Source]],
    validators: Validators,
    *,
    home: Home,
    settings: CrawlSettings,
    clock: Callable[[], datetime],
    progress: ProgressCallback,
) -> CrawlResult:
    """Visit the planned pages on all workers, then move what they wrote into the archive.

    `sources` are those with a page in the plan. Raises CrawlError and ArchiveError as a crawl of one process does.
    """
    run = f"{clock():%Y%m%dT%H%M%SZ}"
    folder = home.shards.resolve() / run
    groups = split_by_host(made.chosen, workers.count)
    known = defaultdict[str, set[tuple[str, str]]](set)
    for page in made.found.pages:
        known[page.host].add((page.source, page.url))
    shards = [
        CrawlShard(
            folder / f"{number:02d}",
            tuple(_planned_page(one, sources[one.source], validators) for one in group),
            frozenset().union(*(known[host] for host in {one.host for one in group})),
            made.spare // len(groups),
            made.host_allowance,
            dict(made.host_allowances),
            settings,
            clock,
        )
        for number, group in enumerate(groups)
    ]
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stopped = False
    keys = [f"crawl-{folder}-{number}" for number in range(len(shards))]
    for _, result in workers.run_tasks(crawl_shard, shards, keys):
        stopped |= result.stopped
        for visit in result.visits:
            counts[visit.source][visit.outcome] += 1
            progress(visit)
    moved = adopt_shards(home.shards, home.archive)
    return CrawlResult(moved[-1] if moved else None, counts, {}, stopped=stopped)


def _planned_page(page: Candidate, source: type[Source], validators: Validators) -> PlannedPage:
    index = page.kind == INDEX_PAGE_KIND
    headers = {} if index else validators(page.source, page.url, source.parser_version)
    return PlannedPage(page.source, page.request, headers)


def split_by_host(pages: Sequence[Candidate], most: int) -> list[list[Candidate]]:
    """Return the pages in at most so many groups, all of a host in one, their order kept, the largest hosts first."""
    hosts = Counter(page.host for page in pages)
    groups: list[set[str]] = [set() for _ in range(min(most, len(hosts)))]
    sizes = [0] * len(groups)
    for host, size in sorted(hosts.items(), key=lambda each: (-each[1], each[0])):
        least = sizes.index(min(sizes))
        groups[least].add(host)
        sizes[least] += size
    return [[page for page in pages if page.host in group] for group in groups]


def adopt_shards(root: Path, archive: Path) -> list[Path]:
    """Move what shards wrote into the archive, also those of a run that died.

    Raises HomeBusyError while workers still write there: they ask hosts that another run must not ask as well.
    """
    if not root.is_dir():
        return []
    shards = sorted(root.glob("*/*"))
    if growing := [file for shard in shards for file in warc_files(shard) if is_growing(file)]:
        raise HomeBusyError(
            f"{growing[0]}: workers of an earlier run still write; try again when they have ended"
        )
    moved = [
        _adopt_file(file, archive, f"{shard.parent.name}-{shard.name}")
        for shard in shards
        for file in warc_files(shard)
    ]
    shutil.rmtree(root)
    return moved


def _adopt_file(file: Path, archive: Path, name: str) -> Path:
    archive.mkdir(parents=True, exist_ok=True)
    number = 1
    while (target := archive / f"{name}-{number:02d}.warc.gz").exists():
        number += 1
    return file.replace(target)
