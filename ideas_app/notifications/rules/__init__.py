"""What notices say, whom they go to, by which channel and when. Pure: no database, no clock.

`recipients` is the table of who hears of what, `groups` the channels, `timing` the hours, `digest` the
shape of the daily mail, `words` and
`duties` the sentences, `reading` what a notice says and where it leads.
"""

from ideas_app.notifications.rules.digest import (
    LINES_SHOWN,
    SUBJECTS_SHOWN,
    Bundle,
    Digest,
    Line,
    arrange,
    bundle,
)
from ideas_app.notifications.rules.groups import (
    CHOOSABLE,
    DEFAULTS,
    FIXED_INBOX,
    GROUP_WORDS,
    NEWS,
    Choice,
    Group,
    choice_of,
    stopped,
)
from ideas_app.notifications.rules.kinds import Kind, Place, Spot
from ideas_app.notifications.rules.reading import (
    KINDS,
    WHY_WORDS,
    group_of,
    line_of,
    mailing_of,
    place_of,
    why_of,
)
from ideas_app.notifications.rules.recipients import TOLD, Told, Why, told_of
from ideas_app.notifications.rules.timing import (
    DAY_BEGINS,
    DAY_ENDS,
    is_digest_time,
    is_quiet,
    is_work_time,
    send_at,
)

__all__ = [
    "CHOOSABLE",
    "DAY_BEGINS",
    "DAY_ENDS",
    "DEFAULTS",
    "FIXED_INBOX",
    "GROUP_WORDS",
    "KINDS",
    "LINES_SHOWN",
    "NEWS",
    "SUBJECTS_SHOWN",
    "TOLD",
    "WHY_WORDS",
    "Bundle",
    "Choice",
    "Digest",
    "Group",
    "Kind",
    "Line",
    "Place",
    "Spot",
    "Told",
    "Why",
    "arrange",
    "bundle",
    "choice_of",
    "group_of",
    "is_digest_time",
    "is_quiet",
    "is_work_time",
    "line_of",
    "mailing_of",
    "place_of",
    "send_at",
    "stopped",
    "told_of",
    "why_of",
]
