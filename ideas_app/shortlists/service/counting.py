"""Counting a round: freezing the ballots, the list, and its analysis. The slow part of the room.

Must not decide whether a list is good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from ideas_app.accounts import queries as accounts
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import is_in_transaction, session, transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.events import RoundComputed
from ideas_app.shortlists.models import Round, RoundEntry, RoundState
from ideas_app.shortlists.rules import (
    Ballots,
    Result,
    Rule,
    TallyError,
    analyse,
    list_below_minimum,
    shortlist,
    tie_order,
    to_plain,
    write_pairs,
)
from ideas_app.shortlists.rules import audit as audit_list
from ideas_app.shortlists.service.asking import (
    Question,
    check_choices,
    new_round,
    question_in,
    question_of,
    too_many_seats,
)
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Frozen:
    """The ballots at one instant, and what stood for election."""

    choices: tuple[queries.Choice, ...]
    ballots: Ballots
    """Without the entries under the minimum: this is the file that is published."""
    approvals: dict[str, int]
    """Of every choice, those under the minimum too."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count found: the list, and plain top-k beside it."""

    frozen: Frozen
    chosen: Result
    top: Result
    groups: dict[str, Any]
    """What groups of voters get, small ones left out: later nobody can join ballots to people."""


def freeze(actor: Actor, campaign: Campaign, question: Question) -> Frozen:
    """The anonymous ballots of a campaign as they stand; `campaign` comes with its phases.

    Entries approved by less than the minimum are left out of the file, and so cannot be elected.
    Ties are broken by the lot of the campaign's slug, the same in every round. Raises `Refused` while
    voting is open, `Invalid` as `ask_round`.
    """
    policy.may_compute(actor, campaign, question.source, now=clock.now()).require()
    found = queries.list_choices(campaign, question.source)
    choices = {choice.project: choice for choice in found}
    check_choices(question, choices)
    order = tie_order(campaign.slug, choices)
    titles = {project: choice.title for project, choice in choices.items()}
    lists = queries.list_ballots(campaign, question.source, found)
    whole = Ballots.from_lists(order, lists, titles=titles)
    said: dict[str, object] = {
        "description": campaign.title,
        "instance": campaign.slug,
        "seats": question.seats,
        "rule": question.rule,
        "completion": question.completion,
        "source": question.source.value,
        "min_approval_percent": question.min_approval_percent,
    }
    if question.incompatible:
        said["incompatible"] = write_pairs(question.incompatible)
    below = list_below_minimum(whole, question.min_approval_percent)
    ballots = whole.with_meta(**said).without(below)
    return Frozen(tuple(choices[project] for project in order), ballots, whole.approvals)


def compute_round(actor: Actor, campaign: Campaign, **asked: Any) -> Round:
    """Asks and counts at once, for commands that wait: `asked` as `question_of`.

    What is not given is the campaign's rule. The same ballots and the same question give the same
    digest and list. Raises as `question_of` and `ask_round`.
    """
    question = question_of(campaign, **asked)
    counted = _count(campaign, freeze(actor, campaign, question), question)
    round_ = new_round(actor, campaign, question)
    session().add(round_)
    _keep(actor, round_, counted)
    return round_


def count_round(round_id: int) -> None:
    """Counts a round that was asked for, holding no lock while it counts.

    A question that turns out not to be answerable leaves the round failed, with the fault. A round
    that was counted meanwhile, or is gone, is left alone.
    """
    query = select(Round).where(Round.id == round_id, Round.state == RoundState.ASKED)
    round_ = session().scalar(query)
    if round_ is None:
        return
    question, actor = question_in(round_), _actor_behind(round_)
    campaign = (
        session()
        .scalars(
            select(Campaign)
            .where(Campaign.id == round_.campaign_id)
            .options(selectinload(Campaign.phases))
        )
        .one()
    )
    frozen, counted, fault = None, None, ""
    try:
        frozen = freeze(actor, campaign, question)
        counted = _count(campaign, frozen, question)
    except DomainError as found:
        fault = found.code
    with transaction():
        round_ = session().scalar(query.with_for_update())
        if round_ is None:
            return
        if counted is not None:
            _keep(actor, round_, counted)
        else:
            most = len(frozen.ballots.ideas) if frozen else 0
            round_.state = RoundState.FAILED
            round_.result = {"fault": {"code": fault, "most": most}}


def _actor_behind(round_: Round) -> Actor:
    if round_.computed_by is None:
        return SYSTEM
    return accounts.actor_of(accounts.get_account(round_.computed_by))


def _count(campaign: Campaign, frozen: Frozen, question: Question) -> Counted:
    chosen = _elect(frozen.ballots, question.seats, question.rule, question.completion)
    top = _elect(frozen.ballots, question.seats, Rule.APPROVAL, "none")
    groups = queries.read_groups(
        campaign,
        question.source,
        frozen.choices,
        {"ours": chosen.winners, "top": top.winners},
        frozen.ballots.ideas,
    )
    return Counted(frozen, chosen, top, groups)


