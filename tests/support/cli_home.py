"""The installed command, run as a person runs it, and a look at what it left on the disk."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

from cardwatch.cli import main

COMMAND = Path(sys.executable).with_name("cardwatch")
QUICK = 'contact = "me@acme.example"\ndelay_seconds = 0\nbackoff_seconds = 0.01\n'
"""A [crawl] section that waits for nobody."""


class CommandResult(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    def summary(self) -> Any:
        """Return what --json printed."""
        return json.loads(self.out.splitlines()[-1])


class CliHome:
    """A folder with a settings file, where one person types commands."""

    def __init__(
        self, folder: Path, settings: str = "", environment: Mapping[str, str] | None = None
    ) -> None:
        self.folder, self.home = folder, folder / "var"
        folder.mkdir(parents=True, exist_ok=True)
        self.settings(settings)
        self.environment = {**os.environ, **(environment or {})}

    def settings(self, text: str) -> None:
        """Write the settings file; `text` goes on where its [crawl] section begins."""
        (self.folder / "cardwatch.toml").write_text(f"[crawl]\n{QUICK}{text}")

    def start(self, *arguments: str, before: Callable[[], object] | None = None) -> subprocess.Popen[str]:
        """Start the installed command; `before` runs in the new process, ahead of it."""
        return subprocess.Popen(
            [str(COMMAND), *arguments], cwd=self.folder, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before,
        )  # fmt: skip

    def types(
        self, *arguments: str, code: int | None = 0, before: Callable[[], object] | None = None
    ) -> CommandResult:
        """Run the installed command to its end; a code that is not `code` fails the test."""
        with self.start(*arguments, before=before) as process:
            out, err = process.communicate(timeout=600)
        assert "Traceback" not in err, err
        assert code in (None, process.returncode), f"exit {process.returncode}: {err}"
        return CommandResult(process.returncode, out, err)

    def run_in_process(self, *arguments: str, code: int | None = 0) -> CommandResult:
        """Do the same in this process, which is quicker; the entry point is that of the installed command."""
        kept, argv = dict(os.environ), sys.argv
        out, err = io.StringIO(), io.StringIO()
        os.environ.update(self.environment)
        sys.argv = ["cardwatch", *arguments]
        try:
            with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
                main()
        except SystemExit as end:
            ended = int(end.code or 0)
        finally:
            sys.argv = argv
            os.environ.clear()
            os.environ.update(kept)
        assert code in (None, ended), f"exit {ended}: {err.getvalue()}"
        return CommandResult(ended, out.getvalue(), err.getvalue())

    def reads(self, *arguments: str) -> Any:
        """Return what a command prints with --format json."""
        return json.loads(self.run_in_process(*arguments, "--format", "json").out)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the catalog's file itself."""
        with closing(sqlite3.connect(self.home / "catalog.db", timeout=10)) as conn:
            return conn.execute(query, values).fetchall()

    def value(self, query: str, *values: object) -> Any:
        """Return the one value a query finds."""
        ((found,),) = self.rows(query, *values)
        return found

    @property
    def claims(self) -> list[tuple[Any, ...]]:
        """Every fact ever written, with its dates."""
        return self.rows("select * from claims order by id")

    @property
    def values(self) -> list[tuple[Any, ...]]:
        """Every fact that stands, without its dates."""
        return self.rows(
            "select p.source, model, offer, attribute, qualifier, value, unit from claims c"
            " join listings l on l.id = listing_id join pages p on p.id = page_id where until is null order by c.id"
        )
