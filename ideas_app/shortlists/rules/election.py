"""From ballots to a list: checks what is asked for, then lets the rule elect.

Must not know files, people or texts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ideas_app.shortlists.rules.ballots import check_known
from ideas_app.shortlists.rules.electorate import Electorate, Run
from ideas_app.shortlists.rules.equal_shares import elect_by_equal_shares
from ideas_app.shortlists.rules.errors import TallyError
from ideas_app.shortlists.rules.phragmen import elect_by_phragmen
from ideas_app.shortlists.rules.points import (
    elect_by_approval,
    elect_by_satisfaction,
    elect_by_seqpav,
)
from ideas_app.shortlists.rules.results import Completion, Result, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ideas_app.shortlists.rules.ballots import Ballots
    from ideas_app.shortlists.rules.electorate import Watch

DEFAULT_SEATS = 15


@dataclass(frozen=True, slots=True)
class Election:
    """A checked question: which rule, how many seats, which ideas (by position) by hand."""

    rule: Rule
    completion: Completion
    k: int
    excluded: tuple[int, ...]
    forced: tuple[int, ...]
    rivals: Mapping[int, frozenset[int]]
    """For an idea of an incompatible pair, those that cannot stand beside it."""


def shortlist(
    b: Ballots,
    k: int,
    rule: Rule | str = Rule.MES,
    completion: Completion | str = Completion.PHRAGMEN,
    excluded: Collection[str] = (),
    forced: Collection[str] = (),
) -> Result:
    """The list of k ideas by the rule; ties go to the idea that stands first in `b.ideas`.

    `excluded` ideas count nowhere, as if they had never been on a ballot. `forced` ideas get the
    first seats, in tie order, and weigh on their supporters as if elected. Nobody's idea without
    approvals is ever listed unless forced; then the result is `short`. `completion` matters for
    mes only. Of two ideas that the ballots call incompatible, the one elected first takes the other
    out of the running.

    Raises `TallyError`: forced_and_excluded, forced_incompatible, k_out_of_range (k < 1, above the number of eligible
    ideas, or below the number of forced ones), unknown_idea, unknown_rule.
    """
    election = pose(b, k, rule, completion, excluded, forced)
    electorate = Electorate.of(b, election.excluded)
    run = run_election(electorate, election)
    return Result(
        rule=election.rule,
        completion=election.completion,
        k=k,
        n=electorate.n,
        empty=b.empty + b.count - electorate.n,
        winners=tuple(entry.idea for entry in run.rounds),
        rounds=tuple(run.rounds),
        ties=run.list_ties(),
        excluded=tuple(b.ideas[idea] for idea in election.excluded),
        forced=tuple(b.ideas[idea] for idea in election.forced),
    )


def pose(
    b: Ballots,
    k: int,
    rule: Rule | str,
    completion: Completion | str,
    excluded: Collection[str] = (),
    forced: Collection[str] = (),
) -> Election:
    """The question in positions, checked as `shortlist` says."""
    check_known(b.ideas, (*excluded, *forced))
    if not set(excluded).isdisjoint(forced):
        raise TallyError("forced_and_excluded", "An idea cannot be both forced and excluded.")
    for one, other in b.incompatible:
        if {one, other} <= set(forced):
            message = f"{one} and {other} cannot both be forced: they are incompatible."
            raise TallyError("forced_incompatible", message)
    highest = len(b.ideas) - len(set(excluded))
    if not max(1, len(set(forced))) <= k <= highest:
        raise TallyError("k_out_of_range", f"The seats must lie between 1 and {highest}, not {k}.")
    try:
        rule, completion = Rule(rule), Completion(completion)
    except ValueError as fault:
        raise TallyError("unknown_rule", f"{fault}.") from fault
    return Election(
        rule=rule,
        completion=completion if rule is Rule.MES else Completion.NONE,
        k=k,
        excluded=tuple(i for i, idea in enumerate(b.ideas) if idea in excluded),
        forced=tuple(i for i, idea in enumerate(b.ideas) if idea in forced),
        rivals=_list_rivals(b),
    )


def _list_rivals(b: Ballots) -> dict[int, frozenset[int]]:
    rivals: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in b.incompatible:
        here, there = b.ideas.index(one), b.ideas.index(other)
        rivals[here].add(there)
        rivals[there].add(here)
    return {idea: frozenset(others) for idea, others in rivals.items()}


def run_election(electorate: Electorate, election: Election, watch: Watch | None = None) -> Run:
    """The rounds of an election over an electorate made with the same excluded ideas."""
    run = Run(electorate, election.k, watch, election.rivals)
    # They are not candidates: neither may a round tie with them nor elect them again.
    run.candidates = [idea for idea in run.candidates if idea not in election.forced]
    if election.rule is Rule.MES:
        elect_by_equal_shares(run, election.completion, election.forced)
    else:
        {
            Rule.PHRAGMEN: elect_by_phragmen,
            Rule.SEQPAV: elect_by_seqpav,
            Rule.SATISFACTION: elect_by_satisfaction,
            Rule.APPROVAL: elect_by_approval,
        }[election.rule](run, election.forced)
    return run


def list_below_minimum(b: Ballots, percent: Fraction | int) -> tuple[str, ...]:
    """Ideas approved by less than `percent` per cent of the non-empty ballots, in tie order.

    To be passed to `shortlist` as `excluded`, or to `Ballots.without` before publishing. Exact: an
    idea that reaches the minimum to the vote stays in.
    """
    needed = Fraction(percent) * b.count
    return tuple(idea for idea, votes in b.approvals.items() if votes * 100 < needed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ideas by rules. `ranks` follow `rules`: 1 for the first elected, None for not listed."""

    rules: tuple[Rule, ...]
    results: tuple[Result, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]


def compare(
    b: Ballots,
    k: int,
    rules: Sequence[Rule | str] = tuple(Rule),
    completion: Completion | str = Completion.PHRAGMEN,
    excluded: Collection[str] = (),
    forced: Collection[str] = (),
) -> Comparison:
    """Lists of several rules side by side; each idea that any of them lists has a row.

    Ideas on which the rules disagree come first; within both halves by approvals, then tie order.
    Raises `TallyError` as `shortlist`.
    """
    results = tuple(shortlist(b, k, rule, completion, excluded, forced) for rule in rules)
    ranks = [{idea: i for i, idea in enumerate(r.winners, start=1)} for r in results]
    votes = b.approvals
    rows = [
        (idea, tuple(rank.get(idea) for rank in ranks))
        for idea in b.ideas
        if any(idea in rank for rank in ranks)
    ]
    rows.sort(key=lambda row: (None not in row[1], -votes[row[0]]))
    return Comparison(tuple(r.rule for r in results), results, tuple(rows))
