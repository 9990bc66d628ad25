"""Which pages a run visits, from learned change rates."""
