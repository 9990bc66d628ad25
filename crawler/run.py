"""One crawl of any number of sources, in this process, into one archive file."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from cardwatch.crawler.archive_writer import ArchiveWriter
from cardwatch.crawler.crawl_history import CrawlHistory
from cardwatch.crawler.crawl_run import NO_CONTACT, CrawlRun, ProgressCallback
from cardwatch.crawler.host_rules import HostRules, is_loopback
from cardwatch.crawler.link_finder import LinkFinder
from cardwatch.crawler.politeness import HostThrottles, RequestQuota, ThrottlePolicy
from cardwatch.crawler.robots import Robots
from cardwatch.crawler.source import Source
from cardwatch.crawler.url_host import host_of


class CrawlError(Exception):
    """A crawl cannot start; one line a person can act on."""


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """What the front door decides about a crawl.

    `hosts` may be asked beside those of the sources. `timeout` is in seconds. `throttle` slows down further
    for a host that answers slowly. `sources` are class attributes of sources, by name, that the settings give
    them. `overrides` are Scrapy settings.
    """

    contact: str = ""
    hosts: tuple[str, ...] = ()
    allow_private: bool = False
    throttle_policy: ThrottlePolicy = field(default_factory=ThrottlePolicy)
    timeout: float = 30
    throttle: bool = True
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl brought: its archive file, if anything was kept, and attempts by source and outcome.

    `skipped` says why a source was not asked at all; `stopped` that a signal ended the run early.
    """

    path: Path | None
    counts: Mapping[str, Mapping[str, int]]
    skipped: Mapping[str, str]
    stopped: bool = False


def source_classes() -> dict[str, type[Source]]:
    """Return every source by its id."""
    loader = SpiderLoader.from_settings(_project_settings())
    return {name: loader.load(name) for name in loader.list()}  # type: ignore[misc]


def check_contact(sources: Iterable[type[Source]], contact: str) -> None:
    """Raise CrawlError when a source of the open net would be asked without a contact."""
    if not contact and not all(is_loopback(host_of(source.url)) for source in sources if has_key(source)):
        raise CrawlError(NO_CONTACT)


def crawl_sources(
    sources: Sequence[str | type[Source]],
    *,
    past: CrawlHistory,
    archive: Path,
    settings: CrawlSettings,
    now: Callable[[], datetime],
    progress: ProgressCallback | None = None,
    continues: Callable[[str], bool] = lambda url: True,
    robots: Mapping[str, Robots] = MappingProxyType({}),
) -> CrawlResult:
    """Visit the due pages of `sources`, all at once, and keep what came in one new file below `archive`.

    `continues` says of a URL that continues a listing whether its host may be asked once more; `robots` are the
    rules of origins, as far as they are known.
    A source whose key is not in the environment is skipped. SIGINT and SIGTERM end the run with what it
    has. Raises CrawlError for an unknown source or a missing contact, ArchiveError when the disk refuses.
    """
    asked = [_configured(_source_class(source), settings) for source in sources]
    skipped = skip_without_key(asked)
    due = [source for source in asked if source.name not in skipped]
    check_contact(due, settings.contact)
    run = CrawlRun(
        archive=ArchiveWriter(archive, now=now),
        rules=HostRules.of((), settings.hosts, allow_private=settings.allow_private),
        hosts=HostThrottles(settings.throttle_policy, quotas=_quotas(due)),
        links=LinkFinder(due),
        now=now,
        contact=settings.contact,
        past=past,
        progress=progress,
        continues=continues,
        robots=dict(robots),
    )
    for origin, rules in robots.items():
        run.hosts.obey_robots(host_of(origin), rules.delay)
    for source in due:
        source.slow_down(run)
    try:
        asyncio.run(_run_spiders(due, run, _scrapy_settings(settings, run.hosts.quotas)))
    finally:
        run.end()
    if run.error:
        raise run.error
    return CrawlResult(run.archive.path, run.counts, skipped, stopped=run.hosts.stopped.is_set())


async def _run_spiders(sources: Sequence[type[Source]], run: CrawlRun, settings: Settings) -> None:
    runner = AsyncCrawlerRunner(settings)
    with _stop_on_signal(lambda: _stop_crawl(runner, run)):
        crawls = [runner.crawl(source, run=run) for source in sources]
        results = await asyncio.gather(*crawls, return_exceptions=True)
    for result in results:
        if result is not None:
            raise result


@contextmanager
def _stop_on_signal(stop: Callable[[], None]) -> Iterator[None]:
    """Have the first SIGINT or SIGTERM stop the run; the next one acts as it always does."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def once() -> None:
        release()
        stop()

    def release() -> None:
        for number in signals:
            loop.remove_signal_handler(number)

    try:
        for number in signals:
            loop.add_signal_handler(number, once)
    except (NotImplementedError, RuntimeError, ValueError):  # no Unix, or not the main thread
        yield
        return
    try:
        yield
    finally:
        release()


def _stop_crawl(runner: AsyncCrawlerRunner, run: CrawlRun) -> None:
    run.stop()
    asyncio.get_running_loop().create_task(runner.stop())


def _source_class(source: str | type[Source]) -> type[Source]:
    if not isinstance(source, str):
        return source
    known = source_classes()
    if source not in known:
        raise CrawlError(f"source: wanted one of {', '.join(known)}, found {source!r}")
    return known[source]


def _configured(source: type[Source], settings: CrawlSettings) -> type[Source]:
    return source.configured(settings.sources.get(source.name, {}))


def _quotas(sources: Iterable[type[Source]]) -> tuple[RequestQuota, ...]:
    return tuple(dict.fromkeys(quota for source in sources for quota in source.quotas))


def has_key(source: type[Source]) -> bool:
    """Say whether the key that a source wants, if any, is in the environment."""
    return not source.key_env or bool(os.environ.get(source.key_env))


def skip_without_key(sources: Iterable[type[Source]]) -> dict[str, str]:
    """Return why a source is not asked, by its name, for those whose key is not in the environment."""
    return {source.name: f"wants a key in {source.key_env}" for source in sources if not has_key(source)}


def _project_settings() -> Settings:
    settings = Settings()
    settings.setmodule("cardwatch.crawler.settings", priority="project")
    return settings


def _scrapy_settings(settings: CrawlSettings, quotas: Iterable[RequestQuota]) -> Settings:
    made = _project_settings()
    made.update(
        {
            "SPIDER_MODULES": [],  # the classes are at hand
            "DOWNLOAD_DELAY": settings.throttle_policy.delay,
            "DOWNLOAD_TIMEOUT": settings.timeout,
            "CONCURRENT_REQUESTS_PER_DOMAIN": settings.throttle_policy.concurrency,
            "CONCURRENT_REQUESTS": max(16, settings.throttle_policy.concurrency),
            "DOWNLOAD_SLOTS": {quota.name: {"delay": 0, "jitter": 0} for quota in quotas},
            "AUTOTHROTTLE_ENABLED": settings.throttle,
            "AUTOTHROTTLE_START_DELAY": settings.throttle_policy.delay,
            **settings.overrides,
        },
        priority="cmdline",
    )
    return made
