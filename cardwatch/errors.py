"""Mistakes a person can make or meet, each one line and an exit code."""

from __future__ import annotations


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
