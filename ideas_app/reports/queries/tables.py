"""The tables of the public statistics as everybody reads them. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.campaigns.models import Campaign, Field
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea, State
from ideas_app.reports.rules import PrintedTable
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from ideas_app.reports.rules import Outcomes

STATES = {
    State.SUBMITTED: "review",
    State.RETURNED: "review",
    State.PUBLISHED: "published",
    State.ON_BALLOT: "on_ballot",
    State.NOT_SHORTLISTED: "not_shortlisted",
    State.SHORTLISTED: "shortlisted",
    State.ANSWERED: "answered",
    State.DONE: "done",
    State.REJECTED: "not_published",
    State.HIDDEN: "not_published",
    State.WITHDRAWN: "withdrawn",
}
"""The columns in which the states of ideas are counted, in their order."""


def list_tables(outcomes: Outcomes) -> list[PrintedTable]:
    """The tables of a year: those about people without what must stay hidden, then the ideas.

    Ideas stand on the public list one by one, so their numbers hide nothing. One statement.
    """
    people = [outcomes.print_table(name) for name in ("category", "age", "place", "month")]
    return [*people, _count_ideas(outcomes.year)]


def _count_ideas(year: int) -> PrintedTable:
    query = (
        select(Field.name, Field.name_en, Idea.state, func.count())
        .join(Idea, Idea.field_id == Field.id)
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .where(Campaign.year == year)
        .group_by(Field.name, Field.name_en, Idea.state)
        .order_by(func.min(Field.position), Field.name)
    )
    names = tuple(dict.fromkeys(STATES.values()))
    counts: dict[str, dict[str, int]] = {}
    for name, name_en, state, count in session().execute(query):
        shown = name_en if locale_code() == "en" and name_en else name
        line = counts.setdefault(shown, dict.fromkeys(names, 0))
        line[STATES[state]] += count
    rows = [(name, tuple(line.values())) for name, line in counts.items()]
    whole = tuple(sum(cells[place] for _name, cells in rows) for place in range(len(names)))
    return PrintedTable(
        "state",
        (*names, ""),
        tuple((name, (*cells, sum(cells))) for name, cells in [*rows, ("", whole)]),
    )
