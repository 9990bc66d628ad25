from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.documents import Cell, PageChangedError, PagePart
from cardwatch.crawler.formats.conditions import DATE
from cardwatch.crawler.formats.lifecycle_tables import LifecyclePage, read_lifecycle_table
from cardwatch.crawler.formats.table import PageTable
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

PAGE = LifecyclePage("xAI", makes_models=True, status="deprecated")
DAY = re.compile(rf"\bretire(?:ment|d|s)? (?:on|effective) (?P<day>{DATE})", re.IGNORECASE)


class XaiRetirement(TableSource):
    """xAI's notice of the models it retires on one day, which stands in the page's title."""

    name = "xai_retirement"
    title = "xAI model retirement"
    kind = "lifecycle page"
    authority = Authority.FIRST_PARTY
    url = "https://docs.x.ai/developers/migration/may-15-retirement.md"
    page_urls = r"https://docs\.x\.ai/developers/migration/[a-z0-9-]+-retirement(?:\.md)?"
    max_age = timedelta(days=7)
    expected_rows = range(3, 60)
    providers = ("xai",)
    developers = ("xai",)
    terms = "Documentation, all rights reserved: dates and names are passed on, wording is not."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        found = DAY.search(table.under)
        if found is None:
            raise PageChangedError(
                "title", wanted="Retirement on a day", found=table.under, where=table.where
            )
        return read_lifecycle_table(table, PAGE, {"shutdown_date": Cell(found["day"], "us date")})
