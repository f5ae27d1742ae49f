"""When something is due, what a period may be, and what is odd in a month of looks. Pure."""
