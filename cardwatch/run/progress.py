"""A progress bar on a terminal, nothing under cron."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from cardwatch.terminal.consoles import stderr_console

ProgressStep = Callable[[str, int], None]
"""Called with what is under way and how many are done since the last call."""


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[ProgressStep]:
    """Show how far a job is, with rate and remaining time; yields the function that moves it on."""
    console = stderr_console()
    columns = (
        TextColumn("{task.fields[title]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", style="dim"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, title=title)

        def step(what: str, count: int) -> None:
            progress.update(task, advance=count, description=what)

        yield step
