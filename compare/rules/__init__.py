"""Every rule that decides what a comparison says, one table per family."""
