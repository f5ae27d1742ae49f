"""The verbs of rounds: freezing the ballots, computing the list, analysing it, publishing it.

Must not know answers: they open their clocks when the round's event reaches them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.db import is_in_transaction, session, transaction
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import State
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.events import RoundComputed, ShortlistPublished
from ideas_app.shortlists.models import Round, RoundEntry, RoundState, Source
from ideas_app.shortlists.rules import (
    Ballots,
    Completion,
    Result,
    Rule,
    TallyError,
    analyse,
    list_below_minimum,
    shortlist,
    tie_order,
    to_plain,
)
from ideas_app.shortlists.rules import audit as audit_list
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString

    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Question:
    """What a round asks: everything that decides its list beside the ballots."""

    seats: int
    rule: str
    completion: str
    source: Source
    min_approval_percent: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """The ballots at one instant, and what stood for election."""

    choices: tuple[queries.Choice, ...]
    ballots: Ballots
    """Without the entries under the minimum: this is the file that is published."""
    approvals: dict[str, int]
    """Of every choice, those under the minimum too."""


def question_of(
    campaign: Campaign,
    *,
    seats: int | None = None,
    rule: str | None = None,
    completion: str | None = None,
    source: Source | str | None = None,
    min_approval_percent: int | None = None,
) -> Question:
    """The question with the campaign's rules where nothing is given.

    Raises `Invalid` for a source or a percentage that cannot be.
    """
    rules = rules_of(campaign)
    wanted = str(source or rules.source)
    percent = rules.min_approval_percent if min_approval_percent is None else min_approval_percent
    if wanted not in set(Source):
        raise Invalid(Fault("source", "unknown_source", _l("Choose the ballot or the supports.")))
    if not 0 <= percent <= 100:
        message = _l("The least approval lies between 0 and 100 percent.")
        raise Invalid(Fault("min_approval_percent", "out_of_range", message))
    rule = rule or rules.rule
    return Question(
        seats=rules.seats if seats is None else seats,
        rule=rule,
        # only equal shares leave seats to be completed: so the file must say, too
        completion=(completion or rules.completion) if rule == Rule.MES else Completion.NONE.value,
        source=Source(wanted),
        min_approval_percent=percent,
    )


def freeze(actor: Actor, campaign: Campaign, question: Question) -> Frozen:
    """The anonymous ballots of a campaign as they stand; `campaign` comes with its phases.

    Entries approved by less than the minimum are left out of the file, and so cannot be elected.
    Ties are broken by the lot of the campaign's slug, the same in every round. Raises `Refused` while
    voting is open, `Invalid` (field `source`) without anything to choose from.
    """
    policy.may_compute(actor, campaign, question.source, now=clock.now()).require()
    found = queries.list_choices(campaign, question.source)
    if not found:
        message = _l("There is nothing to choose from: this campaign has no entries that stand.")
        raise Invalid(Fault("source", "no_entries", message))
    choices = {choice.project: choice for choice in found}
    order = tie_order(campaign.slug, choices)
    titles = {project: choice.title for project, choice in choices.items()}
    lists = queries.list_ballots(campaign, question.source, found)
    whole = Ballots.from_lists(order, lists, titles=titles)
    ballots = whole.without(list_below_minimum(whole, question.min_approval_percent)).with_meta(
        description=campaign.title,
        instance=campaign.slug,
        seats=question.seats,
        rule=question.rule,
        completion=question.completion,
        source=question.source.value,
        min_approval_percent=question.min_approval_percent,
    )
    return Frozen(tuple(choices[project] for project in order), ballots, whole.approvals)


def compute_round(
    actor: Actor,
    campaign: Campaign,
    *,
    seats: int | None = None,
    rule: str | None = None,
    completion: str | None = None,
    source: Source | str | None = None,
    min_approval_percent: int | None = None,
) -> Round:
    """Freezes the ballots of a campaign and computes its list and, beside it, plain top-k.

    What is not given is the campaign's rule. The same ballots and the same question give the same
    digest and list. Raises `Refused` while voting is open, `Invalid` without entries, for an unknown
    rule, or for a number of seats that cannot be.
    """
    question = question_of(
        campaign,
        seats=seats,
        rule=rule,
        completion=completion,
        source=source,
        min_approval_percent=min_approval_percent,
    )
    frozen = freeze(actor, campaign, question)
    chosen = _elect(frozen.ballots, question.seats, question.rule, question.completion)
    top = _elect(frozen.ballots, question.seats, Rule.APPROVAL, "none")
    round_ = Round(
        campaign_id=campaign.id,
        lot=campaign.slug,
        seats=question.seats,
        rule=chosen.rule.value,
        completion=chosen.completion.value,
        source=question.source,
        min_approval_percent=question.min_approval_percent,
        state=RoundState.COMPUTED,
        snapshot=frozen.ballots.to_pb().decode(),
        digest=frozen.ballots.digest,
        ballots=chosen.n,
        empty=chosen.empty,
        result=_result_of(frozen.ballots, chosen, top)
        | {
            "groups": queries.read_groups(
                campaign,
                question.source,
                frozen.choices,
                {"ours": chosen.winners, "top": top.winners},
                frozen.ballots.ideas,
            )
        },
        computed_at=clock.now(),
        computed_by=actor.id,
        entries=_entries_of(frozen, chosen.winners, top.winners),
    )
    session().add(round_)
    session().flush()
    diff = {
        "digest": round_.digest,
        "rule": round_.rule,
        "completion": round_.completion,
        "seats": round_.seats,
        "source": round_.source.value,
    }
    audit.record(actor, Tag.ROUND_COMPUTED, "round", round_.id, diff=diff)
    outbox.publish(RoundComputed(round_.id))
    return round_


def analyse_round(round_id: int) -> None:
    """Computes the analysis of a round from its frozen ballots and keeps it beside the list.

    The arithmetic may take a while, so it holds no lock unless the caller does. Doing it again
    stores the same bytes. A round thrown away meanwhile is left alone.
    """
    current = session()
    query = select(Round.snapshot, Round.seats, Round.rule, Round.completion)
    row = current.execute(query.where(Round.id == round_id)).one_or_none()
    if row is None:
        return
    if not is_in_transaction():
        current.rollback()
    found = analyse(Ballots.from_pb(row.snapshot), row.seats, row.rule, row.completion)
    with transaction() as writing:
        round_ = writing.get(Round, round_id, populate_existing=True)
        if round_ is not None:
            round_.result = round_.result | {"analysis": found}


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


def _elect(ballots: Ballots, seats: int, rule: str, completion: str) -> Result:
    try:
        return shortlist(ballots, seats, rule=rule, completion=completion)
    except TallyError as fault:
        field, message = _words_for(fault, len(ballots.ideas))
        raise Invalid(Fault(field, fault.code, message)) from fault


def _words_for(fault: TallyError, highest: int) -> tuple[str, LazyString]:
    if fault.code == "k_out_of_range":
        message = _l(
            "Choose between 1 and %(most)s seats: so many entries have enough approvals.",
            most=highest,
        )
        return "seats", message
    return "rule", _l("This rule is not known here. Choose one of the list.")


def _result_of(ballots: Ballots, chosen: Result, top: Result) -> dict[str, Any]:
    """What a page shows of the two lists, as plain JSON; fractions as "n/d"."""
    return {
        "chosen": to_plain(chosen),
        "top": list(top.winners),
        "audit": to_plain(audit_list(ballots, chosen.winners, chosen.k)),
        "top_audit": to_plain(audit_list(ballots, top.winners, top.k)),
    }


def _entries_of(frozen: Frozen, winners: Sequence[str], top: Sequence[str]) -> list[RoundEntry]:
    rank = {project: place for place, project in enumerate(winners, start=1)}
    top_rank = {project: place for place, project in enumerate(top, start=1)}
    eligible = frozenset(frozen.ballots.ideas)
    return [
        RoundEntry(
            tie_position=position,
            project=choice.project,
            idea_id=choice.idea_id,
            family_id=choice.family_id,
            title=choice.title,
            approvals=frozen.approvals[choice.project],
            rank=rank.get(choice.project),
            top_rank=top_rank.get(choice.project),
            is_eligible=choice.project in eligible,
        )
        for position, choice in enumerate(frozen.choices)
    ]


def publish_round(actor: Actor, round_: Round) -> Round:
    """Makes a round public, once: its ideas stand as shortlisted or not, and the event starts the
    city's clocks.

    `round_` comes with its entries. Raises `Refused` the second time or when another round of the
    campaign is public, `Conflict` when an idea of the list was withdrawn or hidden since.
    """
    session().execute(
        select(Campaign.id).where(Campaign.id == round_.campaign_id).with_for_update()
    )
    session().refresh(round_, ["state"])
    published = queries.find_published(round_.campaign_id)
    policy.may_publish(actor, round_, published).require()
    elected = queries.list_elected(round_)
    winners = queries.list_ideas_of(elected)
    _check_standing(elected, {idea.id for idea in winners}, {idea.family_id for idea in winners})
    round_.state = RoundState.PUBLISHED
    round_.published_at = clock.now()
    round_.published_by = actor.id
    others = queries.list_ideas_of([entry for entry in round_.entries if entry.rank is None])
    for idea in winners:
        ideas.change_state(idea, State.SHORTLISTED)
    for idea in others:
        ideas.change_state(idea, State.NOT_SHORTLISTED)
    session().flush()
    audit.record(actor, Tag.ROUND_PUBLISHED, "round", round_.id, diff={"digest": round_.digest})
    outbox.publish(ShortlistPublished(round_.id))
    return round_


def _check_standing(
    elected: Sequence[RoundEntry], idea_ids: set[int], family_ids: set[int | None]
) -> None:
    if not elected:
        message = _l("Nothing was elected, so there is no list to publish. Compute it anew.")
        raise Conflict("empty_list", message)
    for entry in elected:
        stands = entry.idea_id in idea_ids if entry.idea_id else entry.family_id in family_ids
        if not stands:
            message = _l(
                "“%(title)s” was withdrawn, hidden or split since this list was computed. "
                "Compute it anew.",
                title=entry.title,
            )
            raise Conflict("entry_gone", message)
