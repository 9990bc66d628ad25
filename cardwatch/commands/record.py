"""`cardwatch record`: make a recorded page for the tests of a source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from cardwatch.errors import UsageError
from cardwatch.terminal import output


@click.command()
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", required=True, help="Where the original is published.")
@click.option("--date", "day", required=True, metavar="YYYY-MM-DD", help="When it was fetched.")
@click.option("--trim", multiple=True, help="What to keep or drop; repeatable, in order.")
@click.option("--name", default=None, help="File name of the recorded page.  [default: as the original]")
@click.option("--note", default="", help="Who else holds the original, such as a public repository.")
@click.option(
    "--pages",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("tests/pages"),
    show_default=True,
    help="Folder of the recorded pages.",
)
def record(
    source: str,
    file: Path,
    url: str,
    day: str,
    trim: tuple[str, ...],
    name: str | None,
    note: str,
    folder: Path,
) -> None:
    """Make a recorded page for the tests: FILE trimmed to facts, with its provenance beside it.

    \b
    cardwatch record vercel_models models.json --url https://ai-gateway.vercel.sh/v1/models \\
        --date 2026-03-05 --trim '/data/*/description' --trim '/data?id=openai/gpt-4.1'
    """
    from cardwatch.crawler.record import RecordError
    from cardwatch.crawler.record import record_page as make

    try:
        fetched = date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--date: wanted YYYY-MM-DD, found {day!r}") from None
    try:
        made = make(
            source,
            file,
            out=folder / source / (name or file.name),
            url=url,
            fetched=fetched,
            trim=trim,
            note=note,
        )
    except RecordError as error:
        raise UsageError(str(error)) from error
    output.stderr_console().print(f"wrote {made} ({made.stat().st_size} bytes) and its provenance")
