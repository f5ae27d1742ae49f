"""What votes keep of a person: supports, their own ballots as long as a link to them exists, families they left.

A ballot whose link was destroyed cannot be listed: nobody can tell any more whose it was. That is the secret of
the vote, and the index of the download says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Balance, Column, Holding, Room, Trace, declare
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes import service
from ideas_app.votes.models import (
    AsideSupport,
    Ballot,
    BallotChoice,
    BallotEntry,
    FamilyLeaver,
    Support,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Leaving, Rows


def read_supports(account_id: int) -> Rows:
    """The ideas that the person supports, those set aside marked."""
    for table, is_aside in ((Support, False), (AsideSupport, True)):
        query = (
            select(Idea.id, Idea.title, table.given_at)
            .join(table, table.idea_id == Idea.id)
            .where(table.account_id == account_id)
            .order_by(table.given_at, Idea.id)
        )
        for row in session().execute(query):
            told = {"id": row.id, "title": row.title, "given_at": row.given_at}
            yield {**told, "is_aside": is_aside}


def read_ballots(account_id: int) -> Rows:
    """Each tick of the person's own ballots; one line without a title for a ballot without any."""
    query = (
        select(
            Campaign.title.label("campaign"), Ballot.opened_at, Ballot.cast_at, BallotEntry.title
        )
        .join(Campaign, Campaign.id == Ballot.campaign_id)
        .outerjoin(BallotChoice, BallotChoice.ballot_id == Ballot.id)
        .outerjoin(BallotEntry, BallotEntry.id == BallotChoice.entry_id)
        .where(Ballot.account_id == account_id)
        .order_by(Ballot.id, BallotEntry.id)
    )
    for row in session().execute(query):
        yield dict(row._mapping)  # noqa: SLF001  # the public name of a row's mapping


def read_left(account_id: int) -> Rows:
    """The families for which the person does not want to be counted."""
    query = (
        select(Family.title, FamilyLeaver.left_at)
        .join(FamilyLeaver, FamilyLeaver.family_id == Family.id)
        .where(FamilyLeaver.account_id == account_id)
        .order_by(FamilyLeaver.left_at)
    )
    for row in session().execute(query):
        yield {"title": row.title, "left_at": row.left_at}


def preview(account_id: int) -> Iterable[Balance]:
    """Voices in votes that have closed stay counted; those in open ones are taken back."""
    figures = service.count_votes(account_id)
    words = _l(
        "What was counted in a vote that has closed stays counted, without your name; in an open one it is taken back."
    )
    stay = figures.supports_stay
    yield Balance(_l("Supports"), figures.supports, stay, stay, words)
    yield Balance(_l("Ballots"), figures.ballots, figures.ballots_stay, figures.ballots_stay, words)


def forget(leaving: Leaving) -> None:
    """Takes back and cuts loose, see `service.forgetting`."""
    service.forget_voter(leaving.account_id)


_LEAVING = _l("Taken back where the vote is open; counted without your name where it has closed.")

declare(
    Room(
        "votes",
        holdings=(
            Holding(
                key="supports",
                title=_l("Ideas you support"),
                columns=(
                    Column("id", _l("Idea"), "int"),
                    Column("title", _l("Title")),
                    Column("given_at", _l("Given"), "datetime"),
                    Column("is_aside", _l("Set aside"), "bool"),
                ),
                read=read_supports,
                kept=_l("As long as the idea; nobody else sees it."),
                leaving=_LEAVING,
                places=("support.account_id", "aside_support.account_id"),
            ),
            Holding(
                key="ballots",
                title=_l("Your ballots, as long as they are linked with you"),
                columns=(
                    Column("campaign", _l("Campaign")),
                    Column("opened_at", _l("Opened"), "datetime"),
                    Column("cast_at", _l("Cast"), "datetime"),
                    Column("title", _l("What you chose")),
                ),
                read=read_ballots,
                kept=_l(
                    "The link between you and a ballot is destroyed 30 days after the list is confirmed. From then on "
                    "a ballot cannot be listed here: nobody can tell whose it is. Ballots on paper never name anybody."
                ),
                leaving=_LEAVING,
                places=("ballot.account_id", "ballot.voter_key"),
            ),
            Holding(
                key="families_left",
                title=_l("Families you left"),
                columns=(Column("title", _l("Title")), Column("left_at", _l("Left"), "datetime")),
                read=read_left,
                kept=_l("Until you come back or the family is split."),
                leaving=_LEAVING,
                places=("family_leaver.account_id",),
            ),
        ),
        traces=(
            Trace(
                ("paper_ballot.account_id", "paper_ballot.person_id", "paper_ballot.voter_key"),
                "whose a ballot on paper is while two moderators read it; forgotten once it counts",
            ),
            Trace(
                ("paper_ballot.registered_by", "paper_ballot.first_by", "paper_ballot.second_by"),
                "which staff did the work",
            ),
        ),
        forget=forget,
        preview=preview,
    )
)
