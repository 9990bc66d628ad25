"""What the audit finds: one difference between what a page says and what it may say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import NamedTuple

LONGEST = 200
COLUMNS = ("check", "pair", "format", "what", "wanted", "found")


class Difference(NamedTuple):
    """Where a page is wrong, what was wanted there, and what was found."""

    what: str
    wanted: object
    found: object


Differences = Iterator[Difference]


@dataclass(frozen=True, slots=True)
class Violation:
    """A difference with the check that found it, the pair and the format: json, markdown, html, stored."""

    check: str
    pair: str
    format: str
    what: str
    wanted: str
    found: str

    def row(self) -> dict[str, str]:
        """Return it as the command prints it."""
        return asdict(self)


def make_violation(check: str, pair: str, form: str, found: Difference) -> Violation:
    """Return a difference as a row, long texts cut."""
    return Violation(check, pair, form, found.what, _short(found.wanted), _short(found.found))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def expect_equal(what: str, wanted: object, found: object) -> Differences:
    """Yield one difference unless both are equal."""
    if wanted != found:
        yield Difference(what, wanted, found)


def wrong_if(condition: bool, what: str, wanted: object, found: object) -> Differences:
    """Yield one difference if `condition` holds."""
    if condition:
        yield Difference(what, wanted, found)
