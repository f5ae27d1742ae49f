"""What an operator sees of the work in the background, and what can be done where it failed."""
