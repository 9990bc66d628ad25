from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class CohereDeprecations(LifecycleSource):
    """Cohere's table of all its models with their status, and the announcements of those that go."""

    name = "cohere_deprecations"
    title = "Cohere deprecations"
    url = "https://raw.githubusercontent.com/cohere-ai/cohere-developer-experience/main/fern/pages/going-to-production/deprecations.mdx"
    max_age = timedelta(days=3)
    expected_rows = range(5, 150)
    providers = ("cohere",)
    developers = ("cohere",)
    page_urls = r"https://docs\.cohere\.com/docs/deprecations(?:\.md)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage(
        "Cohere", makes_models=True, date_unit="us numeric date", status="deprecated", announced_above=True
    )
