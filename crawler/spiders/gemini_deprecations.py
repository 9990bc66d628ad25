from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class GeminiDeprecations(LifecycleSource):
    """Google's table of Gemini API models: the day each began, and the day and the model that follow it.

    "Earliest June 2026" is no day yet. Written from a text copy and a digest of the page, its own layout was not seen.
    """

    name = "gemini_deprecations"
    title = "Gemini API deprecations"
    url = "https://ai.google.dev/gemini-api/docs/deprecations"
    max_age = timedelta(days=3)
    expected_rows = range(4, 150)
    providers = ("google-gemini",)
    developers = ("google",)
    page_urls = r"https://ai\.google\.dev/gemini-api/docs/deprecations(?:\.md\.txt)?(?:\?hl=en)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage("Google Gemini API", makes_models=True)