def _elect(ballots: Ballots, seats: int, rule: str, completion: str) -> Result:
    try:
        return shortlist(ballots, seats, rule=rule, completion=completion)
    except TallyError as fault:
        # everything else was checked when it was asked
        raise Invalid(too_many_seats(len(ballots.ideas))) from fault


def _keep(actor: Actor, round_: Round, counted: Counted) -> None:
    frozen, chosen = counted.frozen, counted.chosen
    round_.state = RoundState.COMPUTED
    round_.snapshot = frozen.ballots.to_pb().decode()
    round_.digest = frozen.ballots.digest
    round_.ballots = chosen.n
    round_.empty = chosen.empty
    round_.result = _result_of(frozen.ballots, chosen, counted.top) | {"groups": counted.groups}
    round_.computed_at = clock.now()
    session().add_all(_entries_of(round_, frozen, chosen.winners, counted.top.winners))
    session().flush()
    diff = {
        "digest": round_.digest,
        "rule": round_.rule,
        "completion": round_.completion,
        "seats": round_.seats,
        "source": round_.source.value,
    }
    if round_.incompatible:
        diff["incompatible"] = round_.incompatible
    audit.record(
        actor,
        Tag.ROUND_COMPUTED,
        "round",
        round_.id,
        reason=round_.incompatible_reason,
        diff=diff,
    )
    outbox.publish(RoundComputed(round_.id))


def _result_of(ballots: Ballots, chosen: Result, top: Result) -> dict[str, Any]:
    """What a page shows of the two lists, as plain JSON; fractions as "n/d"."""
    return {
        "chosen": to_plain(chosen),
        "top": list(top.winners),
        "audit": to_plain(audit_list(ballots, chosen.winners, chosen.k)),
        "final": list(chosen.winners),
        "top_audit": to_plain(audit_list(ballots, top.winners, top.k)),
    }


def _entries_of(
    round_: Round, frozen: Frozen, winners: Sequence[str], top: Sequence[str]
) -> list[RoundEntry]:
    rank = {project: place for place, project in enumerate(winners, start=1)}
    top_rank = {project: place for place, project in enumerate(top, start=1)}
    eligible = frozenset(frozen.ballots.ideas)
    session().flush()
    return [
        RoundEntry(
            round_id=round_.id,
            tie_position=position,
            project=choice.project,
            idea_id=choice.idea_id,
            family_id=choice.family_id,
            title=choice.title,
            approvals=frozen.approvals[choice.project],
            rank=rank.get(choice.project),
            final_rank=rank.get(choice.project),
            top_rank=top_rank.get(choice.project),
            is_eligible=choice.project in eligible,
        )
        for position, choice in enumerate(frozen.choices)
    ]


def analyse_round(round_id: int) -> None:
    """Computes the analysis of a round from its frozen ballots and keeps it beside the list.

    The arithmetic may take a while, so it holds no lock unless the caller does; how far it is stands
    in `Round.progress`. Doing it again stores the same bytes. A round thrown away meanwhile is left
    alone.
    """
    current = session()
    query = select(Round.snapshot, Round.seats, Round.rule, Round.completion)
    row = current.execute(query.where(Round.id == round_id)).one_or_none()
    if row is None:
        return
    if not is_in_transaction():
        current.rollback()
    tell = _noting_progress(round_id)
    found = analyse(Ballots.from_pb(row.snapshot), row.seats, row.rule, row.completion, tell=tell)
    with transaction() as writing:
        round_ = writing.get(Round, round_id, populate_existing=True)
        if round_ is not None:
            round_.result = round_.result | {"analysis": found}
            round_.progress = 100


def draw_round(round_id: int) -> None:
    """Draws the charts of a round in every language and keeps them beside its result.

    Drawing starts an engine that a request must not wait for. Doing it again draws the same. A round
    thrown away meanwhile is left alone.
    """
    current = session()
    query = select(Round.result, Round.seats, Round.rule).where(Round.id == round_id)
    row = current.execute(query).one_or_none()
    if row is None:
        return
    if not is_in_transaction():
        current.rollback()
    drawn = {}
    for language in LOCALES:
        with speaking(language):
            drawn[language] = queries.draw_pictures(row.result, row.seats, row.rule)
    with transaction() as writing:
        round_ = writing.get(Round, round_id, populate_existing=True)
        if round_ is not None:
            round_.pictures = drawn


def _noting_progress(round_id: int) -> Callable[[int], None]:
    """Notes each tenth that is done; the page reads it."""
    noted = 0

    def tell(percent: int) -> None:
        nonlocal noted
        if percent - noted < 10:
            return
        noted = percent
        with transaction() as writing:
            writing.execute(update(Round).where(Round.id == round_id).values(progress=percent))

    return tell
