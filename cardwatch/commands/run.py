"""The main job and its stages: refresh, crawl, normalize, replay, demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from filecmp import cmp
from importlib import resources
from pathlib import Path

import click
import orjson

from cardwatch.app import App, pass_app
from cardwatch.crawler.run import source_classes
from cardwatch.crawler.warc import warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.freshness_budget import limits_kept, limits_sentence
from cardwatch.home import Home
from cardwatch.notifications.delivery import notifying
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons
from cardwatch.run.crawl_stage import CrawlReport, chosen_sources, crawl_due, explain_choices
from cardwatch.run.ingest_stage import IngestResult, ingest_files, reread_pages, unread_files
from cardwatch.run.progress import progress_bar
from cardwatch.run.summary import failure_reason, print_run, run_json
from cardwatch.terminal import output
from cardwatch.terminal.params import SOURCE_PARAM

sources_argument = click.argument("sources", nargs=-1, type=SOURCE_PARAM, metavar="[SOURCE]...")
all_option = click.option("--all", "everything", is_flag=True, help="Visit every page, due or not.")
budget_option = click.option(
    "--budget", type=click.IntRange(1), help="Visit exactly so many pages, the best ones."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="End with a one-line JSON summary on stdout."
)


@click.command()
@sources_argument
@all_option
@budget_option
@json_option
@pass_app
def refresh(app: App, sources: tuple[str, ...], everything: bool, budget: int | None, as_json: bool) -> None:
    """The main job: crawl what is due, write what changed, make the comparisons it touches, print it.

    Exits 1 when a source failed or is held, never because facts are stale.

    \b
    cardwatch refresh
    cardwatch refresh openrouter_models vercel_models --all
    cardwatch refresh --budget 200 --json
    """
    chosen = chosen_sources(app, sources)
    with app.writing() as catalog, notifying(app, catalog), catalog.run("refresh") as note:
        with resources.as_file(resources.files("cardwatch") / "data" / "curated") as folder:
            _import_curated(catalog, sorted(folder.glob("*.jsonl")))
        left = _ingest_archive(app, catalog)
        if not (kept := limits_kept(app, catalog)).ok:
            click.echo(f"cardwatch: {limits_sentence(app, kept)}", err=True)
        crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget)
        taken = _ingest_archive(app, catalog)
        taken.reports[:0] = left.reports
        compared, wrong = _compare_and_weigh(app, catalog), failure_reason(taken, crawled)
        note |= run_json(catalog, taken, compared, crawled, wrong=wrong)
    _print_summary(app, taken, compared, crawled, as_json, wrong)


@click.command()
@sources_argument
@all_option
@budget_option
@click.option(
    "--explain", "why", is_flag=True, help="Print why each page is or is not visited; fetch nothing."
)
@output.format_option
@pass_app
def crawl(
    app: App, sources: tuple[str, ...], everything: bool, budget: int | None, why: bool, form: str
) -> None:
    """Fetch what is due into the archive, and stop there; `normalize` reads it.

    \b
    cardwatch crawl --budget 50 --explain
    """
    chosen = chosen_sources(app, sources)
    if why:
        rows = explain_choices(app, chosen, everything=everything, budget=budget)
        output.print_rows(rows, ("visit", "source", "url", "index", "why"), form, empty="no page is known")
        return
    with app.writing() as catalog:
        crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget)
    output.stderr_console().print(crawled.sentence())


@click.command()
@json_option
@pass_app
def normalize(app: App, as_json: bool) -> None:
    """Read what the archive holds and the catalog does not yet; and again what new rules read differently.

    Exits 1 when a source failed or is held. A file that a crawl still adds to waits for the next time.

    \b
    cardwatch normalize
    """
    with app.writing() as catalog, notifying(app, catalog), catalog.run("normalize") as note:
        again = reread_pages(catalog, app.home.archive, source_classes(), lambda visit: None)
        taken = _ingest_archive(app, catalog)
        taken.reports += again
        compared, wrong = _compare_and_weigh(app, catalog), failure_reason(taken)
        note |= run_json(catalog, taken, compared, wrong=wrong)
    _print_summary(app, taken, compared, None, as_json, wrong)


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@json_option
@pass_app
def replay(app: App, path: Path, as_json: bool) -> None:
    """Read WARC files (ours, or another crawler's) into the catalog with today's parsers, off line.

    PATH is a file or a folder. The files are copied into the archive, so that evidence leads to them.

    \b
    cardwatch --home again replay var/archive
    """
    _replay(app, path, as_json=as_json)


@click.command()
@json_option
@pass_app
def demo(app: App, as_json: bool) -> None:
    """Replay the bundled recording: two dates of the public APIs, real changes, three moves that are held.

    Ends with the static site in the home. The clock is the recording's own.

    \b
    cardwatch demo
    cardwatch --now 2026-05-16T00:00:00Z stale     # as of the recording's last day
    """
    with resources.as_file(resources.files("cardwatch") / "data") as data:
        recorded = App(app.home, app.config, lambda: _end_of(data / "demo"), app.verbose)
        _replay(recorded, data / "demo", facts=[data / "curated" / "seed_models.jsonl"], as_json=as_json)
    if not as_json:
        _export_site(recorded)


def _export_site(app: App) -> None:
    """Export the site and say where it is, with the pages of the models that the settings compare."""
    from cardwatch.site.build import export_site
    from cardwatch.site.places import assign_places

    export_site(app, app.home.site, "")
    click.echo(f"Site:    {app.home.site / 'index.html'}")
    named = sorted({model for pair in app.config.compare.pairs for model in pair})
    for model, folder in assign_places(named, ()).models.items():
        click.echo(f"  {model}: {app.home.site / folder / 'index.html'}")


def _end_of(folder: Path) -> datetime:
    """Return the moment after the last visit of a recording."""
    text = (folder / "ENDED").read_text(encoding="utf-8").strip()
    return datetime.fromisoformat(text)


def _replay(app: App, path: Path, *, facts: Sequence[Path] = (), as_json: bool = False) -> None:
    files = warc_files(path) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path}: wanted WARC files, found none")
    with app.writing() as catalog, catalog.run("replay") as note:
        for file in files:
            copy_into_archive(file, app.home)
        _import_curated(catalog, facts)
        taken, compared = _ingest_archive(app, catalog), _compare_and_weigh(app, catalog)
        note |= run_json(catalog, taken, compared)
    _print_summary(app, taken, compared, None, as_json)


def copy_into_archive(file: Path, home: Home) -> None:
    """Have a copy of `file` in the archive. Raises CardwatchError when another file has its name."""
    own = home.archive / file.name
    if own.exists():
        if not cmp(own, file, shallow=False):
            raise CardwatchError(f"{own}: another file of this name is in the archive already; rename yours")
        return
    partial = own.with_name(own.name + ".part")
    partial.write_bytes(file.read_bytes())
    partial.replace(own)


def _import_curated(catalog: CatalogStore, files: Iterable[Path]) -> None:
    """Import the curated facts that come with the package; the same ones again change nothing."""
    from cardwatch.normalize.curated import read_facts

    for file in files:
        with file.open(encoding="utf-8") as lines:
            good, bad = read_facts(lines, links=catalog.links())
        if bad:
            raise CardwatchError(f"{file.name}:{bad[0].line}: {bad[0].reason}")
        catalog.import_facts(good)


def _ingest_archive(app: App, catalog: CatalogStore) -> IngestResult:
    """Read what the archive holds and the catalog does not yet: of this run, or of one that was killed."""
    files = unread_files(catalog, app.home.archive)
    with progress_bar("reading", None) as step:
        return ingest_files(catalog, files, source_classes(), lambda visit: step(visit.source, 1))


def _compare_and_weigh(app: App, catalog: CatalogStore) -> ComparisonUpdate:
    """Make the comparisons that new facts touch, then weigh every page by where its facts are shown."""
    compared = update_comparisons(app, catalog)
    catalog.update_page_weights()
    return compared


def _print_summary(
    app: App,
    taken: IngestResult,
    compared: ComparisonUpdate,
    crawled: CrawlReport | None,
    as_json: bool,
    wrong: str = "",
) -> None:
    with app.reading() as catalog:
        if as_json:
            click.echo(orjson.dumps(run_json(catalog, taken, compared, crawled, wrong=wrong)).decode())
        else:
            print_run(app, catalog, taken, compared, crawled)
    if wrong:
        raise CardwatchError(wrong)
