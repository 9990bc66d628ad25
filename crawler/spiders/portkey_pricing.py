from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    KeyMeanings,
    last_step,
    load_response,
    optional_object,
    parse_key_meanings,
    pointer_step,
    printed_text,
    read_members,
    require_known_keys,
    require_object,
    split_names,
    unknown_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

FOLDER = "https://raw.githubusercontent.com/Portkey-AI/models/main/pricing"
PROVIDERS = """ai21 anthropic anyscale azure-ai azure-openai bedrock-mantle bedrock byteplus cerebras
    claude-platform-aws cohere dashscope deepbricks deepgram deepinfra deepseek ember-cloud fal-ai
    fireworks-ai google groq jina lightning-ai minimax mistral-ai monsterapi moonshot nebius nomic
    novita-ai openai openrouter oracle palm perplexity-ai predibase reka-ai together-ai
    vertex-ai workers-ai x-ai z-ai zhipu"""
"""Their files by name; two more (sagemaker, segmind) hold nothing but the template, one (stability-ai) only pictures."""
PRICES = parse_key_meanings("""
request_token           input_price        cents/token
request_text_token      input_price        cents/token
response_token          output_price       cents/token
response_text_token     output_price       cents/token
cache_read_input_token  cache_read_price   cents/token
cache_read_text_input_token cache_read_price cents/token
cache_write_input_token cache_write_price  cents/token
reasoning_token         reasoning_price    cents/token
request_audio_token     input_audio_price  cents/token
response_audio_token    output_audio_price cents/token
request_image_token     input_image_price  cents/token
response_image_token    output_image_price cents/token
request                 request_price      cents/request
""")
HOUR = parse_key_meanings("cache_write_1h cache_write_price cents/token")
METERS = PRICES.keys() | split_names("""additional_units image response cache_read_audio_input_token
    cache_read_image_input_token cached_image_input_token cached_text_input_token""")
"""Prices per image depend on size and quality, and are in dollars in some files; further units are for tools."""
CONFIG = split_names("pay_as_you_go batch_config fixed_cost finetune_config calculate currency")
ENTRY = split_names("pricing_config custom_pricing gpt-image-1")
"""`gpt-image-1` was once nested into another model by mistake."""
KINDS: Mapping[str, dict[str, str]] = {
    "pay_as_you_go": {},
    "fixed_cost": {},
    "batch_config": {"tier": "batch"},
}
TIERS = split_names("standard batch flex priority fast")
PROMPTS = re.compile(r"(?P<model>.+)-(?P<side>lte|gt)-(?P<thousands>\d+)k")
"""A name that says for which prompts its prices hold: up to so many thousand tokens, or above."""


class PortkeyPricing(Source):
    """Portkey's price files, one per provider, in US cents per token.

    The numbers are kept as text, also the ones that are 1,000 times off: that is for later stages to see.
    A zero is no claim here: it stands for free and for unpriced models alike. A file may price one thing
    twice, plainly and as the default region's standard mode; the plain price counts. "-lte-128k" and
    "-gt-128k" at the end of a name are one model at two lengths of prompt. Which files changed is asked of
    GitHub's API, in one request for all of them.
    """

    name = "portkey_pricing"
    title = "Portkey models"
    kind = "price map"
    authority = Authority.AGGREGATOR
    url = FOLDER
    listed = tuple(f"{FOLDER}/{provider}.json" for provider in PROVIDERS.split())
    page_urls = rf"{re.escape(url)}/(?:{'|'.join(PROVIDERS.split())})\.json"
    page_kind = "price file"
    index = ("https://api.github.com/repos/Portkey-AI/models/git/trees/main?recursive=1",)
    max_age = timedelta(days=4)
    expected_rows = range(1, 4_000)
    price_words = dict.fromkeys(("0", "0.0"), "not_published")
    derived_from = ("litellm_prices", "openrouter_models")
    terms = "MIT."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        provider = response.url.rpartition("/")[2].removesuffix(".json")
        models = {name: entry for name, entry in load_response(response).items() if name != "default"}
        yield from read_members(models, "model", "", partial(_entry, provider))


def _entry(provider: str, model: dict[str, Any], locator: str) -> Iterator[RawRow]:
    return _offers(_row(last_step(locator).strip(), locator, provider), model)


def _row(name: str, locator: str, provider: str) -> RawRow:
    """Return the row of an entry without its prices."""
    band = PROMPTS.fullmatch(name)
    if band is None:
        return RawRow("offer", name, locator, {}, provider)
    above = {"context_above": f"{band['thousands']}000"} if band["side"] == "gt" else {}
    return RawRow("offer", band["model"], locator, {}, provider, qualifier=above)


