"""The static site: pages for people, and the same data for programs, written beside each other."""
