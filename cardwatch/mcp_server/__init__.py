"""The catalog for assistants: tools of the Model Context Protocol, all of which only look."""
