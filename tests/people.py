"""The cast of every test: Mina writes, Jun is another youth, Sora moderates, Hyun answers, Dana administers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from ideas_app.accounts.models import Account, LoginSession, Tie
from ideas_app.accounts.queries import actor_of
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR, Actor
from ideas_app.core.db import transaction
from ideas_app.core.permissions import Role
from ideas_app.core.tokens import new_token, token_hash

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PASSWORD = "바다와노을그리고등대"
# argon2id of PASSWORD with small parameters: hashing it anew for each test would only cost time
PASSWORD_HASH = (
    "$argon2id$v=19$m=64,t=1,p=1$Nss1xIHCW3zmpZfOblavQA$olEvXXmAswL8uXw2UT5V20uEEHVaSPTpZ/1Xo2kc8VA"
)

# every second test begins with five people: a plain row costs a third of an object of the session
_ACCOUNT = insert(Account.__table__).returning(Account.__table__.c.id)


def make_account(
    nickname: str,
    role: Role = Role.YOUTH,
    *,
    verified: bool = True,
    born_on: date | None = date(2000, 5, 17),
    tie: Tie | None = Tie.RESIDENT,
    email: str | None = None,
    locale: str | None = None,
    days_old: int = 30,
) -> Actor:
    """An account as a row; its actor."""
    email = email or f"{nickname.lower()}@example.org"
    values = {
        "email": email,
        "email_key": email.casefold(),
        "password_hash": PASSWORD_HASH,
        "nickname": nickname,
        "nickname_key": nickname.casefold(),
        "role": role,
        "born_on": born_on,
        "tie": tie,
        "locale": locale,
        "created_at": clock.now() - timedelta(days=days_old),
        "verified_at": clock.now() if verified else None,
        "shortcuts_off": False,
    }
    with transaction() as session:
        made = session.execute(_ACCOUNT, values).scalar_one()
    return actor_of(Account(id=made, **values))


@dataclass(frozen=True)
class Cast:
    """The people of the stories, as actors."""

    mina: Actor
    jun: Actor
    sora: Actor
    hyun: Actor
    dana: Actor
    visitor: Actor = VISITOR

    @classmethod
    def assemble(cls) -> Cast:
        with transaction():
            return cls(
                mina=make_account("Mina"),
                jun=make_account("Jun"),
                sora=make_account("Sora", Role.MODERATOR, born_on=date(1985, 1, 2)),
                hyun=make_account("Hyun", Role.OFFICIAL, born_on=date(1979, 8, 9)),
                dana=make_account("Dana", Role.ADMIN, born_on=date(1982, 3, 4)),
            )


def sign_in(client: FlaskClient, person: Actor) -> None:
    """Signs a person in to a browser without the log-in page, as if the password had been typed just now."""
    token = new_token()
    with transaction() as session:
        session.add(
            LoginSession(
                token_hash=token_hash(token),
                account_id=person.id,
                created_at=clock.now(),
                seen_at=clock.now(),
                confirmed_at=clock.now(),
            )
        )
    with client.session_transaction() as cookie:
        cookie["sid"] = token