class PriceBlock(NamedTuple):
    """Prices of one kind, where they stand, and the variant and context size they hold for."""

    meters: dict[str, Any]
    at: str
    variant: dict[str, str]
    size: dict[str, str]


def _offers(plain: RawRow, model: dict[str, Any]) -> Iterator[RawRow]:
    seen: set[tuple[object, ...]] = set()
    for block in (*_plain_blocks(model, plain.locator), *_custom_blocks(model, plain.locator)):
        units = optional_object(block.meters, "additional_units", plain.locator)
        found = _cells(block.meters, PRICES, block.at) | unknown_keys(block.meters, METERS, block.at)
        hour = _cells(units, HOUR, f"{block.at}/additional_units")
        for prices, qualifier in ((found, block.size), (hour, block.size | {"ttl": "1h"})):
            offer = (*block.variant.items(), *qualifier.items())
            fresh = {name: cell for name, cell in prices.items() if (*offer, name) not in seen}
            seen |= {(*offer, name) for name in prices}
            if fresh:
                yield replace(
                    plain, cells=fresh, variant=block.variant, qualifier={**plain.qualifier, **qualifier}
                )
    if new := unknown_keys(model, ENTRY):
        yield replace(plain, cells=new)


def _plain_blocks(model: dict[str, Any], where: str) -> Iterator[PriceBlock]:
    config = optional_object(model, "pricing_config", where)
    require_known_keys(config, CONFIG, where)
    if config.get("currency", "USD") != "USD":
        raise PageChangedError("currency", wanted="USD", found=config["currency"], where=where)
    for key, variant in KINDS.items():
        yield PriceBlock(optional_object(config, key, where), f"/pricing_config/{key}", variant, {})


def _custom_blocks(model: dict[str, Any], where: str) -> Iterator[PriceBlock]:
    """Read what holds for some regions, service tiers and context sizes."""
    custom = optional_object(model, "custom_pricing", where)
    require_known_keys(custom, {"context_tier_map", "regions"}, where)
    above = {str(name): size for size, name in optional_object(custom, "context_tier_map", where).items()}
    for regions, tier, mode in _modes(optional_object(custom, "regions", where), where):
        spot = f"/custom_pricing/regions/{pointer_step(regions)}/execution_modes/{tier}"
        for size, config, at in _sizes(mode, above, where):
            for region in regions.split(","):
                variant = {"region": region, "tier": tier}
                variant = {key: word for key, word in variant.items() if word not in {"default", "standard"}}
                yield PriceBlock(
                    optional_object(config, "pay_as_you_go", where), f"{spot}{at}", variant, size
                )


def _modes(regions: dict[str, Any], where: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for names_, region in regions.items():
        require_known_keys(require_object(region, "region", where), {"execution_modes"}, where)
        modes = optional_object(region, "execution_modes", where)
        require_known_keys(modes, TIERS, where)
        for tier, mode in modes.items():
            require_known_keys(
                require_object(mode, "mode", where), {"pricing_config", "context_tiers"}, where
            )
            yield names_, tier, mode


def _sizes(
    mode: dict[str, Any], above: dict[str, str], where: str
) -> Iterator[tuple[dict[str, str], dict[str, Any], str]]:
    """Yield each price block of a mode: the context it holds for, the block, where it stands."""
    if "pricing_config" in mode:
        yield {}, optional_object(mode, "pricing_config", where), "/pricing_config/pay_as_you_go"
    for name, tier in optional_object(mode, "context_tiers", where).items():
        if name not in above:
            raise PageChangedError("context tier", wanted=f"one of {list(above)}", found=name, where=where)
        size = {} if above[name] == "0" else {"context_above": above[name]}
        config = optional_object(require_object(tier, "context tier", where), "pricing_config", where)
        yield size, config, f"/context_tiers/{pointer_step(name)}/pricing_config/pay_as_you_go"


def _cells(meters: dict[str, Any], meanings: KeyMeanings, at: str) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for key, columns_ in meanings.items():
        if key in meters:
            price = require_object(meters[key], key, at)
            require_known_keys(price, {"price"}, f"{at}/{key}")
            if (text := printed_text(price.get("price"), at)) is not None:
                for attribute, unit in columns_:
                    found.setdefault(attribute, Cell(text, unit, f"{at}/{key}/price"))
    return found
