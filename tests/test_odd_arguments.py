"""Whatever stands in the place of an argument: an exit code of the contract, and one clear line for wrong use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.typed_commands import run_typed

from cardwatch.cli import DeferredCommand, cli

QUICK = ("models", "changes", "price", "conflicts", "stale", "drift", "resolve", "holds", "facts", "review", "notify",
         "prune")  # fmt: skip
"""Commands that answer at once whatever they are told."""
ODD = ("", " ", "-1", "9" * 30, "nan", "1e309", "2026-02-30", "0001-01-01", "no/such", "[red]", "'; drop", "é\u202e",
       "\udcff", "http://[::1", "lines=9-1", ".", "*")  # fmt: skip
USUAL = {
    "model": "gpt-4.1", "into": "gpt-4.1-mini", "source": "openrouter_models", "name": "acme/x", "by": "me", "reason": "r",
    "attribute": "context_window", "url": "https://acme.example/", "file": "/dev/null",
}  # fmt: skip


def leaves(words: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from leaves((*words, name), below)
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield words, command


def typed(words: tuple[str, ...], command: click.Command, odd: click.Parameter, value: str) -> list[str]:
    """Return what is typed with `value` in the place of one argument, and usual values where others must stand."""
    options, arguments = [], []
    for param in command.params:
        text = value if param is odd else USUAL.get(str(param.name), "1")
        if isinstance(param, click.Argument) and (param.required or param is odd):
            arguments.append(text)
        elif isinstance(param, click.Option) and not param.is_flag and (param.required or param is odd):
            options.append(f"{param.opts[0]}={text}")
    return [*words, *options, "--", *arguments]


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("values", [ODD[:1] + ODD[3:4], pytest.param(ODD, marks=pytest.mark.soak)])
def test_an_odd_argument_is_refused_in_one_line_or_answered(
    name: str, values: tuple[str, ...], demo_copy: Path, tmp_path: Path
) -> None:
    entry = cli.commands[name]
    assert isinstance(entry, DeferredCommand)
    for words, command in leaves((name,), entry.load()):
        for param in command.params:
            for value in values:
                line = typed(words, command, param, value)
                ended = run_typed(*line, home=demo_copy, folder=tmp_path, code=None)
                assert ended.code in (0, 1, 2), line
                assert ended.code != 2 or ended.err.count("\n") == 1, (line, ended.err)
