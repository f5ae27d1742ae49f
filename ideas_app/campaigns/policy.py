"""Who may take part in a campaign, and whether an activity is open: each refusal says why. Must not change anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import (
    age_on,
    eligibility_of,
    last_closing,
    next_opening,
    open_activities,
)
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_day
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, first_refusal, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from flask_babel import LazyString

    from ideas_app.campaigns.rules import Eligibility, HasEligibility, Stretch
    from ideas_app.core.actor import Actor


class HasPhases(Protocol):
    """A campaign, or as much of it as its phases. For the words of a refusal all of them are needed."""

    @property
    def phases(self) -> Sequence[Stretch]:
        """When what is open."""


# functions, because a text with a day is put together only where it is needed: a page asks several times
_OPENING: dict[Activity, Callable[[LazyString], LazyString]] = {
    Activity.SUBMIT: lambda day: _l("Ideas can be sent from %(day)s on.", day=day),
    Activity.COMMENT: lambda day: _l("Comments open on %(day)s.", day=day),
    Activity.SUPPORT: lambda day: _l("Supporting opens on %(day)s.", day=day),
    Activity.BALLOT: lambda day: _l("The ballot opens on %(day)s.", day=day),
    Activity.ANSWER: lambda day: _l("Official answers begin on %(day)s.", day=day),
}
_CLOSING: dict[Activity, Callable[[LazyString], LazyString]] = {
    Activity.SUBMIT: lambda day: _l("Ideas could be sent until %(day)s.", day=day),
    Activity.COMMENT: lambda day: _l("Comments closed on %(day)s.", day=day),
    Activity.SUPPORT: lambda day: _l("Supporting closed on %(day)s.", day=day),
    Activity.BALLOT: lambda day: _l("The ballot closed on %(day)s.", day=day),
    Activity.ANSWER: lambda day: _l("Official answers ended on %(day)s.", day=day),
}
_NEVER = _l("This campaign does not have this activity.")


def is_open(campaign: HasPhases, activity: Activity, now: datetime) -> Verdict:
    """Whether an activity is open; the refusal names the day on which it opens or closed."""
    if activity in open_activities(campaign.phases, now):
        return ALLOWED
    opens = next_opening(campaign.phases, activity, now)
    if opens is not None:
        return refuse("not_yet_open", _OPENING[activity](lazy_day(opens)))
    closed = last_closing(campaign.phases, activity, now)
    if closed is not None:
        return refuse("closed", _CLOSING[activity](lazy_day(closed - timedelta(seconds=1))))
    return refuse("not_in_campaign", _NEVER)


def may_take_part(
    actor: Actor,
    campaign: HasEligibility,
    *,
    now: datetime,
    took_part: frozenset[str] = frozenset(),
) -> Verdict:
    """Whether a person fulfils the campaign's eligibility rule. `took_part`: slugs of own programmes."""
    if not actor.is_signed_in:
        return _signed_in(
            actor
        )  # most readers of a list: what else would be asked of them is not looked at
    rule = eligibility_of(campaign)
    return first_refusal(
        _verified(actor),
        _of_age(actor, rule, now),
        _tied(actor, rule),
        _participant(rule, took_part),
    )


def may_manage(actor: Actor) -> Verdict:
    """Administrators create campaigns and move their phases."""
    if actor.has(Permission.CAMPAIGN_MANAGE):
        return ALLOWED
    return refuse("not_permitted", _l("Only administrators manage campaigns."))


def _signed_in(actor: Actor) -> Verdict:
    if actor.is_signed_in:
        return ALLOWED
    return refuse("sign_in", _l("Please sign in to take part."), sign_in=True)


def _verified(actor: Actor) -> Verdict:
    if actor.is_verified:
        return ALLOWED
    return refuse(
        "not_verified", _l("Please confirm your e-mail address first: the link is in your mail.")
    )


def _of_age(actor: Actor, rule: Eligibility, now: datetime) -> Verdict:
    if rule.age_from is None and rule.age_to is None:
        return ALLOWED
    low, high = rule.age_from or 0, rule.age_to or 150
    age = age_on(actor.born_on, rule.on or clock.local_date(now)) if actor.born_on else -1
    if low <= age <= high:
        return ALLOWED
    return refuse("age", _l("This is open to people aged %(low)s to %(high)s.", low=low, high=high))


def _tied(actor: Actor, rule: Eligibility) -> Verdict:
    if not rule.ties or actor.tie in rule.ties:
        return ALLOWED
    return refuse("tie", _l("This is open to people who live, work or study in the city."))


def _participant(rule: Eligibility, took_part: frozenset[str]) -> Verdict:
    if not rule.programmes or took_part & set(rule.programmes):
        return ALLOWED
    return refuse(
        "not_a_participant",
        _l("This is open to participants of the programmes named in the rules."),
    )
