"""What several processes or machines do for one run, with Dask; nothing here is imported without one."""
