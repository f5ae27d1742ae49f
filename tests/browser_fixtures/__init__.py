"""A real browser before a real server, for the tests in tests/journeys and tests/browser.

Each of the two folders takes the fixtures into its conftest. Must not know any page.
"""
