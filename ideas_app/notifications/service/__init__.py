"""Telling people, each thing once; marking what was read; choosing channels; daily mails; events that failed.

Must not know why somebody is told: the handlers in `jobs` do.
"""

from ideas_app.notifications.service.daily import (
    DAILY_KEPT,
    begin_digests,
    begin_work_mails,
    forget_daily,
    note_daily_mailed,
    postpone_daily,
)
from ideas_app.notifications.service.letters import (
    address_of,
    stop_address,
    write_digest,
    write_notice,
    write_work,
)
from ideas_app.notifications.service.reading import mark_one_read, mark_read
from ideas_app.notifications.service.settings import choose, stop_mails, switch_mail
from ideas_app.notifications.service.telling import forget, note_mailed, postpone, tell

__all__ = [
    "DAILY_KEPT",
    "address_of",
    "begin_digests",
    "begin_work_mails",
    "choose",
    "forget",
    "forget_daily",
    "mark_one_read",
    "mark_read",
    "note_daily_mailed",
    "note_mailed",
    "postpone",
    "postpone_daily",
    "stop_address",
    "stop_mails",
    "switch_mail",
    "tell",
    "write_digest",
    "write_notice",
    "write_work",
]
