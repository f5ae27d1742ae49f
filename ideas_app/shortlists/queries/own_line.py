"""A voter's own ballot as the published file counts it: for the voter's eyes, computed when asked for.

Must not store, send or log what it finds: nothing may join a person to a line but the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.shortlists.models import Round, RoundState, Source
from ideas_app.votes import queries as votes

if TYPE_CHECKING:
    from collections.abc import Collection

    from ideas_app.campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What a voter ticked that could be elected, and where it stands in the file."""

    projects: tuple[str, ...]
    """In the order of the file; empty when nothing that was ticked could be elected."""
    first: int | None
    """The number of the first line that says the same, from 1. None: no line does."""
    same: int
    """How many lines say the same; the voter's is one of them."""

    @property
    def others(self) -> int:
        """How many other voters chose exactly the same."""
        return max(self.same - 1, 0)

    @property
    def last(self) -> int | None:
        """The number of the last line that says the same."""
        return self.first + self.same - 1 if self.first else None


def find_own_line(round_: Round, campaign: Campaign, account_id: int | None) -> OwnLine | None:
    """The line of a person's ballot in a published round of the ballot; None without a ballot.

    `round_` comes with its entries. The ballot is read from the votes, the lines from the frozen
    file: so a ballot that was left out, or changed on its way, shows.
    """
    if round_.state is not RoundState.PUBLISHED or round_.source is not Source.BALLOT:
        return None
    own = votes.find_ballot(account_id, campaign)
    if own is None or own.cast_at is None:
        return None
    picked = votes.picks_of(own)
    ticked = {votes.subject_key(one) for one in votes.list_entries(campaign) if one.id in picked}
    return _locate(round_, ticked)


def _locate(round_: Round, ticked: Collection[str]) -> OwnLine:
    projects = tuple(
        entry.project for entry in round_.entries if entry.is_eligible and entry.project in ticked
    )
    if not projects:
        return OwnLine(projects, None, 0)
    vote = ",".join(projects)
    lines = round_.snapshot.partition("\nVOTES\n")[2].split("\n")[1:]
    # equal ballots stand together, because the file is sorted by content
    numbers = [number for number, line in enumerate(lines, 1) if line.partition(";")[2] == vote]
    return OwnLine(projects, numbers[0] if numbers else None, len(numbers))
