"""Makes the bundled recording (cardwatch/data/demo) from the full recordings beside the project.

    python tests/make_demo.py ../shared/data cardwatch/data/demo

Each body keeps every id, number, date and word list of the original and drops prose; README.md, which this
writes too, says of each what it is, and the digest of its original. Not run by the tests.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from scrapy import Request
from scrapy.http import TextResponse
from support.recorded_pages import PAGES, spider

from cardwatch.crawler.archive_writer import ArchiveWriter
from cardwatch.crawler.attempt import PageAttempt
from cardwatch.crawler.crawl_history import PageRequest
from cardwatch.crawler.record import NumberText, dump_json, trim_text

NOON = timedelta(hours=12)
JSON, MARKDOWN = "application/json", "text/markdown; charset=utf-8"
OPENROUTER = "https://openrouter.ai/api/v1/models"
THEN = "Cognitive%20Services"
"""What Azure called the service when the meters were recorded; the page is the one asked for today."""
METERS = "azure-retail-prices/modelmeters-ndjson"
PRODUCTS = ("Azure OpenAI", "Azure OpenAI GPT5", "Azure OpenAI Reasoning", "Azure OpenAI PP GPT4s")
PROVIDERS = """openai anthropic google xai mistral deepseek alibaba moonshotai zai cohere azure amazon-bedrock
    vercel groq cerebras github-copilot zai-coding-plan siliconflow-cn"""
PER_PAGE = 1000


@dataclass(frozen=True)
class Part:
    """One page on one day: the URLs and bodies that make it up, and a line for the README."""

    day: str
    source: str
    originals: tuple[Path, ...]
    answers: tuple[tuple[str, str], ...]
    note: str
    page: str = ""
    kind: str = JSON
    page_kind: str = "listing"


def parts(data: Path) -> Iterator[Part]:
    yield _azure(data)
    yield _listing(
        "2026-03-05", "vercel_models", data / "vercel-ai-gateway/models.2026-03-05.json",
        "https://ai-gateway.vercel.sh/v1/models", ["/data/*/description"], "all 232 models",
    )  # fmt: skip
    for day, models in (("2026-03-10", 346), ("2026-05-15", 364)):
        yield _listing(
            day, "openrouter_models", data / f"openrouter/models.{day}.json", OPENROUTER,
            ["/data/*/description"], f"all {models} models; asked for without output_modalities=all",
        )  # fmt: skip
    yield _listing(
        "2026-05-12", "models_dev", data / "models.dev/api.2026-05-12.json", "https://models.dev/api.json",
        [f"/?={','.join(PROVIDERS.split())}", "/siliconflow-cn/models?=Qwen/Qwen3.5-4B,Qwen/Qwen3.5-9B"],
        "18 of its 119 providers",
    )  # fmt: skip
    undated = "its recording does not say of which day it is: filed under the last day of this one"
    yield _page(
        "openai_model_pages", "gpt-5.2-codex.md", "model page", data / "openai/gpt-5.2-codex.md",
        "https://developers.openai.com/api/docs/models/gpt-5.2-codex.md", undated,
    )  # fmt: skip
    yield _page(
        "huggingface_cards", "Qwen3.5-4B.README.md", "card",
        data / "huggingface/Qwen3.5-4B/README.first64000.md",
        "https://huggingface.co/Qwen/Qwen3.5-4B/raw/main/README.md", f"front matter and tables; {undated}",
    )  # fmt: skip


def _listing(day: str, source: str, original: Path, url: str, trim: Sequence[str], note: str) -> Part:
    body = trim_text(original.read_text(encoding="utf-8"), trim)
    return Part(day, source, (original,), ((url, body),), note, page=spider(source).url)


def _page(source: str, name: str, kind: str, original: Path, url: str, note: str) -> Part:
    body = (PAGES / source / name).read_text(encoding="utf-8")
    return Part("2026-05-15", source, (original,), ((url, body),), note, url, MARKDOWN, kind)


def _azure(data: Path) -> Part:
    """Put verbatim items into envelopes of a thousand, as the API hands them out."""
    originals = tuple(sorted((data / METERS).glob("*.ndjson")))
    items = [
        item
        for path in originals
        for line in path.read_text(encoding="utf-8").splitlines()
        if (item := json.loads(line, parse_float=NumberText, parse_int=NumberText))["productName"] in PRODUCTS
    ]
    page = spider("azure_retail_prices").url
    first = page.replace("Foundry%20Models", THEN)
    urls = [first] + [f"{first}&$skip={skip}" for skip in range(PER_PAGE, len(items), PER_PAGE)]
    answers = []
    for number, url in enumerate(urls):
        some = items[number * PER_PAGE : (number + 1) * PER_PAGE]
        following = urls[number + 1] if number + 1 < len(urls) else None
        answers.append((url, dump_json(_envelope(some, following))))
    note = f"{len(items)} items of {', '.join(PRODUCTS)} that began on four days; envelopes written by hand"
    return Part("2025-11-30", "azure_retail_prices", originals, tuple(answers), note, page=page)


def _envelope(items: list[dict[str, object]], following: str | None) -> dict[str, object]:
    customer = {"BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail"}
    return {**customer, "Items": items, "NextPageLink": following, "Count": NumberText(str(len(items)))}


def write(found: Sequence[Part], folder: Path) -> None:
    """Write one archive file a day, the README, and the moment after the last visit."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.warc.gz"):
        old.unlink()
    moment = datetime.fromtimestamp(0, UTC)
    for day in sorted({part.day for part in found}):
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC) + NOON
        archive = ArchiveWriter(folder, now=lambda moment=moment: moment)  # type: ignore[misc]
        for part in found:
            if part.day == day:
                _visit(archive, part, moment)
        archive.close()
    for listed in folder.glob("*.records.jsonl"):
        listed.unlink()
    (folder / "ENDED").write_text(f"{(moment + timedelta(minutes=5)).isoformat()}\n", encoding="utf-8")
    (folder / "README.md").write_text(readme(found), encoding="utf-8")


