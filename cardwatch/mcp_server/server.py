"""The tools that an assistant can call, with their descriptions; each call opens the catalog to read it, then closes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from cardwatch.app import App
from cardwatch.db.store.errors import CatalogError
from cardwatch.errors import CardwatchError
from cardwatch.mcp_server import answers
from cardwatch.normalize.hidden_characters import escape_hidden_json, write_out_hidden_values
from cardwatch.version import VERSION

INSTRUCTIONS = """Facts about language models, each with its source, its URL and the day somebody last looked.
Cite them. A value beside which something is held is in doubt. Unknown (null) is not zero; "0" is free.
Prices are decimal strings; the unit usd_per_mtok is US dollars per million tokens."""
READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
ModelName = Annotated[str, Field(description="An id, its last part, a display name or an alias.")]
Day = Annotated[str, Field(description="A day such as 2026-03-31 (its end), or an ISO 8601 time.")]
ProviderName = Annotated[str | None, Field(description="Only this provider; without it, all.")]
Limit = Annotated[int, Field(description="The most rows to answer with; `total` counts all.")]
OfferLimit = Annotated[int, Field(description="The most offers to answer with; `offers_total` counts all.")]


class CatalogTools:
    """The tools: each public method is one, and its first line is what an assistant reads about it."""

    def __init__(self, app: App) -> None:
        self._app = app

    def resolve_model(self, name: ModelName) -> dict[str, Any]:
        """Say which model a name means, with its id and aliases; near names when there is none."""
        return answers.resolve_name(self._app, name)

    def get_model(self, model: ModelName, on: Day | None = None, limit: OfferLimit = 10) -> dict[str, Any]:
        """Return one model's card: facts, scores, offers, conflicts; `on` asks for a past day."""
        return answers.describe_model(self._app, model, on, limit)

    def get_prices(self, model: ModelName, on: Day, provider: ProviderName = None) -> dict[str, Any]:
        """Return what each provider charged for a model on a day, and the looks that prove it; unknown between two."""
        return answers.price_on_date(self._app, model, on, provider)

    def get_cost(
        self,
        model: ModelName,
        input_tokens: int = 0,
        output_tokens: int = 0,
        cache_read_tokens: int = 0,
        cache_write_tokens: int = 0,
        on: Day | None = None,
        provider: ProviderName = None,
    ) -> dict[str, Any]:
        """Work out what tokens cost at each provider of a model, today or on a past day, at its plain prices.

        Prices under a condition, such as a long context, are not applied. `usd` is null, with a reason, where a
        price of that day is unknown.
        """
        amounts = answers.TokenAmounts(input_tokens, output_tokens, cache_read_tokens, cache_write_tokens)
        return answers.calculate_cost(self._app, model, amounts, on, provider)

    def compare_models(self, a: ModelName, b: ModelName) -> dict[str, Any]:
        """Compare two models: verdict, statements, monthly cost, and the facts each statement names."""
        return answers.compare_two_models(self._app, a, b)

    def list_changes(self, since: Day, model: ModelName | None = None, limit: Limit = 50) -> dict[str, Any]:
        """List published values that became others since a day, the newest first."""
        return answers.list_changes(self._app, since, model, limit)

    def list_ending_soon(self, days: int = 90, limit: Limit = 50) -> dict[str, Any]:
        """List models and offers whose deprecation or shutdown day is near, the soonest first."""
        return answers.list_endings(self._app, days, limit)

    def list_stale(self, model: ModelName | None = None, limit: Limit = 20) -> dict[str, Any]:
        """List facts that nobody looked at within their limit, the oldest first, with the reason."""
        return answers.list_stale_facts(self._app, model, limit)


class CatalogServer(MCPServer[Any]):
    """An MCP server whose errors are the sentences that the commands print."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError with one sentence for what a caller can mend."""
        await self._refuse_unknown_arguments(name, arguments)
        try:
            return _with_nothing_hidden(await super().call_tool(name, arguments, context))
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(f"{name}: {_argument_sentence(cause)}") from None
            if isinstance(cause, (CardwatchError, CatalogError)):
                raise ToolError(str(cause)) from None
            raise

    async def _refuse_unknown_arguments(self, name: str, arguments: Mapping[str, Any]) -> None:
        """Raise ToolError for an argument that the tool does not take, which would be left out unseen."""
        for tool in await self.list_tools():
            known = tool.input_schema["properties"]
            if tool.name == name and (unknown := [each for each in arguments if each not in known]):
                raise ToolError(f"{name}: unknown argument {unknown[0]!r}; it takes {', '.join(known)}")


def _with_nothing_hidden(
    result: CallToolResult | InputRequiredResult,
) -> CallToolResult | InputRequiredResult:
    """Return an answer whose texts an assistant and its reader see alike, as JSON without spaces."""
    if isinstance(result, CallToolResult):
        answer = json.dumps(result.structured_content, ensure_ascii=False, separators=(",", ":"))
        result.content = [TextContent(type="text", text=escape_hidden_json(answer))]
        result.structured_content = write_out_hidden_values(result.structured_content)
    return result


def _argument_sentence(error: ValidationError) -> str:
    """Return what is wrong with the arguments of a call, in one line."""
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc'])}: {one['msg'][:1].lower()}{one['msg'][1:]}"
        for one in error.errors()
    )


def build_server(app: App) -> MCPServer[Any]:
    """Return the server with its tools; nothing it offers can write."""
    server = CatalogServer("cardwatch", instructions=INSTRUCTIONS, version=VERSION, log_level="WARNING")
    tools = CatalogTools(app)
    for tool in (
        tools.resolve_model, tools.get_model, tools.get_prices, tools.get_cost, tools.compare_models,
        tools.list_changes, tools.list_ending_soon, tools.list_stale,
    ):  # fmt: skip
        server.add_tool(tool, annotations=READ_ONLY)
    return server
