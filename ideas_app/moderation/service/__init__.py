"""The verbs of the desk: decisions on ideas and comments, flags, appeals, families.

Each asks its policy, demands its reason, leaves an entry in the log and publishes an event. Must
not know the request.
"""

from ideas_app.moderation.service.alike import LATER_DAYS, bring_back, set_apart
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
from ideas_app.moderation.service.drafts import drop_draft, keep_draft
from ideas_app.moderation.service.families import (
    add_to_family,
    form_family,
    split_family,
    take_out,
)
from ideas_app.moderation.service.flags import (
    hide_comment,
    raise_flag,
    restore_comment,
    settle_flag,
)
from ideas_app.moderation.service.leaving import forget_person
from ideas_app.moderation.service.locks import keep_open, open_item, release, take_over
from ideas_app.moderation.service.notes import write_note
from ideas_app.moderation.service.objections import object_to_family, settle_objection
from ideas_app.moderation.service.typos import check_fix, fix_typos
from ideas_app.moderation.service.undo import undo

__all__ = [
    "BULK",
    "LATER_DAYS",
    "add_to_family",
    "bring_back",
    "check_fix",
    "decide_many",
    "drop_draft",
    "end_trust",
    "file_appeal",
    "fix_typos",
    "forget_person",
    "form_family",
    "hide",
    "hide_comment",
    "keep_draft",
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
    "set_apart",
    "settle_appeal",
    "settle_flag",
    "settle_objection",
    "split_family",
    "take_out",
    "take_over",
    "trust",
    "undo",
    "write_note",
]
