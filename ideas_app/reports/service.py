"""Keeping what a count found, and drawing its charts. Must not count anything itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import clock, outbox
from ideas_app.core.db import transaction
from ideas_app.reports import policy, queries
from ideas_app.reports.events import ReportCounted
from ideas_app.reports.models import ReportRun
from ideas_app.reports.rules import DEFINITIONS
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor


def record_count(actor: Actor, year: int) -> ReportRun:
    """Counts a year and keeps what was found; where no record changed, the last count stands.

    A count that gives the figures of the last one takes its place. Its charts are drawn afterwards by a
    worker; those of earlier counts go. Opens its own transaction after counting, which must not hold up
    votes. Raises `Refused`.
    """
    policy.may_count(actor).require()
    found = queries.outcomes(year)
    figures = {name: getattr(found, name) for name in DEFINITIONS}
    with transaction() as current:
        last = queries.find_last_run(year)
        if last is not None and last.digest == found.input_digest:
            return last
        run = last if last is not None and last.figures == figures else ReportRun(year=year)
        if last is not None:
            last.pictures = {}
        run.counted_at, run.counted_by = clock.now(), actor.id
        run.digest, run.figures, run.pictures = found.input_digest, figures, {}
        current.add(run)
        current.flush()
        outbox.publish(ReportCounted(run.id))
    return run


def draw_run(run_id: int) -> None:
    """Draws the charts of a count in every language, if the records are still those that it counted.

    Opens its own transaction only to store them. Running twice changes nothing.
    """
    run = queries.find_run(run_id)
    found = queries.find_outcomes(run.year) if run is not None else None
    if run is None or found is None or found.input_digest != run.digest:
        return
    pictures = {}
    for locale in LOCALES:
        with speaking(locale):
            pictures[locale] = queries.draw_pictures(found)
    with transaction() as current:
        current.get_one(ReportRun, run_id).pictures = pictures
