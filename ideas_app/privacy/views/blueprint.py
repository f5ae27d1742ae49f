"""The blueprint of all screens about one's own data, and the banner that asks for a consent anew.

Must not hold a view.
"""

from __future__ import annotations

from flask import Blueprint, session

from ideas_app.accounts.rules import ALL_CONSENTS
from ideas_app.web.access import current_actor

blueprint = Blueprint("privacy", __name__)

_SEEN = "consents_seen"
_PRESENT = " ".join(f"{box.kind}{box.version}" for box in ALL_CONSENTS)
"""Which versions there are: once a browser has been asked about these it is left alone until one rises."""


@blueprint.app_template_global("asks_consent_anew")
def asks_consent_anew() -> bool:
    """Whether a consent of the reader is of an earlier version, so that a banner asks for it.

    Known from the statement that finds out who is signed in: nothing is asked here.
    """
    return current_actor().is_asked_anew and session.get(_SEEN) != _PRESENT


def leave_alone() -> None:
    """Asks no more in this browser until a text changes again."""
    session[_SEEN] = _PRESENT
