"""Who hears of what: one table. Pure.

Each happening names the ties that hear of it, and the kind of notice each gets. Must not know how ties
are found: `queries.people` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

T = TypeVar("T")


class Why(StrEnum):
    """Why somebody is told, the strongest reason first."""

    SELF = "self"
    """It is about the person's own record, not about an idea."""
    WRITER = "writer"
    """Whoever wrote the comment that it happened to, or that was replied to."""
    AUTHOR = "author"
    DUTY = "duty"
    """Staff whose work it is."""
    SUPPORTER = "supporter"
    COMMENTER = "commenter"
    """Whoever has a visible comment on the idea."""
    FOLLOWER = "follower"


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """What one person is told: the kind of notice, why, and about which thing."""

    kind: str
    why: Why
    about: T


def _author(kind: str) -> dict[Why, str]:
    return {Why.AUTHOR: kind}


def _interested(kind: str) -> dict[Why, str]:
    return {Why.SUPPORTER: kind, Why.COMMENTER: kind, Why.FOLLOWER: kind}


TOLD: dict[str, dict[Why, str]] = {
    # an idea's life
    "submitted": _author("submitted"),
    "published": _author("published"),
    "returned": _author("returned"),
    "rejected": _author("rejected"),
    "hidden": _author("hidden"),
    "restored": _author("restored"),
    "fixed": _author("fixed"),
    "edited": _interested("edited"),
    "withdrawn": _interested("withdrawn"),
    "appeal_filed": {Why.DUTY: "appeal_filed"},
    "appeal_upheld": _author("appeal_upheld"),
    "appeal_overturned": _author("appeal_overturned"),
    "note": {Why.DUTY: "note"},
    # one's own record
    "claim_accepted": {Why.SELF: "claim_accepted"},
    "claim_refused": {Why.SELF: "claim_refused"},
    "request_extended": {Why.SELF: "request_extended"},
    "request_done": {Why.SELF: "request_done"},
    "request_refused": {Why.SELF: "request_refused"},
    "roster_expiring": {Why.DUTY: "roster_expiring"},
    # comments
    "comment": {Why.AUTHOR: "comment", Why.WRITER: "reply"},
    "comment_hidden": {Why.WRITER: "comment_hidden"},
    "comment_restored": {Why.WRITER: "comment_restored"},
    # families
    "family_formed": _author("family_formed") | _interested("family_formed_supported"),
    "family_grew": _author("family_grew"),
    "family_left": _author("family_left") | _interested("family_left_supported"),
    "family_split": _author("family_split") | _interested("family_split_supported"),
    "objection_filed": {Why.DUTY: "objection_filed"},
    "objection_settled": _author("objection_settled"),
    # the vote and the shortlist
    "ballot_open": _author("ballot_open") | _interested("ballot_open_supported"),
    "shortlisted": _author("shortlisted") | _interested("shortlisted_supported"),
    "not_shortlisted": _author("not_shortlisted") | _interested("not_shortlisted_supported"),
    # the answer
    "answer_due": _author("answer_due") | _interested("answer_due_supported"),
    "assigned": {Why.DUTY: "assigned"},
    "review_asked": {Why.DUTY: "review_asked"},
    "review_approved": {Why.DUTY: "review_approved"},
    "review_returned": {Why.DUTY: "review_returned"},
    "evaluation_asked": {Why.DUTY: "evaluation_asked"},
    "evaluation_closed": {Why.DUTY: "evaluation_closed"},
    "answered": _author("answered") | _interested("answered_supported"),
    "answer_changed": _author("answer_changed") | _interested("answer_changed_supported"),
    "answer_extended": _author("answer_extended") | _interested("answer_extended_supported"),
    # its promises
    "promise_due": {Why.DUTY: "promise_due"},
    "promise": _author("promise") | _interested("promise_supported"),
    "promise_progress": _author("promise_progress") | _interested("promise_progress_supported"),
    "promise_silent": _author("promise_silent") | _interested("promise_silent_supported"),
}
"""Happening -> tie -> kind of notice. Ideas that wait to be read are told to nobody one by one: moderators
have them at their desk and in their daily mail.
"""


def told_of(
    happening: str,
    ties: Mapping[Why, Mapping[int, T]],
    *,
    doers: Collection[int | None] = (),
) -> dict[int, Told[T]]:
    """Who is told what, by account: each person once, by the strongest reason, nobody of their own act.

    `ties` maps reasons to accounts to the thing by which the reason holds. Raises `KeyError` for a happening
    that the table does not know.
    """
    kinds = TOLD[happening]
    told: dict[int, Told[T]] = {}
    for why in Why:
        if why not in kinds:
            continue
        for account_id, about in ties.get(why, {}).items():
            if account_id not in doers:
                told.setdefault(account_id, Told(kinds[why], why, about))
    return told
