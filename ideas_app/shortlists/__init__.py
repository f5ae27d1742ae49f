"""Rounds that elect a shortlist, and their exact arithmetic."""
