"""The checks, one module per subject. Each yields differences; what holds them together is the table."""
