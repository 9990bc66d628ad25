"""`cardwatch resolve` and `cardwatch record`: what a name means; how a recorded page is made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import click
import orjson

from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.normalize.identity.resolver import NO_LINKS, Links, resolve_name
from cardwatch.terminal import output


@click.command()
@click.argument("name", required=False)
@click.option("--source", default="", help="Who prints the name: openrouter, litellm, huggingface, …")
@click.option("--provider", default="", help="Provider as that source prints it; for Azure the product name.")
@click.option("--batch", type=click.File("r", encoding="utf-8"), help="JSON lines of source, provider, name.")
@pass_app
def resolve(app: App, name: str | None, source: str, provider: str, batch: TextIO | None) -> None:
    """Say which model and variant a source's name means, and by which rule; works on an empty catalog.

    \b
    cardwatch resolve --source openrouter openai/gpt-4.1
    cardwatch resolve --source azure_retail_prices --provider "Azure OpenAI GPT5" "5.1 codex max inp Gl"
    """
    if (name is None) == (batch is None):
        raise click.UsageError("give a NAME or --batch FILE")
    links = _links(app)
    if batch is None:
        assert name is not None
        click.echo(orjson.dumps(resolve_answer(name, source, provider, links)).decode())
        return
    for line in resolve_lines(batch, links):
        click.echo(line)


def _links(app: App) -> Links:
    """Return what people decided, if there is a catalog to ask."""
    if not app.home.catalog.exists():
        return NO_LINKS
    with app.reading() as catalog:
        return catalog.links()


def resolve_answer(name: str, source: str, provider: str, links: Links) -> dict[str, Any]:
    """Return one answer in the shape of the contract."""
    found = resolve_name(name, source=source, provider=provider, links=links)
    return {
        "model": found.model,
        "variant": dict(found.variant),
        "rule": found.rule,
        "candidates": list(found.candidates),
    }


def resolve_lines(lines: TextIO, links: Links) -> Iterator[str]:
    """Answer line by line. Raises CardwatchError at the first line that is not a question."""
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            asked = orjson.loads(text)
            name, source, provider = asked["name"], asked.get("source") or "", asked.get("provider") or ""
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            raise CardwatchError(
                f"line {number}: wanted an object with name, source and provider, found {text.strip()[:80]!r}"
            ) from None
        yield orjson.dumps(resolve_answer(str(name), str(source), str(provider), links)).decode()


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
