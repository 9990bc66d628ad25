"""Lines as a mail of 80 columns shows them."""

from __future__ import annotations

from textwrap import fill

WIDTH = 80


def mail_line(text: str, command: str = "") -> str:
    """Return one thing to know as an item of at most WIDTH columns, above the command that acts on it."""
    joined = text.replace(" %", "\u00a0%")
    item = fill(
        joined,
        WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    lines = [item.replace("\u00a0", " "), *([f"    {command}"] if command else ())]
    return "\n".join(lines)
