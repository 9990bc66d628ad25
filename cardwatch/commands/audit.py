"""`cardwatch audit`: every invariant over every comparison that is kept, drawn or exported."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.auditing import exported_site
from cardwatch.auditing.choices import audit_choices, audit_conflicts
from cardwatch.auditing.findings import COLUMNS, Violation
from cardwatch.auditing.render import Renderer
from cardwatch.auditing.run import Audit, draw_pairs
from cardwatch.compare.render.review import RenderContext, ReviewDay
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.cards import ModelCard
from cardwatch.run.comparison_stage import compare_settings
from cardwatch.run.progress import progress_bar
from cardwatch.site.content import closed_sources
from cardwatch.site.redistribution import redact_card
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
    with app.reading() as catalog:
        cards = {card.id: card for card in catalog.cards()}
        run = make_audit(app, catalog, forget, seed)
        jobs = [*kept_pair_jobs(run, catalog, cards), *drawn_pair_jobs(run, catalog, cards, count, seed)]
        jobs += site_jobs(run, site or app.home.site, redacted_cards(catalog, cards))
        found = [*choice_violations(catalog, cards, app.now().date()), *run_jobs(jobs)]
    print_rows([violation.row() for violation in found], COLUMNS, form, empty="no violations")
    output.echo(f"{len(run.pairs):,} pairs, {run.checks:,} checks, {len(found):,} violations", err=True)
    sys.exit(1 if found else 0)


def choice_violations(catalog: CatalogReports, cards: Cards, today: date) -> Iterator[Violation]:
    """Yield what the catalog chose against every claim that stands."""
    yield from audit_choices(cards.values(), catalog.stated_claims(), catalog.holds(), today)
    yield from audit_conflicts(catalog.conflicts())


def make_audit(app: App, catalog: CatalogReports, forget: int, seed: int) -> Audit:
    """Return the audit at this configuration's traffic and limits."""
    day = ReviewDay(app.now().date(), app.limits)

    @cache
    def stamp(a: str, b: str, snapshot: str) -> RenderContext:
        return RenderContext(catalog.comparison_since(a, b, snapshot), day)

    return Audit(Renderer(compare_settings(app), stamp), day.today, app.limits, random.Random(seed), forget)


def kept_pair_jobs(run: Audit, catalog: CatalogReports, cards: Cards) -> Iterator[Job]:
    """Yield a look at every comparison that the catalog keeps: the body, then the page it makes now."""
    for a, b, _ in catalog.comparisons():
        yield f"{a} vs {b}", partial(_audit_kept_pair, run, catalog, cards, a, b)


def _audit_kept_pair(
    run: Audit, catalog: CatalogReports, cards: Cards, a: str, b: str
) -> Iterator[Violation]:
    stored = catalog.comparison(a, b)
    if stored is None or a not in cards or b not in cards:
        yield Violation("C04", f"{a} vs {b}", "stored", "models", "both in the catalog", "gone")
        return
    yield from run.kept(stored, cards[a], cards[b])
    yield from run.page(cards[a], cards[b])


def drawn_pair_jobs(
    run: Audit, catalog: CatalogReports, cards: Cards, count: int, seed: int
) -> Iterator[Job]:
    """Yield a look at pairs drawn at random, some of them read from the catalog a second time."""
    chosen = draw_pairs(cards, count, random.Random(seed))
    for a, b in chosen:
        yield f"{a} vs {b}", partial(run.page, cards[a], cards[b])
    again = chosen[:READ_AGAIN]
    fresh = {card.id: card for card in catalog.cards({model for pair in again for model in pair})}
    for a, b in again:
        yield f"{a} vs {b}", partial(run.again, (cards[a], cards[b]), (fresh[a], fresh[b]))


def redacted_cards(catalog: CatalogReports, cards: Cards) -> Cards:
    """Return the cards as a site may show them: without what only sources say that forbid passing it on."""
    closed = closed_sources(catalog)
    return {id_: redact_card(card, closed) for id_, card in cards.items()}


def site_jobs(run: Audit, site: Path, cards: Cards) -> Iterator[Job]:
    """Yield a look at every comparison of an exported site, none if there is no site."""
    for path in sorted(site.rglob("*.json")):
        yield str(path), partial(exported_site.audit_file, run, path, cards)


def run_jobs(jobs: list[Job]) -> Iterator[Violation]:
    """Do every job, with a bar."""
    with progress_bar("auditing", len(jobs)) as step:
        for what, look in jobs:
            yield from look()
            step(what, 1)
