"""Signed messages to other machines when something public happens."""
