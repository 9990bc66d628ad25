"""`cardwatch facts`: import curated facts, or take one back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import click

from cardwatch.app import App, pass_app
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.store.errors import AmbiguousModelError, UnknownModelError
from cardwatch.errors import CardwatchError
from cardwatch.normalize.curated import read_facts
from cardwatch.run.decisions import update_and_report
from cardwatch.terminal import output
from cardwatch.terminal.options import by_option
from cardwatch.terminal.params import MODEL_PARAM


@click.group()
def facts() -> None:
    """Curated facts: a person read them somewhere and says where and when.

    \b
    cardwatch facts import notices.jsonl
    cardwatch facts retract gpt-4.1 license --reason "misread" --by "model desk"
    """


@facts.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="surrogateescape"))
@pass_app
def import_(app: App, file: TextIO) -> None:
    """Read facts from FILE (JSON lines; - for stdin) and write them to the catalog.

    Bad lines are refused by number with a reason and the exit code is 1; the good ones land. Importing twice
    changes nothing.

    \b
    cardwatch facts import notices.jsonl

    \b
    One line:
    {"model":"openai/gpt-4.1","attribute":"context_window","value":1047576,
     "source_url":"https://…","reviewed_on":"2026-05-22","reviewer":"…"}
    """
    with app.writing() as catalog:
        good, bad = read_facts(
            file, links=catalog.links(), known=model_finder(catalog), today=app.now().date()
        )
        report = catalog.import_facts(good)
        for line in bad:
            output.echo(f"{Path(file.name).name}:{line.line}: {line.reason}", err=True)
        update_and_report(
            app,
            catalog,
            f"{len(good)} facts read: {report.new} new, {report.changed} changed, {report.same} as before"
            f"{_skipped_lines_text(report)}; {len(bad)} lines refused",
        )
    if bad:
        raise CardwatchError(f"{len(bad)} of {len(good) + len(bad)} lines were refused")


def _skipped_lines_text(report: IngestReport) -> str:
    """Say why lines changed nothing though they say something else than the catalog."""
    late, back = report.outcomes["late"], report.outcomes["taken_back"]
    return f"{f', {late} reviewed earlier than what is known' * (late > 0)}{f', {back} taken back before' * (back > 0)}"


def model_finder(catalog: CatalogReports) -> Callable[[str], Sequence[str]]:
    """Return the function that finds models by what people call them."""

    def known(text: str) -> Sequence[str]:
        try:
            return [catalog.find(text)]
        except UnknownModelError:
            return []
        except AmbiguousModelError as error:
            return error.near

    return known


@facts.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("attribute")
@click.option("--source", default="curated", show_default=True, help="Whose claim is taken back.")
@click.option("--offer", default="", help="Offer key, for a fact about an offer.")
@click.option("--reason", required=True, help="Why; kept with the decision.")
@by_option
@pass_app
def retract(app: App, model: str, attribute: str, source: str, offer: str, reason: str, by: str) -> None:
    """Take a curated claim back; it stays in the history, with who took it back and why.

    \b
    cardwatch facts retract gpt-4.1 license --reason "misread" --by "model desk"
    """
    with app.writing() as catalog:
        found = catalog.find(model)
        count = catalog.retract(found, attribute, source=source, offer=offer, by=by, reason=reason)
        update_and_report(app, catalog, f"{found} {attribute}: {count} taken back")
