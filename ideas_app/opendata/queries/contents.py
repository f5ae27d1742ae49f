"""What a bundle holds: exactly what a visitor may read of a campaign at this moment. Must not change anything.

Rows carry codes, not words; references name only rows that are there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.answers import queries as answers
from ideas_app.answers.queries import LedgerFilter
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR
from ideas_app.core.db import session
from ideas_app.exports import queries as exports
from ideas_app.ideas.models import Family
from ideas_app.reports import queries as reports
from ideas_app.shortlists import policy as shortlist_policy
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.rules import Ballots
from ideas_app.votes import queries as votes
from ideas_app.web.i18n import localised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.paging import Page
    from ideas_app.shortlists.models import Round

Row = dict[str, Any]
_AT_ONCE = 200


@dataclass(slots=True)
class Contents:
    """The rows by table, the ids of the ideas whose text is among them, and the ballots' own file if it is
    public. Tables that have nothing to say yet are missing.
    """

    tables: dict[str, list[Row]] = field(default_factory=dict)
    holds: list[int] = field(default_factory=list)
    ballots: str = ""


def read_contents(campaign: Campaign, base: str) -> Contents:
    """All tables of a campaign (with its phases and fields), in the language that is spoken.

    `base`: the address of the site without a slash at its end.
    """
    found = Contents()
    hides = votes.hides_totals(VISITOR, [campaign])
    rows = list(exports.iterate_ideas(campaign, working=False))
    families = _families(campaign, rows, hides=hides)
    known = _Known(
        ideas={row["id"]: row["number"] for row in rows},
        families={row["family"] for row in families},
    )
    found.tables = {
        "phases": _phases(campaign),
        "fields": [
            {"field_key": one.key, "field": localised(one, "name")} for one in campaign.fields
        ],
        "ideas": [_idea(row, base, hides=hides) for row in rows],
        "families": families,
        **_answers(campaign, known),
        **_shortlist(campaign, known, found, hides=hides),
    }
    if campaign.year in reports.list_years():
        found.tables["report"] = list(exports.iterate_report(campaign.year))
    found.holds = [row["id"] for row in rows if row["why"]]
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What may be referred to: numbers by the id of the idea, families by their public id."""

    ideas: dict[int, str]
    families: set[str]

    def subject(self, idea_id: int | None, family_id: int | None) -> Row:
        """The cells that say what a row is about."""
        family = f"f{family_id}"
        return {
            "idea": self.ideas.get(idea_id, "") if idea_id else "",
            "family": family if family in self.families else "",
        }


def _day(instant: datetime | None) -> date | None:
    return clock.local_date(instant) if instant else None


def _phases(campaign: Campaign) -> list[Row]:
    return [
        {
            "phase": number,
            "phase_kind": one.kind,
            "phase_name": localised(one, "title"),
            "starts_on": _day(one.starts_at),
            "ends_on": _day(one.ends_at - timedelta(seconds=1)),
        }
        for number, one in enumerate(campaign.phases, start=1)
        if one.starts_at < one.ends_at
    ]


def _idea(row: Row, base: str, *, hides: bool) -> Row:
    own = row["field"]
    family = row["family_id"]
    # a due day tells that enough people supported it: as secret as their number while that is hidden
    due = None if hides and row["answered_on"] is None else row["due_on"]
    return {
        **row,
        "field_key": own.key,
        "field": localised(own, "name"),
        "state": row["state"].value,
        "code": row["code"].value if row["code"] else "",
        "supports": None if hides else row["supports"],
        "family": f"f{family}" if family else "",
        "due_on": due,
        "address": f"{base}/ideas/{row['id']}",
    }


def _families(campaign: Campaign, ideas: list[Row], *, hides: bool) -> list[Row]:
    members = Counter(row["family_id"] for row in ideas if row["family_id"])
    query = select(Family).where(Family.campaign_id == campaign.id).order_by(Family.id)
    return [
        {
            "family": f"f{one.id}",
            "title": one.title,
            "text": one.text,
            "reason": one.reason,
            "members": members[one.id],
            "supports": None if hides else one.supports_count,
            "formed_on": _day(one.formed_at),
        }
        for one in session().scalars(query)
        if members[one.id]
    ]


