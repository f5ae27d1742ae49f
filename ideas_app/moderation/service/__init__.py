"""The verbs of the desk: decisions on ideas and comments, flags, appeals, families.

Each asks its policy, demands its reason, leaves an entry in the log and publishes an event. Must
not know the request.
"""

from ideas_app.moderation.service.alike import LATER_DAYS, bring_back, set_apart
from ideas_app.moderation.service.appeals import file_appeal, settle_appeal
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
from ideas_app.moderation.service.objections import object_to_family, settle_objection

__all__ = [
    "LATER_DAYS",
    "add_to_family",
    "bring_back",
    "drop_draft",
    "file_appeal",
    "form_family",
    "hide",
    "hide_comment",
    "keep_draft",
    "object_to_family",
    "publish",
    "raise_flag",
    "reject",
    "restore",
    "restore_comment",
    "return_to_author",
    "set_apart",
    "settle_appeal",
    "settle_flag",
    "settle_objection",
    "split_family",
    "take_out",
]
