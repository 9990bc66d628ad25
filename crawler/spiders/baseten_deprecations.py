from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from cardwatch.crawler.formats.lifecycle_tables import SHUTDOWN, LifecyclePage, read_lifecycle_page
from cardwatch.crawler.source import Source
from cardwatch.crawler.source_card import Authority

PAGE = LifecyclePage("Baseten", columns={"deprecation date": SHUTDOWN}, status="deprecated")


class BasetenDeprecations(Source):
    """Baseten's planned deprecations: on that day the model's id stops answering.

    Written from a text copy in which the table's cells run together; its own layout was not seen.
    """

    name = "baseten_deprecations"
    title = "Baseten model deprecations"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.baseten.co/inference/model-apis/deprecation.md"
    max_age = timedelta(days=3)
    expected_rows = range(1, 80)
    providers = ("baseten",)
    page_urls = r"https://docs\.baseten\.co/inference/model-apis/deprecation"
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        return read_lifecycle_page(response, PAGE)
