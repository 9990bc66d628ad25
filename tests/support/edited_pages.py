"""Recorded pages with some of their words changed, read by their source."""

from __future__ import annotations

from cardwatch.crawler.documents import RawRow
from support.page_cases import PAGE_CASES
from support.recorded_pages import PAGES, spider, text_answer

URLS = {(case.source, case.page): case.url for case in PAGE_CASES}


def read_edited(source: str, page: str, body: str | bytes) -> list[RawRow]:
    """Return the rows of a body that stands where this recorded page stood."""
    spoken = body.encode() if isinstance(body, str) else body
    return list(spider(source).rows(text_answer(spoken, URLS[source, page], f".{page.rpartition('.')[2]}")))


def edited_rows(source: str, page: str, *changes: tuple[str, str]) -> list[RawRow]:
    """Return the rows of a recorded page in which every (old, new) has been replaced, each of them there."""
    text = (PAGES / source / page).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{source}/{page} has no {old!r}"
        text = text.replace(old, new)
    return read_edited(source, page, text)
