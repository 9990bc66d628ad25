"""What there is to tell, and who was told."""
