"""Screens that show several features; only reads and composes."""
