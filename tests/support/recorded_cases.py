"""What a person read off a recorded page; where the page comes from is said by the provenance beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from support.recorded_pages import PAGES, recorded_url, spider, text_answer

Printed = str | tuple[str, str] | None
Readings = Mapping[tuple[str, ...], Mapping[str, Printed]]
CaseTable = Mapping[tuple[str, int], Readings]
"""By page, "<source>/<file>", and its number of rows: what some of the rows print."""
TOKENS = "usd/1M tokens"
PORTKEY = "https://raw.githubusercontent.com/Portkey-AI/models/main/pricing"
READ_ELSEWHERE = {
    "genai_prices/2026-08-21.json": (
        "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"
    ),
    **{
        f"portkey_pricing/{name}": f"{PORTKEY}/{name}"
        for name in ("openai.json", "azure-openai.json", "together-ai.json")
    },
}
"""Pages that their source reads at another address than they were fetched from."""


@dataclass(frozen=True)
class Case:
    """One recorded page, "<source>/<file>": how many rows it has, and what some of them print."""

    recording: str
    rows: int = 0
    values: Readings = field(default_factory=dict)

    def __str__(self) -> str:
        return self.recording

    @property
    def source(self) -> str:
        return self.path.parent.name

    @property
    def page(self) -> str:
        return self.path.name

    @property
    def path(self) -> Path:
        return PAGES / self.recording

    @property
    def url(self) -> str:
        return READ_ELSEWHERE.get(self.recording) or recorded_url(self.path)

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def answer(self, body: str | bytes | None = None) -> TextResponse:
        """Return the page as its source is given it, or another body in its place."""
        sent = self.path.read_bytes() if body is None else body
        return text_answer(sent.encode() if isinstance(sent, str) else sent, self.url, self.path.suffix)

    def parts(self, body: str | bytes | None = None) -> list[PagePart]:
        """Return all that the source says of the page, or of another body in its place."""
        return list(spider(self.source).rows(self.answer(body)))


def cases_of(*tables: CaseTable) -> list[Case]:
    """Return the cases of tables in order."""
    return [Case(*key, values) for table in tables for key, values in table.items()]


def printed_meters(
    input_price: str | None, output_price: str | None, read: str | None = None
) -> dict[str, Printed]:
    """Return the usual three meters, in dollars per million tokens."""
    printed = {"input_price": input_price, "output_price": output_price, "cache_read_price": read}
    return {meter: (text, TOKENS) if text is not None else None for meter, text in printed.items()}
