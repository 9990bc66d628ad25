"""Synthetic pages on which the production policy is measured against known rules and an oracle."""
