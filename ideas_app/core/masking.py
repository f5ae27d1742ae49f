"""How data of a person stands masked on pages of staff. Pure; must not know whose it is."""

from __future__ import annotations


def mask_email(email: str) -> str:
    """`k***@example.org`."""
    name, at, host = email.partition("@")
    return f"{name[:1]}***{at}{host}"
