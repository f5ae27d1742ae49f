"""Supports of the gathering and ballots of the final vote."""
