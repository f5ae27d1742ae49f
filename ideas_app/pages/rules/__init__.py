"""How far an idea has come: as steps that are the same for all, and as a timeline of its own. Pure."""

from ideas_app.pages.rules.record import Touched, YearRecord, years_of
from ideas_app.pages.rules.steps import SMALLEST, Step, may_be_told, path_of, steps_of
from ideas_app.pages.rules.timeline import Moment, Next, Story, Told, next_of, timeline_of

__all__ = [
    "SMALLEST",
    "Moment",
    "Next",
    "Step",
    "Story",
    "Told",
    "Touched",
    "YearRecord",
    "may_be_told",
    "next_of",
    "path_of",
    "steps_of",
    "timeline_of",
    "years_of",
]
