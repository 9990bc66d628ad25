"""Which looks move a date: the installed command against real addresses that answer in every way there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

import pytest
from support.cli_home import CliHome, CommandResult
from support.https_proxy import TYPES, ProxiedHosts
from support.loopback import Answer, Asked
from support.recorded_pages import PAGES, spiders

FIRST, SECOND, THIRD = "2026-11-18T06:00:00Z", "2026-11-19T06:00:00Z", "2026-11-20T06:00:00Z"
PAGE = {
    "cerebras_models": "models.json",
    "groq_models": "models.md",
    "deepseek_pricing": "2026-09.html",
    "fireworks_pricing": "2026-09.three-in-one.md",
    "llm_prices": "historical-v1.json",
    "anthropic_pricing": "2026-02.md",
    "mistral_pricing": "2026-08.html",
    "openai_deprecations": "deprecations.md",
    "xai_models": "models.html",
    "google_pricing": "2026-08.html",
}
SPIDERS = spiders()
URL = {name: SPIDERS[name].url for name in PAGE}


def recorded(source: str, *swap: tuple[str, str], **more: Any) -> Answer:
    """Return a source's recorded page as an answer, with some words in place of others."""
    path = PAGES / source / PAGE[source]
    text = path.read_text(encoding="utf-8")
    for old, new in swap:
        assert old in text, f"{old!r} is not in {path.name}"
        text = text.replace(old, new)
    headers = {"Content-Type": TYPES.get(path.suffix, "text/plain"), **more.pop("headers", {})}
    return Answer(text, headers=headers, **more)


class SecondAnswer(NamedTuple):
    """How a source answers on the second day, and when its facts are verified after that."""

    source: str
    first: Answer
    second: Answer | Callable[[Asked], Answer]
    outcome: str
    verified: str
    requests: int = 1


def moved(source: str) -> Answer:
    return Answer("", 301, {"Location": f"{URL[source]}/moved"})


CASES = [
    SecondAnswer("cerebras_models", recorded("cerebras_models", etag=True), recorded("cerebras_models", etag=True),
         "verified_same", SECOND),
    SecondAnswer("groq_models", recorded("groq_models", etag=True), recorded("groq_models", ("$0.15 input", "$0.16 input")),
         "verified_changed", SECOND),
    SecondAnswer("deepseek_pricing", recorded("deepseek_pricing", etag=True), Answer("oops", 500), "error", FIRST, 3),
    SecondAnswer("fireworks_pricing", recorded("fireworks_pricing"), Answer("", drop=0), "error", FIRST, 3),
    SecondAnswer("llm_prices", recorded("llm_prices"), recorded("llm_prices", headers={"Age": "7200"}), "verified_same",
         "2026-11-19T04:00:00Z"),
    SecondAnswer("anthropic_pricing", recorded("anthropic_pricing"), moved("anthropic_pricing"), "verified_same", SECOND, 2),
    SecondAnswer("mistral_pricing", recorded("mistral_pricing", headers={"Cache-Control": "max-age=864000"}),
         recorded("mistral_pricing"), "verified_same", SECOND),
    SecondAnswer("openai_deprecations", recorded("openai_deprecations"), Answer("<html>Sign in", 200), "unparsed", FIRST),
    SecondAnswer("xai_models", recorded("xai_models"), Answer("no", 403), "blocked", FIRST),
    SecondAnswer("google_pricing", recorded("google_pricing", headers={"Last-Modified": "Tue, 17 Nov 2026 08:00:00 GMT"}),
         Answer("", 304), "verified_same", SECOND),
]  # fmt: skip
BAD = {case.source for case in CASES if not case.outcome.startswith("verified")}
CHANGED = "groq_models"
UPGRADED = "cerebras_models"


class ThreeDays(NamedTuple):
    """Three days, and what was found after each."""

    cli_home: CliHome
    ran: list[CommandResult]
    verified: list[Mapping[str, str]]
    claims: list[list[tuple[Any, ...]]]
    log: list[list[Asked]]

    def asked(self, day: int, source: str) -> list[Asked]:
        return [asked for asked in self.log[day] if asked.url.startswith(URL[source])]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThreeDays]:
    with ProxiedHosts() as internet:
        environment = internet.environment(tmp_path_factory.mktemp("trust"))
        cli_home = CliHome(tmp_path_factory.mktemp("dates"), "[compare]\nneighbours = 1\n", environment)
        story = ThreeDays(cli_home, [], [], [], [])
        for case in CASES:
            internet.put(URL[case.source], case.first)
        look(story, internet, FIRST, code=0)
        for case in CASES:
            internet.put(URL[case.source], case.second)
        internet.put(f"{URL['anthropic_pricing']}/moved", recorded("anthropic_pricing"))
        look(story, internet, SECOND, code=1)
        forget_parser(cli_home)
        internet.put(URL["openai_deprecations"], recorded("openai_deprecations"))
        look(story, internet, THIRD, code=1)
        yield story


