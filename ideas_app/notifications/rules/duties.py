"""What staff are told: what is asked of them, and what became of what they asked. Pure."""

from __future__ import annotations

from datetime import date

from ideas_app.core.i18n import lazy_date
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.notifications.rules.groups import Group
from ideas_app.notifications.rules.kinds import Kind, Spot
from ideas_app.notifications.rules.words import FORMER

DUTIES: dict[str, Kind] = {
    "note": Kind(
        lambda v: _l(
            "%(name)s named you in a note beside “%(title)s”.",
            name=v.get("name") or FORMER,
            title=v["title"],
        ),
        Group.DUTY,
        spot=Spot.DESK,
    ),
    "appeal_filed": Kind(
        lambda v: _l("The author of “%(title)s” appeals against a rejection.", title=v["title"]),
        Group.DUTY,
        spot=Spot.APPEAL,
    ),
    "objection_filed": Kind(
        lambda v: _l("The author of “%(title)s” objects to its family.", title=v["title"]),
        Group.DUTY,
        spot=Spot.OBJECTION,
    ),
    "assigned": Kind(
        lambda v: _l("The answer to “%(title)s” was given to you.", title=v["title"]),
        Group.DUTY,
        spot=Spot.ANSWER_DESK,
    ),
    "review_asked": Kind(
        lambda v: _l("A draft answer to “%(title)s” waits for your review.", title=v["title"]),
        Group.DUTY,
        spot=Spot.ANSWER_DESK,
    ),
    "review_approved": Kind(
        lambda v: _l("Your draft answer to “%(title)s” was approved.", title=v["title"]),
        Group.DUTY,
        spot=Spot.ANSWER_DESK,
    ),
    "review_returned": Kind(
        lambda v: _l("Your draft answer to “%(title)s” came back.", title=v["title"]),
        Group.DUTY,
        spot=Spot.ANSWER_DESK,
    ),
    "evaluation_asked": Kind(
        lambda v: _l("You are asked to evaluate “%(title)s”.", title=v["title"]),
        Group.DUTY,
        spot=Spot.EVALUATION,
    ),
    "evaluation_closed": Kind(
        lambda v: _l("The evaluation of “%(title)s” that you asked for is done.", title=v["title"]),
        Group.DUTY,
        spot=Spot.EVALUATION,
    ),
    "roster_expiring": Kind(
        lambda v: _l(
            "The names on the roster of “%(title)s” go on %(day)s: the period is over.",
            title=v["title"],
            day=lazy_date(date.fromisoformat(v["day"])) if v.get("day") else "",
        ),
        Group.DUTY,
        _l("Take along what still has to be proved. The counts stay."),
        spot=Spot.ROSTER,
    ),
    "promise_due": Kind(
        lambda v: _l(
            "The day of a promise on “%(title)s” has come: say what became of it.", title=v["title"]
        ),
        Group.DUTY,
        spot=Spot.PROMISE_DESK,
    ),
}
