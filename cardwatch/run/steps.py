"""The steps that the commands of a run share: import, ingest, compare, print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from filecmp import cmp
from functools import partial
from pathlib import Path

from cardwatch.app import App
from cardwatch.crawler.follower import can_follow
from cardwatch.crawler.run import source_classes
from cardwatch.crawler.warc import archive_problem, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.home import Home
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons
from cardwatch.run.crawl_stage import CrawlReport
from cardwatch.run.ingest_stage import IngestResult, ReadAhead, ingest_files, unread_files
from cardwatch.run.progress import progress_bar
from cardwatch.run.summary import damage_reason, failure_reason, print_run, run_json
from cardwatch.run.worker_choice import find_workers, take_in_shards
from cardwatch.terminal import output


def replay_files(
    app: App, path: Path, *, facts: Sequence[Path] = (), as_json: bool = False, demo: bool = False
) -> None:
    """Read WARC files into the catalog; what went wrong in a visit of a `demo` is told and no failure."""
    files = warc_files(path) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path}: wanted WARC files, found none")
    refused = {file: why for file in files if (why := archive_problem(file))}
    if len(refused) == len(files):
        raise CardwatchError("; ".join(refused.values()))
    with app.writing() as catalog, catalog.run("replay") as note:
        for file in (file for file in files if file not in refused):
            copy_into_archive(file, app.home)
        import_curated(catalog, facts)
        taken, compared = ingest_archive(app, catalog), update_comparisons(app, catalog)
        overdue = {} if demo else catalog.overdue_unread(app.limits)
        failed = damage_reason(taken) if demo else failure_reason(taken, overdue=overdue)
        wrong = "; ".join(filter(None, [*refused.values(), failed]))
        note |= run_json(catalog, taken, compared, wrong=wrong)
    print_summary(app, taken, compared, None, as_json, wrong)


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


def import_curated(catalog: CatalogStore, files: Iterable[Path]) -> None:
    """Import the curated facts that come with the package; the same ones again change nothing."""
    from cardwatch.normalize.curated import read_facts

    for file in files:
        with file.open(encoding="utf-8") as lines:
            good, bad = read_facts(lines, links=catalog.links())
        if bad:
            raise CardwatchError(f"{file.name}:{bad[0].line}: {bad[0].reason}")
        catalog.import_facts(good)


def reading_ahead(app: App, catalog: CatalogStore) -> AbstractContextManager[ReadAhead | None]:
    """Have what a crawl brings read as it comes, if there is a core for that and no workers do it."""
    if find_workers(app) or not can_follow():
        return nullcontext()
    return ReadAhead.begin(catalog, app.home.archive, source_classes())


def ingest_archive(app: App, catalog: CatalogStore, ahead: ReadAhead | None = None) -> IngestResult:
    """Read what the archive holds and the catalog does not yet: of this run, or of one that was killed."""
    take_in_shards(app.home)
    files = unread_files(catalog, app.home.archive)
    read = None
    if files and (workers := find_workers(app)):
        from cardwatch.cluster.reading import read_by_workers

        read = partial(read_by_workers, workers, app.home.root / "records")
    with progress_bar("reading", None) as step:
        return ingest_files(
            catalog,
            files,
            source_classes(),
            lambda visit: step(visit.source, 1),
            read=read,
            ahead=ahead,
        )


def print_summary(
    app: App,
    taken: IngestResult,
    compared: ComparisonUpdate,
    crawled: CrawlReport | None,
    as_json: bool,
    wrong: str = "",
) -> None:
    with app.reading() as catalog:
        if as_json:
            output.echo(output.json_line(run_json(catalog, taken, compared, crawled, wrong=wrong)))
        else:
            print_run(app, catalog, taken, compared, crawled)
    if wrong:
        raise CardwatchError(wrong)
