from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class GroqDeprecations(LifecycleSource):
    """Groq's history of the models it stops serving; the day above a table is that of the shutdown."""

    name = "groq_deprecations"
    title = "Groq deprecations"
    url = "https://console.groq.com/docs/deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 200)
    providers = ("groq",)
    page_urls = r"https://console\.groq\.com/docs/deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage("Groq", date_unit="us numeric date", status="deprecated")
