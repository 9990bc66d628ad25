"""What a person read off a recorded page; where the page comes from is said by the provenance beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrapy.http import TextResponse

from cardwatch.crawler.documents import PagePart
from support.recorded_pages import PAGES, recorded_url, spider, text_answer

Printed = str | tuple[str, str] | None
TOKENS = "usd/1M tokens"


@dataclass(frozen=True)
class Case:
    """One recorded page, "<source>/<file>": how many rows it has, and what some of them print.

    `asked` is the address it is read at where that is another one than it was fetched from.
    """

    recording: str
    rows: int
    values: Mapping[tuple[str, ...], Mapping[str, Printed]] = field(default_factory=dict)
    asked: str = ""

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
        return self.asked or recorded_url(self.path)

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


def printed_meters(
    input_price: str | None, output_price: str | None, read: str | None = None
) -> dict[str, Printed]:
    """Return the usual three meters, in dollars per million tokens."""
    printed = {"input_price": input_price, "output_price": output_price, "cache_read_price": read}
    return {meter: (text, TOKENS) if text is not None else None for meter, text in printed.items()}
