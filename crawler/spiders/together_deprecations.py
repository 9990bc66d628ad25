from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import SHUTDOWN, UNREAD, LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource

COLUMNS = {"planned deprecation date": SHUTDOWN, "supported by on-demand dedicated endpoints": UNREAD}


class TogetherDeprecations(LifecycleSource):
    """Together's planned and past deprecations: the day on which serverless stops; some stay on dedicated endpoints."""

    name = "together_deprecations"
    title = "Together AI deprecations"
    url = "https://docs.together.ai/docs/deprecations.md"
    max_age = timedelta(days=3)
    expected_rows = range(5, 400)
    providers = ("together-ai",)
    page_urls = r"https://docs\.together\.ai/docs/deprecations"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage("Together AI", columns=COLUMNS, date_unit="iso date", status="deprecated")
