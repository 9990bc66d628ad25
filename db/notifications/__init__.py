"""Events that people may want a message about, and which receiver got which."""
