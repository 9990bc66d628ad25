"""The Hub as a source: one name for a card, what is selected, what a commit spares, and its own allowance."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support.cli_home import CliHome
from support.foreign_archive import Foreign
from support.https_proxy import ProxiedHosts
from support.loopback import Answer, Asked, Script
from support.made_up_hub import MadeUpHub
from support.recorded_pages import recorded_page, recording_path, spider, text_answer
from support.replayed_visits import replay_visits
from support.simulated_world import day_of

from cardwatch.crawler.attempt import PageAttempt
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.formats.hub import HubSelection, HubSite, following_listing, selected_cards
from cardwatch.crawler.politeness import HostThrottles, ThrottlePolicy, find_quota, parse_spent_window
from cardwatch.crawler.spiders.huggingface_cards import HuggingfaceCards
from cardwatch.db.catalog import CatalogStore

HUB = "https://huggingface.co"
CARD = f"{HUB}/Qwen/Qwen3.5-4B/resolve/main/README.md"
RESOLVED = (
    f"{HUB}/api/resolve-cache/models/Qwen/Qwen3.5-4B/c0ffee/README.md"
    "?%2FQwen%2FQwen3.5-4B%2Fresolve%2Fmain%2FREADME.md=&etag=%22abc%22"
)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (CARD, CARD),
        (CARD.replace("resolve", "raw"), CARD),
        (RESOLVED, CARD),
        (RESOLVED.replace("main", "v1"), RESOLVED.replace("main", "v1")),
        (RESOLVED.partition("?")[0], RESOLVED.partition("?")[0]),
        (f"{HUB}/Qwen/Qwen3.5-4B/raw/v1/README.md", f"{HUB}/Qwen/Qwen3.5-4B/raw/v1/README.md"),
        (f"{HUB}/api/models/Qwen/Qwen3.5-4B", f"{HUB}/api/models/Qwen/Qwen3.5-4B"),
    ],
)
def test_a_card_has_one_name_whichever_way_it_was_asked_for(url: str, name: str) -> None:
    assert HuggingfaceCards.page_name(url) == name
    found = HuggingfaceCards.find_page(url)
    assert found is not None
    assert found.url == name


def test_a_host_of_another_name_has_no_cards_of_the_hub() -> None:
    assert HuggingfaceCards.find_page(CARD.replace("huggingface.co", "huggingface-co")) is None


def test_a_card_reads_the_same_at_the_address_it_is_resolved_to() -> None:
    source = spider("huggingface_cards")
    read = [
        list(source.rows(recorded_page("huggingface_cards", "Qwen3.5-4B.README.md", url)))
        for url in (CARD, RESOLVED)
    ]
    assert read[0] == read[1]


def test_archives_by_any_address_tell_of_one_page(tmp_path: Path) -> None:
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    text = recording_path("huggingface/Qwen3.5-4B/README.first64000.md").read_bytes()
    file = Foreign(tmp_path / "other.warc.gz")
    for day, url in enumerate((CARD.replace("resolve", "raw"), RESOLVED, CARD), start=1):
        file.add(url, text, day=day, headers=plain)
    line = finished_attempt("huggingface_cards", CARD.replace("resolve", "raw"), "card")
    own = Foreign(tmp_path / "own.warc.gz").visit("https://a.example/", line)
    found = list(replay_visits([file.done(), own.done()], {"huggingface_cards": HuggingfaceCards}))
    assert [visit.url for visit in found] == 4 * [CARD]
    assert [visit.outcome.value for visit in found[:3]] == 3 * ["read"]


def finished_attempt(source: str, url: str, kind: str) -> bytes:
    """Return the line of a visit as archives keep it."""
    made = PageAttempt(source, PageRequest(url, kind), 1).line("error", "no answer", now=day_of(0))
    return json.dumps(made).encode()


LISTED: list[dict[str, Any]] = [
    {"id": "a/one", "downloads": 900, "likes": 1, "pipeline_tag": "text-generation"},
    {"id": "a/two", "downloads": 500, "likes": 9, "pipeline_tag": "image-text-to-text"},
    {"id": "a/three", "downloads": 20, "likes": 50},
    {"id": "bert"},
    {"id": "a/../b"},
    {"id": 7},
]


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (HubSelection(), ["a/one", "a/two", "a/three"]),
        (HubSelection(min_downloads=500), ["a/one", "a/two"]),
        (HubSelection(min_downloads=500, min_likes=2), ["a/two"]),
        (HubSelection(tasks=("text-generation", "audio-text-to-text")), ["a/one"]),
        (HubSelection(min_likes=40, models=("a/one",)), ["a/one", "a/three"]),
        (HubSelection(among=frozenset({"a/two"})), ["a/two"]),
        (HubSelection(among=frozenset()), []),
    ],
)
def test_a_listing_leads_to_the_cards_that_are_selected(selection: HubSelection, wanted: list[str]) -> None:
    response = text_answer(json.dumps(LISTED).encode(), f"{HUB}/api/models?author=a")
    found = [page.url for page in selected_cards(response, selection, HubSite())]
    assert found == [f"{HUB}/{name}/resolve/main/README.md" for name in wanted]


def test_a_sorted_listing_is_left_where_nothing_more_can_be_selected() -> None:
    response = text_answer(json.dumps(LISTED[:3]).encode(), f"{HUB}/api/models?author=a")
    response.headers["Link"] = f'<{HUB}/api/models?cursor=3>; rel="next"'
    on = f"{HUB}/api/models?cursor=3"
    assert following_listing(response, HubSelection()) == on
    assert following_listing(response, HubSelection(min_downloads=20)) == on
    assert following_listing(response, HubSelection(min_downloads=21)) is None
    assert following_listing(response, HubSelection(min_likes=60)) is None


def test_listings_ask_for_no_more_than_the_selection_needs() -> None:
    site = HubSite()
    [plain] = HubSelection(authors=("Qwen",)).listing_urls(site)
    assert plain.startswith(f"{HUB}/api/models?author=Qwen&limit=1000&expand%5B%5D=sha")
    assert "downloads" not in plain
    [whole] = HubSelection(authors=("*",), min_downloads=5, min_likes=1).listing_urls(site)
    assert "author" not in whole
    assert "sort=downloads&direction=-1" in whole
    assert whole.count("expand") == 5
    assert len(HubSelection(authors=("a", "b"), tasks=("x", "y")).listing_urls(site)) == 4


def test_a_catalog_of_cards_by_their_old_address_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "catalog.db"
    with CatalogStore.open(path, now=lambda: day_of(0)):
        pass
    old = CARD.replace("resolve", "raw")
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(
            "DROP TABLE told_versions; DROP INDEX pages_url; PRAGMA user_version = 9;"
            "DELETE FROM _sqlite_migrations WHERE name = 'm0010_cards_by_resolver';"
            "INSERT INTO sources (id, authority) VALUES ('huggingface_cards', 'first_party'), ('other', 'aggregator');"
        )
        for source in ("huggingface_cards", "other"):
            conn.execute(
                "INSERT INTO pages (source, url, kind, first_seen, etag) VALUES (?, ?, 'card', '2026-01-01', 'x')",
                [source, old],
            )
        conn.commit()
    with CatalogStore.open(path, now=lambda: day_of(0)) as catalog:
        found = catalog.conn.execute("SELECT source, url, etag FROM pages ORDER BY source").fetchall()
    assert [tuple(row) for row in found] == [("huggingface_cards", CARD, ""), ("other", old, "x")]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b'"api";r=0;t=137', 137),
        (b'"api";r=12;t=137', None),
        (b'"pages";r=50;t=30, "api";r=0;t=9', 9),
        (b'"api" ; t=4 ; r=00', 4),
        (b'"api";r=0', None),
        (b"soon", None),
        (None, None),
    ],
)
def test_a_spent_window_is_read_from_the_rate_limit_header(
    header: bytes | None, seconds: float | None
) -> None:
    assert parse_spent_window({"RateLimit": header}) == seconds


def test_files_of_the_hub_have_a_quota_apart_from_its_api() -> None:
    async def wait_twice(hosts: HostThrottles, url: str) -> float:
        begun = time.monotonic()
        for _ in range(2):
            async with hosts.of_url(url).turn():
                pass
        return time.monotonic() - begun

    quota = HubSite().file_quota(30_000)
    assert [find_quota([quota], url) is quota for url in (CARD, RESOLVED, f"{HUB}/api/models?author=a")] == [
        True,
        True,
        False,
    ]

    async def measure() -> list[float]:
        hosts = HostThrottles(ThrottlePolicy(delay=0.2), quotas=(quota,))
        hosts.slow_down("huggingface.co", 1)
        found = [await wait_twice(hosts, CARD), await wait_twice(hosts, f"{HUB}/api/models?author=a")]
        hosts.obey_robots("huggingface.co", 0.25)
        return [*found, await wait_twice(hosts, RESOLVED)]

    files, listings, slowed = asyncio.run(measure())
    assert files < listings
    assert listings >= 1
    assert slowed >= 0.25, "robots.txt holds for all of a host"


class Internet(ProxiedHosts):
    """The made-up Hub behind the proxy."""

    def __init__(self, hub: MadeUpHub) -> None:
        super().__init__()
        self.hub = hub
        self.hosts.add("huggingface.co")

    def _script(self, url: str) -> Script:
        def give(asked: Asked) -> Answer:
            found = self.hub.answer(url.removeprefix(HUB), asked.headers)
            return Answer(found.body, found.status, found.headers)

        return give


@pytest.fixture
def hub() -> MadeUpHub:
    made = MadeUpHub(HUB, page_size=2)
    for number, name in enumerate(("Qwen/Qwen9.1-4B", "Qwen/Qwen9.2-4B", "Qwen/Qwen9.3-4B", "else/other-7b")):
        made.add(name, downloads=1000 - 100 * number)
    return made


@pytest.fixture
def cli_home(hub: MadeUpHub, tmp_path: Path) -> Iterator[CliHome]:
    with Internet(hub) as internet:
        yield CliHome(tmp_path, "", internet.environment(tmp_path))


def refresh(cli_home: CliHome, hub: MadeUpHub, day: int) -> set[str]:
    """Run once; return the cards that were asked for."""
    hub.asked.clear()
    cli_home.run_in_process("refresh", "huggingface_cards", "--now", day_of(day).isoformat(), code=None)
    return {path.split("/resolve/")[0][1:] for path in hub.asked if path.endswith("resolve/main/README.md")}


def test_a_card_is_asked_for_when_its_commit_moved_and_otherwise_not(
    cli_home: CliHome, hub: MadeUpHub
) -> None:
    cli_home.settings('[huggingface]\nauthors = ["Qwen"]\nmin_downloads = 850\nmodels = ["else/other-7b"]\n')
    wanted = {"Qwen/Qwen9.1-4B", "Qwen/Qwen9.2-4B", "else/other-7b"}
    assert refresh(cli_home, hub, 0) >= wanted
    assert "Qwen/Qwen9.3-4B" not in {path[1:] for path in hub.asked}
    facts = "select distinct l.model from listings l join pages p on p.id = l.page_id where p.kind = 'card' order by 1"
    assert [name for (name,) in cli_home.rows(facts)] == [
        "alibaba/qwen9.1-4b",
        "alibaba/qwen9.2-4b",
        "else/other-7b",
    ]
    assert cli_home.value("select count(*) from pages where url like '%/raw/%'") == 0
    dated = f"select last_verified from pages where url = '{HUB}/Qwen/Qwen9.1-4B/resolve/main/README.md'"
    first = cli_home.value(dated)
    hub.repositories["Qwen/Qwen9.2-4B"].commit("---\nlicense: apache-2.0\n---\n# A model\n")
    assert "Qwen/Qwen9.2-4B" in refresh(cli_home, hub, 2)
    assert cli_home.value("select value from claims where until is null and attribute = 'license' and listing_id in"
                      " (select id from listings where model = 'alibaba/qwen9.2-4b')") == "Apache-2.0"  # fmt: skip
    for day in (3, 15, 27):
        asked = refresh(cli_home, hub, day)
        assert not asked & {"Qwen/Qwen9.1-4B", "Qwen/Qwen9.2-4B"}, f"nothing moved, day {day}"
    assert cli_home.value(dated) == first, "what a listing says moves no date"
    outcomes = {
        row["url"]: row["why"]
        for row in cli_home.reads("crawl", "--explain", "--now", day_of(27).isoformat())
    }
    assert outcomes[f"{HUB}/Qwen/Qwen9.1-4B/resolve/main/README.md"].startswith(
        "its commit is the one it was read at"
    )
    assert "Qwen/Qwen9.1-4B" in refresh(cli_home, hub, 30), "its facts would pass their limit"
    assert cli_home.value(dated) > first
    assert cli_home.value("select status from attempts order by id desc limit 1") is not None


def test_a_spent_allowance_is_waited_for(cli_home: CliHome, hub: MadeUpHub) -> None:
    cli_home.settings('[huggingface]\nauthors = ["Qwen"]\n')
    hub.left["resolvers"] = 2
    begun = time.monotonic()
    assert {"Qwen/Qwen9.1-4B", "Qwen/Qwen9.2-4B", "Qwen/Qwen9.3-4B"} <= refresh(cli_home, hub, 0)
    assert time.monotonic() - begun >= hub.window
    read = "select count(*) from pages where kind = 'card' and last_verified is not null"
    assert cli_home.value(read) == 3, "none is lost to the wait"


def test_what_the_catalog_needs_is_selected_where_the_settings_name_nobody(
    cli_home: CliHome, hub: MadeUpHub
) -> None:
    refresh(cli_home, hub, 0)
    assert not any("Qwen9" in path for path in hub.asked), "nobody else lists them"
    with closing(sqlite3.connect(cli_home.home / "catalog.db")) as conn:
        conn.executescript(LISTED_ELSEWHERE)
    asked = refresh(cli_home, hub, 2)
    assert "Qwen/Qwen9.1-4B" in asked
    assert "Qwen/Qwen9.2-4B" not in asked


LISTED_ELSEWHERE = """
INSERT INTO sources (id, authority) VALUES ('huggingface_listing', 'provider_api'), ('shop', 'provider_api');
INSERT INTO pages (id, source, url, kind, first_seen) VALUES
  (901, 'huggingface_listing', 'https://a.example/', 'listing', '2026-01-01'),
  (902, 'shop', 'https://b.example/', 'listing', '2026-01-01');
INSERT INTO names VALUES
  ('huggingface_listing', '', 'Qwen/Qwen9.1-4B', 'alibaba/qwen9.1-4b', '{}', '', '[]', 901, '2026-01-01', NULL),
  ('huggingface_listing', '', 'Qwen/Qwen9.2-4B', 'alibaba/qwen9.2-4b', '{}', '', '[]', 901, '2026-01-01', NULL);
INSERT INTO model_ids (id, first_seen) VALUES ('alibaba/qwen9.1-4b', '2026-01-01');
INSERT INTO listings (page_id, said_model, model, offer, via, name, provider, authority, rank, via_rank, first_seen)
VALUES (902, 'alibaba/qwen9.1-4b', 'alibaba/qwen9.1-4b', '', '', 'q', '', 'provider_api', 3, 0, '2026-01-01');
"""
