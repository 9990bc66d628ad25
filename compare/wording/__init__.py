"""Words and figures of a comparison: labels, benchmark names, sentences, numbers, escaping. Nothing here knows a model."""
