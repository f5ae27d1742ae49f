"""The verbs of the desk: decisions on ideas and comments, flags, appeals, families.

Each asks its policy, demands its reason, leaves an entry in the log and publishes an event. Must
not know the request.
"""

from ideas_app.moderation.service.appeals import file_appeal, settle_appeal
from ideas_app.moderation.service.authors import end_trust, let_through, trust
from ideas_app.moderation.service.bulk import BULK, decide_many
from ideas_app.moderation.service.decisions import (
    hide,
    publish,
    reject,
    restore,
    return_to_author,
)
from ideas_app.moderation.service.families import form_family, split_family
from ideas_app.moderation.service.flags import (
    hide_comment,
    raise_flag,
    restore_comment,
    settle_flag,
)
from ideas_app.moderation.service.locks import keep_open, open_item, release, take_over
from ideas_app.moderation.service.notes import write_note
from ideas_app.moderation.service.objections import object_to_family, settle_objection
from ideas_app.moderation.service.typos import check_fix, fix_typos
from ideas_app.moderation.service.undo import undo

__all__ = [
    "BULK",
    "check_fix",
    "decide_many",
    "end_trust",
    "file_appeal",
    "fix_typos",
    "form_family",
    "hide",
    "hide_comment",
    "keep_open",
    "let_through",
    "object_to_family",
    "open_item",
    "publish",
    "raise_flag",
    "reject",
    "release",
    "restore",
    "restore_comment",
    "return_to_author",
    "settle_appeal",
    "settle_flag",
    "settle_objection",
    "split_family",
    "take_over",
    "trust",
    "undo",
    "write_note",
]
