"""`cardwatch scan`: which model ids of a code base are retired, end soon, have a cheaper equal, are unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path, PurePath

import click

from cardwatch.app import App, pass_app
from cardwatch.scan.files import list_files, read_source
from cardwatch.scan.findings import CheaperEquals, ScanFinding, count_kinds, make_finding
from cardwatch.scan.references import ModelReference, find_references
from cardwatch.scan.sarif import sarif_document
from cardwatch.terminal import output
from cardwatch.version import VERSION

SCAN_COLUMNS = ("path", "line", "id", "kind", "message")
_ENDING = re.compile(r"ending(?::(?P<days>\d{1,4})d)?")


class FailOn(click.ParamType[tuple[str, int | None]]):
    """retired, unknown, cheaper_equal, ending, or ending:30d for what ends within so many days."""

    name = "kind"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int | None]:
        """Return the kind and its number of days."""
        if value in {"retired", "unknown", "cheaper_equal"}:
            return value, None
        if (match := _ENDING.fullmatch(value)) is None:
            self.fail(f"wanted retired, ending:30d, cheaper_equal or unknown, found {value!r}", param, ctx)
        return "ending", int(match["days"]) if match["days"] else None


class PatternParam(click.ParamType[str]):
    """A pattern that a path may match: *.sql, tests/*."""

    name = "pattern"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the pattern; one that can match no path is refused."""
        try:
            PurePath().match(value)
        except ValueError:
            self.fail(f"wanted a pattern such as tests/*, found {value!r}", param, ctx)
        return value


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=Path())
@click.option(
    "--format", "form", type=click.Choice([*output.FORMATS, "sarif"]), default="table", show_default=True
)
@click.option(
    "--fail-on", "fail_on", type=FailOn(), multiple=True,
    help="Exit 1 when there is one: retired, ending:30d, cheaper_equal, unknown; repeatable.",
)  # fmt: skip
@click.option(
    "--exclude", type=PatternParam(), multiple=True, metavar="GLOB", help="Files to leave out; repeatable."
)
@pass_app
def scan(
    app: App, path: Path, form: str, fail_on: Sequence[tuple[str, int | None]], exclude: tuple[str, ...]
) -> None:
    """Find the model ids in PATH's code and say which are retired, end soon, have a cheaper equal or are unknown.

    An id counts where it is a whole quoted string, a whole value in a settings file, or a place in an API's
    address. Prose is read only when a file is named itself; a line with `cardwatch: ignore` is left out.

    \b
    cardwatch scan src --fail-on retired --fail-on ending:30d
    cardwatch scan . --format sarif > cardwatch.sarif
    """
    found = [*scan_files(path, exclude)]
    today = app.now().date()
    findings = judge_references(app, found, today)
    if form == "sarif":
        output.echo(output.json_text(sarif_document(findings, VERSION)))
    else:
        columns = SCAN_COLUMNS if form == "table" else tuple(ScanFinding.__dataclass_fields__)
        output.print_rows([finding.as_row() for finding in findings], columns, form, empty="nothing to mend")
    counts = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in count_kinds(findings))
    models = len({reference.model for _, reference in found})
    output.echo(f"{len(found)} ids of {models} models; {counts or 'none wants a look'}", err=True)
    if any(_fails(finding, fail_on, today) for finding in findings):
        raise click.exceptions.Exit(1)


def scan_files(path: Path, exclude: Sequence[str]) -> Iterator[tuple[str, ModelReference]]:
    """Yield every reference below `path` with its file, relative to `path`."""
    for file in list_files(path, exclude=exclude):
        text = read_source(file)
        name = file.name if file == path else file.relative_to(path).as_posix()
        for reference in find_references(text or "", ending=file.suffix or file.name):
            yield name, reference


def judge_references(
    app: App, references: Iterable[tuple[str, ModelReference]], today: date
) -> list[ScanFinding]:
    """Return what the catalog has to say of the references, in their order."""
    with app.reading() as catalog:
        cards = {card.id: card for card in catalog.cards()}
    equals = CheaperEquals([*cards.values()], today)
    made = (make_finding(path, found, cards, today, equals.find) for path, found in references)
    return [finding for finding in made if finding is not None]


def _fails(finding: ScanFinding, fail_on: Sequence[tuple[str, int | None]], today: date) -> bool:
    for kind, days in fail_on:
        if kind == finding.kind and days is None:
            return True
        if kind == "ending" and finding.kind == "ending" and finding.ends_on and days is not None:
            return finding.ends_on <= (today + timedelta(days=days)).isoformat()
    return False
