"""Which offers count when nobody names a tier or a region, for readers in Python and in SQL; a test holds both together."""

from __future__ import annotations

STANDARD = "standard"
"""The tier of an offer that names none."""
FREE = "free"
DEFAULT_REGIONS = (None, "global")
FINE_TUNED = "fine-tuned"


def is_default_offer(tier: str, region: str | None, mode: str | None, *, or_free: bool = False) -> bool:
    """Say whether an offer is its provider's plain one: standard tier, no region or global, not fine-tuned.

    With `or_free` the free tier counts as well.
    """
    return tier in ((STANDARD, FREE) if or_free else (STANDARD,)) and (
        region in DEFAULT_REGIONS and mode != FINE_TUNED
    )


def default_offer_sql(table: str = "", *, or_free: bool = False) -> str:
    """Return the same as a condition on the columns tier, region and mode of `table`."""
    of = f"{table}." if table else ""
    tiers = f"IN ('{STANDARD}', '{FREE}')" if or_free else f"= '{STANDARD}'"
    return (
        f"{of}tier {tiers} AND ({of}region IS NULL OR {of}region = '{DEFAULT_REGIONS[1]}')"
        f" AND {of}mode IS NOT '{FINE_TUNED}'"
    )
