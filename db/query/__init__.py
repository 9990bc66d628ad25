"""What the catalog says: cards, offers, conflicts, reports."""
