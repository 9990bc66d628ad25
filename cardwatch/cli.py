"""The `cardwatch` command: global options, the list of commands, and how an error is printed."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from cardwatch import config
from cardwatch.app import App, parse_clock
from cardwatch.db.store.errors import (
    AmbiguousModelError,
    BackupRefusedError,
    CatalogError,
    NothingToReviewError,
    UnknownHoldError,
    UnknownModelError,
)
from cardwatch.errors import CardwatchError
from cardwatch.home import Home
from cardwatch.normalize.hidden_characters import write_out_hidden_lines
from cardwatch.version import VERSION

CYCLE_SEARCH = (100_000, 50, 50)
"""Thresholds of gc: our data is trees, and looking for cycles as often as usual took a quarter of a run."""
COMMAND_SECTIONS = {
    "Run": {
        "refresh": "The main job: crawl what is due, write and compare what changed.",
        "demo": "The same on the bundled recording, off line.",
        "crawl": "Fetch what is due into the archive and stop there.",
        "normalize": "Read what the archive holds and the catalog does not yet.",
        "replay": "Read WARC files, ours or another crawler's, with today's parsers.",
    },
    "Look": {
        "models": "List the models; link, unlink or merge their names.",
        "show": "One model's card: facts, offers, conflicts, changes, evidence.",
        "compare": "Compare two models, or bring the kept comparisons up to date.",
        "changes": "Published values that became others.",
        "brief": "The morning on one screen: moved, held, ending, stale, broken.",
        "price": "What a model cost on a day, and between which looks.",
        "conflicts": "Facts on which sources disagree, the most money first.",
        "stale": "What nobody has looked at within its limit, and why.",
        "sources": "The sources and how each one does.",
        "coverage": "Which makers and providers speak for themselves.",
        "drift": "What of the pages is not understood now, and the command that makes the test page.",
        "scan": "Model ids of a code base that are retired, end, or are unknown.",
        "resolve": "Which model and variant a source's name means.",
    },
    "Decide": {
        "holds": "Surprising changes that wait; release or reject one.",
        "facts": "Import curated facts, or take one back.",
        "review": "Confirm a published fact, or overrule it.",
    },
    "Publish": {
        "export": "Write the static site, JSON, JSONL, CSV and feed.",
        "publish": "Write the dataset others may have: SQLite, Parquet, CSV, JSON.",
        "serve": "Browse a published copy of the catalog in Datasette.",
        "mcp": "Answer an assistant's questions over the Model Context Protocol.",
        "notify": "Send people what changed, ended or fails; or list what was not sent yet.",
        "backup": "Write a consistent copy of the catalog.",
    },
    "Check": {
        "doctor": "Check the catalog, the archive and the settings.",
        "metrics": "The catalog's health as Prometheus text.",
        "prune": "Drop old archived bodies that no present fact was read from.",
        "audit": "Run every invariant over facts and comparisons.",
        "simulate": "Measure the page choice against known rules.",
        "record": "Make a recorded page for the tests of a source.",
    },
}
"""Each command, in its module of cardwatch.commands, with what it does in one line."""

GLOBAL_OPTIONS = ("--home", "--config", "--now")
REPORTED_ERRORS = (CardwatchError, CatalogError, OSError)
"""Errors that a person can cause or meet: printed in one line."""
WRONG_USE = (
    UnknownModelError,
    AmbiguousModelError,
    UnknownHoldError,
    NothingToReviewError,
    BackupRefusedError,
)
STOPPED_EXIT_CODE = 130
"""Exit code after Ctrl-C, as shells have it."""


class _ReaderLeftError(Exception):
    """Nobody reads what is printed any more, as in `cardwatch stale | head`."""


class DeferredCommand(click.Command):
    """A command known by its name and one line; its module loads when it is invoked."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(name, help=about, short_help=about)

    def load(self) -> click.Command:
        """Return the command itself."""
        command = getattr(import_module(f"cardwatch.commands.{self.name}"), str(self.name))
        assert isinstance(command, click.Command)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.load().make_context(info_name, args, parent, **extra)


class CommandGroup(click.Group):
    """Lists commands without loading them, and takes the global options on either side of one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for commands in COMMAND_SECTIONS.values():
            for name, about in commands.items():
                self.add_command(DeferredCommand(name, about))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in COMMAND_SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(9), about) for name, about in commands.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader who left is no failure, for which click would take it."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderLeftError from error

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [*hoist_global_options(args)])


def hoist_global_options(args: Sequence[str]) -> Iterator[str]:
    """Move the global options to the front, so that `stale --home DIR` works as `--home DIR stale` does."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            rest += [arg, *waiting]
        elif arg in GLOBAL_OPTIONS:
            front += [arg, *([value] if (value := next(waiting, None)) is not None else [])]
        elif arg.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(arg)
        else:
            rest.append(arg)
    yield from front
    yield from rest


@click.group(
    cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--home", "home", type=click.Path(path_type=Path, file_okay=False), default=Path("var"),
              envvar="CARDWATCH_HOME", show_default=True, show_envvar=True,
              help="Folder of the catalog, the archive and the site.")  # fmt: skip
@click.option("--config", "config_file", type=click.Path(path_type=Path), default=None,
              help="Settings file.  [default: cardwatch.toml]")  # fmt: skip
@click.option(
    "--now", "now", metavar="ISO8601", default=None, help="Set the clock, e.g. 2026-05-15T12:00:00Z."
)
@click.option("-v", "--verbose", count=True, help="Say more on stderr; twice for everything.")
@click.version_option(VERSION)
@click.pass_context
def cli(ctx: click.Context, home: Path, config_file: Path | None, now: str | None, verbose: int) -> None:
    """Keep a catalog of language models fresh: every fact with its source and its review date.

    \b
    cardwatch refresh                     crawl what is due, print what changed
    cardwatch stale                       what is out of date, and why
    cardwatch compare gpt-4.1 qwen3.5-4b  any two models, with evidence
    """
    path = config_file or Path("cardwatch.toml")
    ctx.obj = App(
        Home(home), config.load_config(path, required=config_file is not None), parse_clock(now), verbose
    )


def main() -> None:
    """Run the command line; a person's mistake is one line on stderr and an exit code, never a traceback."""
    gc.set_threshold(*CYCLE_SEARCH)
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = error.exit_code
    except click.ClickException as error:
        code = print_error(_in_one_line(error), _code_of(error))
    except click.Abort:
        code = print_error("stopped", STOPPED_EXIT_CODE)
    except (BrokenPipeError, _ReaderLeftError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except UnicodeEncodeError as error:  # bytes on the command line that are no text
        code = print_error(f"wanted UTF-8, found {str(error.object)[:80]!r}", 2)
    except REPORTED_ERRORS as error:
        code = print_error(_in_one_line(error), _code_of(error))
    sys.exit(code if isinstance(code, int) else 0)


def _code_of(error: Exception) -> int:
    """Return 2 for wrong use and what is unknown, 1 for what went wrong."""
    if isinstance(error, CardwatchError):
        return error.exit_code
    return 2 if isinstance(error, (*WRONG_USE, click.ClickException)) else 1


def _in_one_line(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "cardwatch"
        return f"{' '.join(error.format_message().split())} (see `{where} --help`)"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def print_error(message: str, code: int) -> int:
    """Print a message for the person at the keyboard and return `code`."""
    click.echo(f"cardwatch: {write_out_hidden_lines(message)}", err=True)
    return code


if __name__ == "__main__":
    main()
