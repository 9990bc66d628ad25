"""Starts the command again and again, each time in a process of its own, without the second that importing takes.

Reads a line of JSON per start; prints how the new process ended, as an exit code, negative for a signal.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from importlib import import_module

from cardwatch.cli import main


def run_command(folder: str, arguments: list[str]) -> None:
    """Be the command; never returns."""
    os.chdir(folder)
    out = os.open("forged.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(out, stream)
    sys.argv = ["cardwatch", *arguments]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))
    finally:
        os._exit(70)


def fork_command(folder: str, arguments: list[str], kill_after: float | None) -> int:
    """Start one process, kill it after so many seconds if it lasts, and return how it ended."""
    if (child := os.fork()) == 0:
        run_command(folder, arguments)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for name in ("refresh", "normalize", "replay", "demo", "prune"):
        import_module(f"cardwatch.commands.{name}")
    for line in sys.stdin:
        sys.stdout.write(f"{fork_command(**json.loads(line))}\n")
        sys.stdout.flush()
