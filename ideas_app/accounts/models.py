"""Tables of people who sign in.

Must not know what they do elsewhere.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ideas_app.core.columns import (
    Base,
    counter,
    enum_column,
    instant,
    intpk,
    json_list,
    json_object,
    str20,
    str40,
    str80,
    str200,
    str320,
)
from ideas_app.core.permissions import Role


class Tie(StrEnum):
    """How a person belongs to the city, in their own words."""

    RESIDENT = "resident"
    WORKER = "worker"
    STUDENT = "student"
    OTHER = "other"


class Account(Base):
    """A person who can sign in. Deleted accounts keep their row, emptied, so that texts and counts stand."""

    __tablename__ = "account"

    id: Mapped[intpk]
    email: Mapped[str320 | None]
    email_key: Mapped[str | None] = mapped_column(String(320), unique=True)
    """The address under which two spellings are one (case, full-width letters)."""
    password_hash: Mapped[str200 | None]
    nickname: Mapped[str80]
    nickname_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.YOUTH)
    born_on: Mapped[date | None]
    tie: Mapped[Tie | None] = mapped_column(enum_column(Tie))
    neighbourhood: Mapped[str40 | None]
    """Said of one's own accord, for totals of ten people or more only; never on a page beside a name."""
    department: Mapped[str80 | None]
    """The city department of an official."""
    locale: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[instant]
    verified_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When somebody was last signed in, to the day or so; sessions themselves are forgotten."""
    disabled_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    trusted_at: Mapped[datetime | None]
    """Since when a moderator lets this author's ideas skip the queue."""
    shortcuts_off: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the single-letter keys of the desk are switched off for this person."""


class LoginSession(Base):
    """One signed-in browser. The cookie holds a random token; this row decides whether it still counts."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_account_id", "account_id"),)

    id: Mapped[intpk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[instant]
    seen_at: Mapped[instant]
    browser: Mapped[str80] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]
    """When the person last showed in this browser who they are: by password, code, provider or mailed link."""
    factor_at: Mapped[datetime | None]
    """When a code of the second factor was given in this browser; None where none was."""


class KeptForm(Base):
    """What somebody typed into a form whose door had shut meanwhile: the newest, until it is sent or a day is over."""

    __tablename__ = "kept_form"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(Text)
    """Where the form leads, on this site."""
    page: Mapped[str] = mapped_column(Text, default="")
    """The page on which it stood, as far as the browser told."""
    fields: Mapped[json_list]
    """Pairs of name and value, as they were sent; never a password."""
    has_files: Mapped[bool] = mapped_column(default=False)
    kept_at: Mapped[instant]
    sent_at: Mapped[datetime | None]
    """When its owner sent it after all; it stays for the rest of the day in case it was not taken."""


class ApiToken(Base):
    """A way in for a program of the account's owner. The token is shown once; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_account_id", "account_id"),)

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str80]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str20]
    """The last few characters, by which the owner knows it again."""
    scopes: Mapped[json_list]
    created_at: Mapped[instant]
    expires_at: Mapped[instant]
    used_at: Mapped[datetime | None]
    """The last use, to the hour: enough to find a forgotten one, too little to follow a person."""
    revoked_at: Mapped[datetime | None]


_IN_FORCE = text("withdrawn_at IS NULL")


class Consent(Base):
    """One box that a person ticked, with the version of the text they saw. Taken back and given again it is
    two rows: the history stays. At most one of each version is in force.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index(
            "uq_consent_in_force",
            "account_id",
            "kind",
            "version",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str20]
    version: Mapped[int]
    given_at: Mapped[instant]
    withdrawn_at: Mapped[datetime | None]


class ConsentWords(Base):
    """The words of one version of a consent in one language, as they stood when it was first given."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("kind", "version", "lang"),)

    id: Mapped[intpk]
    kind: Mapped[str20]
    version: Mapped[int]
    lang: Mapped[str] = mapped_column(String(8))
    words: Mapped[json_object]
    """By the names of `rules.ConsentText`: title, purpose, items, retention, refusal, label."""
    kept_at: Mapped[instant]


class Identity(Base):
    """A log-in by others: the issuer's own word for a person, and nothing else of what it may know."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
    )

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str200]
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[instant]


class SecondFactor(Base):
    """An authenticator app that shows codes for an account. The secret is worked out of `nonce`, not kept."""

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    nonce: Mapped[str] = mapped_column(String(64))
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The step of 30 seconds whose code was used last: it and all before it open nothing any more."""
    set_at: Mapped[instant]


class RecoveryCode(Base):
    """One code for the day on which the phone is lost; goes when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[intpk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))


class Attempt(Base):
    """Wrong log-ins and reset mails of one key (account or address, hashed) within a window."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("key", "window_at"),)

    id: Mapped[intpk]
    key: Mapped[str] = mapped_column(String(80))
    window_at: Mapped[instant]
    tries: Mapped[counter]
