"""A comparison as JSON, Markdown and HTML."""
