"""Stage 1: fetch politely, keep every byte in the archive, and copy cells as printed."""
