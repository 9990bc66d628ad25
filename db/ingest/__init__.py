"""From the visits of one source to claims: what changed, what is held, which date moves."""
