"""Whoever the token belongs to: the account, and what the rosters say. Nobody else's, ever."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ideas_app.accounts import queries as accounts
from ideas_app.api.fields import Instant
from ideas_app.api.operation import Asked, operation
from ideas_app.api.shapes import Shape, many_of, one_of
from ideas_app.core.permissions import GRANTS, Role, Scope
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.models import Attendance
from ideas_app.web.access import current_actor
from ideas_app.web.bearer import current_grant


class TokenInfo(Shape):
    """The token that asked."""

    name = fields.String()
    scopes = fields.List(fields.String(metadata={"enum": [each.value for each in Scope]}))
    expires_at = Instant()


class Me(Shape):
    """An account, for its owner."""

    id = fields.Integer()
    nickname = fields.String()
    role = fields.String(metadata={"enum": [each.value for each in Role]})
    permissions = fields.List(fields.String())
    verified = fields.Boolean(metadata={"description": "The e-mail address is confirmed."})
    language = fields.String(allow_none=True)
    joined_at = Instant()
    token = one_of(TokenInfo)


class Participation(Shape):
    """A programme one took part in."""

    programme = fields.String(metadata={"description": "Slug."})
    title = fields.String()
    title_en = fields.String()
    year = fields.Integer()
    cohort = fields.String(allow_none=True)
    status = fields.String(metadata={"enum": [each.value for each in Attendance]})
    certificate = fields.String(allow_none=True)
    certified_on = fields.Date(allow_none=True)


class Record(Shape):
    """What the centre's rosters say of the account's owner."""

    linked = fields.Boolean(metadata={"description": "The account is linked to a roster."})
    participations = many_of(Participation)


@operation("GET", "/me", access="signed_in", answer=Me)
def me(asked: Asked) -> Any:
    """Read one's own account.

    With the token's scopes and end: the first thing to ask with a new token.
    """
    del asked
    actor, grant = current_actor(), current_grant()
    account = accounts.get_account(actor.id)
    return {
        "id": account.id,
        "nickname": account.nickname,
        "role": account.role.value,
        "permissions": sorted(GRANTS[account.role]),
        "verified": account.verified_at is not None,
        "language": account.locale,
        "joined_at": account.created_at,
        "token": accounts.get_token(actor.id, grant.token_id) if grant else None,
    }


@operation("GET", "/me/record", access="signed_in", answer=Record)
def my_record(asked: Asked) -> Any:
    """Read one's own record.

    Programmes and certificates, once the account is linked to a roster.
    """
    del asked
    account_id = current_actor().id
    assert account_id is not None  # noqa: S101  # signed in
    return {
        "linked": programmes.find_person_of(account_id) is not None,
        "participations": [
            {
                "programme": each.programme.slug,
                "title": each.programme.title,
                "title_en": each.programme.title_en,
                "year": each.programme.year,
                "cohort": each.cohort or None,
                "status": each.status.value,
                "certificate": each.certificate,
                "certified_on": each.certified_on,
            }
            for each in programmes.list_records_of(account_id)
        ],
    }
