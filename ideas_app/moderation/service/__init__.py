"""The verbs of the desk: decisions on ideas and comments, flags, appeals, families.

Each asks its policy, demands its reason, leaves an entry in the log and publishes an event. Must
not know the request.
"""

from ideas_app.moderation.service.appeals import file_appeal, settle_appeal
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
from ideas_app.moderation.service.objections import object_to_family, settle_objection

__all__ = [
    "file_appeal",
    "form_family",
    "hide",
    "hide_comment",
    "object_to_family",
    "publish",
    "raise_flag",
    "reject",
    "restore",
    "restore_comment",
    "return_to_author",
    "settle_appeal",
    "settle_flag",
    "settle_objection",
    "split_family",
]
