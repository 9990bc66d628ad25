"""`cardwatch audit`: every invariant over every comparison that is kept, drawn or exported."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.auditing import exported_site
from cardwatch.auditing.choices import audit_choices, audit_conflicts
from cardwatch.auditing.findings import COLUMNS, Violation
from cardwatch.auditing.freshness import FreshnessSurfaces, audit_freshness
from cardwatch.auditing.render import Renderer
from cardwatch.auditing.run import Audit, draw_pairs
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import ModelCard
from cardwatch.freshness_budget import build_stale_report
from cardwatch.run.comparison_stage import compare_settings
from cardwatch.run.progress import progress_bar
from cardwatch.site.content import closed_sources
from cardwatch.site.freshness import FreshnessGrader
from cardwatch.site.redistribution import redact_card
from cardwatch.site.tree import read_export_moment
from cardwatch.terminal import output
from cardwatch.terminal.output import format_option, print_rows

Cards = dict[str, ModelCard]
Job = tuple[str, Callable[[], Iterator[Violation]]]
"""What is looked at, and the look."""
READ_AGAIN = 100


@click.command()
@click.option("--pairs", "count", type=click.IntRange(0), default=200, show_default=True,
              help="Pairs drawn at random, beside those that are kept.")  # fmt: skip
@click.option("--forget", type=click.IntRange(0), default=3, show_default=True,
              help="Facts taken away per pair to see that nothing new is claimed.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="The draw.")
@click.option("--site", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Exported site to look at.  [default: the one in the home]")  # fmt: skip
@format_option
@pass_app
def audit(app: App, count: int, forget: int, seed: int, site: Path | None, form: str) -> None:
    """Check every comparison against the catalog: figures, words, evidence, and what may not be said.

    Works every figure out again from the catalog, by other code than made it, and reads the JSON, the Markdown
    and the HTML. Prints what is wrong, one row each; exits 1 if anything is.

    \b
    cardwatch audit
    cardwatch audit --pairs 2000 --format json
    """
    folder = site or app.home.site
    today = app.now()
    moments = today, last_run(app) or today, read_export_moment(folder) or today
    by_day = {moment.date(): moment for moment in reversed(moments)}
    with ExitStack() as stack:
        audits = {
            day: stack.enter_context(open_audit(app.at(moment), forget, seed))
            for day, moment in by_day.items()
        }
        now, kept, exported = (audits[moment.date()] for moment in moments)
        jobs = [
            *kept_pair_jobs(now, kept),
            *drawn_pair_jobs(now, count, seed),
            *site_jobs(exported, folder),
        ]
        found = [*choice_violations(app, now), *run_jobs(jobs)]
    print_rows([violation.row() for violation in found], COLUMNS, form, empty="no violations")
    runs = [one.run for one in audits.values()]
    pairs, checks = len(set().union(*(run.pairs for run in runs))), sum(run.checks for run in runs)
    output.echo(f"{pairs:,} pairs, {checks:,} checks, {len(found):,} violations", err=True)
    sys.exit(1 if found else 0)


@dataclass(frozen=True, slots=True)
class OpenAudit:
    """An audit of the catalog as of one moment, with every card as it is then."""

    run: Audit
    catalog: CatalogReports
    cards: Cards


@contextmanager
def open_audit(app: App, forget: int, seed: int) -> Iterator[OpenAudit]:
    """Open the catalog at this configuration's clock, traffic and limits."""
    with app.reading() as catalog:
        day = ReviewDay(app.now().date(), app.limits)

        @cache
        def stamp(a: str, b: str, snapshot: str) -> RenderContext:
            return RenderContext(catalog.comparison_since(a, b, snapshot), day)

        renderer = Renderer(compare_settings(app), stamp)
        run = Audit(renderer, day.today, app.limits, random.Random(seed), forget)
        yield OpenAudit(run, catalog, {card.id: card for card in catalog.cards()})


def last_run(app: App) -> datetime | None:
    """Return when the last run ended: as of then, comparisons are kept."""
    with app.reading() as catalog:
        last = catalog.last_run()
    return datetime.fromisoformat(last) if last else None


def choice_violations(app: App, now: OpenAudit) -> Iterator[Violation]:
    """Yield what the catalog chose against every claim that stands, and where its surfaces date or grade it apart."""
    today = app.now().date()
    yield from audit_choices(now.cards.values(), now.catalog.stated_claims(), now.catalog.holds(), today)
    yield from audit_conflicts(now.catalog.conflicts())
    yield from audit_freshness(freshness_surfaces(app, now), app.limits, today)


def freshness_surfaces(app: App, now: OpenAudit) -> FreshnessSurfaces:
    """Return what cards, views, the stale report and pages say of the age of every fact."""
    grader = FreshnessGrader(ReviewDay(app.now().date(), app.limits))
    pages = Counter[str]()
    for card in now.cards.values():
        pages.update(grader.count_levels(card))
    report = build_stale_report(app, now.catalog)
    return FreshnessSurfaces(now.cards.values(), [*now.catalog.reviewed_facts()], report, pages)


def kept_pair_jobs(now: OpenAudit, kept: OpenAudit) -> Iterator[Job]:
    """Yield a look at every comparison that the catalog keeps: the body, then the page it makes now.

    What is kept is what the last run made, or a later command: where neither moment makes it, it is wrong.
    """
    for a, b, _ in now.catalog.comparisons():
        yield f"{a} vs {b}", partial(_audit_kept_pair, now, kept, a, b)


def _audit_kept_pair(now: OpenAudit, kept: OpenAudit, a: str, b: str) -> Iterator[Violation]:
    stored = now.catalog.comparison(a, b)
    if stored is None or a not in now.cards or b not in now.cards:
        yield Violation("C04", f"{a} vs {b}", "stored", "models", "both in the catalog", "gone")
        return
    found = list(now.run.kept(stored, now.cards[a], now.cards[b]))
    if found and kept is not now:
        found = list(kept.run.kept(stored, kept.cards[a], kept.cards[b]))
    yield from found
    yield from now.run.page(now.cards[a], now.cards[b])


def drawn_pair_jobs(now: OpenAudit, count: int, seed: int) -> Iterator[Job]:
    """Yield the jobs that check pairs drawn at random; some pairs are read from the catalog a second time."""
    chosen = draw_pairs(now.cards, count, random.Random(seed))
    for a, b in chosen:
        yield f"{a} vs {b}", partial(now.run.page, now.cards[a], now.cards[b])
    again = chosen[:READ_AGAIN]
    fresh = {card.id: card for card in now.catalog.cards({model for pair in again for model in pair})}
    for a, b in again:
        yield f"{a} vs {b}", partial(now.run.again, (now.cards[a], now.cards[b]), (fresh[a], fresh[b]))


def site_jobs(exported: OpenAudit, site: Path) -> Iterator[Job]:
    """Yield a look at every comparison of an exported site, none if there is no site.

    A site shows the cards without what only sources say that forbid passing it on.
    """
    closed = closed_sources(exported.catalog)
    cards = {id_: redact_card(card, closed) for id_, card in exported.cards.items()}
    for path in sorted(site.rglob("*.json")):
        yield str(path), partial(exported_site.audit_file, exported.run, path, cards)


def run_jobs(jobs: list[Job]) -> Iterator[Violation]:
    """Do every job, with a bar."""
    with progress_bar("auditing", len(jobs)) as step:
        for what, look in jobs:
            yield from look()
            step(what, 1)
