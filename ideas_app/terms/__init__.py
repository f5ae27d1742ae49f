"""Texts by which the house binds itself towards people, in versions that stay readable."""
