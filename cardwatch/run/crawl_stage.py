"""One crawl as the front door runs it: the plan from the catalog, the crawler's settings from the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from cardwatch.app import App
from cardwatch.compare.wording.grammar import count_noun
from cardwatch.crawler.archive_writer import ArchiveError
from cardwatch.crawler.crawl_history import INDEX_PAGE_KIND, PageRequest
from cardwatch.crawler.crawl_run import FinishedVisit, ProgressCallback
from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.politeness import ThrottlePolicy
from cardwatch.crawler.run import (
    CrawlError,
    CrawlResult,
    CrawlSettings,
    check_contact,
    crawl_sources,
    has_key,
    skip_without_key,
    source_classes,
)
from cardwatch.crawler.source import Source
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.schedule.candidates import Candidates, KnownPages, all_candidates
from cardwatch.db.schedule.crawl_plan import CrawlPlan, PlannedCrawl, plan_crawl
from cardwatch.db.schedule.due_pages import list_signalled, plan_due
from cardwatch.errors import CardwatchError, UsageError, near_names
from cardwatch.freshness_budget import host_allowances, run_days
from cardwatch.run.hub_selection import choose_on_hub
from cardwatch.run.progress import progress_bar
from cardwatch.run.worker_choice import find_workers, take_in_shards

if TYPE_CHECKING:
    from cardwatch.cluster.workers import Workers

SWITCHED_OFF = "switched off in the settings"


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one crawl planned and got.

    `off` are the sources that the settings switch off, `named` those it was told to ask, none for everyone.
    `no_answer` is what kept the first request from its answer when nothing at all answered. `asked` are the
    pages that were visited, by source and URL.
    """

    result: CrawlResult
    planned: int
    off: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    no_answer: str = ""
    asked: frozenset[tuple[str, str]] = frozenset()

    def __add__(self, later: CrawlReport) -> CrawlReport:
        """Return what this and a later crawl of one run did together; its archive file is the later one's."""
        counts = {name: Counter(count) for name, count in self.result.counts.items()}
        for name, count in later.result.counts.items():
            counts[name] = counts.get(name, Counter()) + Counter(count)
        result = replace(
            self.result,
            path=later.result.path or self.result.path,
            counts=counts,
            stopped=self.result.stopped or later.result.stopped,
        )
        asked = self.asked | later.asked
        return replace(self, result=result, planned=self.planned + later.planned, asked=asked)

    @property
    def attempts(self) -> int:
        return sum(sum(count.values()) for count in self.result.counts.values())

    @property
    def skipped(self) -> dict[str, str]:
        """Why sources were not asked at all."""
        return {**dict.fromkeys(self.off, SWITCHED_OFF), **self.result.skipped}

    def sentence(self) -> str:
        """Say it in one line."""
        skipped = "".join(f"; {name} skipped: {why}" for name, why in self.skipped.items())
        stopped = "; stopped early" if self.result.stopped else ""
        asked = f"{count_noun(self.attempts, 'visit')} to {count_noun(len(self.result.counts), 'source')}"
        return f"{asked}{stopped}{skipped}"


def chosen_sources(app: App, names: Sequence[str]) -> dict[str, type[Source]]:
    """Return the sources asked for, or all that are enabled. Raises UsageError for an unknown one."""
    known = source_classes()
    if wrong := [name for name in names if name not in known]:
        raise UsageError(
            f"unknown source {wrong[0]!r}{near_names(wrong[0], known)}; `scrapy list` prints all {len(known)}"
        )
    settings = app.config.sources
    return {
        name: source
        for name, source in known.items()
        if (name in names if names else name not in settings or settings[name].enabled)
    }


def refuse_without_contact(app: App, sources: Mapping[str, type[Source]]) -> None:
    """Raise UsageError, before anything is written, when `sources` may not be asked without a contact."""
    try:
        check_contact(sources.values(), app.config.crawl.contact)
    except CrawlError as error:
        raise UsageError(str(error)) from error


def pages_of(source: type[Source]) -> list[PageRequest]:
    """Return the pages a source names by itself, its indexes first."""
    made = source()
    return [*(PageRequest(url, INDEX_PAGE_KIND) for url in source.index), *made.pages()]


def make_crawl_plan(
    app: App,
    catalog: CatalogReports,
    sources: Mapping[str, type[Source]],
    *,
    everything: bool,
    budget: int | None,
    whole: bool = False,
) -> CrawlPlan:
    """Choose the pages of this run through the same function that `simulate` measures.

    With a `budget`, exactly so many of the best pages, due or not; without one, those that are due, or all. A `whole`
    plan tells of all pages; any other looks at those alone that may be chosen.
    """
    known = _known_pages(app, catalog, sources)
    due_only, usual = budget is None and not everything, app.config.crawl.budget
    if due_only and not whole:
        return plan_due(
            known, partial(_plan, app, catalog, budget=usual), run_days=run_days(app), budget=usual
        )
    found = all_candidates(known)
    most = len(found.pages) if everything else usual
    return _plan(app, catalog, found, budget=max(most if budget is None else budget, 1), due_only=due_only)


def _known_pages(app: App, catalog: CatalogReports, sources: Mapping[str, type[Source]]) -> KnownPages:
    settings = choose_on_hub(app, catalog, sources)
    named = {
        name: pages_of(source.configured(settings.get(name, {})))
        for name, source in sources.items()
        if has_key(source)
    }
    return catalog.known_pages(named, limits=app.limits)


def _plan(
    app: App, catalog: CatalogReports, found: Candidates, *, budget: int, due_only: bool = True
) -> CrawlPlan:
    return plan_crawl(
        found,
        budget=budget,
        host_allowance=app.config.crawl.host_allowance,
        host_allowances=host_allowances(app),
        run_days=run_days(app),
        due_only=due_only,
        suspects=failing_hosts(app, catalog),
    )


