"""`cardwatch resolve`: which model and variant a source's name means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click
import orjson

from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError
from cardwatch.normalize.identity.resolver import NO_LINKS, Links, resolve_name
from cardwatch.normalize.text import encoding_problem
from cardwatch.terminal import output


@click.command()
@click.argument("name", required=False)
@click.option("--source", default="", help="Who prints the name: openrouter, litellm, huggingface, …")
@click.option("--provider", default="", help="Provider as that source prints it; for Azure the product name.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8-sig", errors="surrogateescape"),
    help="JSON lines of source, provider, name.",
)
@pass_app
def resolve(app: App, name: str | None, source: str, provider: str, batch: TextIO | None) -> None:
    """Say which model and variant a source's name means, and by which rule; works on an empty catalog.

    \b
    cardwatch resolve --source openrouter openai/gpt-4.1
    cardwatch resolve --source azure_retail_prices \\
        --provider "Azure OpenAI GPT5" "5.1 codex max inp Gl"
    """
    if (name is None) == (batch is None):
        raise click.UsageError("give a NAME or --batch FILE")
    links = _links(app)
    if batch is None:
        assert name is not None
        output.echo(output.json_line(resolve_answer(name, source, provider, links)))
        return
    for line in resolve_lines(batch, links):
        output.echo(line)


def _links(app: App) -> Links:
    """Return what people decided, if there is a catalog to ask."""
    if not app.home.catalog.exists():
        return NO_LINKS
    with app.reading() as catalog:
        return catalog.links()


def resolve_answer(name: str, source: str, provider: str, links: Links) -> dict[str, Any]:
    """Return one answer in the shape that docs/reference/json.md describes."""
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
            where = f"{Path(lines.name).name}:{number}"
            if problem := encoding_problem(text):
                raise CardwatchError(f"{where}: wanted UTF-8, found {problem}") from None
            raise CardwatchError(
                f"{where}: wanted an object with name, source and provider, found {text.strip()[:80]!r}"
            ) from None
        yield output.json_line(resolve_answer(str(name), str(source), str(provider), links))
