"""The front door in this process: what a person would type, and what it answered."""

from __future__ import annotations

import io
import json
import sys
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from cardwatch.cli import main

NOW = "2026-05-16T00:00:00Z"
"""The day after the demo recording ends."""
ROOT = Path(__file__).parent.parent.parent


class CommandOutput(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run_typed(
    *arguments: str, home: Path, code: int | None = 0, folder: Path = ROOT, now: str = NOW
) -> CommandOutput:
    """Run a command on `home` from `folder`; a code that is not `code` fails the test (None: any)."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["cardwatch", "--home", str(home), *(["--now", now] if now else []), *arguments]
    with ExitStack() as stack:
        stack.enter_context(chdir(folder))
        stack.enter_context(patch.object(sys, "argv", argv))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        try:
            main()
        except SystemExit as end:
            found = end.code
    result = CommandOutput(int(found or 0), out.getvalue(), err.getvalue())
    assert "Traceback" not in result.err, result.err
    assert code in (None, result.code), f"{arguments}: exit {result.code}: {result.err or result.out[-500:]}"
    return result
