"""Asking for a round: the question is checked as far as it can be before anything is counted.

Must not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.events import RoundAsked
from ideas_app.shortlists.models import Round, RoundState, Source
from ideas_app.shortlists.rules import Completion, Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Question:
    """What a round asks: everything that decides its list beside the ballots."""

    seats: int
    rule: str
    completion: str
    source: Source
    min_approval_percent: int
    incompatible: tuple[tuple[str, str], ...] = ()
    """Pairs of projects that cannot stand on one list."""
    incompatible_reason: str = ""


def question_of(
    campaign: Campaign,
    *,
    seats: int | None = None,
    rule: str | None = None,
    completion: str | None = None,
    source: Source | str | None = None,
    min_approval_percent: int | None = None,
    incompatible: Sequence[tuple[str, str]] = (),
    incompatible_reason: str = "",
) -> Question:
    """The question with the campaign's rules where nothing is given.

    Raises `Invalid` for a rule, source, percentage or number of seats that cannot be, and for pairs
    without a reason.
    """
    rules = rules_of(campaign)
    wanted = str(source or rules.source)
    percent = rules.min_approval_percent if min_approval_percent is None else min_approval_percent
    rule = rule or rules.rule
    # only equal shares leave seats to be completed: so the file must say, too
    completed = (completion or rules.completion) if rule == Rule.MES else Completion.NONE.value
    seats = rules.seats if seats is None else seats
    pairs = {tuple(sorted(pair)) for pair in incompatible}
    faults = []
    if wanted not in set(Source):
        message = _l("Choose the ballot or the supports.")
        faults.append(Fault("source", "unknown_source", message))
    if not 0 <= percent <= 100:
        message = _l("The least approval lies between 0 and 100 percent.")
        faults.append(Fault("min_approval_percent", "out_of_range", message))
    if rule not in set(Rule) or completed not in set(Completion):
        message = _l("This rule is not known here. Choose one of the list.")
        faults.append(Fault("rule", "unknown_rule", message))
    if seats < 1:
        message = _l("There must be at least one seat.")
        faults.append(Fault("seats", "k_out_of_range", message))
    if pairs and not incompatible_reason.strip():
        message = _l("Say why these ideas exclude each other: everybody will read it.")
        faults.append(Fault("incompatible_reason", "reason_missing", message))
    if faults:
        raise Invalid(*faults)
    return Question(
        seats=seats,
        rule=rule,
        completion=completed,
        source=Source(wanted),
        min_approval_percent=percent,
        incompatible=tuple(sorted((pair[0], pair[-1]) for pair in pairs)),
        incompatible_reason=incompatible_reason.strip() if pairs else "",
    )


def ask_round(actor: Actor, campaign: Campaign, question: Question) -> Round:
    """Notes what is to be counted; a worker counts it. `campaign` comes with its phases.

    Raises `Refused` while voting is open, `Invalid` without entries, for more seats than entries,
    or for a pair that is none of this campaign.
    """
    policy.may_compute(actor, campaign, question.source, now=clock.now()).require()
    found = queries.list_choices(campaign, question.source)
    check_choices(question, {choice.project for choice in found})
    round_ = new_round(actor, campaign, question)
    session().add(round_)
    session().flush()
    outbox.publish(RoundAsked(round_.id))
    return round_


def new_round(actor: Actor, campaign: Campaign, question: Question) -> Round:
    """A round of which only the question is known yet."""
    return Round(
        campaign_id=campaign.id,
        lot=campaign.slug,
        seats=question.seats,
        rule=question.rule,
        completion=question.completion,
        source=question.source,
        min_approval_percent=question.min_approval_percent,
        incompatible=[list(pair) for pair in question.incompatible],
        incompatible_reason=question.incompatible_reason,
        state=RoundState.ASKED,
        progress=0,
        snapshot="",
        digest="",
        ballots=0,
        empty=0,
        result={},
        computed_at=clock.now(),
        computed_by=actor.id,
    )


def question_in(round_: Round) -> Question:
    """The question that a round was asked."""
    return Question(
        seats=round_.seats,
        rule=round_.rule,
        completion=round_.completion,
        source=round_.source,
        min_approval_percent=round_.min_approval_percent,
        incompatible=tuple((one, other) for one, other in round_.incompatible),
        incompatible_reason=round_.incompatible_reason,
    )


def check_choices(question: Question, projects: Collection[str]) -> None:
    """Raises `Invalid` unless the question fits what can be chosen."""
    if not projects:
        message = _l("There is nothing to choose from: this campaign has no entries that stand.")
        raise Invalid(Fault("source", "no_entries", message))
    if question.seats > len(projects):
        raise Invalid(too_many_seats(len(projects)))
    for one, other in question.incompatible:
        if one == other:
            message = _l("Choose two different ideas for each pair.")
            raise Invalid(Fault("incompatible", "same_idea", message))
        if not {one, other} <= set(projects):
            message = _l("One of these ideas does not stand for election here any more.")
            raise Invalid(Fault("incompatible", "unknown_idea", message))


def too_many_seats(most: int) -> Fault:
    """The fault of a list longer than what can be elected."""
    message = _l(
        "Choose between 1 and %(most)s seats: so many entries have enough approvals.", most=most
    )
    return Fault("seats", "k_out_of_range", message)
