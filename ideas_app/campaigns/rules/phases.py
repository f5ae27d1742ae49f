"""Which activity is open when, and how the phases move when one is begun by hand. Pure; takes `now`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from ideas_app.campaigns.models import Activity, PhaseKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime


class Stretch(Protocol):
    """A phase, or as much of it as when it opens what."""

    @property
    def position(self) -> int:
        """Its place in the order of phases."""

    @property
    def starts_at(self) -> datetime:
        """Its first instant."""

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""

    @property
    def activities(self) -> Sequence[str]:
        """What it opens, by name."""


S = TypeVar("S", bound=Stretch)

USUAL_DAYS: dict[PhaseKind, int] = {
    PhaseKind.ANNOUNCED: 14,
    PhaseKind.GATHERING: 60,
    PhaseKind.PREPARING: 14,
    PhaseKind.BALLOT: 12,
    PhaseKind.SHORTLISTING: 7,
    PhaseKind.ANSWERING: 30,
    PhaseKind.TRACKING: 365,
    PhaseKind.CLOSED: 3650,
}
"""How long each phase lasts where nobody says otherwise, in days."""

USUAL_ACTIVITIES: dict[PhaseKind, tuple[Activity, ...]] = {
    PhaseKind.ANNOUNCED: (),
    PhaseKind.GATHERING: (Activity.SUBMIT, Activity.COMMENT, Activity.SUPPORT),
    PhaseKind.PREPARING: (Activity.COMMENT,),
    PhaseKind.BALLOT: (Activity.COMMENT, Activity.BALLOT),
    PhaseKind.SHORTLISTING: (Activity.COMMENT,),
    PhaseKind.ANSWERING: (Activity.COMMENT, Activity.ANSWER),
    PhaseKind.TRACKING: (Activity.COMMENT, Activity.ANSWER),
    PhaseKind.CLOSED: (),
}
"""What each phase opens where nobody says otherwise."""


def current_phase(phases: Iterable[S], now: datetime) -> S | None:
    """The phase in which `now` lies (from its start until before its end), the latest where they overlap."""
    running = [phase for phase in phases if phase.starts_at <= now < phase.ends_at]
    return max(running, key=lambda phase: phase.position, default=None)


def open_activities(phases: Iterable[Stretch], now: datetime) -> frozenset[Activity]:
    """What is open now."""
    phase = current_phase(phases, now)
    return frozenset(Activity(name) for name in phase.activities) if phase else frozenset()


def next_turn(phases: Iterable[Stretch], now: datetime) -> datetime | None:
    """When a phase begins or ends next; None when none does any more."""
    turns = (turn for phase in phases for turn in (phase.starts_at, phase.ends_at) if turn > now)
    return min(turns, default=None)


def next_opening(phases: Iterable[Stretch], activity: Activity, now: datetime) -> datetime | None:
    """When an activity opens next, or None when it does not. A phase without length never opens."""
    coming = [
        phase.starts_at
        for phase in phases
        if now < phase.starts_at < phase.ends_at and activity.value in phase.activities
    ]
    return min(coming, default=None)


def next_closing(phases: Iterable[Stretch], activity: Activity, now: datetime) -> datetime | None:
    """When an activity that is open now closes: the end of the unbroken run of phases that have it."""
    until = None
    for phase in sorted(phases, key=lambda each: each.starts_at):
        has_it = activity.value in phase.activities and phase.starts_at < phase.ends_at
        if has_it and phase.starts_at <= (until or now) < phase.ends_at:
            until = phase.ends_at
    return until


def last_closing(phases: Iterable[Stretch], activity: Activity, now: datetime) -> datetime | None:
    """When an activity closed last, or None when it never was open."""
    past = [
        phase.ends_at
        for phase in phases
        if phase.starts_at < phase.ends_at <= now and activity.value in phase.activities
    ]
    return max(past, default=None)


@dataclass(frozen=True, slots=True)
class Span:
    """When a phase of a kind begins and ends."""

    kind: str
    starts_at: datetime
    ends_at: datetime


def usual_schedule(kind: PhaseKind, starts_at: datetime) -> list[Span]:
    """All phases end to end in their usual lengths, so that the given one begins at `starts_at`."""
    kinds = list(PhaseKind)
    before = sum(USUAL_DAYS[each] for each in kinds[: kinds.index(kind)])
    at = starts_at - timedelta(days=before)
    spans = []
    for each in kinds:
        until = at + timedelta(days=USUAL_DAYS[each])
        spans.append(Span(each.value, at, until))
        at = until
    return spans


def begun_now(spans: Sequence[Span], kind: str, now: datetime) -> list[Span]:
    """The same phases with the given one running at `now`; they stay in order and never overlap.

    A phase that runs already stays as planned; another runs its length from now. Earlier ones end by now (and
    lose their length where they had not begun), later ones move later where they must, each keeping its length.
    Raises `KeyError` for a kind that the phases do not have.
    """
    place = {span.kind: index for index, span in enumerate(spans)}[kind]
    moved = [Span(s.kind, min(s.starts_at, now), min(s.ends_at, now)) for s in spans[:place]]
    here = spans[place]
    if not here.starts_at <= now < here.ends_at:
        length = here.ends_at - here.starts_at or timedelta(days=USUAL_DAYS[PhaseKind(kind)])
        here = Span(kind, now, now + length)
    moved.append(here)
    for span in spans[place + 1 :]:
        late = max(moved[-1].ends_at - span.starts_at, timedelta())
        moved.append(Span(span.kind, span.starts_at + late, span.ends_at + late))
    return moved
