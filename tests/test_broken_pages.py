"""A page that was redesigned, renamed, emptied or replaced by an error page says so, and says where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from support.edited_pages import edited_complaints, read_edited
from support.page_cases import PAGE_CASES
from support.recorded_cases import Case

from cardwatch.crawler.documents import PageChangedError

CHALLENGE = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>429</body></html>"
REMOVED = b"# Page not found\n\nThis page has moved.\n"


RENAMED: Mapping[str, Sequence[tuple[str, str, tuple[str, ...]]]] = {
    "openai_model_pages/gpt-5.2-codex.md": [
        ("## Model details", "## Details", ("section", "Details", "line[8]")),
        ("## Supported tools", "## Tools", ("section", "Tools")),
        ("### Text tokens", "### Tokens", ("price table", "Tokens", "line[22]")),
        ("| Metric | Price |", "| Metric | Cost |", ("metric", "Cost", "line")),
        ("| Cached input | $", "| Cache reads | $", ("price row", "Cache reads", "line")),
        ("| 1M tokens |", "| 1K tokens |", ("price unit", "1K tokens")),
        ("- 400,000 context window", "- 400,000 window", ("model detail", "400,000 window")),
        ("- web_search", "- telepathy", ("feature or tool", "telepathy")),
        ("Model ID: `gpt-5.2-codex`", "Model ID: `gpt-5.3`", ("Model ID", "gpt-5.2-codex", "gpt-5.3")),
    ],
    "huggingface_cards/Qwen3.5-4B.README.md": [
        ("\nlicense:", "\nlicence:", ("front-matter", "licence")),
        (
            "Context Length: 262,144",
            "Context Length: about 262,144",
            ("context_window", "about 262,144", "line["),
        ),
        (">Qwen3.5-4B</th>", ">This model</th>", ("score tables", "Qwen3.5-4B", "This model")),
    ],
    "huggingface_cards/Qwen3-235B-A22B.json": [('"likes"', '"stars"', ("stars", "known one", "1108"))],
    "openai_pricing/2026-03.mdx.md": [('value="standard"', 'value="usual"', ("tier", "usual", "line"))],
    "openai_pricing/2026-05.components.md": [
        (
            'tier="batch"',
            'tier="standard"',
            ("that of its tab, 'batch'", "standard", "TextTokenPricingTables"),
        )
    ],
    "openai_pricing/2026-08.island.html": [("tier&quot;", "level&quot;", ("tier", "astro-island"))],
    "openai_pricing/2026-09.tables.md": [
        ("Standard pricing data", "Regular pricing data", ("heading above", "Regular pricing data")),
        ("| Cached input", "| Cache input", ("table headings", "Cache input")),
        ("1M tokens", "1K tokens", ("price unit", "1M tokens")),
    ],
    "zai_models/glm-4.7.md": [
        ('<Tab title="GLM-4.7-FlashX"', '<Tab name="FlashX"', ("tab", "title", "FlashX")),
        ("Context Length", "Window Size", ("card", "Window Size")),
    ],
    "openai_deprecations/deprecations.md": [
        ("Model / system", "Thing", ("table headings", "Thing", "line")),
        ("Past deprecations", "Gone", ("part of the page", "Gone")),
    ],
    "groq_deprecations/2026-08.md": [
        ("| Shutdown Date |", "| Sunset hour |", ("table headings", "Sunset hour")),
        ("| groq/compound  ", "| groq/compound (except batch)  ", ("name", "except batch")),
    ],
    "anthropic_deprecations/2026-03-10.md": [
        (
            "| `claude-3-haiku-20240307` | Dep",
            "| `claude-3-haiku-20240307` (on Bedrock) | Dep",
            ("a name without a note", "on Bedrock"),
        )
    ],
    "xai_retirement/2026-05.md": [("Retirement on May 15, 2026", "Retirement", ("title", "Retirement"))],
    "azure_retirements/schedule.2026-07-07.md": [
        ("| Retirement date |", "| End date |", ("table headings", "End date"))
    ],
    "azure_models/models.2026-01-14.md": [
        ("| Context Window |", "| Window |", ("table headings", "Window")),
        ("azure-openai-models-list.md", "new.md", ("include", "new.md")),
    ],
    "anthropic_pricing/2026-autumn.md": [
        ("Base input tokens", "Basic input tokens", ("heading", "basic input tokens")),
        ("5m cache writes", "5m cache sweeps", ("heading", "5m cache sweeps")),
        (" / MTok", " per kilo", ("price", "per kilo", "line")),
        ("(retired", "(resting", ("status of a model", "resting")),
    ],
    "google_pricing/2026-08.html": [
        ("Free Tier", "No cost", ("headings", "no cost")),
        ("Output price", "Answer price", ("line", "answer price")),
        (">Priority<", ">Express<", ("tab", "Express")),
        ("through December", "round December", ("price", "round December")),
    ],
    "deepseek_pricing/2026-09.html": [
        ("CONTEXT LENGTH", "WINDOW", ("unknown.window", "WINDOW")),
        ("OFF-PEAK", "NIGHT", ("tokens night", "NIGHT")),
        ("Peak hours are", "Busy hours are", ("peak", "below the table")),
    ],
    "xai_models/models.html": [
        ("__XAI_PUBLIC_MODELS__", "__MODELS__", ("models", "__XAI_PUBLIC_MODELS__")),
        ('"promptTextTokenPrice"', '"promptPrice"', ("promptPrice", "/clusterConfigs/0")),
    ],
    "groq_models/models.md": [
        ("PRICE PER 1M TOKENS", "PRICE PER 1K TOKENS", ("table headings", "PRICE PER 1K TOKENS")),
        ("Production Models", "Current Models", ("heading above a table", "Current Models")),
        (" per hour", " per day", ("price", "per day", "line")),
        (")openai/gpt-oss-120b", ")NewBadge-gpt", ("model id", "NewBadge-gpt")),
    ],
    "fireworks_pricing/2026-05.four-columns.md": [("Cached input", "Cache", ("table headings", "Cache"))],
    "fireworks_pricing/2026-09.three-in-one.md": [("Priority", "Express", ("table headings", "Express"))],
    "mistral_pricing/2026-08.html": [
        ("Prices /M Tokens", "Prices /K Tokens", ("what prices count", "Prices /K Tokens")),
        ("/Min", "/Day", ("measure of a price", "Day")),
        (">Cached input<", ">Cache<", ("table headings", "Cache")),
    ],
    "alibaba_pricing/international.2026-08.html": [
        ("Deployment scope", "Zone", ("table headings", "Zone")),
        ("0&lt;Token≤", "up to ", ("tokens of a request", "up to")),
        ("List price", "Was", ("price", "Was")),
    ],
    "together_pricing/2026-08.html": [
        ("Price per 1M tokens", "Price per 1K tokens", ("price tabs", "1M")),
        (">output<", ">answer<", ("table headings", "answer")),
    ],
}
"""By page: what is replaced by what, and the words that the complaint then has."""


@pytest.mark.parametrize(
    ("page", "old", "new", "says"), [(page, *each) for page, found in RENAMED.items() for each in found]
)
def test_a_renamed_word_is_named(page: str, old: str, new: str, says: tuple[str, ...]) -> None:
    message = edited_complaints(*page.split("/"), (old, new))
    assert all(word in message for word in says), message
    assert {"wanted", "found"} <= {*message.replace(":", "").split()}, message


@pytest.mark.parametrize(
    "body", [b"", b"\n \n", CHALLENGE, REMOVED], ids=["empty", "blank", "challenge", "404"]
)
@pytest.mark.parametrize("case", PAGE_CASES, ids=str)
def test_a_page_without_its_content_is_a_changed_page(case: Case, body: bytes) -> None:
    with pytest.raises(PageChangedError, match="wanted"):
        read_edited(case.source, case.page, body)
