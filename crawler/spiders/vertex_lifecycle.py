from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart, RawRow
from cardwatch.crawler.formats.lifecycle_tables import RELEASED, LifecyclePage
from cardwatch.crawler.table_source import LifecycleSource


class VertexLifecycle(LifecycleSource):
    """Google Cloud's list of Gemini versions. Its retirement days end the offers of this cloud; Google, who makes
    the models, says beside them when each was released.
    """

    name = "vertex_lifecycle"
    title = "Vertex AI model versions"
    url = "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/model-versions.md.txt"
    page_urls = r"https://docs\.cloud\.google\.com/gemini-enterprise-agent-platform/models/model-versions"
    max_age = timedelta(days=3)
    expected_rows = range(6, 300)
    providers = ("google-vertex",)
    developers = ("google",)
    terms = "Documentation under CC BY 4.0."

    layout = LifecyclePage("Google Vertex AI")

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        for part in super().rows(response):
            yield from _apart(part) if isinstance(part, RawRow) else [part]


def _apart(row: RawRow) -> Iterator[RawRow]:
    """Yield what a row says of its model, then what it says of the offer."""
    cells = dict(row.cells)
    if released := cells.pop(RELEASED, None):
        yield RawRow("model", row.name, row.locator, {RELEASED: released})
    if cells:
        yield replace(row, cells=cells)
