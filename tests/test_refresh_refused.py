"""A refresh that may not ask anybody: it is refused before it writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from support.cli_home import CliHome


def dump(home: CliHome) -> list[str]:
    """Return every row of the catalog as SQL."""
    with closing(sqlite3.connect(home.home / "catalog.db")) as conn:
        return list(conn.iterdump())


def test_a_refresh_without_a_contact_leaves_the_catalog_as_it_was(tmp_path: Path) -> None:
    home = CliHome(tmp_path)
    home.run_in_process("normalize")
    before = dump(home)
    (tmp_path / "cardwatch.toml").write_text("[crawl]\ndelay_seconds = 0\n")
    refused = home.run_in_process("refresh", "cerebras_models", code=2)
    assert "contact = " in refused.err
    assert dump(home) == before
    home.run_in_process("audit")
