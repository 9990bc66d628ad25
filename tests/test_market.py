"""Everything recorded, of every source, through spider, normaliser and catalog by the installed command."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.recorded_pages import PAGES, RECORDINGS, recording_path, spiders
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

pytestmark = [
    pytest.mark.soak,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not beside the project"),
]
NOW = "2026-11-21T00:00:00Z"
WHOLE = 129
"""Of how many of the 200 most offered models the makers say all they can, on all recordings."""
LONGEST = 3600
"""Seconds that a command may take on a busy machine; the audit takes minutes."""
RAW = "https://raw.githubusercontent.com"
OPENAI = "https://developers.openai.com/api/docs"
PLAIN = [
    # source                 file                                                          day           tail of its URL
    ("openrouter_models", "openrouter/models.2026-05-15.json", "2026-05-15", ""),
    ("vercel_models", "vercel-ai-gateway/models.2026-03-05.json", "2026-03-05", ""),
    ("models_dev", "models.dev/api.2026-05-12.json", "2026-05-12", ""),
    ("openai_model_pages", "openai/gpt-5.2-codex.md", "2026-05-15", "/gpt-5.2-codex.md"),
    ("openai_pricing", "openai/pricing.2026-03.mdx-era.first-part.md", "2026-03-15", ""),
    ("litellm_prices", "litellm/model_prices_and_context_window.v1.109.1.json", "2026-11-10", ""),
    ("genai_prices", "genai-prices/data.json", "2026-08-21", ""),
    ("cerebras_models", "cerebras/public-v1-models.json", "2026-08-01", ""),
    ("deepinfra_models", "deepinfra/models-list.test-fixture.json", "2026-08-01", ""),
    ("bedrock_models", "model-lists/bedrock.ListFoundationModels.json", "2026-08-01", ""),
    ("epoch_benchmarks", "epoch-ai/eci_benchmarks.csv", "2026-08-11", ""),
    ("epoch_capabilities", "epoch-ai/eci_scores.csv", "2026-08-11", ""),
    ("groq_models", "groq/models.md", "2026-09-01", ""),
    ("anthropic_pricing", "anthropic/pricing-table.2026-02-era.excerpt.md", "2026-02-10", ""),
    ("fireworks_pricing", "fireworks/serverless-pricing.4col-era.excerpt.md", "2026-05-01", ""),
    ("azure_retirements", "azure-docs/concepts-model-retirement-schedule.2026-07-07.openai-section.md", "2026-07-07", ""),
    ("azure_models", "azure-docs/models-azure-direct-openai.2026-01-14.excerpt.md", "2026-01-14", ""),
    ("openai_models", "model-lists/openai.v1-models.2026-06-26.json", "2026-06-26", ""),
]  # fmt: skip
TYPES = {".json": "application/json", ".md": "text/markdown", ".csv": "text/csv", ".html": "text/html"}
Answer = tuple[str, str, bytes, str]
"""Day, URL, body and content type."""


def answers() -> Iterator[Answer]:
    """Yield day, URL, body and content type of everything recorded."""
    known = spiders()
    for source, name, day, tail in PLAIN:
        yield day, known[source].url + tail, recording_path(name).read_bytes(), TYPES[Path(name).suffix]
    card = recording_path("huggingface/Qwen3.5-4B/README.first64000.md").read_bytes()
    yield "2026-05-15", "https://huggingface.co/Qwen/Qwen3.5-4B/raw/main/README.md", card, "text/plain"
    for path in sorted((RECORDINGS / "llm-prices").glob("*.json")):
        url = f"{RAW}/simonw/llm-prices/main/data/{path.name}"
        yield "2026-08-05", url, path.read_bytes(), TYPES[".json"]
    portkey = json.loads(recording_path("portkey/pricing.all.2026-08-21.json").read_text())
    for provider, models in portkey.items():
        url = f"{known['portkey_pricing'].url}/{provider}.json"
        yield "2026-08-21", url, json.dumps(models).encode(), TYPES[".json"]
    lines = (
        recording_path("azure-retail-prices/modelmeters-ndjson/2025-11-01.ndjson").read_text().splitlines()
    )
    meters = f'{{"Items":[{",".join(lines)}],"NextPageLink":null,"Count":{len(lines)}}}'
    yield "2025-11-30", known["azure_retail_prices"].url, meters.encode(), TYPES[".json"]
    deepseek = recording_path("deepseek/pricing.article-fragment.html").read_bytes()
    yield "2026-09-01", known["deepseek_pricing"].url, b"<html><body>" + deepseek, TYPES[".html"]


def run(home: Path, *args: str, check: bool = True) -> str:
    command = [sys.executable, "-m", "cardwatch.cli", "--home", str(home), "--now", NOW, *args]
    return subprocess.run(command, check=check, capture_output=True, text=True, timeout=LONGEST).stdout


def pages() -> Iterator[Answer]:
    """Yield what is recorded beside the tests, and one list whole of which only a part is."""
    for about in sorted(PAGES.rglob("*.provenance.toml")):
        page, said = Path(str(about).removesuffix(".provenance.toml")), tomllib.loads(about.read_text())
        yield said["date"], said["url"], page.read_bytes(), TYPES.get(page.suffix, "text/plain")
    google = json.loads(recording_path("model-lists/google.v1beta-models.2026-06-26.json").read_text())
    body = json.dumps({"models": google["models"]}).encode()
    yield "2026-06-27", spiders()["google_models"].url, body, TYPES[".json"]


def replayed(folder: Path, found: Iterable[Answer]) -> Path:
    """Return a home that has read these answers in the order of their days."""
    with (folder / "market.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for day, url, body, kind in sorted(found):
            head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            about = {"WARC-Date": f"{day}T12:00:00Z"}
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=about
                )
            )
    run(folder / "home", "replay", str(folder / "market.warc.gz"), check=False)
    return folder / "home"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return replayed(tmp_path_factory.mktemp("market"), answers())


def test_makers_speak_for_most_of_the_models_most_offered(tmp_path: Path) -> None:
    """The figures of docs/reference/coverage.md, which grow with what is recorded."""
    home = replayed(tmp_path, [*answers(), *pages()])
    models = rows(home, "coverage", "--models")
    assert len(models) == 200
    assert sum(not model["missing"] for model in models) >= WHOLE


def rows(home: Path, *args: str, check: bool = True) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(home, *args, "--format", "json", check=check))
    return found


def test_every_recorded_source_has_facts(home: Path) -> None:
    report = {row["id"]: row for row in rows(home, "sources", "--report")}
    wanted = {source for source, *_ in PLAIN} - {"openai_models"}
    assert {source for source in wanted if not report[source]["facts"]} == set()
    assert sum(row["facts"] for row in report.values()) > 100_000


@pytest.mark.parametrize(
    ("model", "attribute", "value", "source"),
    [
        ("openai/codex-mini", "cache_read_price", "6", "portkey_pricing"),  # swapped with the output price
        ("minimax/minimax-m2.5", "input_price", "300", "portkey_pricing"),  # 1,000 times too much
    ],
)
def test_known_slips_are_held(home: Path, model: str, attribute: str, value: str, source: str) -> None:
    held = [(row["model"], row["attribute"], str(row["new"]), row["source"]) for row in rows(home, "holds")]
    assert (model, attribute, value, source) in held


@pytest.mark.parametrize(
    ("model", "provider", "attribute", "values", "chosen"),
    [
        ("openai/o3", "openai", "input_price", {"10", "2"}, "2"),
        ("deepseek/deepseek-v4-pro", "deepseek", "output_price", {"3.48", "0.87", "3.96"}, None),
        ("anthropic/claude-sonnet-5", "anthropic", "input_price", {"3", "2"}, None),
        ("openai/gpt-5.1-codex-max", None, "release_date", {"2025-11-13", "2025-11-19", "2025-12-04"}, None),
    ],
)
def test_known_conflicts_appear(
    home: Path, model: str, provider: str | None, attribute: str, values: set[str], chosen: str | None
) -> None:
    found = [
        row
        for row in rows(home, "conflicts", "--model", model)
        if (row["provider"], row["attribute"]) == (provider, attribute) and not row["qualifier"]
    ]
    figures = {str(value["value"]) for row in found for value in row["values"]}
    assert values <= figures
    assert chosen in {None, *(row["chosen"] for row in found)}


def test_context_and_largest_input_stay_two_facts(home: Path) -> None:
    card = json.loads(run(home, "show", "openai/gpt-5", "--format", "json"))
    known = {fact["attribute"]: fact["value"] for fact in card["facts"]}
    assert (known["context_window"], known["max_input_tokens"]) == (400_000, 272_000)


def test_a_price_the_map_prints_as_zero_is_not_free(home: Path) -> None:
    card = json.loads(run(home, "show", "mistral/codestral", "--format", "json"))
    prices = {offer["offer"]: offer["input_price"] for offer in card["offers"]}
    assert prices["mistral"] == "0.3"


def test_speech_billed_by_the_hour_is_not_free(home: Path) -> None:
    card = json.loads(run(home, "show", "openai/whisper-large-v3", "--format", "json"))
    groq = next(offer for offer in card["offers"] if offer["offer"] == "groq")
    assert (groq["input_price"], groq["output_price"]) == (None, None)


def test_the_audit_finds_nothing_in_the_market(home: Path) -> None:
    run(home, "compare", "--all")
    run(home, "export")
    assert rows(home, "audit", "--pairs", "2000", check=False) == []


JUDGED = Path(__file__).parent.parent / "docs" / "explanation" / "conflicts.md"


def judged_conflicts() -> list[list[str]]:
    """Return the rows of the table: model and offer, attribute, claims, chosen, rule, what a reader says of it."""
    lines = JUDGED.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return [row for row in rows if "/" in row[0] and len(row) == 6]


def test_the_conflicts_judged_by_hand_are_decided_as_the_table_says(home: Path) -> None:
    found = {
        (row["model"], row["offer"] or "", row["attribute"]): row
        for row in rows(home, "conflicts")
        if not row["qualifier"]
    }
    judged = judged_conflicts()
    assert len(judged) >= 40
    for subject, attribute, _, chosen, rule, _ in judged:
        model, _, offer = subject.partition(", ")
        row = found[model, offer, attribute]
        assert ("none" if row["chosen"] is None else str(row["chosen"]), row["rule"]) == (chosen, rule), row
