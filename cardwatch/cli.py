"""The `cardwatch` command: global options, the list of commands, and how a mistake is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import click

from cardwatch import config
from cardwatch.app import App, clock
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.home import Home

COMMANDS = {
    "refresh": "run",
    "demo": "run",
    "crawl": "run",
    "replay": "run",
    "normalize": "run",
    "compare": "compare",
    "audit": "audit",
    "export": "export",
    "models": "inspect",
    "show": "inspect",
    "changes": "inspect",
    "conflicts": "inspect",
    "sources": "inspect",
    "stale": "stale",
    "holds": "decide",
    "facts": "decide",
    "review": "decide",
    "resolve": "names",
    "record": "names",
    "doctor": "keep",
    "backup": "keep",
    "serve": "serve",
    "simulate": "simulate",
}
"""Each command and the module of cardwatch.commands that holds it; a module loads only when asked for."""

GLOBALS = ("--home", "--config", "--now")


class FrontDoor(click.Group):
    """Loads a command when it is named, and takes the global options on either side of it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"cardwatch.commands.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [*hoisted(args)])


def hoisted(args: Sequence[str]) -> Iterator[str]:
    """Move the global options to the front, so that `stale --home DIR` works as `--home DIR stale` does."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(args)
    for arg in waiting:
        if arg == "--":
            rest += [arg, *waiting]
        elif arg in GLOBALS:
            front += [arg, *([value] if (value := next(waiting, None)) is not None else [])]
        elif arg.startswith(tuple(f"{option}=" for option in GLOBALS)):
            front.append(arg)
        else:
            rest.append(arg)
    yield from front
    yield from rest


@click.group(
    cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
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
@click.version_option(package_name="cardwatch")
@click.pass_context
def cli(ctx: click.Context, home: Path, config_file: Path | None, now: str | None, verbose: int) -> None:
    """Keep a catalog of language models fresh: every fact with its source and its review date.

    \b
    cardwatch refresh                      crawl what is due, write what changed, print it
    cardwatch stale                        what is out of date, why, and when it is next due
    cardwatch compare gpt-4.1 qwen3.5-4b   any two models, with evidence
    """
    path = config_file or Path("cardwatch.toml")
    ctx.obj = App(Home(home), config.load(path, required=config_file is not None), clock(now), verbose)


def main() -> None:
    """Run the command line; a person's mistake is one line on stderr and an exit code, never a traceback."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        click.echo("cardwatch: stopped", err=True)
        code = 130
    except CardwatchError as error:
        code = tell(error, error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def tell(error: Exception, code: int) -> int:
    """Print one line about `error` and return `code`."""
    click.echo(f"cardwatch: {error}", err=True)
    if isinstance(error, UsageError):
        click.echo("cardwatch: `cardwatch --help` lists the commands", err=True)
    return code


if __name__ == "__main__":
    main()
