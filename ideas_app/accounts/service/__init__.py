"""Everything that can happen to an account: joining, signing in, one's own settings, staff acts."""

from __future__ import annotations

from ideas_app.accounts.service.attempts import forget_before as forget_tries
from ideas_app.accounts.service.consents import (
    give_consent,
    note_consent,
    note_withdrawal,
    withdraw_consent,
)
from ideas_app.accounts.service.joining import (
    AccountSpec,
    Registration,
    ask_verification,
    create_account,
    register,
    verify,
)
from ideas_app.accounts.service.leaving import (
    delete_account,
    delete_account_of,
    erase_unused,
    forget_again,
)
from ideas_app.accounts.service.managing import change_role, disable, enable
from ideas_app.accounts.service.own import (
    change_nickname,
    change_password,
    choose_language,
    choose_tie,
    correct_birth_date,
    correct_birth_date_of,
    note_download,
    say_neighbourhood,
    switch_shortcuts,
)
from ideas_app.accounts.service.signing_in import (
    ask_reset,
    confirm_password,
    count_log_in,
    end_other_sessions,
    end_session,
    forget_sessions,
    reset_password,
    set_password,
    start_session,
)
from ideas_app.accounts.service.tokens import (
    create_token,
    forget_tokens,
    read_scopes,
    revoke_token,
)

__all__ = (
    "AccountSpec",
    "Registration",
    "ask_reset",
    "ask_verification",
    "change_nickname",
    "change_password",
    "change_role",
    "choose_language",
    "choose_tie",
    "confirm_password",
    "correct_birth_date",
    "correct_birth_date_of",
    "count_log_in",
    "create_account",
    "create_token",
    "delete_account",
    "delete_account_of",
    "disable",
    "enable",
    "end_other_sessions",
    "end_session",
    "erase_unused",
    "forget_again",
    "forget_sessions",
    "forget_tokens",
    "forget_tries",
    "give_consent",
    "note_consent",
    "note_download",
    "note_withdrawal",
    "read_scopes",
    "register",
    "reset_password",
    "revoke_token",
    "say_neighbourhood",
    "set_password",
    "start_session",
    "switch_shortcuts",
    "verify",
    "withdraw_consent",
)
