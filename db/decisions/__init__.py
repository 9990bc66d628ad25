"""What people decided: curated facts, reviews, links of names, merges."""
