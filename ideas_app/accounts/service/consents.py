"""Giving consents and taking them back. Nothing is written over: who agreed to what, from when to when, stays
to be read, and so do the words as they stood then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ideas_app.accounts import queries, rules
from ideas_app.accounts.models import Consent, ConsentWords
from ideas_app.core import clock, personal
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from ideas_app.accounts.rules import ConsentText
    from ideas_app.core.actor import Actor

WORDS = ("title", "purpose", "items", "retention", "refusal", "label")


def note_consent(account_id: int, box: ConsentText) -> None:
    """Notes that somebody ticked a box in its present version; twice is once. Keeps the words they saw."""
    values = {"account_id": account_id, "kind": box.kind, "version": box.version}
    insert_ignore(Consent, {**values, "given_at": clock.now()})
    _keep_words(box)


def note_withdrawal(account_id: int, kind: str) -> None:
    """Notes that somebody took a consent back, in every version that was in force."""
    session().execute(
        update(Consent)
        .where(Consent.account_id == account_id, Consent.kind == kind)
        .where(Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )


def _keep_words(box: ConsentText) -> None:
    kept = select(ConsentWords.lang).where(
        ConsentWords.kind == box.kind, ConsentWords.version == box.version
    )
    for lang in sorted(set(LOCALES) - set(session().scalars(kept))):
        with speaking(lang):
            words = {name: str(getattr(box, name)) for name in WORDS}
        values = {"kind": box.kind, "version": box.version, "lang": lang, "words": words}
        insert_ignore(ConsentWords, {**values, "kept_at": clock.now()})


def give_consent(actor: Actor, kind: str) -> None:
    """Ticks one box in its present version.

    Raises `NotFound` for a box that does not exist, `Conflict` for the link with a roster, which is made where
    the person proves that a line is theirs; its new version can be agreed to here once that is done.
    """
    box = _box(kind)
    account = queries.get_account(actor.id)
    if box is rules.LINK_CONSENT and kind not in queries.list_consents(account.id):
        message = _l("Link your record of participation first: there you agree to it.")
        raise Conflict("nothing_linked", message)
    note_consent(account.id, box)


def withdraw_consent(actor: Actor, kind: str) -> None:
    """Takes a consent back, and ends what depended on it in the same moment.

    A required one cannot stand alone: raises `Conflict` that says how to leave.
    """
    if _box(kind).is_required:
        message = _l(
            "The account cannot be without this consent. To withdraw it, delete the account."
        )
        raise Conflict("consent_required", message)
    account = queries.get_account(actor.id)
    note_withdrawal(account.id, kind)
    personal.withdraw(account.id, kind)


def _box(kind: str) -> ConsentText:
    for box in rules.ALL_CONSENTS:
        if box.kind == kind:
            return box
    raise NotFound("consent_unknown", _l("There is no such consent."))
