"""What accounts keep of a person: the account itself, consents, open sessions, and what the log says of it.

The account's own row is emptied by `service.delete_account`, last of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.accounts import queries
from ideas_app.accounts.rules import ALL_CONSENTS, is_prose
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.core.personal import Column, Holding, Room, Trace, declare

if TYPE_CHECKING:
    from ideas_app.core.personal import Rows

_GONE = _l("Deleted at once.")


def read_account(account_id: int) -> Rows:
    """The account itself: one row."""
    account = queries.get_account(account_id)
    yield {
        "email": account.email,
        "nickname": account.nickname,
        "role": account.role.value,
        "born_on": account.born_on,
        "tie": account.tie.value if account.tie else None,
        "neighbourhood": account.neighbourhood,
        "department": account.department,
        "language": account.locale,
        "created_at": account.created_at,
        "verified_at": account.verified_at,
        "trusted_at": account.trusted_at,
        "shortcuts_off": account.shortcuts_off,
    }


def read_consents(account_id: int) -> Rows:
    """Every consent that was given, and taken back."""
    titles = {box.kind: box.title for box in ALL_CONSENTS}
    for row in queries.list_consent_history(account_id):
        yield {
            "kind": row.kind,
            "title": str(titles.get(row.kind, row.kind)),
            "version": row.version,
            "given_at": row.given_at,
            "withdrawn_at": row.withdrawn_at,
        }


def read_sessions(account_id: int) -> Rows:
    """The browsers that are signed in."""
    for row in reversed(queries.list_sessions(account_id)):
        yield {"browser": row.browser, "created_at": row.created_at, "seen_at": row.seen_at}


def read_kept_form(account_id: int) -> Rows:
    """What waits to be sent after all."""
    row = queries.find_kept(account_id)
    if row is not None:
        for _name, value in row.fields:
            if is_prose(value):
                yield {"kept_at": row.kept_at, "text": value}


def read_tokens(account_id: int) -> Rows:
    """The tokens that still open something, never the tokens themselves."""
    for row in reversed(queries.list_tokens(account_id)):
        yield {
            "name": row.name,
            "hint": row.hint,
            "scopes": ", ".join(row.scopes),
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "used_at": row.used_at,
        }


def read_ways_in(account_id: int) -> Rows:
    """Log-ins by others, and the second factor without its secret."""
    for row in queries.list_identities(account_id):
        yield {"way": row.issuer, "subject": row.subject, "since": row.linked_at}
    factor = queries.find_second_factor(account_id)
    if factor is not None:
        yield {"way": str(_l("Second factor")), "subject": "", "since": factor.set_at}


declare(
    Room(
        "accounts",
        holdings=(
            Holding(
                key="account",
                title=_l("Your account"),
                columns=(
                    Column("email", _l("E-mail address")),
                    Column("nickname", _l("Nickname")),
                    Column("role", _l("Role")),
                    Column("born_on", _l("Date of birth"), "date"),
                    Column("tie", _l("Your tie to the city")),
                    Column("neighbourhood", _l("Neighbourhood")),
                    Column("department", _l("Department")),
                    Column("language", _l("Language")),
                    Column("created_at", _l("Joined"), "datetime"),
                    Column("verified_at", _l("Address confirmed"), "datetime"),
                    Column("trusted_at", _l("Trusted as an author since"), "datetime"),
                    Column("shortcuts_off", _l("Keyboard shortcuts off"), "bool"),
                ),
                read=read_account,
                kept=_l("Until you leave."),
                leaving=_l(
                    "Emptied at once; a row without anything of you stays, so that counts hold."
                ),
                places=("account.id",),
            ),
            Holding(
                key="consents",
                title=_l("Your consents"),
                columns=(
                    Column("kind", _l("Kind")),
                    Column("title", _l("Title")),
                    Column("version", _l("Version"), "int"),
                    Column("given_at", lazy_pgettext("consent", "Given"), "datetime"),
                    Column("withdrawn_at", _l("Taken back"), "datetime"),
                ),
                read=read_consents,
                kept=_l("Until you leave, the ones taken back too."),
                leaving=_GONE,
                places=("consent.account_id",),
            ),
            Holding(
                key="sessions",
                title=_l("Where you are logged in"),
                columns=(
                    Column("browser", _l("Browser")),
                    Column("created_at", _l("Logged in"), "datetime"),
                    Column("seen_at", _l("Last used"), "datetime"),
                ),
                read=read_sessions,
                kept=_l("Until you log out, at most 30 days."),
                leaving=_GONE,
                places=("login_session.account_id",),
            ),
            Holding(
                key="kept_form",
                title=_l("What you typed when you had been logged out"),
                columns=(
                    Column("kept_at", _l("Since"), "datetime"),
                    Column("text", _l("Text")),
                ),
                read=read_kept_form,
                kept=_l("For a day, so that nothing you typed is lost."),
                leaving=_GONE,
                places=("kept_form.account_id",),
            ),
            Holding(
                key="tokens",
                title=_l("Tokens for programs"),
                columns=(
                    Column("name", _l("What it is for")),
                    Column("hint", _l("Its last characters")),
                    Column("scopes", _l("What it may do")),
                    Column("created_at", _l("Made"), "datetime"),
                    Column("expires_at", _l("Ends"), "datetime"),
                    Column("used_at", _l("Last used"), "datetime"),
                ),
                read=read_tokens,
                kept=_l("Until you revoke them or they end, and 30 days more."),
                leaving=_GONE,
                places=("api_token.account_id",),
            ),
            Holding(
                key="ways_in",
                title=_l("Other ways to log in"),
                columns=(
                    Column("way", _l("Provider")),
                    Column("subject", _l("Its word for you")),
                    Column("since", _l("Since"), "datetime"),
                ),
                read=read_ways_in,
                kept=_l("Until you take them away."),
                leaving=_GONE,
                places=(
                    "identity.account_id",
                    "second_factor.account_id",
                    "recovery_code.account_id",
                ),
            ),
        ),
        traces=(
            Trace(
                ("attempt.key",),
                "a keyed hash of an address or account beside wrong log-ins; deleted within a day",
            ),
        ),
    )
)
