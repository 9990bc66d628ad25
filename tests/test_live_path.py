"""What a person with internet runs, unmodified: `cardwatch refresh` against the sources' real addresses.

A proxy on loopback answers them from recorded pages, with certificates that are checked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from support.https_proxy import ProxiedHosts
from support.loopback import Answer
from support.recorded_pages import PAGES, spiders

COMMAND = str(Path(sys.executable).with_name("cardwatch"))
SAME, CHANGED, DOWN, FORBIDDEN, SHUT = (
    "cerebras_models",
    "groq_models",
    "deepseek_pricing",
    "xai_models",
    "fireworks_pricing",
)
PAGE = {
    SAME: "models.json",
    CHANGED: "models.md",
    DOWN: "2026-09.html",
    FORBIDDEN: "models.html",
    SHUT: "2026-09.three-in-one.md",
}
URL = {name: spiders()[name].url for name in PAGE}
HOST = {name: url.split("/")[2] for name, url in URL.items()}


class ProxiedPerson:
    """Somebody at a shell in an empty folder, whose way out is a proxy."""

    def __init__(self, folder: Path, internet: ProxiedHosts) -> None:
        self.folder = folder
        self._environment = {**os.environ, **internet.environment(folder)}

    def runs(self, *arguments: str, code: int = 0) -> str:
        command = [COMMAND, *arguments]
        done = subprocess.run(
            command, env=self._environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code != 2 else done.stderr

    def reads(self, *arguments: str) -> Any:
        return json.loads(self.runs(*arguments, "--format", "json"))

    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        return {source["id"]: source for source in self.reads("sources")}


@pytest.fixture(scope="module")
def internet() -> Iterator[ProxiedHosts]:
    with ProxiedHosts() as internet:
        for name, page in PAGE.items():
            internet.serve(URL[name], PAGES / name / page)
        internet.put(f"https://{HOST[FORBIDDEN]}/robots.txt", Answer("User-agent: *\nDisallow: /docs/"))
        internet.put(f"https://{HOST[SHUT]}/robots.txt", Answer("busy", 503, {"Retry-After": "0"}))
        yield internet


@pytest.fixture(scope="module")
def person(internet: ProxiedHosts, tmp_path_factory: pytest.TempPathFactory) -> ProxiedPerson:
    return ProxiedPerson(tmp_path_factory.mktemp("live"), internet)


def test_a_run_without_a_contact_is_refused(person: ProxiedPerson, internet: ProxiedHosts) -> None:
    result = subprocess.run(
        [COMMAND, "refresh", *PAGE],
        cwd=person.folder, env=person._environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode in (1, 2)
    assert "[crawl]\ncontact = " in result.stderr
    assert internet.log == []
    assert not (person.folder / "var" / "catalog.db").exists()


def test_the_first_day(person: ProxiedPerson, internet: ProxiedHosts) -> None:
    (person.folder / "cardwatch.toml").write_text('[crawl]\ncontact = "me@acme.example"\n')
    person.runs("refresh", *PAGE, "--now", "2026-11-18T06:00:00Z", code=1)
    for name in (SAME, CHANGED, DOWN):
        assert [asked.url for asked in internet.asked_of(HOST[name])] == [URL[name]]
    for name in (FORBIDDEN, SHUT):
        assert internet.asked_of(HOST[name]) == [], "robots.txt says no, or nothing"
    assert all("me@acme.example" in asked.headers["User-Agent"] for asked in internet.log)
    sources = person.sources()
    assert {name: bool(sources[name]["facts"]) for name in PAGE} == {
        SAME: True,
        CHANGED: True,
        DOWN: True,
        FORBIDDEN: False,
        SHUT: False,
    }


def test_the_second_day(person: ProxiedPerson, internet: ProxiedHosts) -> None:
    before = person.sources()
    internet.log.clear()
    internet.down(HOST[DOWN])
    text = (PAGES / CHANGED / PAGE[CHANGED]).read_text(encoding="utf-8")
    assert "$0.15 input" in text
    internet.put(URL[CHANGED], Answer(text.replace("$0.15 input", "$0.16 input"), etag=True))
    person.runs("refresh", *PAGE, "--all", "--now", "2026-11-21T06:00:00Z", code=1)
    (asked,) = internet.asked_of(HOST[SAME])
    assert "If-None-Match" in asked.headers
    after = person.sources()
    assert after[SAME]["last_success"] > before[SAME]["last_success"], "a 304 is a look"
    assert after[DOWN]["last_success"] == before[DOWN]["last_success"], "an error is none"
    assert after[DOWN]["facts"] == before[DOWN]["facts"]
    changes = person.reads("changes", "--since", "2026-11-20")
    assert {(c["source"], c["attribute"], c["from"], c["to"]) for c in changes} == {
        (CHANGED, "input_price", "0.15", "0.16")
    }
