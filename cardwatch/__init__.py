"""The front door: runs the stages in order and prints what they found."""
