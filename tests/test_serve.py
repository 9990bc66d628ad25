"""The published copy, and Datasette over it as a reader meets it: over HTTP and in a browser."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from support.typed_commands import NOW, ROOT, run_typed

from cardwatch.app import App
from cardwatch.config import Config
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.export.published_copy import PublishedCopy, publish_copy
from cardwatch.db.export.published_queries import PRICE_CHART, ready_queries
from cardwatch.db.export.published_tables import PUBLISHED_TABLES
from cardwatch.db.store.errors import CatalogUnreadableError
from cardwatch.home import Home
from cardwatch.inspection.links import tilde_encode
from cardwatch.inspection.metadata import TABLES, datasette_metadata
from cardwatch.inspection.request_guards import ServedHosts
from cardwatch.inspection.server import make_copy

GPT = "openai/gpt-4.1"
WORKING = {"posterior", "proposal", "sent", "received", "body", "etag", "decided_by", "reviewer"}


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to publish from; the site that was exported beside it has one page."""
    home = tmp_path_factory.mktemp("home") / "var"
    page = home / "site" / "models" / "openai" / "gpt-4.1" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><title>GPT-4.1</title>")
    shutil.copy(demo_home / "catalog.db", home)
    return home


@pytest.fixture(scope="module")
def app(home: Path) -> App:
    return App(Home(home), Config(), lambda: datetime.fromisoformat(NOW))


@pytest.fixture(scope="module")
def published(app: App) -> PublishedCopy:
    return make_copy(app, app.home.site)


@pytest.fixture
def copy(published: PublishedCopy) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{published.path.as_uri()}?immutable=1", uri=True)) as conn:
        yield conn


def columns(conn: sqlite3.Connection, relation: str) -> set[str]:
    return {row[1] for row in conn.execute(f"PRAGMA table_info({relation})")}


def test_a_query_on_the_catalog_runs_on_the_copy(app: App, copy: sqlite3.Connection) -> None:
    kept = {"facts", "offers", "prices", "models", "cheapest_offers", "price_history", "changes", "conflicts",
            "standing_claims", "scheduled", "unlinked"}  # fmt: skip
    with app.reading() as catalog:
        for view in kept:
            assert columns(catalog.conn, view) <= columns(copy, view), view
            (there,), (here,) = (
                c.execute(f"SELECT count(*) FROM {view}").fetchone() for c in (catalog.conn, copy)
            )
            assert here == there > 0 or view == "scheduled", view


def test_the_price_chart_of_the_copy_is_the_history_up_to_the_last_look(
    app: App, copy: sqlite3.Connection
) -> None:
    with app.reading() as catalog:
        history = [
            point for point in catalog.card(GPT).prices
            if point.attribute in ("input_price", "output_price") and ";" not in point.offer
        ]  # fmt: skip
        (looked,) = catalog.conn.execute("SELECT max(last_verified) FROM pages").fetchone()
    drawn = copy.execute(PRICE_CHART, {"model": GPT}).fetchall()
    starts = {(offer, f"{price}_price", day, usd) for offer, price, day, usd, _ in drawn}
    assert {(point.offer, point.attribute, point.since, float(point.value)) for point in history} <= starts
    assert max(day for _, _, day, *_ in drawn) <= looked


def test_the_copy_is_one_plain_whole_file(published: PublishedCopy, copy: sqlite3.Connection) -> None:
    assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [file.name for file in published.path.parent.iterdir()] == ["catalog.db"]


def test_working_columns_and_decisions_stay_home(copy: sqlite3.Connection) -> None:
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert not tables & {"claims", "decisions", "confirmations", "links", "touched", "archives", "settings"}
    for table in tables:
        assert not columns(copy, table) & WORKING, table


def test_every_table_and_column_of_the_copy_says_what_it_means(
    published: PublishedCopy, copy: sqlite3.Connection
) -> None:
    for relation in PUBLISHED_TABLES:
        assert published.meanings[relation.name]
        assert published.columns[relation.name].keys() == columns(copy, relation.name)


