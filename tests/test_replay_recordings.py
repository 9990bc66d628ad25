"""Every body at hand through `cardwatch replay` in one home: each source gives facts, and what is left says why."""

from __future__ import annotations

import csv
import re
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.foreign_archive import Foreign
from support.recorded_pages import PAGES, RECORDINGS, TYPES, recording_path, spiders
from support.typed_commands import run_typed
from test_recordings_b import ONE, VENDORS, ZIPPED
from test_recordings_pages import WHOLE
from test_sources import CASES

from cardwatch.crawler.spiders.bedrock_prices import REGIONS
from cardwatch.crawler.warc import body_digest

NOW = "2026-12-01T00:00:00Z"
FRESH = RECORDINGS / "fresh"
FACTS = """SELECT p.source, count(*) FROM pages p JOIN listings l ON l.page_id = p.id
  LEFT JOIN claims c ON c.listing_id = l.id AND c.until IS NULL AND c.value IS NOT NULL GROUP BY 1"""
NO_FACTS = {"ai21_pricing"}
"""Its page names models without their versions: `cardwatch sources --unlinked` lists both of them."""


class RecordedBody(NamedTuple):
    """What one address gave on one day."""

    day: str
    url: str
    body: bytes
    suffix: str


def closed(url: str, body: bytes) -> bytes:
    """Return the first answer of a listing whose further ones nobody kept, as the end of that listing."""
    body = re.sub(rb',\s*"nextPageToken":\s*"[^"]*"', b"", body)
    body = re.sub(rb'"NextPageLink":\s*"[^"]*"', b'"NextPageLink": null', body)
    return re.sub(rb'"has_more":\s*true', b'"has_more": false', body)


def fresh_bodies() -> Iterator[RecordedBody]:
    """Yield the bodies of other dates than the recorded ones, at the addresses they came from."""
    recording_path("fresh/PROVENANCE.tsv")
    with (FRESH / "PROVENANCE.tsv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines, delimiter="\t"):
            file = FRESH / line["file"]
            day = (
                found[0]
                if (found := re.match(r"\d{4}-\d\d-\d\d", line["date"]))
                else f"{line['date'][:7]}-01"
            )
            url = line["url"].removesuffix(" (md)").replace("<id>", file.name.partition(".20")[0])
            yield RecordedBody(day, url, closed(url, file.read_bytes()), file.suffix)


def recorded_pages() -> Iterator[RecordedBody]:
    """Yield the pages of the tests, of every source; those without a case of their own at the address they came from."""
    urls = {(case.source, case.page): case.url for case in CASES}
    for provenance in sorted(PAGES.glob("*/*.provenance.toml")):
        recorded = tomllib.loads(provenance.read_text(encoding="utf-8"))
        path = provenance.with_name(provenance.name.removesuffix(".provenance.toml"))
        url = urls.get((recorded["source"], path.name), recorded["url"])
        yield RecordedBody(recorded["date"], url, closed(url, path.read_bytes()), path.suffix)


def whole_recordings() -> Iterator[RecordedBody]:
    """Yield the recordings that are bodies as they were served."""
    urls = {name: kind.url for name, kind in spiders().items()}
    for source, name, tail, _ in ONE:
        author = "?author=deepseek-ai" if source == "huggingface_listing" else tail
        yield _recording(name, urls[source] + author)
    for vendor in VENDORS:
        yield _recording(
            f"llm-prices/{vendor}.json",
            f"https://raw.githubusercontent.com/simonw/llm-prices/main/data/{vendor}.json",
        )
    for file in ZIPPED:
        yield _recording(
            f"epoch-ai/benchmark_data/{file}.csv", f"https://epoch.ai/data/benchmark_data/{file}.csv"
        )
    for case in WHOLE:
        if case.source != "xai_models":
            yield _recording(case.name, case.url)


def _recording(name: str, url: str) -> RecordedBody:
    path = recording_path(name)
    found = re.search(r"20\d\d-\d\d-\d\d", name)
    return RecordedBody(found[0] if found else "2026-09-01", url, closed(url, path.read_bytes()), path.suffix)


def in_all_regions(bodies: Iterable[RecordedBody]) -> Iterator[RecordedBody]:
    """Let Bedrock's price list of one region stand for those of the others, which nobody kept."""
    for each in bodies:
        yield each
        if "/us-east-1/" in each.url:
            for region in REGIONS[1:]:
                yield each._replace(url=each.url.replace("/us-east-1/", f"/{region}/"))


def replay(bodies: Iterable[RecordedBody], folder: Path) -> Path:
    """Read bodies into a home of their own, oldest first, as another crawler would have kept them."""
    archive = Foreign(folder / "bodies.warc.gz")
    seen = Counter[tuple[str, str]]()
    for day, url, body, suffix in sorted(in_all_regions(bodies)):
        again = seen[day, url]
        seen[day, url] += 1
        headers = {"Content-Type": TYPES.get(suffix, "text/plain")}
        digest = {"WARC-Payload-Digest": body_digest(body)}
        archive.add(url, body, date=f"{day}T{again:02}:00:00Z", headers=headers, **digest)
    home = folder / "home"
    run_typed("replay", str(archive.done()), home=home, now=NOW, code=None)
    return home


def by_source(home: Path, query: str) -> dict[str, int]:
    with closing(sqlite3.connect(home / "catalog.db")) as catalog:
        return dict(catalog.execute(query).fetchall())


def check(home: Path, measured: Callable[[str], None]) -> None:
    facts = by_source(home, FACTS)
    unread = Counter(row["source"] for row in drift(home))
    for source in sorted(spiders()):
        measured(f"{source}: {facts.get(source, 0)} facts, {unread[source]} parts not understood")
    assert {*spiders()} - {*facts} == NO_FACTS
    assert by_source(home, "SELECT detail, id FROM attempts WHERE verified_at IS NULL") == {}
    for row in drift(home):
        assert row["wanted"], row
        assert row["text"], row
        assert row["url"] in row["locator"] or row["locator"].startswith("/"), row
        assert row["record"] == f"cardwatch record {row['source']} --from-archive {row['document']}"


def drift(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run_typed("drift", "--format", "json", home=home, now=NOW).json
    return found


def test_every_page_and_every_fresh_body_goes_through_replay(
    tmp_path: Path, measured: Callable[[str], None]
) -> None:
    check(replay([*fresh_bodies(), *recorded_pages()], tmp_path), measured)


@pytest.mark.soak
def test_every_recording_goes_through_replay(tmp_path: Path, measured: Callable[[str], None]) -> None:
    check(replay([*fresh_bodies(), *recorded_pages(), *whole_recordings()], tmp_path), measured)
