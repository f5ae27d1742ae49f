"""Secrets that leave the house: random tokens (kept as hashes) and signed links (a salt for each purpose).

Must not know what a token opens.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer


def new_token() -> str:
    """A fresh random token of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored in place of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    keys = [*current_app.config.get("SECRET_KEY_FALLBACKS", []), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt=f"ideas:{purpose}")


def sign(purpose: str, payload: Any) -> str:
    """A signed, dated text that only the same purpose can read back."""
    return _serializer(purpose).dumps(payload)


def unsign(purpose: str, token: str, *, max_age: int) -> Any | None:
    """The payload, or None when forged, meant for another purpose, or older than `max_age` seconds."""
    try:
        return _serializer(purpose).loads(token, max_age=max_age)
    except BadData:
        return None


def keyed_hash(purpose: str, value: str, secret: str | None = None) -> str:
    """What is stored in place of a value that must be compared but never read: HMAC-SHA-256, in hex.

    `secret`: the SECRET_KEY, where no application is at hand.
    A new SECRET_KEY makes new hashes: fit for counters of minutes, not for years.
    """
    key = (secret or str(current_app.config["SECRET_KEY"])).encode()
    return hmac.digest(key, f"{purpose}:{value}".encode(), "sha256").hex()


def derived_key(key: str, purpose: str) -> str:
    """A key of its own for one purpose, made of another key, in hex: HMAC-SHA-256."""
    return hmac.new(key.encode(), f"ideas:{purpose}".encode(), hashlib.sha256).hexdigest()


def lasting_secret(purpose: str) -> bytes:
    """20 bytes of their own for one purpose, the same as long as PERSON_KEY is: HMAC-SHA-256, cut.

    Kept nowhere: a stolen database does not hold it. RFC 4226 asks for 160 bits where codes are made of it.
    """
    return hmac.new(person_key(), f"ideas:{purpose}".encode(), hashlib.sha256).digest()[:20]


def person_key() -> bytes:
    """The secret of the keys by which persons on rosters are found again (PERSON_KEY).

    It never changes, unlike SECRET_KEY: under another one nobody would be recognised.
    """
    return str(current_app.config["PERSON_KEY"]).encode()
