"""The year's figures, recomputed from the records."""
