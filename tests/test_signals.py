"""Change signals: what tells of a page's changes makes it due, is judged by what visits find, and moves no date."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import simulated_sources
from support.cli_home import CliHome
from support.https_proxy import ProxiedHosts
from support.loopback import Answer, LoopbackSite
from support.recorded_pages import PAGES, recording_path, spiders, text_answer
from support.simulated_world import day_of, model_ids

import cardwatch.crawler.settings
from cardwatch.crawler.formats.page_versions import read_versions
from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.change_signals import HeardSignal, combine_signals
from cardwatch.db.schedule.page_choice import SignalArrays
from cardwatch.db.schedule.signal_quality import (
    SignalOutcomes,
    SignalQuality,
    describe_outcome,
    estimate_quality,
    sum_recent,
)
from cardwatch.simulation.scheduling_rules import ShippedRule, SignalledRule
from cardwatch.simulation.study import simulate_rule
from cardwatch.simulation.world import SCENARIOS, draw_world

RATES = st.floats(0.001, 10)
TAU = st.floats(0.01, 100)


def signal_arrays(precision: float, recall: float, doubt: float) -> SignalArrays:
    return SignalArrays(*(np.array([value]) for value in (precision, recall, doubt, 0.0, 0.0)))


@given(RATES, TAU, st.floats(0.1, 0.98))
def test_a_signal_that_tells_of_nothing_changes_nothing(rate: float, tau: float, precision: float) -> None:
    rates, waited = np.array([rate]), np.array([tau])
    silent = page_choice.signalled_gain(rates, waited, signal_arrays(precision, 0.0, 0.0))
    assert silent == pytest.approx(page_choice.visit_gain(rates, waited), rel=1e-3, abs=1e-9)


@given(RATES, TAU, st.floats(0.1, 0.98), st.floats(0.0, 0.98), st.floats(0, 5), st.floats(0.05, 2))
def test_more_doubt_is_never_worth_less(
    rate: float, tau: float, precision: float, recall: float, doubt: float, more: float
) -> None:
    rates, waited = np.array([rate]), np.array([tau])
    values = [
        page_choice.signalled_gain(rates, waited, signal_arrays(precision, recall, d))
        for d in (doubt, doubt + more)
    ]
    assert values[0][0] <= values[1][0] * (1 + 1e-6) + 1e-12


def test_a_trusted_silence_lets_a_page_wait() -> None:
    rates, waited = np.array([0.1]), np.array([10.0])
    quiet = page_choice.signalled_gain(rates, waited, signal_arrays(0.8, 0.9, 0.0))
    spoke = page_choice.signalled_gain(rates, waited, signal_arrays(0.8, 0.9, -math.log1p(-0.8)))
    assert quiet < page_choice.visit_gain(rates, waited) / 5
    assert spoke > page_choice.visit_gain(rates, waited)


@pytest.mark.parametrize(("precision", "recall"), [(0.8, 0.9), (0.3, 0.5), (0.0, 0.0), (0.95, 0.2)])
def test_precision_and_recall_are_learned_from_what_visits_find(precision: float, recall: float) -> None:
    rng = np.random.default_rng(1)
    days = []
    for _ in range(20):
        found = SignalOutcomes()
        for gap in rng.exponential(2.0, 1000):
            rate = 0.3
            lost = rng.random() < -math.expm1(-rate * (1 - recall) * gap)
            signals = int(rng.poisson(rate * 0.5 * gap))
            right = signals > 0 and rng.random() < 1 - (1 - precision) ** signals
            kept = math.exp(-rate * gap)
            found = found.plus(describe_outcome(signals, changed=right or lost, unchanged_chance=kept))
        days.append(found)
    total = reduce(SignalOutcomes.plus, days)
    quality = estimate_quality(total)
    assert quality.precision == pytest.approx(precision, abs=0.05)
    assert quality.recall == pytest.approx(recall, abs=0.08)
    assert sum_recent(days) != total, "old days are left out"


def test_a_worthless_signal_is_not_listened_to() -> None:
    good, bad = SignalQuality(0.8, 0.9), SignalQuality(0.05, 0.3)
    both = combine_signals([HeardSignal("sitemap", good, 1), HeardSignal("feed", bad, 3)])
    assert both == combine_signals([HeardSignal("sitemap", good, 1)])
    assert both.changed_chance == pytest.approx(0.8)
    assert both.why == "sitemap says it changed (right 80 % of the time)"
    assert combine_signals([HeardSignal("feed", bad, 3)]) == combine_signals([])


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("signals", 0.02),
        pytest.param("lying_signals", -0.005, marks=pytest.mark.soak),
        pytest.param("dying_signals", -0.005, marks=pytest.mark.soak),
    ],
)
def test_signals_bring_freshness_and_never_cost_much(name: str, least: float) -> None:
    world = draw_world(SCENARIOS[name], pages=100, seed=3)
    heard = SignalledRule(world)
    with_signals = simulate_rule(world, heard, limits=True, seed=3)
    without = simulate_rule(world, ShippedRule(world), limits=True, seed=3)
    assert with_signals.freshness >= without.freshness + least
    if name == "signals":
        assert with_signals.precision == pytest.approx(0.8, abs=0.08), "a world of a hundred pages"


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://a.example/one </loc><lastmod>2026-05-01</lastmod></url><url><loc>https://a.example/two</loc></url>
</urlset>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Release notes</title>
<entry><id>urn:1</id><updated>{}</updated><title>x</title></entry></feed>"""
TREE = "https://api.github.com/repos/MicrosoftDocs/azure-ai-docs/git/trees/main?recursive=1"


