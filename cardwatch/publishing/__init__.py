"""The dataset others may have: a filtered database, Parquet, CSV, JSON lines, histories, and what they mean."""
