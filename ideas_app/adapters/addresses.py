"""The door to email-validator: whether a text is an e-mail address. Must not know accounts.

No DNS is asked: the mail itself is the proof.
"""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
"""Octets in an address that mail servers carry. Source: RFC 5321, erratum 1690."""


def find_address(text: str, *, public: bool = True) -> str | None:
    """The address as mail servers want it, or None when the text is none.

    `public` refuses names that no public mail reaches (localhost, .test); operators may use them.
    """
    if len(text.encode("utf-8", "replace")) > LONGEST:
        return None
    try:
        found = validate_email(
            text,
            check_deliverability=False,
            globally_deliverable=public,
            allow_smtputf8=False,  # many servers still cannot carry such an address
        )
    except EmailNotValidError:
        return None
    return found.ascii_email or found.normalized
