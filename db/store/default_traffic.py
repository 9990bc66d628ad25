"""The monthly traffic at which costs are given when nobody says another, in million tokens."""

from __future__ import annotations

INPUT_MTOK = 800
OUTPUT_MTOK = 250
IN_WORDS = f"{INPUT_MTOK} M input and {OUTPUT_MTOK} M output tokens"
