"""Model ids in a code base: where they stand, and what the catalog says of each."""
