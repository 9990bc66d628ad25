"""One module per family of commands; each loads only when it is asked for."""
