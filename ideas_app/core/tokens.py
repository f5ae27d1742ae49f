"""Secrets that leave the house: random tokens (kept as hashes) and signed links (a salt for each purpose).

Must not know what a token opens.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from flask import current_app
from itsdangerous import BadData, HMACAlgorithm, TimestampSigner, URLSafeTimedSerializer


def new_token() -> str:
    """A fresh random token of 256 bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored in place of a token: its SHA-256, in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


class _OneCall(HMACAlgorithm):
    """HMAC-SHA-1 as ever, without an object of Python for each of its two hashes."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature, as `HMACAlgorithm` makes it."""
        return hmac.digest(key, value, "sha1")


class _KeptKeys(TimestampSigner):
    """Derives each of its keys once: a key and the salt are all that a derived key depends on."""

    default_digest_method = staticmethod(hashlib.sha1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.algorithm = _OneCall()
        self._derived: dict[Any, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """The key of this salt, made of the newest key or the given one."""
        if secret_key not in self._derived:
            self._derived[secret_key] = super().derive_key(secret_key)
        return self._derived[secret_key]


class QuickSerializer(URLSafeTimedSerializer):
    """Signs and reads the same bytes as itsdangerous does, for what every request of a signed-in person needs. To be
    kept for its keys: it makes its signer once.
    """

    default_signer = _KeptKeys
    _kept: _KeptKeys | None = None

    def make_signer(self, salt: str | bytes | None = None) -> TimestampSigner:
        """The signer; a new one for a salt that is not this serializer's own."""
        if salt is not None and salt != self.salt:
            return _KeptKeys(self.secret_keys, salt=salt, **self.signer_kwargs)
        if self._kept is None:
            self._kept = _KeptKeys(self.secret_keys, salt=self.salt, **self.signer_kwargs)
        return self._kept


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
