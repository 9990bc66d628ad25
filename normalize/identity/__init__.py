"""Which model and variant a source's name means."""