def failing_hosts(app: App, catalog: CatalogReports) -> frozenset[str]:
    """Return the hosts that failed when they were last asked: one probe each is enough."""
    return catalog.failing_hosts(app.interval / 2)


def crawl_due(
    app: App,
    catalog: CatalogStore,
    sources: Mapping[str, type[Source]],
    *,
    everything: bool,
    budget: int | None,
    named: Sequence[str] = (),
) -> CrawlReport:
    """Crawl the planned pages into one archive file."""
    whole = find_workers(app) is not None  # they know no catalog
    made = make_crawl_plan(app, catalog, sources, everything=everything, budget=budget, whole=whole)
    return _crawl(app, catalog, sources, made, retry=budget is None, named=named)


def crawl_signalled(
    app: App,
    catalog: CatalogStore,
    sources: Mapping[str, type[Source]],
    first: CrawlReport,
    *,
    budget: int | None,
) -> CrawlReport | None:
    """Crawl the pages that what this run read so far says have changed, while its budget lasts; None if none has."""
    left = (app.config.crawl.budget if budget is None else budget) - first.planned
    if left <= 0 or first.result.stopped or not catalog.any_unanswered_signal():
        return None
    found = list_signalled(_known_pages(app, catalog, sources))
    waiting = [page for page in found.pages if page.signalled and (page.source, page.url) not in first.asked]
    made = _plan(app, catalog, replace(found, pages=waiting), budget=app.config.crawl.budget)
    picked = made.picked[:left]
    if not picked:
        return None
    return _crawl(app, catalog, sources, replace(made, picked=picked, spare=0), retry=budget is None)


def _crawl(
    app: App,
    catalog: CatalogStore,
    sources: Mapping[str, type[Source]],
    made: CrawlPlan,
    *,
    retry: bool,
    named: Sequence[str] = (),
) -> CrawlReport:
    take_in_shards(app.home)
    planned = {candidate.source for candidate in made.chosen}
    asked = [source for name, source in sources.items() if name in planned or not has_key(source)]
    visits: list[FinishedVisit] = []
    past = PlannedCrawl(made, catalog.validators)
    with progress_bar("crawling", len(made.chosen)) as step:

        def tell(visited: FinishedVisit) -> None:
            visits.append(visited)
            step(f"{visited.source} {visited.outcome}", 1)

        settings = crawl_settings(app, catalog, sources, retry=retry)
        try:
            if (workers := find_workers(app)) and made.chosen:
                result = _crawl_by_workers(app, workers, catalog, asked, made, settings, tell)
            else:
                result = crawl_sources(
                    asked,
                    past=past,
                    archive=app.home.archive,
                    settings=settings,
                    now=app.now,
                    progress=tell,
                    continues=past.takes_continuation,
                )
        except CrawlError as error:
            raise UsageError(str(error)) from error
        except ArchiveError as error:
            raise CardwatchError(str(error)) from error
    off = [name for name, own in app.config.sources.items() if not own.enabled and name not in sources]
    return CrawlReport(
        result,
        len(made.chosen),
        tuple(off),
        tuple(named),
        _no_answer(visits),
        frozenset((visit.source, visit.url) for visit in visits),
    )


def _crawl_by_workers(
    app: App,
    workers: Workers,
    catalog: CatalogStore,
    asked: Sequence[type[Source]],
    made: CrawlPlan,
    settings: CrawlSettings,
    tell: ProgressCallback,
) -> CrawlResult:
    from cardwatch.cluster.crawling import crawl_shards

    check_contact(asked, settings.contact)
    skipped = skip_without_key(asked)
    result = crawl_shards(
        workers,
        made,
        {source.name: source for source in asked},
        catalog.validators,
        home=app.home,
        settings=settings,
        clock=app.now,
        progress=tell,
    )
    return replace(result, skipped=skipped)


def _no_answer(visits: Sequence[FinishedVisit]) -> str:
    """Return why nothing answered, "" when anything did."""
    silent = [visit for visit in visits if visit.outcome == Outcome.ERROR and visit.status is None]
    return silent[0].detail if silent and len(silent) == len(visits) else ""


def crawl_settings(
    app: App, catalog: CatalogReports, sources: Mapping[str, type[Source]], *, retry: bool
) -> CrawlSettings:
    """Return the crawler's settings; under an exact budget a failed page waits for the next run."""
    settings = app.config.crawl
    return CrawlSettings(
        contact=settings.contact,
        hosts=settings.allow_hosts,
        allow_private=settings.allow_private,
        throttle_policy=ThrottlePolicy(
            delay=settings.delay_seconds,
            backoff=settings.backoff_seconds,
            suspects=failing_hosts(app, catalog),
        ),
        timeout=settings.timeout_seconds,
        throttle=settings.delay_seconds > 0,
        sources=choose_on_hub(app, catalog, sources),
        overrides={} if retry else {"RETRY_ENABLED": False},
    )


def explain_choices(
    app: App, sources: Mapping[str, type[Source]], *, everything: bool, budget: int | None
) -> list[dict[str, object]]:
    """Return for every known page whether a crawl now would visit it, and why."""
    with app.reading() as catalog:
        made = make_crawl_plan(app, catalog, sources, everything=everything, budget=budget, whole=True)
    return [
        {
            "visit": "yes" if choice.chosen else "no",
            "source": choice.candidate.source,
            "url": choice.candidate.url,
            "index": f"{choice.value:.4g}",
            "why": choice.why,
        }
        for choice in (*made.picked, *made.left())
    ]
