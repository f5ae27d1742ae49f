"""Everything that can happen to an account: joining, signing in, one's own settings, staff acts."""

from __future__ import annotations

from ideas_app.accounts.service.attempts import forget_before as forget_tries
from ideas_app.accounts.service.by_others import confirm_by, link, open_by, unlink, use_answer
from ideas_app.accounts.service.confirming import (
    ask_confirmation,
    confirm_by_link,
    confirm_by_password,
    confirmation_token,
    is_confirmation,
)
from ideas_app.accounts.service.joining import (
    AccountSpec,
    Registration,
    Vouched,
    ask_verification,
    create_account,
    has_account,
    join_by,
    register,
    verify,
)
from ideas_app.accounts.service.managing import change_role, disable, enable
from ideas_app.accounts.service.own import (
    change_nickname,
    change_password,
    choose_language,
    delete_account,
    give_consent,
    say_neighbourhood,
    switch_shortcuts,
    withdraw_consent,
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

__all__ = (
    "AccountSpec",
    "Registration",
    "Vouched",
    "ask_confirmation",
    "ask_reset",
    "ask_verification",
    "change_nickname",
    "change_password",
    "change_role",
    "choose_language",
    "confirm_by",
    "confirm_by_link",
    "confirm_by_password",
    "confirm_password",
    "confirmation_token",
    "count_log_in",
    "create_account",
    "delete_account",
    "disable",
    "enable",
    "end_other_sessions",
    "end_session",
    "forget_sessions",
    "forget_tries",
    "give_consent",
    "has_account",
    "is_confirmation",
    "join_by",
    "link",
    "open_by",
    "register",
    "reset_password",
    "say_neighbourhood",
    "set_password",
    "start_session",
    "switch_shortcuts",
    "unlink",
    "use_answer",
    "verify",
    "withdraw_consent",
)
