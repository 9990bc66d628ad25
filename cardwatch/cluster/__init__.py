"""Crawling and reading by several processes or machines, with Dask; nothing here is imported without one."""
