"""The door to argon2: hashing passwords and checking them. Must not know accounts or password rules.

Parameters: OWASP's second choice for argon2id (19 MiB, 2 passes, 1 lane), so that sixteen log-ins at
once fit into the memory of a small machine.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash of a password, with salt and parameters in it; about 100 characters."""
    return _HASHER.hash(_canonical(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits the hash.

    Without a hash (nobody has this address) the same work is done for nothing, so that the time
    taken tells a stranger nothing.
    """
    try:
        _HASHER.verify(password_hash or _hash_of_nobody(), _canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _canonical(password: str) -> str:
    """One spelling for a password that keyboards send in two (NFC and NFD Hangul). NIST 800-63B."""
    return unicodedata.normalize("NFKC", password)
