"""Options that several commands share."""

from __future__ import annotations

import click

from cardwatch.terminal.params import SOURCE_PARAM

sources_argument = click.argument("sources", nargs=-1, type=SOURCE_PARAM, metavar="[SOURCE]...")

all_option = click.option("--all", "everything", is_flag=True, help="Visit every page, due or not.")

budget_option = click.option(
    "--budget", type=click.IntRange(1), help="Visit exactly so many pages, the best ones."
)

workers_option = click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes at work, in place of [cluster] in the settings.",
)

limit_option = click.option(
    "--limit",
    type=click.IntRange(0),
    default=40,
    show_default=True,
    metavar="N",
    help="Lines of the table; 0 prints all.",
)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="End with a one-line JSON summary on stdout."
)

reason_option = click.option("--reason", required=True, help="Why; kept with the decision.")

provider_option = click.option(
    "--provider", default="", help="Provider, by its id or as the source prints it; default any."
)


def require_text(ctx: click.Context, param: click.Parameter, text: str) -> str:
    """Return a text that says something."""
    if not text.strip():
        raise click.BadParameter("wanted a name, found none", ctx, param)
    return text


by_option = click.option(
    "--by", required=True, metavar="NAME", callback=require_text, help="Who decides; kept with the decision."
)

BY_ME = "--by $(id -un)"
"""The same in a command that is printed to be pasted: the shell puts in the name of whoever pastes it."""
