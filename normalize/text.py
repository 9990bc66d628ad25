"""What every parser shares: how a refusal reads, and which spellings of a number are safe to read."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

_PLAIN = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
LONGEST = 80
TWELVE_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)
"""More digits than anybody prints, fewer than the noise of binary floats (0.20000000000000002)."""
_MAGNITUDES = range(-18, 19)


class ParseError(ValueError):
    """A text that no rule reads; `what` was expected, `found` is the text, `wanted` the rule it broke."""

    def __init__(self, what: str, *, wanted: str, found: str) -> None:
        super().__init__(f"{what}: wanted {wanted}, found {shorten_text(found)!r}")
        self.what = what
        self.wanted = wanted
        self.found = found


def shorten_text(text: str) -> str:
    """Cut a text for a message; the whole of it stays in the evidence."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def encoding_problem(line: str) -> str:
    """Return what a line is instead of UTF-8, "" if it is that; it was read with `surrogateescape`."""
    if "\0" in line or line.startswith(("\udcff\udcfe", "\udcfe\udcff")):
        return "UTF-16 or other bytes with NUL"
    wrong = next((char for char in line if "\udc80" <= char <= "\udcff"), "")
    return f"byte 0x{ord(wrong) - 0xDC00:02x} after {line.index(wrong)} characters" if wrong else ""


def parse_number(text: str, what: str) -> Decimal:
    """Read one unsigned number with a decimal point: "1.75", "4e-07", "262,144".

    Raises ParseError for a sign, NaN, a range, a decimal comma ("0,15") or groups with points ("1.299,00").
    """
    text = text.strip()
    if text.startswith(("-", "−")):
        raise ParseError(what, wanted="no negative number", found=text)
    if len(text) > LONGEST or not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise ParseError(
            what, wanted='one number with a decimal point, such as "1.75" or "1,250"', found=text
        )
    value = Decimal(text.replace(",", ""))
    if value and value.adjusted() not in _MAGNITUDES:
        raise ParseError(what, wanted="a magnitude between 1e-18 and 1e18", found=text)
    return value


def canonical_number(value: Decimal) -> str:
    """Write a number one way: "2", "0.125"; no exponent, no trailing zeros, no minus zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
