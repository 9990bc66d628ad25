"""What the Hugging Face Hub says of a model: its metadata words, its licence and its count of the weights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, TypeGuard
from urllib.parse import quote, urlencode

from scrapy.http import TextResponse

from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.documents import Cell, PageChangedError, PageVersion
from cardwatch.crawler.formats.json_listing import load_json, split_names, unknown_cell, unknown_keys
from cardwatch.crawler.formats.links import next_link
from cardwatch.crawler.formats.reading import unread_json
from cardwatch.crawler.politeness import RequestQuota

HUB = "https://huggingface.co"
HUB_MODEL_KEYS = split_names("""_id id modelId author sha lastModified createdAt private gated disabled downloads
    downloadsAllTime likes likesRecent trendingScore library_name pipeline_tag tags cardData config
    safetensors gguf siblings spaces transformersInfo widgetData model-index mask_token usedStorage
    evalResults inference inferenceProviderMapping baseModels childrenModelCount resourceGroup
    xetEnabled region securityStatus""")
"""Every key of /api/models/{id}. Downloads and likes change all day and say nothing about the model."""
GATES = [False, "auto", "manual"]
UNPACKED_FORMATS = {"BF16", "F16", "F32", "F64", "F8_E4M3", "F8_E5M2"}
"""Number formats with one element a parameter; packed ones (I8, U8, I32) hold several and miscount."""
MODALITY_WORDS = "text|image|audio|video"
PIPELINE = re.compile(rf"((?:{MODALITY_WORDS})(?:-(?:{MODALITY_WORDS}))*)-to-({MODALITY_WORDS})")


MAKERS = (
    *("Qwen", "deepseek-ai", "openai", "meta-llama", "mistralai", "google", "microsoft", "nvidia", "zai-org"),
    *("moonshotai", "MiniMaxAI", "CohereLabs", "ai21labs", "allenai", "ibm-granite", "xai-org", "baidu"),
    *("tencent", "stepfun-ai", "XiaomiMiMo"),
)
"""Authors on the Hub who make models themselves."""
ANYBODY = "*"
"""In place of authors: all of them."""
WINDOW_SECONDS = 300.0
"""The Hub counts requests by five minutes."""
REPOSITORIES_A_PAGE = 1000
REPOSITORY_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


@dataclass(frozen=True)
class HubSite:
    """The URLs of a Hub. A file's own address leads to one that names the commit, and its page is known by neither."""

    url: str = HUB

    def card(self, model: str) -> str:
        """Return the address of a card, which is its name: the resolver allows thirty times what pages do."""
        return f"{self.url}/{model}/resolve/main/README.md"

    def repository(self, model: str) -> str:
        """Return the address of what the API says of one repository."""
        return f"{self.url}/api/models/{model}"

    @cached_property
    def page_urls(self) -> str:
        """A regular expression of the URLs of repositories and cards, the older ones of cards among them."""
        hub = re.escape(self.url)
        return (
            rf"{hub}/api/models/(?P<repository>[^/?]+/[^/?]+)"
            r"(?:\?(?!expand(?:%5B%5D|\[\])=evalResults$).*)?"
            rf"|{hub}/(?P<card>[^/?]+/[^/?]+)/(?:raw|resolve)/(?P<revision>[^/]+)/README\.md"
            rf"|{hub}/api/resolve-cache/models/(?P<resolved>[^/?]+/[^/?]+)/[^/]+/README\.md"
            r"(?:\?(?P<asked>.*))?"
        )

    def card_name(self, url: str) -> str:
        """Return the name of the page at `url`: a card of the main branch has one, whichever way it was asked for."""
        found = re.fullmatch(self.page_urls, url)
        if not found:
            return url
        if found["card"] and found["revision"] == "main":
            return self.card(found["card"])
        by_branch = f"{found['resolved']}/resolve/main/".replace("/", "%2F")
        if found["resolved"] and by_branch in (found["asked"] or ""):
            return self.card(found["resolved"])
        return url

    def file_quota(self, requests: int) -> RequestQuota:
        """Return what is allowed for files, as so many requests in five minutes."""
        host = re.sub(r"^https?://|[:/].*$", "", self.url)
        urls = rf"{re.escape(self.url)}/(?:[^/?]+/[^/?]+/resolve|api/resolve-cache)/.*"
        return RequestQuota(f"files of {host}", host, urls, requests, WINDOW_SECONDS)


@dataclass(frozen=True)
class HubSelection:
    """Which repositories have their cards read: those of `authors` with enough downloads and likes, for one of
    `tasks` if there are any, and among them only those `among`, None for all; and in any case `models`.
    """

    authors: tuple[str, ...] = MAKERS
    min_downloads: int = 0
    min_likes: int = 0
    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    among: frozenset[str] | None = None

    def listing_urls(self, site: HubSite) -> tuple[str, ...]:
        """Return the listings to look through, the most downloaded or liked first where that decides."""
        sorted_by = "downloads" if self.min_downloads else "likes" if self.min_likes else ""
        fields = ["sha", "lastModified", "pipeline_tag", *self._counts]
        return tuple(
            f"{site.url}/api/models?"
            + urlencode(
                [
                    *([("author", author)] if author != ANYBODY else []),
                    *([("pipeline_tag", task)] if task else []),
                    *([("sort", sorted_by), ("direction", "-1")] if sorted_by else []),
                    ("limit", REPOSITORIES_A_PAGE),
                    *(("expand[]", field) for field in fields),
                ],
                quote_via=quote,
            )
            for author, task in product(self.authors, self.tasks or ("",))
        )

    @property
    def _counts(self) -> list[str]:
        return [
            name for name, least in (("downloads", self.min_downloads), ("likes", self.min_likes)) if least
        ]

    def takes(self, item: Mapping[str, Any]) -> bool:
        """Say whether an entry of a listing is one of those; a count that is not given is none."""
        if item.get("id") in self.models:
            return True
        if self.among is not None and item.get("id") not in self.among:
            return False
        if self.tasks and item.get("pipeline_tag") not in self.tasks:
            return False
        return _count(item, "downloads") >= self.min_downloads and _count(item, "likes") >= self.min_likes

    def ends_at(self, item: Mapping[str, Any]) -> bool:
        """Say whether all that follows an entry of a listing has too few downloads or likes."""
        if self.min_downloads:
            return _count(item, "downloads") < self.min_downloads
        return bool(self.min_likes) and _count(item, "likes") < self.min_likes


