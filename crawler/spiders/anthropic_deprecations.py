from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class AnthropicDeprecations(LifecycleSource):
    """Anthropic's table of all its models with their state, and the announcements of those that go.

    The days hold for Anthropic's own platform, not for clouds that serve the same models.
    """

    name = "anthropic_deprecations"
    parser_version = 2
    title = "Anthropic model deprecations"
    url = "https://platform.claude.com/docs/en/about-claude/model-deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 120)
    providers = ("anthropic",)
    developers = ("anthropic",)
    page_urls = r"https://(?:platform|docs)\.claude\.com/docs/en/about-claude/model-deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage(
        "Anthropic API", makes_models=True, status="deprecated", announced_above=True, names_all=True
    )
