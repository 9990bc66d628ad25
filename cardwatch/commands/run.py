"""The main job and its stages: refresh, crawl, normalize, replay, demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from filecmp import cmp
from importlib import resources
from pathlib import Path

import click
import orjson

from cardwatch import output
from cardwatch.app import App, pass_app
from cardwatch.crawler.run import source_classes
from cardwatch.crawler.warc import warc_files
from cardwatch.crawling import Crawled, chosen_sources, crawl_due, explain
from cardwatch.db.catalog import Catalog
from cardwatch.db.scheduling import weigh
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.feasible import limits_kept, sentence
from cardwatch.home import Home
from cardwatch.notify import telling
from cardwatch.params import SOURCE
from cardwatch.pipeline import Taken, read_again, take_files, unread
from cardwatch.progress import bar
from cardwatch.stage import Compared, compare_touched
from cardwatch.summary import print_run, run_json, trouble

sources_argument = click.argument("sources", nargs=-1, type=SOURCE, metavar="[SOURCE]...")
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
    with app.writing() as catalog, telling(app, catalog), catalog.run("refresh") as note:
        with resources.as_file(resources.files("cardwatch") / "data" / "curated") as folder:
            _curated(catalog, sorted(folder.glob("*.jsonl")))
        left = _read(app, catalog)
        if not (kept := limits_kept(app, catalog)).ok:
            click.echo(f"cardwatch: {sentence(app, kept)}", err=True)
        crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget)
        taken = _read(app, catalog)
        taken.reports[:0] = left.reports
        compared, wrong = _compare(app, catalog), trouble(taken, crawled)
        note |= run_json(catalog, taken, compared, crawled, wrong=wrong)
    _tell(app, taken, compared, crawled, as_json, wrong)


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
        rows = explain(app, chosen, everything=everything, budget=budget)
        output.print_rows(rows, ("visit", "source", "url", "index", "why"), form, empty="no page is known")
        return
    with app.writing() as catalog:
        crawled = crawl_due(app, catalog, chosen, everything=everything, budget=budget)
    output.err().print(crawled.sentence())


@click.command()
@json_option
@pass_app
def normalize(app: App, as_json: bool) -> None:
    """Read what the archive holds and the catalog does not yet; and again what new rules read differently.

    Exits 1 when a source failed or is held. A file that a crawl still adds to waits for the next time.

    \b
    cardwatch normalize
    """
    with app.writing() as catalog, telling(app, catalog), catalog.run("normalize") as note:
        again = read_again(catalog, app.home.archive, source_classes(), lambda visit: None)
        taken = _read(app, catalog)
        taken.reports += again
        compared, wrong = _compare(app, catalog), trouble(taken)
        note |= run_json(catalog, taken, compared, wrong=wrong)
    _tell(app, taken, compared, None, as_json, wrong)


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
        _site(recorded)


def _site(app: App) -> None:
    """Export the site and say where it is, with the pages of the models that the settings compare."""
    from cardwatch.site.build import export
    from cardwatch.site.places import places

    export(app, app.home.site, "")
    click.echo(f"Site:    {app.home.site / 'index.html'}")
    named = sorted({model for pair in app.config.compare.pairs for model in pair})
    for model, folder in places(named, ()).models.items():
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
            keep(file, app.home)
        _curated(catalog, facts)
        taken, compared = _read(app, catalog), _compare(app, catalog)
        note |= run_json(catalog, taken, compared)
    _tell(app, taken, compared, None, as_json)


def keep(file: Path, home: Home) -> None:
    """Have a copy of `file` in the archive. Raises CardwatchError when another file has its name."""
    own = home.archive / file.name
    if own.exists():
        if not cmp(own, file, shallow=False):
            raise CardwatchError(f"{own}: another file of this name is in the archive already; rename yours")
        return
    partial = own.with_name(own.name + ".part")
    partial.write_bytes(file.read_bytes())
    partial.replace(own)


def _curated(catalog: Catalog, files: Iterable[Path]) -> None:
    """Import the curated facts that come with the package; the same ones again change nothing."""
    from cardwatch.normalize.curated import read_facts

    for file in files:
        with file.open(encoding="utf-8") as lines:
            good, bad = read_facts(lines, links=catalog.links())
        if bad:
            raise CardwatchError(f"{file.name}:{bad[0].line}: {bad[0].reason}")
        catalog.import_facts(good)


def _read(app: App, catalog: Catalog) -> Taken:
    """Read what the archive holds and the catalog does not yet: of this run, or of one that was killed."""
    files = unread(catalog, app.home.archive)
    with bar("reading", None) as step:
        return take_files(catalog, files, source_classes(), lambda visit: step(visit.source, 1))


def _compare(app: App, catalog: Catalog) -> Compared:
    """Make the comparisons that new facts touch, then weigh every page by where its facts are shown."""
    compared = compare_touched(app, catalog)
    with catalog.transaction() as conn:
        weigh(conn)
    return compared


def _tell(
    app: App, taken: Taken, compared: Compared, crawled: Crawled | None, as_json: bool, wrong: str = ""
) -> None:
    with app.reading() as catalog:
        if as_json:
            click.echo(orjson.dumps(run_json(catalog, taken, compared, crawled, wrong=wrong)).decode())
        else:
            print_run(app, catalog, taken, compared, crawled)
    if wrong:
        raise CardwatchError(wrong)
