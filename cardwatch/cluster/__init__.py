"""Crawling, reading, comparing and exporting by several processes or machines, with Dask; nothing here is imported without one."""
