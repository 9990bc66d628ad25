"""Freshness limits, and what is past them."""
