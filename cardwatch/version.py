"""The version, written here and nowhere else: code that Scrapyd runs from an egg has no installed package to ask."""

VERSION = "0.2.0"
