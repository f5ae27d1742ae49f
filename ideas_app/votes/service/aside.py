"""Setting suspicious supports aside and restoring them: reversible, logged, never silent.

The rows move between `support` and `aside_support`, so nothing that counts supports can forget to leave
them out. Everybody who gives or takes back a support waits meanwhile: the campaign's phases are held
for change, then its families and ideas, in that order. Must not know why somebody is suspected.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Phase
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Family, Idea, State
from ideas_app.votes import policy, queries
from ideas_app.votes.events import AnswerDue, AnswerNotDue
from ideas_app.votes.models import AsideSupport, SetAside, SetAsideCause, Support
from ideas_app.votes.rules import falls_below
from ideas_app.votes.service.counters import recount_family, recount_ideas
from ideas_app.votes.service.gates import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.votes.rules import Suspicion

REASON_MAX = 500
_SETTLED = frozenset({State.SHORTLISTED, State.ANSWERED, State.DONE})
"""An official answer to these is owed, or given, whatever the supports say."""


def set_aside(
    actor: Actor,
    campaign: Campaign,
    suspicion: Suspicion,
    *,
    cause: SetAsideCause,
    reason: str,
    expected: int,
) -> SetAside:
    """Takes the supports that fit a suspicion out of every count; `expected` is what the preview counted.

    An official answer that was owed only because of them is owed no longer. Raises `Refused`, `Invalid`
    (`condition`, `reason`), `Conflict` where other supports fit by now than were previewed.
    """
    require(policy.may_set_aside(actor))
    reason = _checked(reason)
    if suspicion.is_empty:
        message = _l("Name at least one mark: a whole idea or campaign is never set aside.")
        raise Invalid(Fault("condition", "no_mark", message))
    _hold_phases(campaign)
    suspects = queries.list_suspects(campaign, suspicion)
    if not suspects or len(suspects) != expected:
        message = _l(
            "%(count)s supports fit now, other than in the preview. Look at it once more.",
            count=len(suspects),
        )
        raise Conflict("changed_meanwhile", message)
    ideas, families = _hold({one.idea_id for one in suspects})
    before = _numbers(ideas, families)
    act = SetAside(
        campaign_id=campaign.id,
        cause=cause,
        reason=reason,
        condition=suspicion.to_plain(),
        supports_count=len(suspects),
        unlatched={},
        made_at=clock.now(),
    )
    session().add(act)
    session().flush()
    rows = [
        {
            "set_aside_id": act.id,
            "idea_id": one.idea_id,
            "account_id": one.account_id,
            "given_at": one.given_at,
        }
        for one in suspects
    ]
    session().execute(insert(AsideSupport), rows)
    for start in range(0, len(suspects), 500):
        ids = [one.id for one in suspects[start : start + 500]]
        session().execute(delete(Support).where(Support.id.in_(ids)))
    after = _count_anew(ideas, families)
    act.unlatched = _unlatch(campaign, ideas, before, after)
    _record(actor, Tag.SUPPORTS_SET_ASIDE, act, reason, before, after)
    return act


def restore(actor: Actor, act: SetAside, reason: str) -> int:
    """Puts back what an act set aside, as it was given; how many supports. What their authors took back
    meanwhile stays away. Raises `Refused`, `Invalid` (`reason`), `Conflict` when it was restored already.
    """
    require(policy.may_set_aside(actor))
    reason = _checked(reason)
    campaign = queries.get_campaign_of(act)
    _hold_phases(campaign)
    session().refresh(act, with_for_update=True)
    if act.restored_at is not None:
        raise Conflict("restored", _l("These supports were restored already."))
    aside = select(AsideSupport).where(AsideSupport.set_aside_id == act.id)
    rows = session().scalars(aside.order_by(AsideSupport.id)).all()
    ideas, families = _hold({row.idea_id for row in rows} | {int(key) for key in act.unlatched})
    before = _numbers(ideas, families)
    for row in rows:
        values = {name: getattr(row, name) for name in ("idea_id", "account_id", "given_at")}
        insert_ignore(Support, values)
        session().delete(row)
    act.restored_at = clock.now()
    act.restored_reason = reason
    session().flush()
    after = _count_anew(ideas, families)
    _latch_again(campaign, ideas, act)
    _record(actor, Tag.SUPPORTS_RESTORED, act, reason, before, after)
    return len(rows)


def _checked(reason: str) -> str:
    reason = text.normalise(reason)
    if not reason:
        message = _l("Give a reason: it is kept in the log and told to the people concerned.")
        raise Invalid(Fault("reason", "reason_missing", message))
    over = text.length(reason) - REASON_MAX
    if over > 0:
        message = _l(
            "Too long by %(over)s: at most %(most)s characters fit here.",
            over=over,
            most=REASON_MAX,
        )
        raise Invalid(Fault("reason", "too_long", message))
    return reason


def _hold_phases(campaign: Campaign) -> None:
    """Supports hold the open phase for reading: none is under way once its rows are held for change."""
    query = select(Phase.id).where(Phase.campaign_id == campaign.id).order_by(Phase.id)
    session().execute(query.with_for_update()).all()


def _hold(idea_ids: set[int]) -> tuple[list[Idea], list[Family]]:
    """The families of some ideas and the ideas, as they are now, held until the transaction ends."""
    wanted = sorted(idea_ids)
    kin = select(Idea.family_id).where(Idea.id.in_(wanted), Idea.family_id.is_not(None))
    families = select(Family).where(Family.id.in_(kin)).order_by(Family.id).with_for_update()
    held = list(session().scalars(families.execution_options(populate_existing=True)))
    ideas = select(Idea).where(Idea.id.in_(wanted)).order_by(Idea.id).with_for_update()
    return list(session().scalars(ideas.execution_options(populate_existing=True))), held


def _numbers(ideas: Sequence[Idea], families: Sequence[Family]) -> dict[str, int]:
    numbers = {f"i{idea.id}": idea.supports_count for idea in ideas}
    return numbers | {f"f{family.id}": family.supports_count for family in families}


def _count_anew(ideas: Sequence[Idea], families: Sequence[Family]) -> dict[str, int]:
    counts = recount_ideas(idea.id for idea in ideas)
    numbers = {f"i{idea_id}": count for idea_id, count in counts.items()}
    for family in families:
        numbers[f"f{family.id}"] = recount_family(family)
    for idea in ideas:
        session().refresh(idea)
    return numbers


def _unlatch(
    campaign: Campaign, ideas: Sequence[Idea], before: dict[str, int], after: dict[str, int]
) -> dict[str, Any]:
    """Takes back the official answers that were owed only because of what was set aside.

    A count that had fallen below the number before stays latched: those supports were real.
    """
    threshold = rules_of(campaign).answer_supports
    unlatched = {}
    for idea in ideas:
        keys = [f"i{idea.id}", f"f{idea.family_id}"]
        counted = [key for key in keys if key in after]
        fell = any(falls_below(before[key], after[key], threshold) for key in counted)
        still = any(after[key] >= threshold for key in counted)
        own = f"i{idea.id}"
        alone = idea.answer_earned_at
        was_real = alone is not None and not falls_below(before[own], after[own], threshold)
        latched_at = idea.answer_due_latched_at
        if latched_at is None or idea.state in _SETTLED or still or not fell or was_real:
            continue
        unlatched[str(idea.id)] = [latched_at.isoformat(), alone.isoformat() if alone else None]
        _set_latch(idea, None, None)
        outbox.publish(AnswerNotDue(idea.id))
    return unlatched


def _latch_again(campaign: Campaign, ideas: Sequence[Idea], act: SetAside) -> None:
    threshold = rules_of(campaign).answer_supports
    for idea in ideas:
        given_back = act.unlatched.get(str(idea.id))
        enough = idea.supports_count >= threshold
        if idea.answer_due_latched_at is None and (given_back or enough):
            due, alone = given_back or (clock.now().isoformat(), None)
            since = datetime.fromisoformat(due)
            earned = datetime.fromisoformat(alone) if alone else since if enough else None
            _set_latch(idea, since, earned)
            outbox.publish(AnswerDue(idea.id))


def _set_latch(idea: Idea, due: datetime | None, earned: datetime | None) -> None:
    session().execute(
        update(Idea)
        .where(Idea.id == idea.id)
        .values(answer_due_latched_at=due, answer_earned_at=earned)
        .execution_options(synchronize_session="fetch")
    )


def _record(
    actor: Actor,
    tag: Tag,
    act: SetAside,
    reason: str,
    before: dict[str, int],
    after: dict[str, int],
) -> None:
    diff = {
        "set_aside": act.id,
        "cause": act.cause.value,
        "condition": act.condition,
        "supports": act.supports_count,
        "numbers": {key: [before[key], after[key]] for key in sorted(after)},
    }
    audit.record(actor, tag, "campaign", act.campaign_id, reason=reason, diff=diff)