def _visit(archive: ArchiveWriter, part: Part, moment: datetime) -> None:
    page = PageRequest(part.page, part.page_kind)
    attempt = PageAttempt(part.source, page, spider(part.source).parser_version, started=moment)
    outcome, detail = "", ""
    for url, body in part.answers:
        headers = {"Content-Type": part.kind, "Date": format_datetime(moment, usegmt=True)}
        response = TextResponse(url, headers=headers, body=body.encode("utf-8"))
        kept = archive.exchange(Request(url), response, sent={})
        outcome, detail = attempt.record_response(response, kept)
    attempt.redirected_to = ""
    archive.visit(attempt.line(outcome, detail, now=moment), [kept.record for kept in attempt.kept])


def readme(found: Sequence[Part]) -> str:
    lines = [
        "# The bundled recording",
        "",
        "Answers of public APIs and pages on several days, as WARC files in the form our own crawls write.",
        "`cardwatch demo` replays them through the real sources. Made by `tests/make_demo.py` from fuller",
        "recordings: every id, number, date and word list of what is kept is as recorded, descriptions and",
        "other prose are dropped, so the bodies are written anew and their digests are not the originals'.",
        "Requests, the status line, `Content-Type` and `Date` (noon of the day) are written by us. The file",
        "`ENDED` holds the moment that `demo` takes for now.",
        "",
    ]
    for part in found:
        lines += [f"## {part.day} {part.source}", "", f"{part.answers[0][0]}: {part.note}.", ""]
        lines += [f"- original `{path.name}`, sha256 `{_sha256(path)}`" for path in part.originals]
        lines.append("")
    return "\n".join(lines)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    write(list(parts(Path(sys.argv[1]))), Path(sys.argv[2]))
