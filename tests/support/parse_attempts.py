"""For laws that say: a value, or the parsers' own error, and never anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cardwatch.normalize.text import ParseError


def parse_or_error(read: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what a parser returns, or the ParseError it raises; another exception is a failure."""
    try:
        return read(*args, **kwargs)
    except ParseError as error:
        return error
