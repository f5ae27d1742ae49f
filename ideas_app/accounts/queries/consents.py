"""What somebody agreed to, and in which words. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, or_, select

from ideas_app.accounts.models import (
    Consent,
    ConsentWords,
)
from ideas_app.accounts.rules import (
    ALL_CONSENTS,
    CONSENTS,
)
from ideas_app.core.db import session

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement

    from ideas_app.accounts.rules import ConsentText


def list_consents(account_id: int | None) -> dict[str, Consent]:
    """By kind, the latest consent that an account gave and has not withdrawn."""
    rows = session().scalars(
        select(Consent)
        .where(Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
        .order_by(Consent.version)
    )
    return {row.kind: row for row in rows}


def list_agreed(kind: str, account_ids: Iterable[int]) -> set[int]:
    """Those of the accounts that have agreed to the present version of a consent."""
    version = next(each.version for each in CONSENTS if each.kind == kind)
    query = select(Consent.account_id).where(
        Consent.kind == kind,
        Consent.version >= version,
        Consent.withdrawn_at.is_(None),
        Consent.account_id.in_(list(account_ids)),
    )
    return set(session().scalars(query))


def list_missing_consents(account_id: int | None) -> list[str]:
    """Kinds of required consents whose present version the account has not given."""
    given = list_consents(account_id)
    return [
        wanted.kind
        for wanted in CONSENTS
        if wanted.is_required
        and (wanted.kind not in given or given[wanted.kind].version < wanted.version)
    ]


def list_consent_history(account_id: int | None) -> Sequence[Consent]:
    """Everything that an account agreed to and took back, oldest first."""
    query = select(Consent).where(Consent.account_id == account_id)
    return session().scalars(query.order_by(Consent.given_at, Consent.id)).all()


def list_outdated_consents(account_id: int | None) -> list[ConsentText]:
    """The consents that somebody gave in an earlier version only: they are asked anew."""
    given = list_consents(account_id)
    return [
        box for box in ALL_CONSENTS if box.kind in given and given[box.kind].version < box.version
    ]


def has_outdated_consent(account_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether there are any, as a condition on an account, for a statement that is put together once."""
    held: Any = Consent.__table__.alias("held")
    newer: Any = Consent.__table__.alias("newer")
    # a first version has none before it: such boxes need no look
    earlier = [
        and_(held.c.kind == box.kind, held.c.version < box.version)
        for box in ALL_CONSENTS
        if box.version > 1
    ]
    is_last = ~exists().where(
        newer.c.account_id == held.c.account_id,
        newer.c.kind == held.c.kind,
        newer.c.version > held.c.version,
        newer.c.withdrawn_at.is_(None),
    )
    return exists().where(
        held.c.account_id == account_id,
        held.c.withdrawn_at.is_(None),
        or_(False, *earlier),  # noqa: FBT003  # SQL's own: none where there is no such box
        is_last,
    )


def find_consent_words(kind: str, version: int, lang: str) -> ConsentWords | None:
    """The words of a version as they stood; None where nobody has given it since words are kept."""
    query = select(ConsentWords).where(
        ConsentWords.kind == kind, ConsentWords.version == version, ConsentWords.lang == lang
    )
    return session().scalar(query)
