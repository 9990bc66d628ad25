"""`cardwatch drift`: what of the pages is not understood now."""

from __future__ import annotations

import ast
from typing import Any

import click
from msgspec.structs import asdict
from rapidfuzz import process

from cardwatch.app import App, pass_app
from cardwatch.db.query.unread import NotUnderstood
from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.terminal import output
from cardwatch.terminal.params import DATE_PARAM, SOURCE_PARAM, require_sources

DRIFT_COLUMNS = (
    "source", "kind", "what", "found", "nearest", "wanted", "text", "section", "locator", "url", "since",
    "last_seen", "rows", "waiting", "record",
)  # fmt: skip
UNKNOWN = "unknown."
"""How a key, word or label begins that no table of a source names; its path follows."""
LEAST_LIKE = 50
"""How alike, of 100, a known label must be to be named as the nearest."""


@click.command()
@click.argument("source", required=False, type=SOURCE_PARAM, metavar="[SOURCE]")
@click.option(
    "--since", type=DATE_PARAM, metavar="DATE", help="Only what was first met on or after this day."
)
@output.format_option
@pass_app
def drift(app: App, source: str | None, since: str | None, form: str) -> None:
    """List every part of a page that is not understood now: its full text, the nearest known label, where it
    stands, since when, and how many facts wait on it. Below them, what the self-check of reading found.

    `record` is the command that makes a test page out of the archived bytes; nothing where no answer came.

    \b
    cardwatch drift anthropic_pricing
    cardwatch drift --since 2026-09-01 --format json
    """
    with app.reading() as catalog:
        require_sources(catalog, [source] if source is not None else [])
        rows = [_row(each) for each in catalog.not_understood(source, since or "")]
        findings = [each for each in catalog.reading_findings(app.limits) if source in (None, each.source)]
    output.print_rows(rows, DRIFT_COLUMNS, form, empty="every part of every page is understood")
    if form == "table":
        for each in findings:
            output.echo(f"{each.source}: {each.finding}{f', {each.url}' if each.url else ''}")


def _row(part: NotUnderstood) -> dict[str, Any]:
    record = f"cardwatch record {part.source} --from-archive {part.document}" if part.document else ""
    label = part.what.rpartition(".")[2] if part.what.startswith(UNKNOWN) else part.found
    return {**asdict(part), "nearest": nearest_label(part.wanted, label), "record": record}


def nearest_label(wanted: str, found: str) -> str:
    """Return the known label that `found` is most like, "" when none is like it.

    The labels are those that the source says it knows; of an unknown key or attribute, the catalog's own.
    """
    labels = _listed_labels(wanted) or [*ATTRIBUTES]
    best = process.extractOne(found.strip("'\""), labels, score_cutoff=LEAST_LIKE)
    return str(best[0]) if best else ""


def _listed_labels(wanted: str) -> list[str]:
    """Return the words of a list such as "one of ['a', 'b']"; none when `wanted` describes a form."""
    start = wanted.find("[")
    try:
        found = ast.literal_eval(wanted[start:]) if start >= 0 else []
    except (SyntaxError, ValueError):
        return []
    return [str(label) for label in found] if isinstance(found, list) else []