def look(story: ThreeDays, internet: ProxiedHosts, now: str, *, code: int) -> None:
    internet.log.clear()
    story.ran.append(story.cli_home.types("refresh", *PAGE, "--all", "--json", "--now", now, code=code))
    rows = story.cli_home.rows("select source, last_verified from pages where source <> 'curated'")
    story.verified.append(dict(rows))
    story.claims.append(story.cli_home.claims)
    story.log.append([*internet.log])


def forget_parser(cli_home: CliHome) -> None:
    """Leave the catalog as an older parser of one source would have left it."""
    with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
        conn.execute("update pages set parser_version = 0 where source = ?", [UPGRADED])
        conn.commit()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_only_a_verified_look_moves_the_date(story: ThreeDays, case: SecondAnswer) -> None:
    outcome = story.cli_home.value(
        "select outcome from attempts a join pages p on p.id = page_id where source = ? and started = ?",
        case.source,
        SECOND,
    )
    assert (outcome, story.verified[1][case.source]) == (case.outcome, case.verified)
    assert story.verified[0][case.source] == FIRST
    assert len(story.asked(1, case.source)) == case.requests


def test_validators_are_sent_to_whoever_gave_some(story: ThreeDays) -> None:
    sent = {name: {*story.asked(1, name)[0].headers} for name in PAGE}
    assert {name for name in PAGE if "If-None-Match" in sent[name]} == {
        "cerebras_models",
        "groq_models",
        "deepseek_pricing",
    }
    assert {name for name in PAGE if "If-Modified-Since" in sent[name]} == {"google_pricing"}


def test_a_newer_parser_reads_a_page_in_full(story: ThreeDays) -> None:
    (asked,) = story.asked(2, UPGRADED)
    assert "If-None-Match" not in asked.headers
    assert story.verified[2][UPGRADED] == THIRD


def test_one_changed_price_is_one_written_fact(story: ThreeDays) -> None:
    before, after = ({row[0]: row for row in claims} for claims in story.claims[:2])
    ended = [key for key, row in before.items() if after[key] != row]
    assert (len(ended), len(after.keys() - before.keys())) == (1, 1)
    (change,) = story.cli_home.reads("changes", "--since", "2026-11-19")
    assert (change["source"], change["attribute"]) == (CHANGED, "input_price")
    assert (change["from"], change["to"], change["at"]) == ("0.15", "0.16", SECOND)


def test_a_run_without_news_writes_no_fact_and_makes_no_comparison(story: ThreeDays) -> None:
    assert story.claims[2] == story.claims[1]
    first, second, third = (ran.summary()["comparisons"] for ran in story.ran)
    assert first["made"] > 0
    assert 0 < second["regenerated"] < first["made"]
    assert (third["made"], third["regenerated"]) == (0, 0)
    days = {day for (day,) in story.cli_home.rows("select generated_at from comparisons")}
    assert days == {FIRST, SECOND}


def test_a_source_that_fails_is_named_and_leaves_the_others_alone(story: ThreeDays) -> None:
    assert story.ran[0].summary()["failed"] == []
    assert {*story.ran[1].summary()["failed"]} == BAD
    assert len(story.ran[1].err.splitlines()) == 1
    assert {*story.ran[2].summary()["failed"]} == BAD - {"openai_deprecations"}
    facts = (
        "select count(*) from claims c join listings l on l.id = listing_id join pages p on p.id = page_id"
    )
    for name in BAD:
        assert story.cli_home.value(f"{facts} where source = ? and until is null", name) > 0
    states = {source["id"]: source["state"] for source in story.cli_home.reads("sources")}
    assert {name for name in PAGE if states[name] == "failing"} == BAD - {"openai_deprecations"}


def test_a_host_that_failed_is_asked_once_a_run(story: ThreeDays) -> None:
    assert len(story.asked(2, "deepseek_pricing")) == len(story.asked(2, "fireworks_pricing")) == 1
