from __future__ import annotations

from datetime import timedelta

from cardwatch.crawler.formats.lifecycle_tables import SHUTDOWN, LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class BasetenDeprecations(LifecycleSource):
    """Baseten's planned deprecations: on that day the model's id stops answering.

    Written from a text copy in which the table's cells run together; its own layout was not seen.
    """

    name = "baseten_deprecations"
    title = "Baseten model deprecations"
    url = "https://docs.baseten.co/inference/model-apis/deprecation.md"
    max_age = timedelta(days=3)
    expected_rows = range(1, 80)
    providers = ("baseten",)
    page_urls = r"https://docs\.baseten\.co/inference/model-apis/deprecation"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    layout = LifecyclePage("Baseten", columns={"deprecation date": SHUTDOWN}, status="deprecated")
