"""Every recording at hand of the JSON sources reads whole: how many rows, and nothing unknown."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from support.recorded_pages import json_answer, recording_path, spider, text_answer

from cardwatch.crawler.documents import RawRow

URL = "https://example.org/recording.json"
WHOLE = [
    ("openrouter_models", "openrouter/models.2026-03-10.json", {"model": 346, "offer": 346}),
    ("openrouter_models", "openrouter/models.2026-05-15.json", {"model": 364, "offer": 364}),
    ("openrouter_models", "openrouter/models.2026-08-04.trimmed.json", {"model": 4, "offer": 7}),
    (
        "openrouter_endpoints",
        "openrouter/endpoints.google__gemini-2.5-pro-preview.2025-05-23.json",
        {"offer": 2},
    ),
    (
        "openrouter_endpoints",
        "openrouter/endpoints.deepseek__deepseek-v3.2.2026-07-23.trimmed.json",
        {"offer": 14},
    ),
    ("vercel_models", "vercel-ai-gateway/models.2026-03-05.json", {"model": 232, "offer": 255}),
    ("vercel_models", "vercel-ai-gateway/docs-example.models.gemini-3-pro.json", {"model": 1, "offer": 2}),
    ("vercel_endpoints", "vercel-ai-gateway/docs-example.endpoints.gemini-3-pro.json", {"offer": 2}),
    ("models_dev", "models.dev/api.2026-05-12.json", {"model": 4296, "offer": 4415}),
]
METERS = {"2025-04-01": 274, "2025-06-01": 368, "2025-10-01": 57, "2025-11-01": 656}


def unknown(rows: list[RawRow]) -> set[str]:
    return {name for row in rows for name in row.cells if name.startswith("unknown")}


@pytest.mark.parametrize(("source", "name", "kinds"), WHOLE)
def test_a_recording_reads_whole(source: str, name: str, kinds: dict[str, int]) -> None:
    body = recording_path(name).read_bytes()
    rows = list(spider(source).rows(text_answer(body, URL)))
    assert Counter(row.kind for row in rows) == kinds
    assert unknown(rows) == set()


@pytest.mark.parametrize("day", METERS)
def test_a_month_of_meters_reads_whole(day: str) -> None:
    lines = recording_path(f"azure-retail-prices/modelmeters-ndjson/{day}.ndjson").read_text().splitlines()
    body = f'{{"Items": [{",".join(lines)}], "NextPageLink": "", "Count": {len(lines)}}}'
    rows = list(spider("azure_retail_prices").rows(json_answer(body, URL)))
    assert len(rows) == METERS[day]
    assert unknown(rows) == set()


def test_of_the_meters_of_august_2026_only_old_base_models_do_not_say_what_they_count() -> None:
    grouped = json.loads(recording_path("azure-retail-prices/grouped-snapshot.2026-08-11.json").read_text())
    more = {"currencyCode": "USD", "type": "Consumption"}
    items = [
        {**{key: group[key] for key in group if key != "regions"}, **more, "armRegionName": region}
        for group in grouped["items"]
        for region in group["regions"]
    ]
    page = json_answer({"Items": items, "NextPageLink": None, "Count": len(items)}, URL)
    rows = list(spider("azure_retail_prices").rows(page))
    odd = {row.name for row in rows if "unknown.meterName" in row.cells}
    assert len(items) == 27014
    assert len(rows) == 3032
    assert odd == {
        *("Az-Babbage-002 Tokens", "Az-Davinci-002 Tokens", "Az-GPT-3.5-turbo Tokens"),
        *(
            f"{model}-002-base-{scope} Tokens"
            for model in ("babbage", "davinci")
            for scope in ("glbl", "regional")
        ),
        "Ministral 3bFTregnl Tokens",
    }
