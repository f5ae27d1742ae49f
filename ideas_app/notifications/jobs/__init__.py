"""Who is told what when something happens, and the mails that follow.

Handlers may run twice (a worker may die between two steps): each names its happening, and nobody is told one
twice. The table of who hears of what stands in `rules.recipients`.
"""

from ideas_app.notifications.jobs import (
    answers,
    chores,
    comments,
    families,
    ideas,
    mails,
    records,
    shortlists,
    staff,
)

__all__ = [
    "answers",
    "chores",
    "comments",
    "families",
    "ideas",
    "mails",
    "records",
    "shortlists",
    "staff",
]
