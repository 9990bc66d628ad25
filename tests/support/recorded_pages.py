"""Recorded pages and recordings as responses, for every test that reads a source."""

from __future__ import annotations

import importlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, TextResponse
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from cardwatch.crawler.documents import PageChangedError, RawRow, UnreadPart
from cardwatch.crawler.source import Source

TESTS = Path(__file__).parent.parent
PAGES = TESTS / "pages"
RECORDINGS = TESTS.parent.parent / "shared" / "data"
TYPES = {".json": "application/json", ".md": "text/markdown; charset=utf-8", ".html": "text/html"}


def spiders() -> dict[str, type[Source]]:
    """Return every source class by its id, found the way Scrapy finds them."""
    loader = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["cardwatch.crawler.spiders"]}))
    return {name: loader.load(name) for name in loader.list()}


def spider(source: str) -> Source:
    """Return one source, ready to read pages."""
    module = importlib.import_module(f"cardwatch.crawler.spiders.{source}")
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Source)]
    return next(kind for kind in kinds if getattr(kind, "name", "") == source)()


def text_answer(body: bytes, url: str, suffix: str = ".json") -> TextResponse:
    """Return a 200 answer with the content type its file name stands for."""
    kind = HtmlResponse if suffix == ".html" else TextResponse
    headers = {"Content-Type": TYPES.get(suffix, "text/plain")}
    return kind(url, body=body, encoding="utf-8", headers=headers)


def recorded_url(path: Path) -> str:
    """Return where a recorded page was fetched, as its provenance says."""
    about = path.with_name(f"{path.name}.provenance.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(about)["url"])


def recorded_page(source: str, name: str, url: str = "") -> TextResponse:
    """Return a page from tests/pages as the answer to `url`, or to where it was fetched."""
    path = PAGES / source / name
    return text_answer(path.read_bytes(), url or recorded_url(path), path.suffix)


def recording_path(name: str) -> Path:
    """Return a recording's path, or skip the test where the recordings are not at hand."""
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"needs the recording ../shared/data/{name}")
    return path


def json_answer(value: object, url: str) -> TextResponse:
    """Return an answer whose body is `value` as JSON; a str value is taken as the body itself."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text_answer(text.encode(), url)


def row_marks(row: RawRow) -> set[str]:
    """Return what sets a row apart beside kind and name: provider, and each variant or qualifier as k=v."""
    pairs = [*row.variant.items(), *row.qualifier.items()]
    return {f"{k}={v}" for k, v in pairs} | ({row.provider} if row.provider else set())


def find_row(rows: list[RawRow], kind: str, name: str, *hints: str) -> RawRow:
    """Return the row of this kind and name that has every hint and the fewest other marks."""
    found = [r for r in rows if r.kind == kind and r.name == name and {*hints} <= row_marks(r)]
    fewest = min((len(row_marks(r)) for r in found), default=0)
    plainest = [r for r in found if len(row_marks(r)) == fewest]
    if len(plainest) != 1:
        near = sorted({r.name for r in rows if r.kind == kind})[:20]
        pytest.fail(f"wanted one {kind} row {name!r} {hints}, found {len(plainest)}; names: {near}")
    return plainest[0]


def row_texts(row: RawRow) -> Mapping[str, str]:
    """Return a row's cells and dates as the page printed them."""
    return {**{name: cell.text for name, cell in row.cells.items()}, **row.dates}


def nothing_read(parts: Iterable[object]) -> str:
    """Check that no row came of a page; return what its source says of it, part by part."""
    try:
        found = list(parts)
    except PageChangedError as error:
        return str(error)
    assert found
    assert not [part for part in found if isinstance(part, RawRow)]
    lost = [part for part in found if isinstance(part, UnreadPart)]
    return "\n".join(
        f"{part.what}: wanted {part.wanted}, found {part.found}, at {part.locator}" for part in lost
    )
