"""The append-only, hash-chained log of what staff and the system did."""
