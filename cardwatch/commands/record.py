"""`cardwatch record`: make a recorded page for the tests of a source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import UsageError
from cardwatch.terminal import output


@click.command()
@click.argument("source")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="[FILE]"
)
@click.option(
    "--from-archive", "digest", metavar="DIGEST", help="Take the bytes of this digest from the archive."
)
@click.option("--url", help="Where the original is published.  [default: as the archive says]")
@click.option(
    "--date", "day", metavar="YYYY-MM-DD", help="When it was fetched.  [default: as the archive says]"
)
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
@pass_app
def record(
    app: App,
    source: str,
    file: Path | None,
    digest: str | None,
    url: str | None,
    day: str | None,
    trim: tuple[str, ...],
    name: str | None,
    note: str,
    folder: Path,
) -> None:
    """Make a recorded page for the tests: FILE, or archived bytes, trimmed to facts, with its provenance beside it.

    \b
    cardwatch record groq_models --from-archive sha256:4f1c… --trim lines=1-80
    cardwatch record vercel_models models.json --date 2026-03-05 \\
        --url https://ai-gateway.vercel.sh/v1/models \\
        --trim '/data/*/description' --trim '/data?id=openai/gpt-4.1'
    """
    from cardwatch.crawler.record import RecordError, record_body

    if (file is None) == (digest is None):
        raise UsageError("record: wanted either FILE or --from-archive DIGEST")
    original = _archived(app, digest) if digest else _original(file, url, day)
    place = Original(original.name, original.body, url or original.url, day or original.day)
    try:
        made = record_body(
            source,
            place.body,
            original=place.name,
            out=folder / source / (name or place.name),
            url=place.url,
            fetched=_parse_day(place.day),
            trim=trim,
            note=note,
        )
    except RecordError as error:
        raise UsageError(str(error)) from error
    output.echo(f"wrote {made} ({made.stat().st_size} bytes) and its provenance", err=True)


class Original(NamedTuple):
    """The bytes a recorded page is made from: under which name, from where, of which day."""

    name: str
    body: bytes
    url: str
    day: str


def _original(file: Path | None, url: str | None, day: str | None) -> Original:
    if file is None or url is None or day is None:
        raise UsageError("record: wanted --url and --date beside FILE")
    return Original(file.name, file.read_bytes(), url, day)


def _archived(app: App, digest: str) -> Original:
    """Return a body of the archive, named by its day and by what it looks like."""
    from cardwatch.crawler.body_index import BodyIndex

    index = BodyIndex.load(app.home.archive)
    place = index.find(digest if digest.startswith("sha256:") else f"sha256:{digest}")
    if place is None:
        raise UsageError(f"{app.home.archive}: wanted {digest}, found no such body")
    body = index.body(place.digest)
    return Original(f"{place.date[:10]}{_suffix(body, place.url)}", body, place.url, place.date[:10])


def _suffix(body: bytes, url: str) -> str:
    """Return the ending that tells a reader, and the tests, what a page is."""
    start = body.lstrip()[:200].lower()
    if start[:1] in (b"{", b"["):
        return ".json"
    if start.startswith((b"<!doctype html", b"<html")):
        return ".html"
    suffix = Path(urlsplit(url).path).suffix
    return suffix if suffix in (".csv", ".md", ".yaml") else ".md"


def _parse_day(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--date: wanted YYYY-MM-DD, found {day!r}") from None
