"""Groups of notices, the channels they go by, and what a person chose. Pure.

Mails about the account itself (address, password) are no notices: they cannot be switched off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.notifications.models import Mailing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString


class Group(StrEnum):
    """What people choose channels for."""

    OWN = "own"
    TALK = "talk"
    ANSWERS = "answers"
    STEPS = "steps"
    DUTY = "duty"
    WORK = "work"
    """The daily mail that says how much work waits: no notices of its own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The channels of one group."""

    inbox: bool
    mailing: Mailing


DEFAULTS: dict[Group, Choice] = {
    Group.OWN: Choice(inbox=True, mailing=Mailing.NOW),
    Group.TALK: Choice(inbox=True, mailing=Mailing.DIGEST),
    Group.ANSWERS: Choice(inbox=True, mailing=Mailing.DIGEST),
    Group.STEPS: Choice(inbox=True, mailing=Mailing.DIGEST),
    Group.DUTY: Choice(inbox=True, mailing=Mailing.NOW),
    Group.WORK: Choice(inbox=False, mailing=Mailing.DIGEST),
}
FIXED_INBOX = frozenset({Group.OWN, Group.DUTY})
"""Groups that always stand in the inbox: terms for objecting run from them, and work hangs on them."""
NEWS = frozenset({Group.TALK, Group.ANSWERS, Group.STEPS})
"""Groups that come by mail only to whoever has agreed to news by mail (the consent `news`)."""

CHOOSABLE: dict[bool, tuple[Group, ...]] = {
    False: (Group.OWN, Group.TALK, Group.ANSWERS, Group.STEPS),
    True: tuple(Group),
}
"""By whether the person is staff, the groups on the page of settings."""

GROUP_WORDS: dict[Group, tuple[LazyString, LazyString]] = {
    Group.OWN: (
        _l("Decisions on what is yours"),
        _l(
            "Your idea was published, sent back, joined, shortlisted or answered; your comment was hidden."
        ),
    ),
    Group.TALK: (
        _l("Conversation"),
        _l("Somebody comments on your idea or replies to your comment."),
    ),
    Group.ANSWERS: (
        _l("Answers and promises"),
        _l("What the city says and keeps about ideas that you support, discuss or follow."),
    ),
    Group.STEPS: (
        _l("Other steps of these ideas"),
        _l("They are changed, joined, put on the ballot or shortlisted."),
    ),
    Group.DUTY: (
        lazy_pgettext("notices", "Asked of you"),
        _l("Assignments, reviews, evaluations, appeals, and notes that name you."),
    ),
    Group.WORK: (
        lazy_pgettext("notices", "What waits for you"),
        _l("One mail on working days at 8 in the morning, and only when something waits."),
    ),
}


def choice_of(
    group: Group,
    chosen: Mapping[Group, Choice],
    *,
    mail_off: bool = False,
    agreed: bool = True,
) -> Choice:
    """What holds for a group: the person's choice, else the default.

    No mail at all with `mail_off`, and none of `NEWS` to somebody who has not `agreed` to news by mail.
    """
    choice = chosen.get(group, DEFAULTS[group])
    is_mute = mail_off or (group in NEWS and not agreed)
    return Choice(
        inbox=choice.inbox or group in FIXED_INBOX,
        mailing=Mailing.NONE if is_mute else choice.mailing,
    )


def stopped(topic: str, chosen: Mapping[Group, Choice]) -> dict[Group, Choice]:
    """The choices that a click on "stop these mails" changes.

    `topic` is a group, or `digest`: then every group that goes by the daily digest falls silent. Empty for
    an unknown topic.
    """
    if topic in set(Group):
        wanted = [Group(topic)]
    elif topic == "digest":
        wanted = [
            group
            for group in Group
            if group is not Group.WORK and choice_of(group, chosen).mailing is Mailing.DIGEST
        ]
    else:
        wanted = []
    return {group: Choice(choice_of(group, chosen).inbox, Mailing.NONE) for group in wanted}
