"""The door to pyotp: codes of authenticator apps (TOTP, RFC 6238: six digits, steps of 30 seconds).

Must not know accounts, nor where a secret comes from.
"""

from __future__ import annotations

import base64
import hmac
from typing import TYPE_CHECKING

from ideas_app.core.later import later

if TYPE_CHECKING:
    from datetime import datetime

    import pyotp
else:
    pyotp = later("pyotp")

STEP = 30
"""Seconds for which a code is shown."""
WINDOW = 1
"""Steps before and after the present one whose codes are taken: clocks differ, and typing takes time."""


def as_key(secret: bytes) -> str:
    """A secret as apps take it when it is typed: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def address_of(key: str, *, account: str, site: str) -> str:
    """The address that stands in the QR picture."""
    return pyotp.TOTP(key).provisioning_uri(name=account, issuer_name=site)


def code_at(key: str, instant: datetime) -> str:
    """The code that an app shows at an instant."""
    return pyotp.TOTP(key).at(instant)


def find_step(key: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, within the window, or None. Every step is compared, in constant time."""
    app, present = pyotp.TOTP(key), int(now.timestamp()) // STEP
    found = None
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()):
            found = step
    return found
