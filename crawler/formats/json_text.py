"""JSON with its numbers left as the text that stands on the page."""

from __future__ import annotations

import json
from typing import Any

from cardwatch.crawler.documents import PageChangedError

_SURROGATE = "\\ud"


def load_json(text: str, *, where: str = "") -> Any:
    """Return `text` read as JSON: numbers are str exactly as printed, true, false and null stay themselves.

    Raises PageChangedError, at `where`, for anything else than JSON: a half body, an HTML page, NaN,
    half a surrogate pair, nesting deeper than the reader can follow.
    """
    try:
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=_reject_constant)
        if _SURROGATE in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError as error:
        found = f"{text[:60]!r} ({error})"
        raise PageChangedError("body", wanted="JSON", found=found, where=where) from error
    except RecursionError as error:
        raise PageChangedError("body", wanted="JSON", found="nesting without end", where=where) from error
    return value


def _reject_constant(word: str) -> None:
    raise ValueError(f"{word} is no number")
