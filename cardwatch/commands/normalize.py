"""`cardwatch normalize`: read what the archive holds and the catalog does not yet."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.crawler.run import source_classes
from cardwatch.notifications.delivery import notifying
from cardwatch.run.comparison_stage import update_comparisons
from cardwatch.run.ingest_stage import reread_pages
from cardwatch.run.steps import (
    ingest_archive,
    print_summary,
)
from cardwatch.run.summary import failure_reason, run_json
from cardwatch.terminal.options import json_option, workers_option


@click.command()
@workers_option
@json_option
@pass_app
def normalize(app: App, workers: int | None, as_json: bool) -> None:
    """Read what the archive holds and the catalog does not yet; and again what new rules read differently.

    Exits 1 when a source failed or is held. A file that a crawl still adds to waits for the next time.

    \b
    cardwatch normalize
    """
    app = app.with_workers(workers)
    with app.writing() as catalog, notifying(app, catalog), catalog.run("normalize") as note:
        again = reread_pages(catalog, app.home.archive, source_classes(), lambda visit: None)
        taken = ingest_archive(app, catalog)
        taken.reports += again
        compared = update_comparisons(app, catalog)
        wrong = failure_reason(taken, overdue=catalog.overdue_unread(app.limits))
        note |= run_json(catalog, taken, compared, wrong=wrong)
    print_summary(app, taken, compared, None, as_json, wrong)
