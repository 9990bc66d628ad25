"""Helpers of the tests: made worlds, servers, pages, catalogs."""
