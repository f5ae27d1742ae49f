"""How far an idea has come, as steps for its page and for its author's record. Pure: takes what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.answers.models import PromiseStatus
from ideas_app.core.i18n import lazy_day, lazy_pgettext
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from datetime import datetime

    from flask_babel import LazyString

    from ideas_app.campaigns.models import Phase
    from ideas_app.campaigns.rules import CampaignRules
    from ideas_app.ideas.models import Idea
    from ideas_app.ideas.queries import IdeaRow

Step = dict[str, "LazyString | str"]
"""title (or text), text, status: done, now or next."""

SMALLEST = 5
"""No figure about people is printed for fewer."""

_ANSWERED = frozenset({State.ANSWERED, State.DONE})
_AFTER_BALLOT = frozenset({State.SHORTLISTED, State.NOT_SHORTLISTED}) | _ANSWERED


def steps_of(
    idea: Idea, rules: CampaignRules, ballot: Phase | None, answered_at: datetime | None
) -> list[Step]:
    """What has happened to an idea and what may come: read, enough supporters, ballot."""
    steps = [_reading(idea, rules), _answering(idea, rules, answered_at)]
    if ballot is not None:
        steps.append(_balloting(idea, ballot))
    return steps


def _reading(idea: Idea, rules: CampaignRules) -> Step:
    title = _l("The centre reads it")
    if idea.published_at:
        return {
            "title": title,
            "text": _l("Published on %(day)s.", day=lazy_day(idea.published_at)),
            "status": "done",
        }
    text = _l("Every idea, within %(days)s working days.", days=rules.review_target_days)
    return {
        "title": title,
        "text": text,
        "status": "now" if idea.state is State.SUBMITTED else "next",
    }


def _answering(idea: Idea, rules: CampaignRules, answered_at: datetime | None) -> Step:
    title = _l("%(people)s supporters: the city answers", people=rules.answer_supports)
    if answered_at is not None:
        return {
            "title": title,
            "text": _l("Answered on %(day)s.", day=lazy_day(answered_at)),
            "status": "done",
        }
    if idea.answer_due_latched_at is not None:
        text = _l(
            "Reached on %(day)s. The answer is due within %(days)s working days.",
            day=lazy_day(idea.answer_due_latched_at),
            days=rules.answer_days,
        )
        return {"title": title, "text": text, "status": "now"}
    missing = rules.answer_supports - idea.supports_count
    if missing > 0 and idea.is_listed:
        return {
            "title": title,
            "text": _l("%(people)s more are needed.", people=missing),
            "status": "next",
        }
    text = _l("An official answer within %(days)s working days.", days=rules.answer_days)
    return {"title": title, "text": text, "status": "next"}


def _balloting(idea: Idea, ballot: Phase) -> Step:
    title = _l("The final ballot")
    if idea.state is State.NOT_SHORTLISTED:
        return {
            "title": title,
            "text": _l("It was voted on and not shortlisted."),
            "status": "done",
        }
    if idea.state is State.SHORTLISTED:
        return {"title": title, "text": _l("It was voted on and shortlisted."), "status": "done"}
    text = _l(
        "From %(start)s to %(end)s.", start=lazy_day(ballot.starts_at), end=lazy_day(ballot.ends_at)
    )
    now = idea.state is State.ON_BALLOT
    return {
        "title": title,
        "text": text,
        "status": "now" if now else "done" if idea.state in _ANSWERED else "next",
    }


def path_of(row: IdeaRow, rules: CampaignRules) -> list[Step]:
    """The stations of one's own idea in short words, for one's record."""
    reached = [
        (lazy_pgettext("station", "Sent"), True),
        (lazy_pgettext("station", "Published"), row.published_at is not None),
        (
            lazy_pgettext("station", "%(people)s people", people=rules.answer_supports),
            row.supports_count >= rules.answer_supports,
        ),
        (lazy_pgettext("station", "Ballot"), row.state in _AFTER_BALLOT),
        (lazy_pgettext("station", "Shortlist"), row.state in _ANSWERED | {State.SHORTLISTED}),
        (lazy_pgettext("station", "Answer"), row.state in _ANSWERED),
    ]
    waiting = {
        State.SUBMITTED: 1,
        State.RETURNED: 1,
        State.PUBLISHED: 2,
        State.ON_BALLOT: 3,
        State.SHORTLISTED: 5,
    }
    here = waiting.get(row.state)
    if here == 2 and reached[2][1]:
        here = 3
    return [
        {"text": word, "status": "now" if place == here else "done" if done else "next"}
        for place, (word, done) in enumerate(reached)
    ]


def may_be_told(participants: int, supporters: int) -> bool:
    """Whether "12 participants support this" may be printed: neither side may be a handful of people."""
    return participants >= SMALLEST and supporters - participants >= SMALLEST


PROMISE_FACTS: dict[PromiseStatus, LazyString] = {
    PromiseStatus.DONE: _l("The city kept a promise"),
    PromiseStatus.MOVED: _l("The city moved a promise to a later day"),
    PromiseStatus.DROPPED: _l("The city dropped a promise"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to an idea in public: `name` tells it from the others of the idea."""

    name: str
    at: datetime
    text: LazyString
    anchor: str = ""
    note: str = ""
    """What the city says of it."""