def _answers(campaign: Campaign, known: _Known) -> dict[str, list[Row]]:
    chosen = LedgerFilter(campaign=campaign.slug)
    rows = sorted(_all(answers.list_public, chosen), key=lambda row: row.answer.id)
    promises = sorted(_all(answers.list_public_promises, chosen), key=lambda row: row.promise.id)
    return {
        "answers": [_answer(row, known) for row in rows],
        "promises": [_promise(row) for row in promises],
        "promise_steps": [
            {
                "step": f"s{step.id}",
                "promise": f"p{row.promise.id}",
                "step_kind": step.kind.value,
                "text": step.text,
                "percent": step.percent,
                "promised_for": step.promised_for,
                "moved_to": step.moved_to,
                "made_on": _day(step.made_at),
            }
            for row in promises
            for step in row.trail
        ],
    }


def _all(read: Any, chosen: LedgerFilter) -> Iterator[Any]:
    """Every row of a list that is read page by page."""
    after = None
    while True:
        page: Page[Any] = read(chosen, after=after, limit=_AT_ONCE)
        yield from page.items
        after = page.next
        if not after:
            return


def _answer(row: answers.AnswerRow, known: _Known) -> Row:
    answer = row.answer
    return {
        "answer": f"a{answer.id}",
        **known.subject(answer.idea_id, answer.family_id),
        "title": row.title,
        "decision": answer.decision.value if answer.decision else "",
        "headline": answer.headline,
        "reason": answer.reason,
        "department": answer.department,
        "post": answer.post,
        "received_on": answer.received_on,
        "due_on": row.last_on,
        "answered_on": _day(answer.answered_at),
        "changed_on": _day(answer.changed_at),
        "next_on": answer.next_on,
    }


def _promise(row: answers.PromiseRow) -> Row:
    promise = row.promise
    return {
        "promise": f"p{promise.id}",
        "answer": f"a{row.answer.id}",
        "text": promise.text,
        "due_on": promise.due_on,
        "moved_to": promise.moved_to,
        "standing": row.standing.value,
        "percent": row.percent,
        "what_happened": promise.what_happened,
        "status_on": promise.status_on,
        "department": row.department,
    }


def _shortlist(
    campaign: Campaign, known: _Known, found: Contents, *, hides: bool
) -> dict[str, list[Row]]:
    """The published round: its list, its result and, from enough ballots on, the ballots themselves."""
    round_ = shortlists.find_published(campaign.id)
    if round_ is None:
        return {}
    subjects = {
        entry.project: known.subject(entry.idea_id, entry.family_id) for entry in round_.entries
    }
    tables: dict[str, list[Row]] = {
        "shortlist": [
            {
                **row,
                **subjects[row["project"]],
                "field": localised(row["field"], "name"),
                "state": row["state"].value,
                "supports": None if hides else row["supports"],
            }
            for row in exports.iterate_shortlist(campaign, round_, working=False)
        ],
        "ballot_entries": list(exports.iterate_ballots(round_)),
    }
    if _may_have_ballots(round_, campaign):
        found.ballots = round_.snapshot
        tables["ballots"] = list(_ballots(round_))
    return tables


def _may_have_ballots(round_: Round, campaign: Campaign) -> bool:
    least = rules_of(campaign).published_ballots_min
    return bool(
        shortlist_policy.may_download_ballots(
            VISITOR, round_, published_min=least, is_auditor=False
        )
    )


def _ballots(round_: Round) -> Iterator[Row]:
    """One row a choice; ballots in the order of the file, which is that of their content."""
    ballots = Ballots.from_pb(round_.snapshot)
    number = 0
    for places, weight in zip(ballots.rows, ballots.weights, strict=True):
        for _same in range(weight):
            number += 1
            for place in places:
                yield {"ballot": number, "project": ballots.ideas[place]}
