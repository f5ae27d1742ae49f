"""Why each idea is on the list or not: keys of sentences with their values, never the sentences.

The texts stand in the catalogues; every number can be derived again from the ballot file. Must not
know languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.electorate import Electorate, count_served
from ideas_app.shortlists.rules.resampling import Firmness, judge_firmness
from ideas_app.shortlists.rules.results import Completion, Phase, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ideas_app.shortlists.rules.ballots import Ballots
    from ideas_app.shortlists.rules.results import Result, Round
    from ideas_app.shortlists.rules.shortfall import Margin

    Value = int | str | Fraction | tuple[str, ...]

SENTENCES: dict[str, tuple[str, ...]] = {
    # on the list
    "chosen_by_hand": ("rank", "votes"),
    "chosen_by_votes": ("rank", "votes"),  # plain counting
    "chosen_by_points": ("rank", "votes", "points"),  # satisfaction: votes shared out
    "chosen_full": ("rank", "votes"),  # none of its supporters had anything yet
    "chosen_shared": ("rank", "votes", "served", "effective"),
    "ahead_of": ("idea", "effective"),  # the runner-up and its effective votes
    "filled_seat": (),  # elected by the completion: no purse could pay for it
    "won_tie": ("ideas",),  # by the tie order, against these
    "missing_in_top": ("votes",),  # plain counting would have left it out
    "close_in": ("share",),
    # off the list
    "left_out_by_minimum": ("votes",),
    "incompatible": ("idea",),  # with this one, which is on the list
    "no_votes": (),
    "more_votes": ("votes", "ideas"),  # more than so many ideas on the list
    "supporters_served": ("share", "at_least"),  # so many already have at least so many ideas
    "few_votes": ("votes", "last_effective"),
    "lost_tie": ("idea",),  # the last tie it lost, and to which idea
    "votes_short": ("people", "displaces"),
    "votes_short_of_empty_seat": ("people",),
    "close_out": ("share",),
}
"""Every key that `explain` may give, with the names of its values."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template's key and its values: counts, exact fractions, ids of ideas."""

    key: str
    values: dict[str, Value]


def explain(
    b: Ballots,
    result: Result,
    margins: Mapping[str, Margin] | None = None,
    stability: Mapping[str, Fraction] | None = None,
) -> dict[str, tuple[Sentence, ...]]:
    """Sentences for every idea in tie order; margins and stability are told where they are given.

    `result` must come from `shortlist` on the same ballots.
    """
    teller = _Teller(b, result, margins or {}, stability or {})
    rounds = {entry.idea: entry for entry in result.rounds}
    return {
        idea: tuple(
            teller.tell_listed(rounds[idea]) if idea in rounds else teller.tell_left_out(idea)
        )
        for idea in b.ideas
    }


