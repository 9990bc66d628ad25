"""Stage 3: who said what, since when, and when somebody last looked."""
