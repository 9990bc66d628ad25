"""The file itself: made, migrated, refused, locked, copied, checked, documented."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.made_catalogs import GPT, CatalogWorld, about, offer

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.query.reports import StoredComparison
from cardwatch.db.store import connection, migrations, schema
from cardwatch.db.store.errors import CatalogLockedError, CatalogNewerError, CatalogUnreadableError


def now() -> datetime:
    return datetime(2026, 5, 16, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


@pytest.fixture
def world(path: Path) -> Iterator[CatalogWorld]:
    made = CatalogWorld(path)
    yield made
    made.catalog.close()


def test_settings_of_the_file(world: CatalogWorld) -> None:
    pragma = {
        name: world.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    assert pragma == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1}
    assert world.rows("PRAGMA user_version") == [(schema.VERSION,)]
    assert (
        len(migrations.MIGRATIONS.applied(Database(world.catalog.conn, execute_plugins=False)))
        == schema.VERSION
    )


def test_a_newer_catalog_is_refused(path: Path) -> None:
    CatalogStore.open(path, now=now).close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA user_version = 99")
    for opened in (CatalogStore.open, CatalogStore):
        with pytest.raises(CatalogNewerError, match="catalog version 99 is newer"):
            opened(path, now=now)


@pytest.mark.parametrize("opened", [CatalogStore.open, CatalogStore])
def test_an_older_catalog_is_migrated_after_a_backup(path: Path, opened: Callable[..., CatalogStore]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        migrations.MIGRATIONS.apply(
            Database(conn, execute_plugins=False), stop_before="m0002_people_and_comparisons"
        )
        conn.execute("PRAGMA user_version = 1")
        conn.execute(
            "INSERT INTO model_ids (id, first_seen) VALUES ('openai/gpt-4.1', '2026-03-10T12:00:00Z')"
        )
    with opened(path, now=now) as catalog:
        assert catalog.conn.execute("SELECT count(*) FROM comparisons").fetchone()[0] == 0
        assert catalog.find("gpt-4.1") == GPT
    with closing(sqlite3.connect(path.with_name("catalog.db.v1.bak"))) as old:
        assert old.execute("PRAGMA user_version").fetchone()[0] == 1
        assert old.execute("SELECT id FROM model_ids").fetchone()[0] == GPT


def test_a_migrated_catalog_explains_its_new_tables(path: Path) -> None:
    with CatalogStore.open(path, now=now) as catalog:
        for table in ("told", "receivers"):
            catalog.conn.execute(f"DROP TABLE {table}")
        catalog.conn.execute("DELETE FROM column_docs WHERE relation IN ('told', 'receivers')")
        catalog.conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0003_told'")
        catalog.conn.execute("UPDATE settings SET value = 'of version 2' WHERE name = 'layout'")
        catalog.conn.execute("PRAGMA user_version = 2")
    with CatalogStore(path, now=now) as catalog:
        found = catalog.conn.execute(
            "SELECT meaning FROM column_docs WHERE relation = 'told' AND column = ''"
        )
        assert found.fetchone()[0] == "What was told to whom: each event once per receiver."


def test_views_of_an_older_program_are_replaced(path: Path) -> None:
    with CatalogStore.open(path, now=now) as catalog:
        catalog.conn.execute("CREATE VIEW left_over AS SELECT 1")
        catalog.conn.execute("UPDATE settings SET value = 'old'")
    with CatalogStore(path, now=now) as catalog:
        names = {row[0] for row in catalog.conn.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    assert "left_over" not in names
    assert {
        "models",
        "offers",
        "facts",
        "prices",
        "price_history",
        "conflicts",
        "cheapest_offers",
        "changes",
    } <= names


def test_a_locked_catalog_is_one_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_MS", 20)
    with (
        CatalogStore.open(path, now=now) as first,
        CatalogStore.open(path, now=now) as second,
        first.transaction(),
    ):
        with pytest.raises(CatalogLockedError, match="locked by another process"):
            second.set_cursor("a.warc.gz", 1)
        assert second.cursor("a.warc.gz") == 0


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_one_line(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(CatalogUnreadableError) as error:
        CatalogStore.open(path, now=now)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_one_line(path: Path) -> None:
    with pytest.raises(CatalogUnreadableError, match="unable to open"):
        CatalogStore.open(path.parent / "none" / "catalog.db", now=now)


def test_a_reader_writes_nothing(world: CatalogWorld, path: Path) -> None:
    world.see(offer(GPT, input_price="2"))
    with CatalogStore(path, now=now) as catalog:
        assert catalog.card(GPT).id == GPT
        with pytest.raises(CatalogUnreadableError, match="readonly"):
            catalog.set_cursor("a.warc.gz", 1)


def test_a_failed_transaction_leaves_nothing(world: CatalogWorld) -> None:
    def fails() -> None:
        with world.catalog.transaction():
            world.catalog.conn.execute("INSERT INTO settings VALUES ('a', 'b')")
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with world.catalog.transaction(), world.catalog.transaction():
        world.catalog.conn.execute("INSERT INTO settings VALUES ('c', 'd')")
    assert world.rows("SELECT name FROM settings WHERE name IN ('a', 'c')") == [("c",)]


def test_a_reading_that_breaks_is_the_outcome_of_its_visit_and_leaves_the_facts(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    before = world.rows("SELECT * FROM claims")
    world.see(offer(GPT, input_price="3", nonsense="1"), day=1)
    assert world.rows("SELECT * FROM claims") == before
    ((outcome, detail),) = world.rows("SELECT outcome, detail FROM attempts ORDER BY id DESC LIMIT 1")
    assert outcome == "unparsed"
    assert "nonsense" in detail


def test_runs_and_cursors(world: CatalogWorld) -> None:
    with world.catalog.run("refresh") as summary:
        summary["changed"] = 3
    with pytest.raises(KeyError), world.catalog.run("refresh"):
        raise KeyError
    assert world.rows("SELECT kind, finished IS NULL, summary FROM runs") == [
        ("refresh", 0, '{"changed": 3}'),
        ("refresh", 1, "{}"),
    ]
    world.catalog.set_cursor("a.warc.gz", 77)
    assert (world.catalog.cursor("a.warc.gz"), world.catalog.cursor("b.warc.gz")) == (77, 0)


def test_a_backup_is_whole_while_others_write(world: CatalogWorld, path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with CatalogStore.open(path, now=now) as other:
            while not stop.is_set():
                with other.transaction():
                    other.conn.execute("INSERT INTO runs (kind, started) VALUES ('a', 'b')")
                    other.conn.execute("INSERT INTO runs (kind, started) VALUES ('a', 'b')")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(10):
            dest = world.catalog.backup(path.parent / f"copy-{number}.db")
            with closing(sqlite3.connect(dest)) as copy:
                assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert copy.execute("SELECT count(*) % 2 FROM runs").fetchone()[0] == 0
    finally:
        stop.set()
        writer.join()
    assert {file.name for file in path.parent.glob("copy-0.db*")} == {"copy-0.db"}


def test_check_tells_what_is_wrong(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    assert world.catalog.check() == []
    conn = world.catalog.conn
    conn.execute("UPDATE claims SET document_id = NULL")
    assert world.catalog.check() == [
        "claim 1: input_price from openrouter_models has neither a document nor a reviewer"
    ]
    conn.execute("PRAGMA foreign_keys = OFF")
    conn.execute("UPDATE claims SET document_id = 7")
    assert world.catalog.check() == ["claims row 1 refers to a documents that does not exist"]


def test_every_column_is_documented_in_the_file(world: CatalogWorld) -> None:
    found = {
        (row[0], row[1]): row[2] for row in world.rows('SELECT relation, "column", meaning FROM column_docs')
    }
    relations = world.rows(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    missing = [
        (relation, column)
        for (relation,) in relations
        for column in (
            "",
            *(row[0] for row in world.rows(f"SELECT name FROM pragma_table_info('{relation}')")),
        )
        if not found.get((relation, column))
    ]
    assert missing == []


def test_prices_read_well(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2", output_price="8", cache_read_price="0.5", context_window=1047576))
    conn = world.catalog.conn
    (row,) = (dict(row) for row in conn.execute("SELECT * FROM prices WHERE model = 'openai/gpt-4.1'"))
    assert row["provider"] == "OpenRouter"
    assert (row["input_price"], row["output_price"], row["cache_read_price"], row["context_window"]) == (
        2,
        8,
        0.5,
        1047576,
    )
    assert row["reviewed_on"] == "2026-03-10"
    assert world.rows("SELECT provider, usd_per_month FROM cheapest_offers") == [("OpenRouter", 3600)]


def test_every_fact_leads_to_its_bytes(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), about(GPT, name="GPT-4.1"))
    found = world.rows("SELECT attribute, archive, archive_offset, locator FROM evidence ORDER BY attribute")
    assert found == [
        ("input_price", "20260310T1200.warc.gz", 512, "/data/0/input_price"),
        ("name", "20260310T1200.warc.gz", 512, "/data/1/name"),
    ]


def test_reading_one_model_does_not_scan_the_others(world: CatalogWorld) -> None:
    for view in ("facts", "prices", "conflicts", "offers", "changes"):
        plan = [
            row[3]
            for row in world.rows(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE model = 'openai/gpt-4.1'")
        ]
        scans = [step for step in plan if step.startswith(("SCAN l", "SCAN c ")) or "listings_seen" in step]
        assert scans == [], view
        assert "SEARCH l USING INDEX listings_model (model=?)" in plan


def test_comparisons_are_found_by_model(world: CatalogWorld) -> None:
    catalog = world.catalog
    for a, b in (("a/x", "b/y"), ("a/x", "c/z"), ("b/y", "c/z")):
        catalog.save_comparison(StoredComparison(a, b, f"{a}{b}", "1", "{}", "2026-03-10T12:00:00Z"))
    found = catalog.comparison("b/y", "a/x")
    assert found is not None
    assert found.digest == "a/xb/y"
    assert [pair[:2] for pair in catalog.comparisons_touching(["a/x"])] == [("a/x", "b/y"), ("a/x", "c/z")]
    assert len(catalog.comparisons_touching(["a/x", "b/y"])) == len(catalog.comparisons()) == 3
    plan = world.rows("EXPLAIN QUERY PLAN SELECT a, b FROM comparisons WHERE b = 'x'")
    assert "comparisons_b" in plan[0][3]
    catalog.forget_comparison("a/x", "b/y")
    assert catalog.comparison("a/x", "b/y") is None


def test_a_state_that_comes_back_keeps_its_first_date(world: CatalogWorld) -> None:
    catalog = world.catalog
    for at, digest in (("2026-03-10T12:00:00Z", "one"), ("2026-03-11T12:00:00Z", "two")):
        catalog.save_comparison(StoredComparison("a/x", "b/y", digest, "1", "{}", at))
    assert catalog.comparison_since("a/x", "b/y", "one") == "2026-03-10T12:00:00Z"
    assert catalog.comparison_since("a/x", "b/y", "three") == catalog.now


def test_dirty_models_wait_until_they_are_marked_clean(world: CatalogWorld, path: Path) -> None:
    world.see(offer(GPT, input_price="2"))
    world.catalog.close()
    with CatalogStore.open(path, now=now) as catalog:
        assert catalog.dirty_models() == [GPT]
        catalog.mark_clean([GPT])
        assert catalog.dirty_models() == []
