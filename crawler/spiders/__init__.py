"""One source per file; the file, the class, the page folder and the test row carry one name."""
