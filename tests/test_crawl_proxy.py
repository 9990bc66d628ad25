"""Real https:// URLs through a proxy, with certificates that are checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.https_proxy import ProxiedHosts
from support.loopback import Answer, gzip_answer
from support.loopback_crawls import (
    ArchiveHistory,
    archived_visits,
    crawl_loopback,
    crawl_one_visit,
    items,
    listing,
)
from support.recorded_pages import recording_path, spiders

from cardwatch.crawler.documents import Outcome

URL = "https://acme.example/list"
LIVE = {"allow_private": False, "contact": "me@acme.example"}


@pytest.fixture
def internet(internet: ProxiedHosts) -> ProxiedHosts:
    internet.put(URL, listing("1"))
    return internet


def test_a_page_behind_a_proxy_is_read(internet: ProxiedHosts, tmp_path: Path) -> None:
    visit = crawl_one_visit(tmp_path / "archive", items(internet, url=URL), **LIVE)
    assert visit.outcome is Outcome.READ, visit.detail
    assert [asked.url for asked in internet.log] == ["https://acme.example/robots.txt", URL]


def test_robots_validators_and_gzip_work_the_same(internet: ProxiedHosts, tmp_path: Path) -> None:
    source = items(internet, url=URL)
    body = listing("1").body
    assert isinstance(body, str)
    internet.put("https://acme.example/robots.txt", Answer("User-agent: *\nDisallow: /private"))
    internet.put(URL, Answer(body, etag=True), gzip_answer(body.encode()))
    folder = tmp_path / "archive"
    crawl_loopback(folder, source, **LIVE)
    crawl_loopback(folder, source, past=ArchiveHistory(archived_visits(folder, source)), **LIVE)
    internet.put(URL, Answer(body, etag=True))
    crawl_loopback(folder, source, past=ArchiveHistory(archived_visits(folder, source)[:1]), **LIVE)
    outcomes = [visit.outcome for visit in archived_visits(folder, source)]
    assert outcomes == [Outcome.READ, Outcome.READ, Outcome.NOT_MODIFIED]


def test_a_certificate_nobody_vouches_for_is_refused(
    internet: ProxiedHosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    visit = crawl_one_visit(tmp_path / "archive", items(internet, url=URL), **LIVE)
    assert (visit.outcome, internet.log) == (Outcome.ERROR, [])
    assert "certificate verify failed" in visit.detail


def test_a_host_that_is_down_is_an_error(internet: ProxiedHosts, tmp_path: Path) -> None:
    internet.down("acme.example")
    visit = crawl_one_visit(tmp_path / "archive", items(internet, url=URL), **LIVE)
    assert visit.outcome is Outcome.ERROR
    assert "502" in visit.detail


def test_a_redirect_to_another_host_is_refused_behind_a_proxy_too(
    internet: ProxiedHosts, tmp_path: Path
) -> None:
    internet.put("https://evil.example/list", listing("6"))
    internet.put(URL, Answer("", 302, {"Location": "https://evil.example/list"}))
    visit = crawl_one_visit(tmp_path / "archive", items(internet, url=URL), **LIVE)
    assert "evil.example is not on the list" in visit.detail
    assert not internet.asked("https://evil.example/list")


def test_scrapy_crawl_asks_the_real_address_and_gives_rows(internet: ProxiedHosts, tmp_path: Path) -> None:
    source = spiders()["openrouter_models"]
    internet.serve(source.url, recording_path("openrouter/models.2026-05-15.json"))
    environment = {
        **os.environ,
        "CARDWATCH_HOME": str(tmp_path / "home"),
        "CARDWATCH_CONTACT": "me@acme.example",
        "SCRAPY_SETTINGS_MODULE": "cardwatch.crawler.settings",
    }
    command = [sys.executable, "-m", "scrapy", "crawl", source.name, "-O", "-:jsonlines", "--nolog"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["kind"] for row in rows} == {"model", "offer"}
    assert any(row["name"] == "openai/gpt-4.1" for row in rows)
    (visit,) = archived_visits(tmp_path / "home" / "archive", source)
    assert (visit.outcome, len(visit.rows)) == (Outcome.READ, len(rows))


def test_scrapy_crawl_without_a_contact_asks_nobody(internet: ProxiedHosts, tmp_path: Path) -> None:
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "cardwatch.crawler.settings"}
    command = [sys.executable, "-m", "scrapy", "crawl", "models_dev", "-L", "ERROR"]
    folder = tmp_path / "empty"
    folder.mkdir()
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    assert 'contact = "you@example.org"' in done.stderr
    assert (internet.log, [*folder.iterdir()]) == ([], [])
