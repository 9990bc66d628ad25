"""The stages of a run, one after another, and what they report."""
