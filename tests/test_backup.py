"""A backup takes the place of nothing but an older backup, and leaves no part of itself behind."""

from __future__ import annotations

import os
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.cli_home import CliHome
from support.loopback_crawls import utc_now

from cardwatch.db.catalog import CatalogStore
from cardwatch.db.store.errors import CatalogUnreadableError


@pytest.fixture
def cli_home(tmp_path: Path) -> CliHome:
    cli_home = CliHome(tmp_path)
    (tmp_path / "none.jsonl").write_text("")
    cli_home.run_in_process("facts", "import", "none.jsonl")
    return cli_home


def test_an_older_backup_is_written_over_only_by_force(cli_home: CliHome) -> None:
    cli_home.run_in_process("backup", "kept.db")
    before = (cli_home.folder / "kept.db").stat().st_mtime_ns
    errors = cli_home.run_in_process("backup", "kept.db", code=2).err
    assert "kept.db: exists; --force writes over an older backup" in errors
    assert (cli_home.folder / "kept.db").stat().st_mtime_ns == before
    cli_home.run_in_process("backup", "kept.db", "--force")
    with closing(sqlite3.connect(cli_home.folder / "kept.db")) as conn:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
    assert sorted(path.name for path in cli_home.folder.iterdir() if "kept" in path.name) == ["kept.db"]


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_nothing_else_is_written_over(cli_home: CliHome, force: tuple[str, ...]) -> None:
    folder = cli_home.folder
    (folder / "notes.txt").write_text("mine")
    (folder / "empty.db").touch()
    (folder / "folder.db").mkdir()
    (folder / "link.db").symlink_to(folder / "notes.txt")
    (folder / "dangling.db").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.db")
    with closing(sqlite3.connect(folder / "other.db")) as conn:
        conn.execute("create table claims (id)")
    other = CliHome(folder / "other")
    (other.folder / "none.jsonl").write_text("")
    other.run_in_process("facts", "import", "none.jsonl")
    (folder / "good.db.part").write_text("mine")
    names = [
        "notes.txt",
        "empty.db",
        "folder.db",
        "link.db",
        "dangling.db",
        "pipe.db",
        "other.db",
        "/dev/null",
        "/dev/full",
    ]
    own = ["var/catalog.db", "var/catalog.db-wal", "var/run.lock", "var/archive/x.db", "var/site/x.db", "var"]
    (folder / "var" / "site").mkdir(exist_ok=True)
    for name in [*names, *own, "other/var/catalog.db", "good.db"]:
        errors = cli_home.run_in_process("backup", name, *force, code=2).err
        assert errors.count("\n") == 1, errors
    assert (folder / "notes.txt").read_text() == (folder / "good.db.part").read_text() == "mine"
    assert not (folder / "nowhere").exists()
    assert [*folder.glob("*.part")] == [folder / "good.db.part"]
    with CatalogStore.open(cli_home.home / "catalog.db", now=utc_now) as catalog:
        assert catalog.check() == []


def test_a_disk_that_refuses_leaves_no_part(cli_home: CliHome) -> None:
    """What a kill left of an earlier one goes too."""
    (cli_home.folder / "small.db.part").write_bytes(b"SQLite format 3\0")
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # noqa: E731
    errors = cli_home.types("backup", "small.db", code=1, before=limit).err
    assert "small.db: " in errors
    assert [*cli_home.folder.glob("small.db*")] == []


def test_a_full_disk_is_said_as_such(cli_home: CliHome) -> None:
    with CatalogStore.open(cli_home.home / "catalog.db", now=utc_now) as catalog:
        pages = catalog.conn.execute("pragma page_count").fetchone()[0]
        catalog.conn.execute(f"pragma max_page_count = {pages}")
        with pytest.raises(CatalogUnreadableError, match=r"catalog.db: disk full"), catalog.transaction():
            catalog.conn.execute("create table big as select randomblob(1000000) as bytes")
    assert not cli_home.rows("select 1 from sqlite_schema where name = 'big'")
