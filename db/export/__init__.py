"""The published copy: which rows others may have."""
