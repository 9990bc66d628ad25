"""Mistakes a person can make or meet, each one line and an exit code."""

from __future__ import annotations

from collections.abc import Iterable


def near_names(text: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the known ones most like it, "" when none is."""
    from difflib import get_close_matches  # a name that is known needs none

    near = get_close_matches(text, known, n=3, cutoff=0.4)
    return f"; near: {', '.join(near)}" if near else ""


class CardwatchError(Exception):
    """Something went wrong that a person can act on; the run ends with `exit_code`."""

    exit_code = 1


class UsageError(CardwatchError):
    """Wrong use: an unknown name, an unreadable file, a setting that cannot be."""

    exit_code = 2


class ConfigError(UsageError):
    """`cardwatch.toml` cannot be used."""


class HomeBusyError(CardwatchError):
    """Another run holds this home."""