def _count(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    return int(value) if _is_count(value) else 0


def listed_repositories(response: TextResponse) -> list[Mapping[str, Any]]:
    """Return the entries of a listing that name a repository. Raises PageChangedError."""
    found: Any = load_json(response.text, where=response.url)
    if not isinstance(found, list):
        raise PageChangedError("listing", wanted="a list", found=response.text[:80], where=response.url)
    return [item for item in found if isinstance(item, dict) and REPOSITORY_ID.fullmatch(str(item.get("id")))]


def selected_cards(response: TextResponse, selection: HubSelection, site: HubSite) -> Iterator[PageRequest]:
    """Yield the cards that a listing leads to."""
    for item in listed_repositories(response):
        if selection.takes(item):
            yield PageRequest(site.card(item["id"]), "card")


def following_listing(response: TextResponse, selection: HubSelection) -> str | None:
    """Return where a listing goes on, None at its end or where nothing more is selected."""
    entries = listed_repositories(response)
    return None if entries and selection.ends_at(entries[-1]) else next_link(response)


def commit_versions(response: TextResponse, site: HubSite) -> Iterator[PageVersion]:
    """Yield the commit that each repository of a listing stands at, for its card and for the page of the API."""
    for item in listed_repositories(response):
        commit = item.get("sha") or item.get("lastModified")
        if commit:
            for url in (site.card(item["id"]), site.repository(item["id"])):
                yield PageVersion("hub", url, str(commit))


def pipeline_cells(tag: str, at: str) -> dict[str, Cell]:
    """Return what a pipeline tag says: "image-text-to-text" names what goes in and what comes out."""
    found = PIPELINE.fullmatch(tag)
    if not found:
        return {"modality.input": Cell("text", at=at)} if tag == "text-generation" else {}
    tag_cells = {
        "modality.input": Cell(found[1].replace("-", ", "), at=at),
        "modality.output": Cell(found[2], at=at),
    }
    if tag == "image-text-to-text":
        tag_cells |= {"capability.vision": Cell(tag, at=at), "capability.multimodal": Cell(tag, at=at)}
    return tag_cells


def model_cells(item: Mapping[str, Any]) -> dict[str, Cell]:
    """Copy one object of the models API; a key, a gate or a shape nobody knows is an unread cell."""
    odd = unknown_keys(item, HUB_MODEL_KEYS)
    if (gate := item.get("gated", False)) not in GATES:
        odd |= unknown_cell("/gated", gate)
    tag = item.get("pipeline_tag")
    found = pipeline_cells(tag, "/pipeline_tag") if isinstance(tag, str) else {}
    return found | odd | _parameters(item.get("safetensors")) | _architecture(item.get("config"))


def _parameters(safetensors: Any) -> dict[str, Cell]:
    """Return the count of the weights. Packed formats say nothing; a count of another shape is unread."""
    counts = safetensors.get("parameters") if isinstance(safetensors, dict) else safetensors
    if not counts:
        return {}
    if not isinstance(counts, dict) or not all(_is_count(count) for count in counts.values()):
        return {
            "parameters_total": unread_json(safetensors, wanted="counts by number format", at="/safetensors")
        }
    if not counts.keys() <= UNPACKED_FORMATS:
        return {}
    stated, counted = safetensors.get("total"), str(sum(map(int, counts.values())))
    if stated is None:
        return {"parameters_total": Cell(counted, at="/safetensors/parameters")}
    if stated != counted:
        return unknown_cell("/safetensors/total", f"{stated}, but its parts make {counted}")
    return {"parameters_total": Cell(stated, at="/safetensors/total")}


def license_cells(stated: Any, named: Any, at: str) -> dict[str, Cell]:
    """Return the licence a repository states; one called "other" goes by its name.

    A list of one is that one. A list of several does not say whether all or any of them hold: it is copied
    for normalize to refuse.
    """
    words = stated if isinstance(stated, list) else [stated]
    if words == ["other"] and isinstance(named, str):
        return {"license": Cell(named, at=f"{at}/license_name")}
    if not words or not all(isinstance(word, str) and word for word in words):
        return {}
    text = words[0] if len(words) == 1 else json.dumps(words, ensure_ascii=False)
    return {"license": Cell(text, at=f"{at}/license")}


def _is_count(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20


def _architecture(config: Any) -> dict[str, Cell]:
    """Return the class that loads the model: the one that is named, several are not understood."""
    names = config.get("architectures") if isinstance(config, dict) else config
    if not names:
        return {}
    if not isinstance(names, list) or len(names) != 1 or not isinstance(names[0], str):
        return {"architecture": unread_json(config, wanted="one architecture", at="/config")}
    return {"architecture": Cell(names[0], at="/config/architectures/0")}