def test_names_and_aliases_are_found(copy: sqlite3.Connection) -> None:
    def found(text: str) -> set[str]:
        return {row[0] for row in copy.execute("SELECT id FROM models_fts WHERE models_fts MATCH ?", [text])}

    assert GPT in found('"GPT-4.1"')
    assert GPT in found('"gpt 4.1 Batch Inp glbl Tokens"')
    assert "openai/gpt-5.2-codex" in found("codex")


def test_what_may_not_be_passed_on_is_not(app: App, tmp_path: Path) -> None:
    shutil.copy(app.home.catalog, tmp_path / "catalog.db")
    with closing(sqlite3.connect(tmp_path / "catalog.db")) as conn:
        conn.execute("UPDATE sources SET redistribute = 0 WHERE id = 'openrouter_models'")
        conn.commit()
    with CatalogStore(tmp_path / "catalog.db", now=lambda: datetime.fromisoformat(NOW)) as catalog:
        publish_copy(catalog, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        for relation in (
            "facts",
            "standing_claims",
            "price_history",
            "changes",
            "conflicts",
            "holds",
            "quarantine",
        ):
            count = f"SELECT count(*) FROM {relation} WHERE source = 'openrouter_models'"
            assert conn.execute(count).fetchone()[0] == 0, relation
        assert conn.execute("SELECT count(*) FROM prices WHERE provider = 'OpenRouter'").fetchone()[0] < 400


def test_a_disk_that_refuses_is_one_sentence_and_leaves_nothing(app: App, tmp_path: Path) -> None:
    with (
        app.reading() as catalog,
        pytest.raises(CatalogUnreadableError, match="unable to open database file"),
    ):
        publish_copy(catalog, tmp_path / "missing" / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_metadata_speaks_of_what_is_there(published: PublishedCopy) -> None:
    tables = datasette_metadata(published)["databases"]["catalog"]["tables"]
    assert TABLES.keys() <= tables.keys()
    for name, table in tables.items():
        keys = [table.get("sort"), table.get("sort_desc"), table.get("label_column")]
        facets = [next(iter(f.values())) if isinstance(f, dict) else f for f in table.get("facets", ())]
        assert {key for key in (*keys, *facets) if key} <= published.columns[name].keys(), name


@pytest.mark.parametrize("name", ready_queries())
def test_a_ready_question_has_an_answer(name: str, copy: sqlite3.Connection) -> None:
    query = ready_queries()[name]
    rows = copy.execute(query["sql"], query.get("example", {})).fetchall()
    assert rows, name


def test_the_cheapest_offer_with_vision_is_what_the_offers_say(copy: sqlite3.Connection) -> None:
    rows = copy.execute(
        ready_queries()["cheapest_for_capability"]["sql"], {"capability": "vision", "min_context": "1"}
    )
    answer = [(row[0], row[1], row[4]) for row in rows]
    assert [row[2] for row in answer] == sorted(row[2] for row in answer)
    assert {price for model, provider, price in answer if model == GPT and provider == "OpenRouter"} == {3600}


def test_a_region_costs_a_tenth_more(copy: sqlite3.Connection) -> None:
    rows = copy.execute(ready_queries()["offers_by_region_premium"]["sql"]).fetchall()
    zone = [row for row in rows if row[:4] == (GPT, "Azure OpenAI", "standard", "data-zone")]
    assert [row[4:] for row in zone] == [(2.2, 2, 10.0)]


class Reply(NamedTuple):
    status: int
    text: str
    headers: Mapping[str, str]


class ServedSite:
    """A running server and a reader."""

    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, *, host: str = "", **query: Any) -> Reply:
        url = self.base + path + ("?" + urlencode(query, doseq=True) if query else "")
        asked = urllib.request.Request(url, headers={"Host": host} if host else {})
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return Reply(answer.status, answer.read().decode(), answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.read().decode(), error.headers)

    def rows(self, path: str, **query: str) -> Any:
        return json.loads(self.get(f"/catalog/{path}.json", _shape="objects", **query).text)["rows"]


@contextmanager
def serving(home: Path, *options: str) -> Iterator[ServedSite]:
    """Run `cardwatch serve` on a free port until the block ends; whatever is asked of it, it prints nothing."""
    command = [
        sys.executable,
        "-m",
        "cardwatch.cli",
        "--home",
        str(home),
        "--now",
        NOW,
        "serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(
        [*command, *options], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert line.startswith("http://127.0.0.1:"), line + process.stderr.read()
            yield ServedSite(line.split()[0].removesuffix("/catalog"))
        finally:
            process.send_signal(signal.SIGINT)
            printed, _ = process.communicate(timeout=30)
    assert printed == ""


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[ServedSite]:
    pytest.importorskip("datasette", reason="datasette is not installed: pip install 'cardwatch[inspect]'")
    with serving(home) as site:
        yield site


def test_prometheus_finds_the_metrics(site: ServedSite) -> None:
    text = site.get("/metrics").text
    assert 'cardwatch_facts{level="fresh"}' in text


def test_tables_questions_and_search_over_http(site: ServedSite) -> None:
    front = site.get("/catalog")
    assert front.status == 200
    for query in ready_queries().values():
        assert query["title"] in front.text
    (model,) = site.rows("models", id=GPT)
    assert (model["name"], model["input_price"], model["output_price"]) == ("GPT-4.1", 2, 8)
    assert GPT in {row["id"] for row in site.rows("models", _search="gpt-4.1")}
    assert len(site.rows("price_history_of_a_model", model=GPT)) > 10


def test_a_row_leads_to_its_page_its_questions_and_its_neighbours(site: ServedSite) -> None:
    row = site.get(f"/catalog/models/{tilde_encode(GPT)}")
    assert 'href="/site/models/openai/gpt-4.1/index.html"' in row.text
    assert "price_history_of_a_model?model=openai%2Fgpt-4.1" in row.text
    assert "from model in facts" in row.text
    for address in ("/site/models/openai/gpt-4.1/index.html", "/site/models/openai/gpt-4.1/"):
        assert site.get(address).text.endswith("<title>GPT-4.1</title>")
    assert [site.get(address).status for address in ("/site/models/", "/no/such/place")] == [404, 404]


def test_ids_are_shown_as_names(site: ServedSite) -> None:
    facts = site.get("/catalog/facts", model=GPT, attribute="context_window").text
    assert f'<a href="/catalog/models/{tilde_encode(GPT)}">GPT-4.1</a>' in facts
    assert ">OpenRouter models</a>" in facts or ">models.dev</a>" in facts
    asked = site.get("/catalog/conflicts_by_money").text
    assert '<a href="/catalog/models/' in asked


def test_facets_and_meanings_stand_on_a_table(site: ServedSite) -> None:
    page = site.get("/catalog/models").text
    assert "capabilities (array)" in page
    assert "USD per million input tokens of the cheapest paid offer." in page


def test_pages_load_nothing_from_elsewhere(site: ServedSite) -> None:
    policy = site.get("/catalog").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert "unsafe-eval" in site.get("/-/dashboards").headers["Content-Security-Policy"]


def test_nobody_writes_and_nothing_runs_for_long(site: ServedSite) -> None:
    forever = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    assert site.get("/catalog", sql=forever).status == 400
    assert site.get("/catalog", sql="DELETE FROM models").status == 400
    many = json.loads(site.get("/catalog.json", sql="SELECT * FROM standing_claims").text)
    assert (len(many["rows"]), many["truncated"]) == (1000, True)


def test_a_page_under_another_name_is_not_answered(site: ServedSite) -> None:
    port = site.base.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", "localhost", "LOCALHOST.", f"[::1]:{port}"):
        assert site.get("/catalog", host=host).status == 200, host
    for host in (
        "rebound.example",
        f"rebound.example:{port}",
        "127.0.0.1.rebound.example",
        "127.0.0.1@x",
        "8.8.8.8",
    ):
        for path in ("/catalog", "/metrics", "/catalog.json"):
            assert site.get(path, host=host).status == 400, (host, path)


SLOW = "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n) > 0"
HOSTILE_PAGES: list[tuple[str, dict[str, Any]]] = [
    ("facts", {"_where": SLOW}),
    ("facts", {"_where": SLOW, "_facet": ["model", "source", "attribute", "provider", "unit", "value"] * 20}),
    ("facts", {"_where": "(SELECT count(*) FROM facts a, facts b, facts c WHERE a.value < b.value) > 0"}),
    ("facts", {"_sort": "value", "_where": "length(replace(hex(zeroblob(400000000)), '00', 'aa')) > 1"}),
    ("models", {"_facet_array": ["capabilities"] * 50, "_where": SLOW}),
    ("models", {"id__glob": "*a" * 5000}),
]


@pytest.mark.parametrize(("table", "query"), HOSTILE_PAGES)
def test_a_hostile_question_is_answered_in_time(site: ServedSite, table: str, query: dict[str, Any]) -> None:
    began = time.monotonic()
    assert site.get(f"/catalog/{table}", **query).status in (200, 400, 500, 503)
    assert time.monotonic() - began < 25  # five seconds are the limit; the machine may be busy


@pytest.mark.soak
def test_a_finished_run_is_published_again(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasette", reason="datasette is not installed: pip install 'cardwatch[inspect]'")
    own = Path(shutil.copytree(home, tmp_path / "var", ignore=shutil.ignore_patterns("published")))
    line = {"model": GPT, "attribute": "parameters_note", "value": "not told", "source_url": "https://acme.example",
            "reviewed_on": "2026-05-15", "reviewer": "tests"}  # fmt: skip
    (tmp_path / "facts.jsonl").write_text(json.dumps(line) + "\n")
    with serving(own, "--watch", "0.5", "--no-sql") as site:
        wanted = {"model": GPT, "attribute": "parameters_note"}
        assert site.rows("facts", **wanted) == []
        assert site.get("/catalog", sql="SELECT 1").status == 403
        run_typed("facts", "import", str(tmp_path / "facts.jsonl"), home=own)
        for _ in range(100):
            if found := site.rows("facts", **wanted):
                break
            time.sleep(0.3)
        assert [row["value"] for row in found] == ["not told"]


@pytest.mark.parametrize(
    ("bound", "named", "passes", "refused"),
    [
        (
            "127.0.0.1",
            (),
            "127.0.0.1:8001 localhost [::1]:80",
            "10.0.0.1 catalog.example [::2] :80 a:b:c [127",
        ),
        ("0.0.0.0", (), "10.0.0.1:8001 [fe80::1] localhost", "catalog.example 10.0.0.1.example"),
        ("0.0.0.0", ("Catalog.example",), "catalog.example catalog.EXAMPLE.:443", "xcatalog.example"),
        ("10.0.0.7", (), "10.0.0.7", "catalog.example"),
    ],
)
def test_names_a_server_goes_by(bound: str, named: tuple[str, ...], passes: str, refused: str) -> None:
    hosts = ServedHosts.of(bound, named)
    assert [header for header in passes.split() if not hosts.allows(header)] == []
    assert [header for header in ["", *refused.split()] if hosts.allows(header)] == []


def test_without_datasette_it_says_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasette.app", None)
    assert "pip install 'cardwatch[inspect]'" in run_typed("serve", home=home, code=1).err


def test_a_site_that_is_not_there_and_a_port_that_is_taken(home: Path, published: PublishedCopy) -> None:
    assert "no such folder" in run_typed("serve", "--site", "/no/such/site", home=home, code=2).err
    pytest.importorskip("datasette", reason="datasette is not installed: pip install 'cardwatch[inspect]'")
    assert "cannot listen" in run_typed("serve", "--host", "192.0.2.1", home=home, code=2).err


@pytest.mark.browser
def test_a_reader_searches_opens_a_model_and_sees_its_prices(site: ServedSite) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    wrong: list[str] = []
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{site.base}/catalog/models")
        page.fill("#_search", "gpt-4.1")
        page.press("#_search", "Enter")
        page.click(f"a[href='/catalog/models/{tilde_encode(GPT)}']")
        page.click("text=Price history")
        page.wait_for_selector("table.rows-and-columns tbody tr:nth-child(10)")
        if site.get("/-/dashboards/prices", model=GPT).status == 200:
            page.goto(f"{site.base}/-/dashboards/prices?{urlencode({'model': GPT})}")
            page.wait_for_selector("#chart-prices svg, #chart-prices canvas")
        browser.close()
    assert wrong == []