class _Teller:
    def __init__(
        self,
        b: Ballots,
        result: Result,
        margins: Mapping[str, Margin],
        stability: Mapping[str, Fraction],
    ) -> None:
        self._result = result
        self._margins = margins
        self._stability = stability
        self._votes = b.approvals
        excluded = {b.ideas.index(idea) for idea in result.excluded}
        self._electorate = Electorate.of(b, excluded)
        self._place = {idea: place for place, idea in enumerate(b.ideas)}
        self._served = count_served(self._electorate, [self._place[w] for w in result.winners])
        eligible = [idea for idea in b.ideas if idea not in result.excluded and self._votes[idea]]
        self._rivals = _list_barred(b, result.winners)
        # sorted() is stable, so equal votes keep the tie order
        by_votes = sorted(eligible, key=lambda idea: -self._votes[idea])
        self._top = _list_compatible(b, by_votes)[: result.k]

    def tell_listed(self, entry: Round) -> Iterator[Sentence]:
        yield self._tell_choice(entry)
        if len(entry.leaders) > 1:
            rival = entry.leaders[1]
            yield Sentence("ahead_of", {"idea": rival.idea, "effective": rival.effective_votes})
        if entry.phase is Phase.COMPLETION:
            yield Sentence("filled_seat", {})
        if entry.tied:
            others = tuple(idea for idea in entry.tied if idea != entry.idea)
            yield Sentence("won_tie", {"ideas": others})
        if entry.idea not in self._top:
            yield Sentence("missing_in_top", {"votes": entry.supporters})
        yield from self._tell_firmness(entry.idea, is_listed=True)

    def _tell_choice(self, entry: Round) -> Sentence:
        told: dict[str, Value] = {"rank": entry.number, "votes": entry.supporters}
        is_completed = entry.phase is Phase.COMPLETION
        if entry.phase is Phase.FORCED:
            return Sentence("chosen_by_hand", told)
        if self._result.rule is Rule.SATISFACTION:
            return Sentence("chosen_by_points", told | {"points": entry.score})
        if self._result.rule is Rule.APPROVAL or (
            is_completed and self._result.completion is Completion.APPROVAL
        ):
            return Sentence("chosen_by_votes", told)
        if not entry.already_served:
            return Sentence("chosen_full", told)
        told |= {"served": entry.already_served, "effective": entry.effective_votes}
        return Sentence("chosen_shared", told)

    def tell_left_out(self, idea: str) -> Iterator[Sentence]:
        votes = self._votes[idea]
        if idea in self._result.excluded:
            yield Sentence("left_out_by_minimum", {"votes": votes})
            return
        rival = self._rivals.get(idea)
        if rival is not None:
            yield Sentence("incompatible", {"idea": rival})
        weaker = sum(self._votes[winner] < votes for winner in self._result.winners)
        if not votes:
            yield Sentence("no_votes", {})
        elif weaker:
            yield Sentence("more_votes", {"votes": votes, "ideas": weaker})
            yield from self._tell_served(idea)
        elif self._result.rounds:
            last = self._result.rounds[-1].effective_votes
            yield Sentence("few_votes", {"votes": votes, "last_effective": last})
        lost = [tie.chosen for tie in self._result.ties if idea in tie.tied]
        if lost:
            yield Sentence("lost_tie", {"idea": lost[-1]})
        yield from self._tell_margin(idea)
        yield from self._tell_firmness(idea, is_listed=False)

    def _tell_served(self, idea: str) -> Iterator[Sentence]:
        """The highest of 3, 2, 1 ideas that at least half of the supporters already have.

        Nothing for a rule that does not look at what voters have got.
        """
        if self._result.rule in {Rule.SATISFACTION, Rule.APPROVAL}:
            return
        votes = self._votes[idea]
        for at_least in (3, 2, 1):
            people = sum(
                self._electorate.weights[row]
                for row in self._electorate.supporters[self._place[idea]]
                if self._served[row] >= at_least
            )
            if 2 * people >= votes:
                share = Fraction(people, votes)
                yield Sentence("supporters_served", {"share": share, "at_least": at_least})
                return

    def _tell_margin(self, idea: str) -> Iterator[Sentence]:
        margin = self._margins.get(idea)
        if margin is None or margin.votes_short is None:
            return
        people: dict[str, Value] = {"people": margin.votes_short}
        if margin.displaces:
            yield Sentence("votes_short", people | {"displaces": margin.displaces})
        else:
            yield Sentence("votes_short_of_empty_seat", people)

    def _tell_firmness(self, idea: str, *, is_listed: bool) -> Iterator[Sentence]:
        share = self._stability.get(idea)
        if share is None:
            return
        margin = self._margins.get(idea)
        firmness = judge_firmness(
            is_listed=is_listed,
            share=share,
            votes_short=margin.votes_short if margin else None,
            n=self._result.n,
        )
        if firmness is Firmness.CLOSE:
            yield Sentence("close_in" if is_listed else "close_out", {"share": share})


def _list_barred(b: Ballots, listed: Collection[str]) -> dict[str, str]:
    """For each idea that cannot stand beside one on the list, that one."""
    return {
        other: one
        for pair in b.incompatible
        for one, other in (pair, pair[::-1])
        if one in listed and other not in listed
    }


def _list_compatible(b: Ballots, ideas: Sequence[str]) -> list[str]:
    """The ideas in their order without those that cannot stand beside an earlier one."""
    kept: list[str] = []
    for idea in ideas:
        if not any(idea in pair and not set(pair).isdisjoint(kept) for pair in b.incompatible):
            kept.append(idea)
    return kept
