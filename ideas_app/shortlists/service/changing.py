"""Changing the computed list by hand: few changes, each with a reason that everybody reads.

The computed list stays as it is; `RoundEntry.final_rank` holds the list as people want it. Must not
know signatures beyond removing them: whoever signed had not seen this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_ngettext
from ideas_app.shortlists import policy, queries
from ideas_app.shortlists.models import ChangeKind, RoundChange
from ideas_app.shortlists.rules import Ballots, count_changes, order_list, to_plain
from ideas_app.shortlists.rules import audit as audit_list

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round, RoundEntry

REASON = (10, 500)
"""A reason has at least and at most so many characters."""


def change_list(
    actor: Actor, round_: Round, campaign: Campaign, project: str, kind: ChangeKind, reason: str
) -> RoundChange:
    """Takes an idea out of the list or puts one in, with its public reason.

    `round_` comes with entries, changes and signatures, `campaign` with its phases. Signatures given so
    far fall. Raises `Refused`, `NotFound`, `Invalid` for a reason too short or long, `Conflict` where
    the list does not allow it: full, too many changes, an idea that is gone, excluded by another or
    under the least approval.
    """
    queries.hold(round_)
    policy.may_change(actor, round_).require()
    _check_reason(reason)
    entry = _entry_of(round_, project)
    _check_change(round_, entry, kind)
    most = rules_of(campaign).staff_changes_max
    if count_changes([*(one.kind for one in round_.changes), kind]) > most:
        message = lazy_ngettext(
            "At most %(num)s place of a list may be changed by hand. Take a change back first.",
            "At most %(num)s places of a list may be changed by hand. Take a change back first.",
            most,
        )
        raise Conflict("too_many_changes", message)
    change = RoundChange(
        round_id=round_.id,
        entry_id=entry.id,
        kind=kind,
        reason=reason.strip(),
        made_at=clock.now(),
        made_by=actor.id,
    )
    round_.changes.append(change)
    _settle(round_, campaign)
    audit.record(
        actor,
        Tag.ROUND_CHANGED,
        "round",
        round_.id,
        reason=change.reason,
        diff={kind.value: project},
    )
    return change


def take_change_back(actor: Actor, round_: Round, campaign: Campaign, change_id: int) -> None:
    """Removes a change; arguments as `change_list`. Raises `Refused`, `NotFound`, `Conflict` while another
    idea holds the place.
    """
    queries.hold(round_)
    policy.may_change(actor, round_).require()
    change = next((one for one in round_.changes if one.id == change_id), None)
    if change is None:
        raise NotFound("no_change", _l("This change was taken back already."))
    entry = next(one for one in round_.entries if one.id == change.entry_id)
    if change.kind is ChangeKind.TAKEN_OUT:
        _check_place(round_, entry)
    round_.changes.remove(change)
    _settle(round_, campaign)
    diff = {change.kind.value: entry.project}
    audit.record(actor, Tag.ROUND_CHANGE_UNDONE, "round", round_.id, diff=diff)


def _entry_of(round_: Round, project: str) -> RoundEntry:
    entry = next((one for one in round_.entries if one.project == project), None)
    if entry is None:
        raise NotFound("no_entry", _l("This idea did not stand for election in this round."))
    return entry


def _check_reason(reason: str) -> None:
    least, most = REASON
    if not least <= len(reason.strip()) <= most:
        message = _l(
            "Give the reason in %(least)s to %(most)s characters: it is published with the list.",
            least=least,
            most=most,
        )
        raise Invalid(Fault("reason", "bad_reason", message))


def _check_change(round_: Round, entry: RoundEntry, kind: ChangeKind) -> None:
    if any(one.entry_id == entry.id for one in round_.changes):
        message = _l("This idea was changed by hand already. Take that change back instead.")
        raise Conflict("changed_already", message)
    is_in = entry.final_rank is not None
    if kind is ChangeKind.TAKEN_OUT:
        if not is_in:
            raise Conflict("not_on_list", _l("This idea is not on the list."))
        return
    if is_in:
        raise Conflict("on_list", _l("This idea is on the list already."))
    if not entry.is_eligible:
        message = _l("This idea stayed under the least approval, so it cannot be put on the list.")
        raise Conflict("below_minimum", message)
    if not queries.list_ideas_of([entry]):
        message = _l("This idea was withdrawn, hidden or split since the count.")
        raise Conflict("entry_gone", message)
    _check_place(round_, entry)


def _check_place(round_: Round, entry: RoundEntry) -> None:
    listed = {one.project for one in round_.entries if one.final_rank is not None}
    if len(listed) >= round_.seats:
        message = _l("All places of the list are taken. Take an idea out first.")
        raise Conflict("list_full", message)
    for pair in round_.incompatible:
        if entry.project in pair and not listed.isdisjoint(pair):
            message = _l("It cannot stand beside an idea on the list: the two exclude each other.")
            raise Conflict("incompatible", message)


def _settle(round_: Round, campaign: Campaign) -> None:
    """Numbers the list anew, measures what it gives to the voters, and lets signatures fall."""
    session().flush()
    changes = queries.changes_of(round_)
    final = order_list(round_.result["chosen"]["winners"], changes)
    place = {project: number for number, project in enumerate(final, start=1)}
    for entry in round_.entries:
        entry.final_rank = place.get(entry.project)
    ballots = Ballots.from_pb(round_.snapshot)
    final_audit = to_plain(audit_list(ballots, final, round_.seats))
    # the groups of voters are measured anew as long as ballots can be joined to people
    groups = queries.read_groups(
        campaign,
        round_.source,
        queries.choices_of(round_, campaign),
        {"ours": final, "top": round_.result["top"]},
        [entry.project for entry in round_.entries if entry.is_eligible],
    )
    round_.result = round_.result | {
        "final": list(final),
        "final_audit": final_audit,
        "groups": groups,
    }
    round_.signatures.clear()
    session().flush()
