"""`cardwatch mcp`: the catalog for an assistant."""

from __future__ import annotations

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError


@click.command()
@pass_app
def mcp(app: App) -> None:
    """Answer an assistant over stdin and stdout, in the Model Context Protocol; it can only look.

    Its tools resolve a name and give a model's card, prices on a day, a cost, a comparison, what changed, what ends
    soon and what is stale, each value with source, URL, review date and hold. An assistant starts it by itself.
    Needs `pip install 'cardwatch[mcp]'`.

    \b
    cardwatch --home /srv/cardwatch/var mcp
    """
    try:
        from cardwatch.mcp_server.server import build_server
    except ModuleNotFoundError as missing:
        if missing.name is None or not missing.name.startswith("mcp"):
            raise
        raise CardwatchError(
            f"mcp: wanted the MCP SDK, version 2, found no module {missing.name!r}: pip install 'cardwatch[mcp]'"
        ) from missing
    build_server(app).run("stdio")
