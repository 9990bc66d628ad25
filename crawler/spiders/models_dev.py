from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    cells,
    drop_zero_limits,
    is_zero,
    last_step,
    load_response,
    modality_cells,
    optional_object,
    optional_objects,
    parse_key_meanings,
    pointer_step,
    read_members,
    split_names,
    unknown_cell,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

MODEL = parse_key_meanings("""
    name               name
    family             family
    release_date       release_date                    iso date
    knowledge          knowledge_cutoff                iso date
    license            license
    open_weights       openness
    reasoning          capability.reasoning
    tool_call          capability.function_calling
    tool_call          capability.tool_use
    structured_output  capability.structured_outputs
""")
ROUTE = parse_key_meanings("""
    status            lifecycle
    deprecation_date  deprecation_date  iso date
""")
LIMITS = parse_key_meanings("""
    context  context_window     tokens
    input    max_input_tokens   tokens
    output   max_output_tokens  tokens
""")
COST = parse_key_meanings("""
    input         input_price         usd/1M tokens
    output        output_price        usd/1M tokens
    cache_read    cache_read_price    usd/1M tokens
    cache_write   cache_write_price   usd/1M tokens
    reasoning     reasoning_price     usd/1M tokens
    input_audio   input_audio_price   usd/1M tokens
    output_audio  output_audio_price  usd/1M tokens
""")
READ_KEYS = split_names("modalities limit cost experimental")
NOT_KEPT = split_names("""id description last_updated attachment temperature interleaved provider reasoning_options
    benchmarks weights links""")
PROVIDER = split_names("id name env npm api doc models")
MAKERS = split_names("""openai anthropic google xai mistral deepseek alibaba moonshotai zai zhipuai cohere minimax
    xiaomi stepfun perplexity inception upstage llama nova morph""")
"""Providers that made what they list: an input limit that anybody else states is that of his route only."""
BY_SUBSCRIPTION = "0 by subscription"
SUBSCRIPTIONS = re.compile(
    r"(?:.*-)?(?:coding|token)-plan(?:-.*)?|github-copilot|gitlab|kimi-for-coding|firepass"
)
"""Providers that sell seats or plans: their 0 says that the plan pays, not that the model is free."""


class ModelsDev(Source):
    """A community's table of providers and their models, kept by hand and by hourly copies of other lists.

    A model stands under every provider that serves it, so what is said of it is that provider's view.
    Modalities are typed in by many hands: what they omit is unknown. `context_over_200k` repeats `tiers`, at
    times under the wrong threshold: it counts only without them. A 0 per token of what does not turn text into
    text, such as speech billed by the hour, is no price.
    """

    name = "models_dev"
    title = "models.dev"
    kind = "aggregator"
    authority = Authority.AGGREGATOR
    url = "https://models.dev/api.json"
    content_types = ("application/json",)
    max_age = timedelta(days=2)
    expected_rows = range(300, 60000)
    fewest_rows = 2
    complete = True
    price_words: ClassVar[Mapping[str, str]] = {BY_SUBSCRIPTION: "subscription"}
    derived_from = ("openrouter_models", "vercel_models")
    terms = "MIT."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_members(load_response(response), "provider", "", _provider)


def _provider(entry: dict[str, Any], at: str) -> Iterator[PagePart]:
    yield from unread_keys(entry, PROVIDER, at)
    provider = last_step(at)
    yield from read_members(
        optional_object(entry, "models", at),
        "model",
        f"{at}/models",
        lambda item, where: _model_rows(item, last_step(where), provider, where),
    )


def _model_rows(item: dict[str, Any], name: str, provider: str, locator: str) -> Iterator[RawRow]:
    limits = drop_zero_limits(cells(optional_object(item, "limit", locator), LIMITS, "/limit"))
    found = _model_cells(item, locator) | limits
    if provider not in MAKERS:
        found.pop("max_input_tokens", None)
    yield RawRow("model", name, locator, found, provider=provider)
    offer = RawRow("offer", name, locator, limits | _stage(item) | cells(item, ROUTE), provider=provider)
    yield from _prices(offer, _by_token(item, provider, locator), "/cost")
    modes = optional_object(_experimental(item, locator), "modes", f"{locator}/experimental")
    for mode in modes:
        at = f"/experimental/modes/{pointer_step(mode)}"
        if cost := optional_object(optional_object(modes, mode, locator), "cost", locator):
            yield from _prices(replace(offer, cells={}, variant={"tier": mode}), cost, f"{at}/cost")


def _model_cells(item: dict[str, Any], locator: str) -> dict[str, Cell]:
    return (
        cells(item, MODEL)
        | modality_cells(optional_object(item, "modalities", locator), "input", "output", "/modalities")
        | unknown_keys(item, MODEL.keys() | ROUTE.keys() | READ_KEYS | NOT_KEPT)
        | unknown_keys(optional_object(item, "limit", locator), LIMITS, "/limit")
        | unknown_keys(_experimental(item, locator), {"modes"}, "/experimental")
    )


def _experimental(item: dict[str, Any], locator: str) -> dict[str, Any]:
    """Return what is said of a model's experimental modes: either that, or whether the model itself is one."""
    experimental = item.get("experimental")
    return {} if isinstance(experimental, bool) else optional_object(item, "experimental", locator)


def _stage(item: dict[str, Any]) -> dict[str, Cell]:
    """A model that is flagged as an experiment is a preview, unless its status says more."""
    return (
        {"lifecycle": Cell("experimental", "", "/experimental")} if item.get("experimental") is True else {}
    )


def _by_token(item: dict[str, Any], provider: str, locator: str) -> dict[str, Any]:
    """Return the prices of a model, without zeros if tokens of text are not what it takes and gives."""
    cost, kinds = optional_object(item, "cost", locator), optional_object(item, "modalities", locator)
    text = all("text" in kinds.get(side, ["text"]) for side in ("input", "output"))
    if text or SUBSCRIPTIONS.fullmatch(provider):
        return cost
    return {key: price for key, price in cost.items() if not is_zero(price)}


def _prices(offer: RawRow, cost: dict[str, Any], at: str) -> Iterator[RawRow]:
    odd = unknown_keys(cost, COST.keys() | {"tiers", "context_over_200k"}, at)
    yield replace(offer, cells={**offer.cells, **_price_cells(offer, cost, at), **odd})
    for above, prices, where in _bands(cost, at):
        qualifier = {"context_above": above} if above.isdecimal() else {}
        band = _price_cells(offer, prices, where) if qualifier else unknown_cell(where, prices)
        yield replace(
            offer, cells=band | unknown_keys(prices, COST.keys() | {"tier"}, where), qualifier=qualifier
        )


def _bands(cost: dict[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the prices for longer prompts with the length above which they hold, "" when it is not one."""
    where = f"{at}/context_over_200k"
    if cost.get("tiers") is None and (prices := optional_object(cost, "context_over_200k", at)):
        yield "200000", prices, where
    for tier_at, prices in optional_objects(cost, "tiers", at):
        tier = optional_object(prices, "tier", tier_at)
        yield (
            str(tier.get("size")).removesuffix(".0") if tier.get("type", "context") == "context" else "",
            prices,
            tier_at,
        )


def _price_cells(offer: RawRow, cost: dict[str, Any], at: str) -> dict[str, Cell]:
    prices = cells(cost, COST, at)
    if not SUBSCRIPTIONS.fullmatch(offer.provider):
        return prices
    return {k: c._replace(text=BY_SUBSCRIPTION) if is_zero(c.text) else c for k, c in prices.items()}