def versions_of(body: str, url: str) -> list[tuple[str, str, str]]:
    return [tuple(each) for each in read_versions(text_answer(body.encode(), url))]  # type: ignore[misc]


def test_a_sitemap_tells_of_the_pages_it_dates() -> None:
    found = versions_of(SITEMAP, "https://a.example/sitemap.xml")
    assert found == [("sitemap", "https://a.example/one", "2026-05-01")]


def test_a_feed_tells_of_its_whole_source_and_moves_with_any_entry() -> None:
    first, second = (
        versions_of(ATOM.format(day), "https://a.example/feed") for day in ("2026-05-01", "2026-05-02")
    )
    assert [each[:2] for each in first] == [("feed", "")]
    assert first != second
    rss = "<rss><channel><item><guid>1</guid><pubDate>Fri, 01 May 2026</pubDate></item></channel></rss>"
    assert versions_of(rss, "https://a.example/rss")[0][:2] == ("feed", "")


def test_an_llms_txt_tells_of_each_page_it_names_by_the_line() -> None:
    line = "- [Model]({}): $2\n"
    text = "# Docs\n" + line.format("/docs/models/a.md") + line.format("https://b.example/b.md")
    found = versions_of(text, "https://a.example/llms.txt")
    assert [each[1] for each in found] == ["https://a.example/docs/models/a.md", "https://b.example/b.md"]
    changed = versions_of(text.replace("a.md): $2", "a.md): $3"), "https://a.example/llms.txt")
    assert [one == other for one, other in zip(found, changed, strict=True)] == [False, True]


def test_a_repository_tells_of_its_files_by_git_digest() -> None:
    body = {
        "tree": [
            {"path": "articles/x.md", "type": "blob", "sha": "abc"},
            {"path": "articles", "type": "tree"},
        ]
    }
    url = "https://raw.githubusercontent.com/MicrosoftDocs/azure-ai-docs/main/articles/x.md"
    assert versions_of(json.dumps(body), TREE) == [("repository", url, "abc")]


def test_the_files_of_portkey_are_told_of_by_one_answer_of_github() -> None:
    source = spiders()["portkey_pricing"]()
    wanted = {page.url for page in source.pages()}
    tree = [{"path": f"pricing/{url.rpartition('/')[2]}", "type": "blob", "sha": "a1"} for url in wanted]
    body = json.dumps(
        {"tree": [*tree, {"path": "README.md", "type": "blob", "sha": "b2"}], "truncated": False}
    )
    found = [*source.versions(text_answer(body.encode(), source.index[0]))]
    assert {each.url for each in found if each.signal == "repository"} >= wanted


def test_the_hub_tells_of_cards_by_commit() -> None:
    source = spiders()["huggingface_listing"]()
    body = json.dumps(
        [{"id": "Qwen/Qwen3.5-4B", "sha": "c0ffee", "lastModified": "2026-05-01T00:00:00.000Z"}, {}]
    )
    found = [*source.versions(text_answer(body.encode(), source.url))]
    assert {each.url: each.version for each in found} == {
        page.url: "c0ffee" for page in spiders()["huggingface_cards"]().pages() if "Qwen3.5-4B" in page.url
    }


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LoopbackSite, CliHome]]:
    """Four pages and a sitemap that dates them, visited from a home of their own."""
    monkeypatch.setattr(cardwatch.crawler.settings, "SPIDER_MODULES", ["support.simulated_sources"])
    with LoopbackSite("127.0.0.2") as site:
        index = site.put("/sitemap.xml", Answer(""))
        spec: dict[str, Any] = {"url": site.url("/p/"), "count": 4, "provider": "groq", "max_age": 30}
        simulated_sources.define_sources({"shop_0": {**spec, "index": [index]}})
        cli_home = CliHome(tmp_path)
        cli_home.settings("allow_private = true\n[freshness.limits]\nprice = { warn = 90, error = 99 }\n")
        yield site, cli_home


