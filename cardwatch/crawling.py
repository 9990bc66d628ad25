"""One crawl as the front door runs it: the plan from the catalog, the crawler's settings from the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from cardwatch.app import App
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.progress import bar
from crawler.archive import ArchiveError
from crawler.context import Visited
from crawler.past import PageRequest
from crawler.run import CrawlError, CrawlResult, CrawlSettings, crawl, source_classes
from crawler.source import INDEX, Source
from db.catalog import Catalog
from db.plan import Plan, Planned, plan
from db.scheduling import candidates, weigh


@dataclass(frozen=True, slots=True)
class Crawled:
    """What one crawl asked for and got."""

    result: CrawlResult
    planned: int

    def sentence(self) -> str:
        """Say it in one line."""
        attempts = sum(sum(count.values()) for count in self.result.counts.values())
        skipped = "".join(f"; {name} skipped: {why}" for name, why in self.result.skipped.items())
        stopped = "; stopped early" if self.result.stopped else ""
        return f"{attempts} visits to {len(self.result.counts)} sources{stopped}{skipped}"


def chosen_sources(app: App, names: Sequence[str]) -> dict[str, type[Source]]:
    """Return the sources asked for, or all that are enabled. Raises UsageError for an unknown one."""
    known = source_classes()
    if wrong := [name for name in names if name not in known]:
        near = get_close_matches(wrong[0], known, n=3, cutoff=0.4)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise UsageError(f"unknown source {wrong[0]!r}{hint}; `scrapy list` prints all {len(known)}")
    settings = app.config.sources
    return {
        name: source
        for name, source in known.items()
        if (name in names if names else name not in settings or settings[name].enabled)
    }


def pages_of(app: App, source: type[Source]) -> list[PageRequest]:
    """Return the pages a source names by itself, its indexes first."""
    made = source()
    return [*(PageRequest(url, INDEX) for url in source.index), *made.pages()]


def make_plan(
    app: App, catalog: Catalog, sources: Mapping[str, type[Source]], *, everything: bool, budget: int | None
) -> Plan:
    """Choose the pages of this run through the same function that `simulate` measures."""
    named = {name: pages_of(app, source) for name, source in sources.items()}
    found = candidates(catalog.conn, named, now=app.now(), limits=app.limits)
    return plan(
        found,
        budget=budget,
        host_allowance=app.config.crawl.host_allowance,
        run_days=app.interval / timedelta(days=1),
        everything=everything,
    )


def crawl_due(
    app: App, catalog: Catalog, names: Sequence[str], *, everything: bool, budget: int | None
) -> Crawled:
    """Crawl the planned pages into one archive file."""
    sources = chosen_sources(app, names)
    with catalog.transaction() as conn:
        weigh(conn)
    made = make_plan(app, catalog, sources, everything=everything, budget=budget)
    planned = [choice for choice in made.choices if choice.chosen]
    spare = app.config.crawl.budget - len(planned) if budget is None else budget - len(planned)
    busy = [source for name, source in sources.items() if any(c.candidate.source == name for c in planned)]
    with bar("crawling", len(planned)) as step:

        def tell(visited: Visited) -> None:
            step(f"{visited.source} {visited.outcome}", 1)

        try:
            result = crawl(
                busy,
                past=Planned(made, catalog.validators, spare),
                archive=app.home.archive,
                settings=crawl_settings(app),
                now=app.now,
                progress=tell,
            )
        except (CrawlError, ArchiveError) as error:
            raise CardwatchError(str(error)) from error
    return Crawled(result, len(planned))


def crawl_settings(app: App) -> CrawlSettings:
    """Return the crawler's settings as the configuration file has them."""
    settings = app.config.crawl
    return CrawlSettings(
        contact=settings.contact, hosts=settings.allow_hosts, allow_private=settings.allow_private
    )


def explain(
    app: App, names: Sequence[str], *, everything: bool, budget: int | None
) -> list[dict[str, object]]:
    """Return for every known page whether a crawl now would visit it, and why."""
    sources = chosen_sources(app, names)
    with app.reading() as catalog:
        made = make_plan(app, catalog, sources, everything=everything, budget=budget)
    return [
        {
            "visit": "yes" if choice.chosen else "no",
            "source": choice.candidate.source,
            "url": choice.candidate.request.url,
            "index": f"{choice.value:.4g}",
            "why": choice.why if choice.chosen or choice.candidate.due else f"not due yet; {choice.why}",
        }
        for choice in made.choices
    ]
