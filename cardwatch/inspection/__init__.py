"""The catalog in Datasette: a published copy, described, with ready questions and links to our pages."""
