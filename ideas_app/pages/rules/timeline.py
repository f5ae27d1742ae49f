"""The timeline of one idea: what happened to it, newest first, and what happens next.

Pure: takes what was read, and tells only what everybody may read already. Must not know the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ideas_app.answers.models import Decision, StepKind
from ideas_app.answers.rules.promises import silences_of
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.i18n import lazy_date, lazy_day, lazy_pgettext
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from flask_babel import LazyString

    from ideas_app.answers.models import Answer, Promise
    from ideas_app.answers.rules.promises import StepLine
    from ideas_app.campaigns.models import Phase
    from ideas_app.campaigns.rules import CampaignRules
    from ideas_app.ideas.models import Idea

DECISIONS = {
    Decision.ADOPTED: lazy_pgettext("decision", "Adopted"),
    Decision.PARTLY: lazy_pgettext("decision", "Partly adopted"),
    Decision.LATER: lazy_pgettext("decision", "Considered later"),
    Decision.HARD: lazy_pgettext("decision", "Not possible"),
    Decision.ALREADY: lazy_pgettext("decision", "Done already"),
    Decision.PASSED_ON: lazy_pgettext("decision", "Passed to another body"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the rooms' histories, as `core.history` shapes them."""

    kind: str
    at: datetime
    number: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. `words` were written by people and stay in their language."""

    at: datetime
    kind: str
    title: LazyString
    words: str = ""
    note: LazyString | str = ""
    leads_to: tuple[str, int] | None = None
    """What a link leads to: ("family", id), ("round", id), ("promise", id), ("history", idea id)."""


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next; `on` is the day of it, None where there is none."""

    text: LazyString
    on: date | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """All that a timeline is told from."""

    idea: Idea
    rules: CampaignRules
    answer: Answer | None = None
    """Its own or its family's, published or still owed."""
    told: Sequence[Told] = ()
    trails: Mapping[int, Sequence[StepLine]] = field(default_factory=dict)
    totals_hidden: bool = False
    """Whether numbers of supports are not to be seen: then no threshold is told either."""
    gathering: Phase | None = None
    ballot: Phase | None = None


def timeline_of(story: Story, *, now: datetime) -> list[Moment]:
    """Every moment up to `now`, newest first; of one instant the later step of the life first."""
    moments = [*_of_idea(story), *_of_rooms(story), *_of_answer(story, now)]
    placed = list(enumerate(moments))
    seen = [(moment.at, place, moment) for place, moment in placed if moment.at <= now]
    return [moment for _at, _place, moment in sorted(seen, key=lambda each: each[:2], reverse=True)]


def _of_idea(story: Story) -> Iterator[Moment]:
    idea = story.idea
    yield Moment(idea.submitted_at, "sent", _l("Sent to the centre"))
    if idea.published_at is not None:
        yield Moment(idea.published_at, "published", _l("Read by the centre and published"))
    if idea.answer_due_latched_at is not None and not story.totals_hidden:
        people = story.rules.answer_supports
        title = _l("%(people)s supporters: the city owes an answer", people=people)
        yield Moment(idea.answer_due_latched_at, "threshold", title)


_TITLES = {
    "joined": _l("Joined with similar ideas"),
    "left": _l("Left the family it had been joined with"),
    "split": _l("Its family was taken apart: it stands alone again"),
    "ballot": _l("On the final ballot"),
    "shortlisted": _l("Chosen for the shortlist"),
    "not_shortlisted": _l("Not chosen for the shortlist"),
    Tag.IDEA_WITHDRAWN.value: _l("Taken back by its author"),
    Tag.ANSWER_EXTENDED.value: _l("The city took more time, once"),
    Tag.ANSWER_CHANGED.value: _l("The answer was changed"),
}
_LEADS = {
    "joined": "family",
    "left": "family",
    "split": "family",
    "shortlisted": "round",
    "not_shortlisted": "round",
}
_LOOKS = {
    Tag.IDEA_WITHDRAWN.value: "withdrawn",
    Tag.ANSWER_EXTENDED.value: "extended",
    Tag.ANSWER_CHANGED.value: "changed",
}


def _of_rooms(story: Story) -> Iterator[Moment]:
    for row in story.told:
        if row.kind == "version":
            title = _l("Version %(number)s", number=row.number)
            yield Moment(row.at, "version", title, leads_to=("history", story.idea.id))
        elif row.kind in _TITLES:
            link = _LEADS.get(row.kind)
            yield Moment(
                row.at,
                _LOOKS.get(row.kind, row.kind),
                _TITLES[row.kind],
                row.words or "",
                leads_to=(link, row.number) if link and row.number else None,
            )


def _of_answer(story: Story, now: datetime) -> Iterator[Moment]:
    answer = story.answer
    if answer is None:
        return
    asked = clock.day_start(answer.received_on)
    note = _l("The answer is due on %(day)s.", day=lazy_date(answer.due_on))
    yield Moment(asked, "asked", _l("The city was asked for its answer"), note=note)
    if answer.answered_at is None:
        return
    note = DECISIONS[answer.decision] if answer.decision else ""
    title = _l("The city answered")
    yield Moment(answer.answered_at, "answered", title, answer.headline, note)
    for promise in answer.promises:
        yield from _of_promise(promise, story.trails.get(promise.id, ()), now)
    if story.idea.state is State.DONE:
        title = _l("Done: every promise of the answer was kept")
        yield Moment(_last_word(answer, story) or answer.answered_at, "finished", title)


