"""Reads of notices, of who is to be told, of what goes by mail, and of what failed. Must not change anything."""

from ideas_app.notifications.queries.inbox import (
    COUNTED,
    SHOWS,
    count_of_kind,
    count_unread,
    find_own,
    list_of,
)
from ideas_app.notifications.queries.people import (
    authors_of,
    find_doer,
    interested_in,
    list_ideas_of_round,
    list_members,
    list_moderators,
    list_naming,
    list_officials,
    list_on_ballot,
    list_open,
    ties_of,
)
from ideas_app.notifications.queries.sending import (
    find_daily,
    find_to_mail,
    list_for_digest,
    list_staff_at_work,
    list_waiting_for_digest,
)
from ideas_app.notifications.queries.settings import Settings, settings_of, settings_of_all
from ideas_app.notifications.queries.work import Work, work_of

__all__ = [
    "COUNTED",
    "SHOWS",
    "Settings",
    "Work",
    "authors_of",
    "count_of_kind",
    "count_unread",
    "find_daily",
    "find_doer",
    "find_own",
    "find_to_mail",
    "interested_in",
    "list_for_digest",
    "list_ideas_of_round",
    "list_members",
    "list_moderators",
    "list_naming",
    "list_of",
    "list_officials",
    "list_on_ballot",
    "list_open",
    "list_staff_at_work",
    "list_waiting_for_digest",
    "settings_of",
    "settings_of_all",
    "ties_of",
    "work_of",
]
