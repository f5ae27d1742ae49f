"""Search beyond the list of ideas: comments, answers and programmes; words that mean the same; the index's upkeep."""
