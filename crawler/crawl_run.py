"""What the parts of one run share: history, archive, hosts and clock."""

from __future__ import annotations

import logging
import os
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from cardwatch.crawler.archive_writer import ArchiveError, ArchiveWriter
from cardwatch.crawler.attempt import ANSWERED, PageAttempt
from cardwatch.crawler.crawl_history import CrawlHistory, NoHistory
from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.host_rules import HostRules, is_loopback
from cardwatch.crawler.link_finder import LinkFinder
from cardwatch.crawler.politeness import HostThrottles, ThrottlePolicy
from cardwatch.crawler.robots import Robots
from cardwatch.crawler.secrets import SecretFilter, hide_in_logs
from cardwatch.crawler.url_host import host_of
from cardwatch.version import VERSION

logger = logging.getLogger(__name__)
NO_CONTACT = (
    "a live run wants a contact in the user agent; put one in cardwatch.toml:\n"
    '[crawl]\ncontact = "you@example.org"'
)


class FinishedVisit(NamedTuple):
    """One attempt, reported as it ends. `outcome` is "answered" for a page that arrived."""

    source: str
    url: str
    outcome: str
    status: int | None
    size: int
    detail: str


ProgressCallback = Callable[[FinishedVisit], None]


@dataclass(slots=True, weakref_slot=True)
class CrawlRun:
    """One run of any number of sources, on one event loop."""

    archive: ArchiveWriter
    rules: HostRules
    hosts: HostThrottles
    links: LinkFinder
    now: Callable[[], datetime]
    contact: str = ""
    past: CrawlHistory = field(default_factory=NoHistory)
    continues: Callable[[str], bool] = lambda url: True
    """Whether the host of a URL may be asked for it, too: a listing goes on there, which no plan foresaw."""
    rows: bool = False
    """Whether a source also yields its rows as items."""
    progress: ProgressCallback | None = None
    robots: dict[str, Robots] = field(default_factory=dict)
    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    error: ArchiveError | None = None
    user_agent: str = field(init=False)

    @classmethod
    def of_project(cls, settings: BaseSettings, rules: HostRules, links: LinkFinder) -> CrawlRun:
        """Return the run of a bare `scrapy crawl`: everything is due, and rows come out as items."""
        now = _utc_now
        return cls(
            archive=ArchiveWriter(Path(settings["CARDWATCH_ARCHIVE"]), now=now),
            rules=rules,
            hosts=HostThrottles(ThrottlePolicy(delay=settings.getfloat("DOWNLOAD_DELAY"))),
            links=links,
            now=now,
            contact=os.environ.get("CARDWATCH_CONTACT", "") or read_contact(Path("cardwatch.toml")),
            rows=True,
            progress=_log_visit,
        )

    def __post_init__(self) -> None:
        hide_in_logs()
        who = f" (+{self.contact})" if self.contact else ""
        self.user_agent = f"cardwatch/{VERSION}{who}"

    def lacks_contact(self, url: str) -> bool:
        """Say whether the settings name no contact, which the server of a public `url` has to be told."""
        return not self.contact and not is_loopback(host_of(url))

    def slow_down(self, url: str, delay: float) -> None:
        """Keep at least `delay` seconds between two requests to the host of `url`."""
        self.hosts.slow_down(host_of(url), delay)

    def finish(self, attempt: PageAttempt, outcome: str, detail: str) -> None:
        """Write the end of an attempt into the archive and report it; not one that a stop kept from sending anything."""
        if self.hosts.stopped.is_set() and attempt.status is None:
            return
        line = attempt.line(outcome, detail, now=self.now())
        try:
            self.archive.visit(line, [kept.record for kept in attempt.kept])
        except ArchiveError as error:
            self.fail(error)
            return
        self.counts[attempt.source][str(outcome)] += 1
        if self.progress:
            shown = (line["url"], str(outcome), attempt.status, line["size"], line["detail"])
            self.progress(FinishedVisit(attempt.source, *shown))

    def fail(self, error: ArchiveError) -> None:
        """Stop the run: no further answer could be archived."""
        self.error = self.error or error
        self.stop()

    def end(self) -> None:
        """Finish the archive file. Raises ArchiveError when the disk refuses."""
        self.links.close()
        self.archive.close()

    def stop(self) -> None:
        """Let nothing more be asked; what waits for its turn gives up."""
        self.hosts.stopped.set()


def read_contact(path: Path) -> str:
    """Return `contact` under [crawl] of a settings file, "" when there is none."""
    if not path.exists():
        return ""
    crawl = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("crawl", {})
    return str(crawl.get("contact", "")) if isinstance(crawl, Mapping) else ""


def _log_visit(visited: FinishedVisit) -> None:
    level = logging.INFO if visited.outcome in (ANSWERED, Outcome.NOT_MODIFIED) else logging.WARNING
    logger.log(level, "%s %s: %s", visited.outcome, visited.url, visited.detail or f"{visited.size} bytes")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class RunningSource(Protocol):
    """A source in a run, as the parts below Scrapy see it."""

    run: CrawlRun
    url: str
    rules: HostRules
    secrets: SecretFilter

    def headers(self) -> Mapping[str, str]: ...


def running_source(crawler: Crawler) -> RunningSource:
    """Return the source that a crawler runs."""
    return cast(RunningSource, crawler.spider)
