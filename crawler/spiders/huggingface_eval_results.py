from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PageChangedError, PagePart
from cardwatch.crawler.formats.eval_results import result_rows
from cardwatch.crawler.formats.front_matter import load_yaml
from cardwatch.crawler.formats.hub import HUB_MODEL_KEYS
from cardwatch.crawler.formats.json_listing import (
    load_response,
    read_entries,
    require_text,
    split_names,
    unread_keys,
)
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

HUB = "https://huggingface.co"
FILE = re.compile(rf"{HUB}/([^/?]+/[^/?]+)/(?:raw|resolve)/[^/]+/\.eval_results/[^/?]+\.ya?ml")
API = re.compile(rf"{HUB}/api/models/([^/?]+/[^/?]+)\?expand(?:%5B%5D|\[\])=evalResults")
ENTRY = split_names("filename data error verified pullRequest isMerged")
MODELS = "zai-org/GLM-5 Qwen/Qwen3.5-397B-A17B"
"""Repositories known to hold results; one without any would look like a broken page."""


class HuggingfaceEvalResults(Source):
    """Benchmark results in model repositories (`.eval_results/*.yaml`), as the Hub's API collects them.

    Anybody may propose a result, so they are no maker's word: the reporter is who is named in the file.
    """

    name = "huggingface_eval_results"
    title = "Hugging Face evaluation results"
    kind = "benchmarks"
    authority = Authority.AGGREGATOR
    url = f"{HUB}/api/models"
    listed = tuple(f"{HUB}/api/models/{model}?expand%5B%5D=evalResults" for model in MODELS.split())
    page_urls = API.pattern
    page_kind = "results"
    max_age = timedelta(days=30)
    expected_rows = range(1, 200)
    derived_from = ("huggingface_cards",)
    terms = "Results carry their repository's licence: scores and how they were made are passed on."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        if file := FILE.fullmatch(response.url):
            yield from result_rows(load_yaml(response.text, where=response.url), file[1], where="")
            return
        page = load_response(response)
        model = require_text(page, "id", response.url)
        yield from unread_keys(page, HUB_MODEL_KEYS, "")
        results = page.get("evalResults", [])
        yield from read_entries(results, "evalResults", "/evalResults", partial(_entry, model))


def _entry(model: str, entry: dict[str, Any], locator: str) -> Iterator[PagePart]:
    yield from unread_keys(entry, ENTRY, locator)
    if "error" in entry:
        return
    if not isinstance(entry.get("data"), dict):
        raise PageChangedError("result", wanted="data", found=list(entry), where=locator)
    for part in result_rows([entry["data"]], model, where=locator):
        yield replace(part, locator=f"{locator}/data")
