"""The text at a locator: a JSON pointer, a line of a page, or a cell of a table."""

from __future__ import annotations

import json
import re
from typing import Any

CONTEXT_LINES = 2
"""Lines printed before and after the one that a locator names."""


def text_at_locator(body: bytes, locator: str) -> str:
    """Return the text that `locator` names in `body`, or the beginning of the body if it names none."""
    text = body.decode("utf-8", errors="replace")
    if locator.startswith("/") and text.lstrip()[:1] in {"{", "["}:
        return _value_at_pointer(json.loads(text), locator)
    if found := re.search(r"\bline[ =]?(\d+)", locator):
        lines, number = text.splitlines(), int(found.group(1))
        first = max(number - 1 - CONTEXT_LINES, 0)
        return "\n".join(lines[first : number + CONTEXT_LINES])
    return text


def _value_at_pointer(value: Any, locator: str) -> str:
    """Follow a pointer as far as it leads; what stands there, as JSON."""
    for part in locator.strip("/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            break
    return json.dumps(value, ensure_ascii=False)
