from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from cardwatch.crawler.blank_text import is_blank
from cardwatch.crawler.documents import Cell, PageChangedError, PagePart, RawRow
from cardwatch.crawler.formats.reading import unread_cell
from cardwatch.crawler.formats.table import PageTable, TableRecord, fold_heading, read_records
from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.table_source import TableSource

MODEL, PRICE = "model", "price"
COLUMNS = {"model": MODEL, "price in tokens": PRICE, "price in neurons": ""}
METERS = {
    "M input tokens": ("input_price", "usd/1M tokens"),
    "M cached input tokens": ("cache_read_price", "usd/1M tokens"),
    "M output tokens": ("output_price", "usd/1M tokens"),
    "image": ("image_price", "usd/image"),
    "audio minute": ("hour_price", "usd/minute"),
    "1k characters": ("character_price", "usd/1K characters"),
}
"""What a price is for."""
OTHER_METERS = re.compile(r"\d+x\d+ tile|step")
"""Parts of a picture are none of the catalog's units."""
LINE = re.compile(r"(\$[\d.]+) per (.+)")


class CloudflarePricing(TableSource):
    """Prices of Cloudflare Workers AI, which are also charged in neurons; a price has a line for each meter."""

    name = "cloudflare_pricing"
    title = "Cloudflare Workers AI price list"
    kind = "price page"
    authority = Authority.FIRST_PARTY
    url = "https://developers.cloudflare.com/workers-ai/platform/pricing/index.md"
    page_urls = r"https://developers\.cloudflare\.com/workers-ai/platform/pricing/"
    max_age = timedelta(days=2)
    expected_rows = range(5, 400)
    providers = ("cloudflare-workers-ai",)
    terms = "Documentation under CC BY 4.0."

    def read_table(self, table: PageTable) -> Iterator[PagePart]:
        if MODEL in (COLUMNS.get(fold_heading(heading)) for heading in table.headings):
            yield from read_records(table, COLUMNS, _offer, need=(MODEL, PRICE))


def _offer(row: TableRecord) -> Iterator[RawRow]:
    if re.search(r"[\s()]", row.texts[MODEL]):
        raise PageChangedError("model", wanted="an id", found=repr(row.texts[MODEL]), where=row.locator)
    known: dict[str, Cell] = {}
    for line in row.texts[PRICE].splitlines():
        known |= _price(line.strip(), row.at[PRICE])
    yield RawRow("offer", row.texts[MODEL], row.locator, known, provider="Cloudflare Workers AI")


def _price(line: str, at: str) -> dict[str, Cell]:
    if is_blank(line):
        return {}
    found = LINE.fullmatch(line)
    if found and found[2] in METERS:
        meter, unit = METERS[found[2]]
        return {meter: Cell(found[1], unit, at)}
    if found and OTHER_METERS.fullmatch(found[2]):
        return {}
    what = found[2] if found else line
    name = "unknown." + "_".join(re.findall(r"\w+", what))
    return {name: unread_cell(line, wanted=f"$0.35 per {' | '.join(METERS)}", at=at)}
