"""Reads of accounts, sessions, tokens, consents and people."""

from __future__ import annotations

from ideas_app.accounts.queries.consents import (
    find_consent_words,
    list_agreed,
    list_consent_history,
    list_consents,
    list_missing_consents,
    list_outdated_consents,
)
from ideas_app.accounts.queries.finding import (
    check_password,
    find_by_email,
    find_by_identity,
    find_by_name,
    find_by_reset_token,
    find_by_verify_token,
    find_second_factor,
    get_account,
    get_by_email,
    is_nickname_taken,
    is_password_of,
    list_identities,
    reset_token,
    verify_token,
    was_birth_date_corrected,
)
from ideas_app.accounts.queries.people import (
    AccountRow,
    PeopleFilter,
    count_staff,
    list_affected,
    list_people,
    nicknames_of,
)
from ideas_app.accounts.queries.programs import find_grant, get_token, list_tokens
from ideas_app.accounts.queries.sessions import (
    TOUCH,
    USED,
    actor_of,
    find_session_actor,
    list_sessions,
)

__all__ = [
    "TOUCH",
    "USED",
    "AccountRow",
    "PeopleFilter",
    "actor_of",
    "check_password",
    "count_staff",
    "find_by_email",
    "find_by_identity",
    "find_by_name",
    "find_by_reset_token",
    "find_by_verify_token",
    "find_consent_words",
    "find_grant",
    "find_second_factor",
    "find_session_actor",
    "get_account",
    "get_by_email",
    "get_token",
    "is_nickname_taken",
    "is_password_of",
    "list_affected",
    "list_agreed",
    "list_consent_history",
    "list_consents",
    "list_identities",
    "list_missing_consents",
    "list_outdated_consents",
    "list_people",
    "list_sessions",
    "list_tokens",
    "nicknames_of",
    "reset_token",
    "verify_token",
    "was_birth_date_corrected",
]
