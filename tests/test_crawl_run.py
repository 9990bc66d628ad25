"""A run as a whole: who may start one, what it skips, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import (
    QUICK,
    ArchiveHistory,
    archived_visits,
    crawl_loopback,
    items,
    listing,
    utc_now,
)

from cardwatch.crawler.crawl_history import NoHistory, PageRequest
from cardwatch.crawler.crawl_run import FinishedVisit, read_contact
from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.run import CrawlError, CrawlSettings, crawl_sources, source_classes
from cardwatch.crawler.warc import scan_records, warc_files

MORE = [f"/{number}" for number in range(30)]


def test_a_live_run_without_a_contact_is_refused_with_the_line_to_add(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r'cardwatch\.toml:\n\[crawl\]\ncontact = "you@example\.org"'):
        crawl_loopback(tmp_path, source_classes()["models_dev"], allow_private=False)
    assert [*tmp_path.iterdir()] == []


def test_an_unknown_source_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"wanted one of .*openrouter_models.*, found 'nope'"):
        crawl_loopback(tmp_path, "nope")  # type: ignore[arg-type]


def test_a_source_without_its_key_is_skipped(
    site: LoopbackSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyed = items(site, name="keyed", key_env="ACME_KEY")
    monkeypatch.delenv("ACME_KEY", raising=False)
    assert crawl_loopback(tmp_path, keyed, items(site)).skipped == {"keyed": "wants a key in ACME_KEY"}
    assert site.paths == ["/list"]
    monkeypatch.setenv("ACME_KEY", "s3cret")
    assert crawl_loopback(tmp_path, keyed).skipped == {}
    assert site.paths == ["/list", "/list"]


def test_nothing_due_leaves_no_file(site: LoopbackSite, tmp_path: Path) -> None:
    class Nothing(ArchiveHistory):
        def choose(self, source: str, pages: object) -> list[PageRequest]:
            return []

    result = crawl_loopback(tmp_path, items(site), past=Nothing([]))
    assert (result.path, result.counts, [*tmp_path.iterdir()]) == (None, {}, [])


def test_the_past_chooses_which_pages_are_visited(site: LoopbackSite, tmp_path: Path) -> None:
    class Choosy(ArchiveHistory):
        def choose(self, source: str, pages: object) -> list[PageRequest]:
            asked.append(pages)
            return [page for page in pages if not page.url.endswith("0")]  # type: ignore[attr-defined]

    asked: list[object] = []
    site.put("/list", listing("1", more=["/10", "/11"]))
    site.put("/11", listing("2", more=["/10", "/list"]))
    crawl_loopback(tmp_path, items(site), past=Choosy([]))
    assert site.paths == ["/list", "/11"]
    assert [[page.url for page in pages] for pages in asked] == [  # type: ignore[attr-defined]
        [site.url("/list")],
        [site.url("/10"), site.url("/11")],
        [site.url("/10")],
    ]


def test_progress_is_told_as_it_is_made(site: LoopbackSite, tmp_path: Path) -> None:
    seen: list[FinishedVisit] = []
    settings = CrawlSettings(allow_private=True, throttle_policy=QUICK)
    source = items(site)
    arguments = {"past": NoHistory(), "archive": tmp_path, "settings": settings, "now": utc_now}
    result = crawl_sources([source], **arguments, progress=seen.append)  # type: ignore[arg-type]
    assert seen == [FinishedVisit("items", site.url("/list"), "answered", 200, len(listing("1").body), "")]
    assert result.counts == {"items": {"answered": 1}}
    assert not result.stopped


SCRIPT = """
import sys
from pathlib import Path
from cardwatch.crawler.politeness import ThrottlePolicy
from support.loopback_crawls import crawl_loopback, items
from support.loopback import LoopbackSite
site = type("There", (), {"url": staticmethod(lambda path: sys.argv[2] + path)})
result = crawl_loopback(Path(sys.argv[1]), items(site), throttle_policy=ThrottlePolicy(delay=0.05))
print(result.stopped)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_what_it_has(site: LoopbackSite, tmp_path: Path, number: int) -> None:
    site.put("/list", listing("1", more=MORE))
    for path in MORE:
        site.put(path, listing(path))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), site.url("")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        while len(site.paths) < 5 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out.strip()) == (0, "True")
    kept = archived_visits(tmp_path, items(site))
    assert 1 <= len(kept) <= len(site.paths) < 1 + len(MORE)
    assert {visit.outcome for visit in kept} == {Outcome.READ}


def test_a_stop_does_not_sit_out_a_wait(site: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", Answer("busy", 503, {"Retry-After": "100"}))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path), site.url("")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        while not answers(tmp_path, 503) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert out.strip() == "True"
    (kept,) = archived_visits(tmp_path, items(site))
    assert (kept.outcome, kept.status) == (Outcome.ERROR, 503), "what the host had answered is told"


def answers(folder: Path, status: int) -> int:
    """Count the answers of this status in an archive that is still written."""
    return sum(entry.status == status for file in warc_files(folder) for entry in scan_records(file))


def test_the_contact_of_a_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "cardwatch.toml"
    assert read_contact(path) == ""
    path.write_text("[compare]\n")
    assert read_contact(path) == ""
    path.write_text('[crawl]\ncontact = "me@acme.example"\n')
    assert read_contact(path) == "me@acme.example"
