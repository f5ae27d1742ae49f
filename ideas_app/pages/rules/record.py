"""One's own record by year: programmes, ideas, supports, ballots, comments, and the totals of each year. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ideas_app.answers.queries import Fate
    from ideas_app.ideas.queries import IdeaRow
    from ideas_app.pages.queries import OwnBallot
    from ideas_app.programmes.queries import OwnRecord


@dataclass(frozen=True, slots=True)
class Touched:
    """An idea that a person sent or supported, and what became of it: None while there is no answer."""

    row: IdeaRow
    fate: Fate | None = None

    @property
    def is_adopted(self) -> bool:
        """Whether the city takes it up."""
        return self.fate is not None and self.fate.is_adopted


@dataclass(slots=True)
class YearRecord:
    """What one person did in one year: programmes by the programme's year, all else by the campaign's."""

    year: int
    programmes: list[OwnRecord] = field(default_factory=list)
    ideas: list[Touched] = field(default_factory=list)
    supports: list[Touched] = field(default_factory=list)
    ballots: list[OwnBallot] = field(default_factory=list)
    comments: int = 0

    @property
    def programme_count(self) -> int:
        """Programmes, each once, however many cohorts."""
        return len({each.record.programme_id for each in self.programmes})

    @property
    def minutes(self) -> int:
        """Of all meetings at which the person was, as far as their length is known."""
        return sum(each.minutes for each in self.programmes)

    @property
    def meetings(self) -> int:
        """Meetings at which the person was."""
        return sum(each.meetings for each in self.programmes)

    @property
    def adopted(self) -> int:
        """Own ideas that the city takes up."""
        return sum(each.is_adopted for each in self.ideas)

    @property
    def supports_answered(self) -> int:
        """Supported ideas that were answered."""
        return sum(each.fate is not None for each in self.supports)

    @property
    def supports_adopted(self) -> int:
        """Supported ideas that the city takes up."""
        return sum(each.is_adopted for each in self.supports)


def years_of(
    *,
    records: Iterable[OwnRecord],
    own: Iterable[IdeaRow],
    supported: Iterable[IdeaRow],
    ballots: Iterable[OwnBallot],
    comments: Mapping[int, int],
    fates: Mapping[int, Fate],
    campaign_years: Mapping[int, int],
) -> Sequence[YearRecord]:
    """The years in which a person did something, newest first. `comments` and `campaign_years` go by campaign."""
    years: defaultdict[int, YearRecord] = defaultdict(lambda: YearRecord(0))

    def of(year: int) -> YearRecord:
        years[year].year = year
        return years[year]

    for record in records:
        of(record.year).programmes.append(record)
    for row in own:
        of(campaign_years[row.campaign_id]).ideas.append(Touched(row, fates.get(row.id)))
    for row in supported:
        of(campaign_years[row.campaign_id]).supports.append(Touched(row, fates.get(row.id)))
    for ballot in ballots:
        of(ballot.campaign.year).ballots.append(ballot)
    for campaign_id, count in comments.items():
        of(campaign_years[campaign_id]).comments += count
    return sorted(years.values(), key=lambda one: -one.year)
