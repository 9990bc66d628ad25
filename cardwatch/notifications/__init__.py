"""Events gathered and sent to receivers."""
