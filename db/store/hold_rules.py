"""Which doubts end by themselves, and when."""

from __future__ import annotations

HOLD_DAYS = 3
"""Days after which a surprise is published without a second look that agrees."""
IMPOSSIBLE_RULES = frozenset(
    {
        "not_a_price",
        "beyond",
        "swapped",
        "wrong_tab",
        "wrong_unit",
        "window",
        "emptied",
        "among_impossible",
    }
)
"""Rules whose doubt no repetition settles."""