def write(cli_home: CliHome, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
        conn.execute(statement, values)
        conn.commit()


def put_shop(site: LoopbackSite, days: list[int], prices: list[int]) -> None:
    entries = "".join(
        f"<url><loc>{site.url(f'/p/{n}')}</loc><lastmod>2026-10-{day:02d}</lastmod></url>"
        for n, day in enumerate(days)
    )
    site.put(
        "/sitemap.xml", Answer(f"<urlset>{entries}</urlset>", headers={"Content-Type": "application/xml"})
    )
    for n, price in enumerate(prices):
        offer = {"model": model_ids()[n], "input_price": f"1.{price:02d}", "output_price": "4"}
        site.put(
            f"/p/{n}", Answer(json.dumps({"offers": [offer]}), headers={"Content-Type": "application/json"})
        )
    site.log.clear()


def asked(site: LoopbackSite) -> list[str]:
    return sorted(path for path in site.paths if path.startswith("/p/"))


def test_a_sitemap_that_moves_brings_a_visit_and_a_false_one_no_date(
    host: tuple[LoopbackSite, CliHome],
) -> None:
    site, cli_home = host
    for day in range(3):  # nothing watches a page before the catalog knows it
        put_shop(site, [1, 1, 1, 1], [0, 0, 0, 0])
        cli_home.run_in_process("refresh", "--all", "--now", day_of(day).isoformat())
    verified = "select url, last_verified, last_changed from pages where source = 'shop_0' and kind <> 'index' order by url"
    before = cli_home.rows(verified)
    put_shop(site, [1, 5, 1, 5], [0, 7, 0, 0])
    write(cli_home, "update pages set last_verified = '2026-09-01T00:00:00Z' where kind = 'index'")
    cli_home.run_in_process("refresh", "--now", day_of(5).isoformat())
    assert asked(site) == ["/p/1", "/p/3"], "those the sitemap names, in the run that read it"
    after = cli_home.rows(verified)
    moved = [old[2] != new[2] for old, new in zip(before, after, strict=True)]
    assert moved == [False, True, False, False], "a false signal costs a visit, never a date"
    assert [old[1] != new[1] for old, new in zip(before, after, strict=True)] == [False, True, False, True]
    found = cli_home.rows(
        "select visits, same from signal_outcomes where spoke and day = ?", day_of(5).date().isoformat()
    )
    assert found == [(2.0, 1.0)]
    learned = cli_home.rows("select * from signal_outcomes order by day, spoke")
    write(cli_home, "delete from signal_outcomes")
    cli_home.run_in_process("doctor", "--relearn", "--now", day_of(6).isoformat())
    again = cli_home.rows("select * from signal_outcomes order by day, spoke")
    assert [row[:4] for row in again] == [row[:4] for row in learned]
    assert np.array([row[4:] for row in again]) == pytest.approx(np.array([row[4:] for row in learned]))


def test_the_plan_names_the_signal(host: tuple[LoopbackSite, CliHome]) -> None:
    site, cli_home = host
    for day in range(3):
        put_shop(site, [1, 1, 1, 1], [0, 0, 0, 0])
        cli_home.run_in_process("refresh", "--all", "--now", day_of(day).isoformat())
    page = cli_home.value("select id from pages where url like '%/p/2'")
    write(cli_home, "insert into signals values (?, 'sitemap', '2026-10-05T00:00:00Z')", page)
    rows = cli_home.reads("crawl", "--explain", "--now", day_of(6).isoformat())
    visits = {row["url"][-3:]: (row["visit"], row["why"]) for row in rows if "/p/" in row["url"]}
    assert visits["p/2"][0] == "yes"
    assert visits["p/2"][1].startswith("sitemap says it changed (right 33 % of the time); ")
    assert {visits[name][0] for name in ("p/0", "p/1", "p/3")} == {"no"}


def test_models_dev_moves_and_the_price_page_of_that_provider_is_visited_in_the_same_run(
    tmp_path: Path,
) -> None:
    whole = json.loads(recording_path("models.dev/api.2026-05-12.json").read_text(encoding="utf-8"))
    listed = {name: whole[name] for name in ("anthropic", "groq", "vercel", "amazon-bedrock", "azure")}
    names = ("models_dev", "anthropic_pricing", "groq_models")
    url = {name: spiders()[name].url for name in names}

    def list_models() -> Answer:
        return Answer(json.dumps(listed), headers={"Content-Type": "application/json"}, etag=True)

    with ProxiedHosts() as internet:
        internet.put(url["models_dev"], list_models())
        internet.serve(url["anthropic_pricing"], PAGES / "anthropic_pricing" / "2026-autumn.md")
        internet.serve(url["groq_models"], PAGES / "groq_models" / "models.md")
        cli_home = CliHome(tmp_path, "", internet.environment(tmp_path))
        cli_home.settings('[sources.anthropic_pricing]\nevery = 9\n[sources.groq_models]\nevery = "9d"\n')

        def refresh(day: int) -> list[str]:
            internet.log.clear()
            cli_home.types("refresh", *names, "--now", day_of(day).isoformat(), code=None)
            return [one.url for one in internet.log if not one.url.endswith("/robots.txt")]

        assert {*refresh(0)} == {*url.values()}
        assert refresh(3) == [url["models_dev"]], "nothing moved"
        for model in listed["anthropic"]["models"].values():
            model["cost"]["input"] *= 1.1
        internet.put(url["models_dev"], list_models())
        assert refresh(6) == [url["models_dev"], url["anthropic_pricing"]]
