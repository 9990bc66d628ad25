"""Characters that show nothing or move what stands around them, written out where people or programs read."""

from __future__ import annotations

import re
from typing import Any

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U00013438"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Unicode's controls, formats (direction, zero width, tags), surrogates and separators of lines and paragraphs."""
_LINES = "\n\t"


def has_hidden(text: str) -> bool:
    """Say whether a hidden character stands in a text, line ends and tabs among them."""
    return not (text.isascii() and text.isprintable()) and _HIDDEN.search(text) is not None


def write_out_hidden(text: str, *, keep: str = "") -> str:
    """Return text with each hidden character as its escape: "\\x1b", "\\u202e"; those in `keep` stay.

    A terminal, a table, a page and an assistant get the same visible text, and what was hidden is seen.
    """
    if not has_hidden(text):
        return text
    return _HIDDEN.sub(lambda found: found[0] if found[0] in keep else _escape(found), text)


def write_out_hidden_lines(text: str) -> str:
    """Return a text of several lines with hidden characters written out, its line ends and tabs kept."""
    return write_out_hidden(text, keep=_LINES)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def escape_hidden_json(text: str) -> str:
    """Return JSON text that says the same in characters that show: hidden ones stand in strings alone."""
    return _HIDDEN.sub(lambda found: found[0] if found[0] in _LINES else _json_escape(found[0]), text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))


def write_out_hidden_values(value: Any) -> Any:
    """Return a JSON value with hidden characters in its texts and keys written out."""
    if isinstance(value, str):
        return write_out_hidden_lines(value)
    if isinstance(value, dict):
        return {write_out_hidden_values(key): write_out_hidden_values(each) for key, each in value.items()}
    return [write_out_hidden_values(each) for each in value] if isinstance(value, list | tuple) else value
