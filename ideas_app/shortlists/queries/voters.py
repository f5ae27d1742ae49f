"""What the lists of a round give to groups of its voters: read from the accounts, let out as totals only.

The one place where a ballot meets its voter's age, tie, neighbourhood and programmes, while the list is
computed; later the link is gone. Must not let out a line about fewer than ten people, nor anything about
one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.accounts.models import Account
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import age_on
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.models import Outcome
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import MIN_CELL, Voter, group_tables
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from ideas_app.campaigns.models import Campaign, Phase
    from ideas_app.shortlists.queries.rounds import Choice

AGES = ("-19", "20-24", "25-29", "30-34", "35-39", "40-")
"""Age bands by their first and last full year."""
TOOK_PART, STAYED_AWAY = "yes", "no"
_CHUNK = 500
"""Accounts asked for at a time: databases take only so many values in one statement."""


def read_groups(
    campaign: Campaign,
    source: Source,
    choices: Sequence[Choice],
    lists: Mapping[str, Collection[str]],
    eligible: Collection[str],
) -> dict[str, Any]:
    """The tables of a round in plain JSON, as `rules.group_tables` gives them: `age`, `tie`,
    `neighbourhood`, and `programme` once for each programme of the campaign's year, with its `title`,
    `title_en` and the groups "yes" and "no".

    `lists` are winners by name. Ages are full years on the last day of the vote. Who votes on paper
    without an account belongs to no group. `campaign` comes with its phases.
    """
    ballots = _list_ballots(campaign, source, choices)
    accounts = {account_id for account_id, _approved in ballots if account_id is not None}
    traits = _traits_of(accounts, _last_day(campaign, source))
    taken = [
        (programme, takers)
        for programme, takers in programmes.list_takers(accounts, campaign.year)
        if programme.outcome is not Outcome.COUNSELLING  # of counselling nothing is ever told
    ]
    voters = [
        Voter(
            approved=frozenset(approved).intersection(eligible),
            groups=(
                *traits.get(account_id or 0, (None, None, None)),
                *(
                    TOOK_PART if account_id in takers else STAYED_AWAY
                    for _programme, takers in taken
                ),
            ),
        )
        for account_id, approved in ballots
    ]
    names = ("age", "tie", "neighbourhood", *("programme" for _one in taken))
    tables = group_tables(voters, lists, names)
    for (programme, _takers), table in zip(taken, tables[3:], strict=True):
        table["title"], table["title_en"] = programme.title, programme.title_en
    shown = [
        table
        for table in tables
        if any(line["group"] is not None for line in table["lines"])
        and (table["name"] != "programme" or len(table["lines"]) > 1)
    ]
    return {"min_cell": MIN_CELL, "tables": shown}


def _list_ballots(
    campaign: Campaign, source: Source, choices: Sequence[Choice]
) -> list[tuple[int | None, list[str]]]:
    if source is Source.SUPPORTS:
        return [
            (account_id, [choices[place].project for place in places])
            for account_id, places in votes.supports_with_voters(campaign, choices)
        ]
    project = {choice.entry_id: choice.project for choice in choices}
    return [
        (account_id, [project[entry_id] for entry_id in ticked if entry_id in project])
        for account_id, ticked in votes.ballots_with_voters(campaign)
    ]


def _traits_of(
    account_ids: Collection[int], day: date
) -> dict[int, tuple[str | None, str | None, str | None]]:
    """Age band, tie and neighbourhood of each account."""
    found: dict[int, tuple[str | None, str | None, str | None]] = {}
    wanted = sorted(account_ids)
    columns = (Account.id, Account.born_on, Account.tie, Account.neighbourhood)
    for start in range(0, len(wanted), _CHUNK):
        query = select(*columns).where(Account.id.in_(wanted[start : start + _CHUNK]))
        for account_id, born_on, tie, neighbourhood in session().execute(query):
            age = _band_of(age_on(born_on, day)) if born_on else None
            found[account_id] = (age, tie.value if tie else None, neighbourhood)
    return found


def _band_of(age: int) -> str:
    if age < 20:
        return AGES[0]
    return AGES[-1] if age >= 40 else AGES[1 + (age - 20) // 5]


def _last_day(campaign: Campaign, source: Source) -> date:
    phase = phase_of(campaign, source)
    # a phase ends before its last instant: a ballot until midnight ended on the day before
    return clock.local_date(phase.ends_at - timedelta(seconds=1)) if phase else clock.today()


def phase_of(campaign: Campaign, source: Source) -> Phase | None:
    """The last phase in which the votes of a source were given."""
    activity = Activity.BALLOT if source is Source.BALLOT else Activity.SUPPORT
    voted = [phase for phase in campaign.phases if activity.value in phase.activities]
    return voted[-1] if voted else None
