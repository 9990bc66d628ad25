from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class VeniceDeprecations(LifecycleSource):
    """Venice's tracker of the models it is about to remove."""

    name = "venice_deprecations"
    title = "Venice model deprecations"
    url = "https://raw.githubusercontent.com/veniceai/api-docs/main/overview/deprecations.mdx"
    max_age = timedelta(days=3)
    expected_rows = range(1, 120)
    providers = ("venice",)
    page_urls = r"https://docs\.venice\.ai/overview/deprecations(?:\.md)?"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage("Venice AI")
