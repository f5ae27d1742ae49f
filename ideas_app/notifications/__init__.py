"""Tells people what happened, by mail and in the service."""
