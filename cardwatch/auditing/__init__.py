"""The audit: every figure of a comparison worked out again from the catalog, by other code than made it."""