def _last_word(answer: Answer, story: Story) -> datetime | None:
    """When the last promise was kept."""
    trails = (story.trails.get(promise.id, ()) for promise in answer.promises)
    return max((step.made_at for trail in trails for step in trail), default=None)


_STEPS = {
    StepKind.PROGRESS: _l("A step on the way"),
    StepKind.DONE: _l("Promise kept"),
    StepKind.MOVED: _l("Promise moved"),
    StepKind.DROPPED: _l("Promise dropped"),
    StepKind.REOPENED: _l("Promise open again: “kept” was taken back"),
}


def _of_promise(promise: Promise, trail: Iterable[StepLine], now: datetime) -> Iterator[Moment]:
    link = ("promise", promise.id)
    note: LazyString | str = _l("For %(day)s", day=lazy_date(promise.due_on))
    yield Moment(promise.made_at, "promised", _l("Promised"), promise.text, note, link)
    steps = list(trail)
    for step in steps:
        yield Moment(
            step.made_at,
            f"step-{step.kind.value}",
            _STEPS[step.kind],
            f"{promise.text}: {step.text}",
            _note_of(step),
            link,
        )
    words = [
        (step.promised_for, clock.local_date(step.made_at))
        for step in steps
        if step.kind in {StepKind.DONE, StepKind.MOVED, StepKind.DROPPED}
    ]
    silent = silences_of(
        words,
        promised_for=promise.moved_to or promise.due_on,
        is_open=promise.status.value in {"open", "moved"},
        today=clock.local_date(now),
    )
    for day in silent:
        title = _l("The promised day passed without a word")
        yield Moment(clock.day_start(day), "silent", title, promise.text, leads_to=link)


def _note_of(step: StepLine) -> LazyString | str:
    if step.percent is not None:
        return _l("%(percent)s%% done", percent=step.percent)
    if step.moved_to is not None:
        before, after = lazy_date(step.promised_for), lazy_date(step.moved_to)
        return _l("from %(before)s to %(after)s", before=before, after=after)
    return ""


# -- what happens next -----------------------------------------------------------------------------


def next_of(story: Story, *, now: datetime) -> Next | None:
    """What happens next to an idea, with its day; None where nothing is to come."""
    idea = story.idea
    if idea.state is State.SUBMITTED:
        days = story.rules.review_target_days
        return Next(_l("The centre reads it within %(days)s working days.", days=days))
    if not idea.is_listed or idea.state is State.DONE:
        return None
    return _next_of_answer(story, clock.local_date(now)) or _next_of_vote(story, now)


def _next_of_answer(story: Story, today: date) -> Next | None:
    answer = story.answer
    if answer is None:
        return None
    if answer.answered_at is None:
        last = answer.extended_to or answer.due_on
        if last < today:
            text = _l(
                "The city owed its answer by %(day)s. It has not come yet.", day=lazy_date(last)
            )
            return Next(text, last, is_late=True)
        return Next(_l("The city answers by %(day)s.", day=lazy_date(last)), last)
    open_days = [
        (promise.moved_to or promise.due_on, promise.text)
        for promise in answer.promises
        if promise.status.value in {"open", "moved"}
    ]
    coming = sorted(one for one in open_days if one[0] >= today)
    if coming:
        day, text = coming[0]
        return Next(_l("By %(day)s: %(promise)s", day=lazy_date(day), promise=text), day)
    if open_days:
        day, _text = min(open_days)
        text = _l("The city owes a word on its promise for %(day)s.", day=lazy_date(day))
        return Next(text, day, is_late=True)
    if answer.next_on is not None and answer.next_on >= today:
        day = answer.next_on
        return Next(_l("The next word of the city comes by %(day)s.", day=lazy_date(day)), day)
    return None


def _next_of_vote(story: Story, now: datetime) -> Next | None:
    idea, gathering, ballot = story.idea, story.gathering, story.ballot
    if idea.state is State.ON_BALLOT and ballot is not None:
        if now < ballot.starts_at:
            day = clock.local_date(ballot.starts_at)
            return Next(_l("The vote opens on %(day)s.", day=lazy_date(day)), day)
        if now < ballot.ends_at:
            day = clock.local_date(ballot.ends_at)
            return Next(_l("The vote is open until %(day)s.", day=lazy_date(day)), day)
        return Next(_l("The votes are counted; the shortlist comes next."))
    if idea.state is not State.PUBLISHED:
        return None
    if gathering is not None and gathering.starts_at <= now < gathering.ends_at:
        day = clock.local_date(gathering.ends_at)
        return Next(_l("It gathers supports until %(day)s.", day=lazy_date(day)), day)
    if ballot is not None and now < ballot.starts_at:
        day = lazy_day(ballot.starts_at)
        text = _l("The centre prepares the ballot, which opens on %(day)s.", day=day)
        return Next(text, clock.local_date(ballot.starts_at))
    return None
