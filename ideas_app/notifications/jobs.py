"""Who is told what when something happens. Decisions on one's own things come by mail too, the rest in
the inbox only.

Handlers may run twice (a worker may die between two steps): `once_key` names each happening.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app

from ideas_app.accounts import queries as accounts
from ideas_app.accounts.events import AccountDeleted
from ideas_app.answers import queries as answers
from ideas_app.answers.events import AnswerExtended, AnswerPublished, PromiseChanged
from ideas_app.comments import queries as comments
from ideas_app.comments.events import CommentHidden, CommentRestored, CommentWritten
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import handles
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.events import IdeaEdited, IdeaSubmitted, IdeaWithdrawn
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.events import (
    AppealSettled,
    FamilyFormed,
    FamilySplit,
    IdeaFixed,
    IdeaHidden,
    IdeaJoinedFamily,
    IdeaLeftFamily,
    IdeaPublished,
    IdeaRejected,
    IdeaRestored,
    IdeaReturned,
    NoteWritten,
    ObjectionSettled,
)
from ideas_app.notifications import queries, service
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.rules import KINDS, line_of
from ideas_app.shortlists.events import ShortlistPublished
from ideas_app.votes.events import AnswerDue
from ideas_app.web.email import compose, deliver, link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ideas_app.ideas.models import Idea
    from ideas_app.notifications.models import Notice


def _stamp(instant: datetime | None) -> int:
    """Tells one hiding of an idea from the next."""
    return int(instant.timestamp() * 1000) if instant else 0


def _tell_author(idea: Idea, kind: str, key: object, *, mail: bool = True, **values: Any) -> None:
    once_key = f"{kind}:{idea.id}:{key}"
    values = {"title": idea.title, **values}
    service.tell(idea.author_id, kind, once_key, idea_id=idea.id, values=values, mail=mail)


def _tell_interested(about: Iterable[Idea], kind: str, key: object, **values: Any) -> None:
    for account_id, idea in queries.list_interested(about).items():
        told = {"title": idea.title, **values}
        service.tell(account_id, kind, f"{kind}:{key}", idea_id=idea.id, values=told)


# Ideas and decisions on them


@handles(IdeaSubmitted)
def tell_submitted(event: IdeaSubmitted) -> None:
    """The author has the receipt."""
    idea = ideas.get_idea(event.idea_id)
    _tell_author(idea, "submitted", idea.version, mail=False)


@handles(IdeaEdited)
def tell_edited(event: IdeaEdited) -> None:
    """Supporters and followers hear of a new version."""
    idea = ideas.get_idea(event.idea_id)
    _tell_interested([idea], "edited", f"{idea.id}:{event.version}")


@handles(IdeaWithdrawn)
def tell_withdrawn(event: IdeaWithdrawn) -> None:
    """Supporters and followers hear that the author took it back."""
    _tell_interested([ideas.get_idea(event.idea_id)], "withdrawn", event.idea_id)


@handles(IdeaPublished)
def tell_published(event: IdeaPublished) -> None:
    """The author's idea is on the list."""
    idea = ideas.get_idea(event.idea_id)
    _tell_author(idea, "published", _stamp(idea.published_at))


@handles(IdeaReturned)
def tell_returned(event: IdeaReturned) -> None:
    """The author is asked to mend it."""
    _tell_decided(event.idea_id, "returned")


@handles(IdeaRejected)
def tell_rejected(event: IdeaRejected) -> None:
    """The author hears the code, the reason and how to appeal."""
    _tell_decided(event.idea_id, "rejected")


@handles(IdeaHidden)
def tell_hidden(event: IdeaHidden) -> None:
    """The author hears why."""
    _tell_decided(event.idea_id, "hidden")


def _tell_decided(idea_id: int, kind: str) -> None:
    idea = ideas.get_idea(idea_id)
    code = idea.code.value if idea.code else None
    _tell_author(idea, kind, _stamp(idea.decided_at), code=code, reason=idea.state_reason)


@handles(IdeaRestored)
def tell_restored(event: IdeaRestored) -> None:
    """The author hears that it stands again."""
    idea = ideas.get_idea(event.idea_id)
    # `decided_at` is again what it was before the hiding: count the notices of hidings instead
    hidden = queries.count_of_kind(idea.author_id, "hidden", idea.id)
    _tell_author(idea, "restored", hidden)


@handles(IdeaFixed)
def tell_fixed(event: IdeaFixed) -> None:
    """The author sees what was mended: the notice leads to the versions with their differences."""
    idea = ideas.get_idea(event.idea_id)
    _tell_author(idea, "fixed", event.version, mail=False, page="history")


@handles(NoteWritten)
def tell_note(event: NoteWritten) -> None:
    """Colleagues hear that a note names them; its words stay at the desk."""
    note = moderation.get_note(event.note_id)
    idea = ideas.get_idea(note.idea_id)
    names = accounts.nicknames_of([note.author_id] if note.author_id else [])
    name = names.get(note.author_id or 0, "")
    values = {"title": idea.title, "name": name, "page": "desk"}
    service.tell_all(note.mentioned, "note", f"note:{note.id}", idea_id=idea.id, values=values)


@handles(AppealSettled)
def tell_appeal(event: AppealSettled) -> None:
    """The author hears the outcome of the appeal."""
    appeal = moderation.get_appeal(event.appeal_id)
    idea = ideas.get_idea(appeal.idea_id)
    kind = "appeal_overturned" if appeal.outcome == "overturned" else "appeal_upheld"
    _tell_author(idea, kind, appeal.id, reason=appeal.outcome_reason)


# Comments


@handles(CommentWritten)
def tell_comment(event: CommentWritten) -> None:
    """The idea's author, and whoever is replied to, hear of a comment that is not their own."""
    comment = comments.get_comment(event.comment_id)
    idea = ideas.get_idea(comment.idea_id)
    name = accounts.nicknames_of([comment.author_id]).get(comment.author_id, "")
    values = {"title": idea.title, "name": name, "comment_id": comment.id}
    key = f"comment:{comment.id}"
    parent = comments.find_comment(comment.parent_id)
    if parent and parent.author_id != comment.author_id:
        service.tell(parent.author_id, "reply", key, idea_id=idea.id, values=values)
    if idea.author_id != comment.author_id:  # one key: an author replied to is told once
        service.tell(idea.author_id, "comment", key, idea_id=idea.id, values=values)


@handles(CommentHidden)
def tell_comment_hidden(event: CommentHidden) -> None:
    """The comment's author hears why."""
    _tell_comment_author(event.comment_id, "comment_hidden")


@handles(CommentRestored)
def tell_comment_restored(event: CommentRestored) -> None:
    """The comment's author hears that it stands again."""
    _tell_comment_author(event.comment_id, "comment_restored")


def _tell_comment_author(comment_id: int, kind: str) -> None:
    comment = comments.get_comment(comment_id)
    idea = ideas.get_idea(comment.idea_id)
    values = {"title": idea.title, "reason": comment.hidden_reason, "comment_id": comment.id}
    key = f"{kind}:{comment.id}:{_stamp(comment.hidden_at)}"
    service.tell(comment.author_id, kind, key, idea_id=idea.id, values=values, mail=True)


# Families


@handles(FamilyFormed)
def tell_family(event: FamilyFormed) -> None:
    """Authors may object; supporters and followers may leave."""
    family = moderation.get_family(event.family_id)
    members = queries.list_members(family.id)
    told: dict[str, Any] = {"family": family.title, "reason": family.reason}
    for idea in members:
        _tell_author(idea, "family_formed", family.id, **told)
    _tell_interested(members, "family_formed_supported", family.id, **told)


@handles(IdeaJoinedFamily)
def tell_joined(event: IdeaJoinedFamily) -> None:
    """The added idea's author may object and its supporters may leave, as when a family is formed;
    the other authors hear that the family has grown.
    """
    family = moderation.get_family(event.family_id)
    idea = ideas.get_idea(event.idea_id)
    key = f"{family.id}:{_stamp(moderation.get_member(family.id, idea.id).joined_at)}"
    told: dict[str, Any] = {"family": family.title}
    _tell_author(idea, "family_formed", key, **told)
    _tell_interested([idea], "family_formed_supported", f"{key}:{idea.id}", **told)
    for other in queries.list_members(family.id):
        if other.author_id != idea.author_id and other.id != idea.id:
            _tell_author(other, "family_grew", f"{key}:{idea.id}", joined=idea.title, **told)


@handles(IdeaLeftFamily)
def tell_left(event: IdeaLeftFamily) -> None:
    """The author, supporters and followers of an idea that was taken out."""
    family = moderation.get_family(event.family_id)
    idea = ideas.get_idea(event.idea_id)
    member = moderation.get_member(family.id, idea.id)
    key = f"{family.id}:{_stamp(member.left_at)}"
    told: dict[str, Any] = {"family": family.title, "reason": member.left_reason}
    _tell_author(idea, "family_left", key, **told)
    _tell_interested([idea], "family_left_supported", f"{key}:{idea.id}", **told)


@handles(ObjectionSettled)
def tell_objection(event: ObjectionSettled) -> None:
    """The author hears what became of the objection."""
    objection = moderation.get_objection(event.objection_id)
    idea = ideas.get_idea(objection.idea_id)
    _tell_author(idea, "objection_settled", objection.id, reason=objection.resolution)


@handles(FamilySplit)
def tell_split(event: FamilySplit) -> None:
    """Authors, supporters and followers hear that the ideas stand alone again."""
    family = moderation.get_family(event.family_id)
    members = [ideas.get_idea(one.idea.id) for one in moderation.view_family(family.id).members]
    told: dict[str, Any] = {"family": family.title, "reason": family.split_reason}
    for idea in members:
        _tell_author(idea, "family_split", family.id, **told)
    _tell_interested(members, "family_split_supported", family.id, **told)


# The shortlist and the answers


@handles(AnswerDue)
def tell_answer_due(event: AnswerDue) -> None:
    """The author hears that an official answer is owed."""
    _tell_author(ideas.get_idea(event.idea_id), "answer_due", "once", mail=False)


@handles(ShortlistPublished)
def tell_shortlist(event: ShortlistPublished) -> None:
    """Authors hear how their ideas fared; supporters and followers of the elected ones too."""
    round_id = event.round_id
    elected = queries.list_ideas_of_round(round_id, elected=True)
    others = queries.list_ideas_of_round(round_id, elected=False)
    for idea in elected:
        _tell_author(idea, "shortlisted", round_id)
    for idea in others:
        _tell_author(idea, "not_shortlisted", round_id)
    for idea in elected:
        _tell_interested([idea], "shortlisted_supported", f"{round_id}:{idea.id}")


@handles(AnswerPublished)
def tell_answer(event: AnswerPublished) -> None:
    """Authors by mail; supporters and followers in the inbox."""
    answer = answers.get_answer(event.answer_id)
    about = answers.list_ideas_of(answer)
    decision = answer.decision.value if answer.decision else None
    for idea in about:
        _tell_author(idea, "answered", answer.id, decision=decision)
    _tell_interested(about, "answered_supported", answer.id, decision=decision)


@handles(AnswerExtended)
def tell_extension(event: AnswerExtended) -> None:
    """The city asked for more time."""
    answer = answers.get_answer(event.answer_id)
    about = answers.list_ideas_of(answer)
    for idea in about:
        _tell_author(idea, "answer_extended", answer.id, reason=answer.extension_reason)
    _tell_interested(about, "answer_extended", answer.id, reason=answer.extension_reason)


@handles(PromiseChanged)
def tell_promise(event: PromiseChanged) -> None:
    """A promise was kept, moved or dropped, or a wrong "kept" taken back: the last entry of its trail says which."""
    promise = answers.get_promise(event.promise_id)
    about = answers.list_ideas_of(answers.get_answer(promise.answer_id))
    words = [step for step in answers.trails_of([promise.id])[promise.id] if step.percent is None]
    said = words[-1].kind.value if words else promise.status.value
    key = f"{promise.id}:{said}:{words[-1].id if words else promise.status_on}"
    told: dict[str, Any] = {"status": said, "reason": promise.what_happened}
    for idea in about:
        _tell_author(idea, "promise", key, **told)
    _tell_interested(about, "promise", key, **told)


# Accounts and mail


@handles(AccountDeleted)
def forget_notices(event: AccountDeleted) -> None:
    """Nothing is kept for somebody who left."""
    service.forget(event.account_id)


@handles(NoticeMade, outside=True)
def mail_notice(event: NoticeMade) -> None:
    """Sends the mail of a notice and notes that it went out; a notice mailed already is left alone."""
    found = queries.find_to_mail(event.notice_id)
    if found is None:
        return
    notice, account = found
    mail = compose(
        "notice",
        str(account.email),
        account.locale,
        # with its instant: SQLite may give the id of a deleted notice again
        key=f"notice-{notice.id}-{_stamp(notice.made_at)}",
        nickname=account.nickname,
        line=line_of(notice.kind, notice.values),
        words=KINDS[notice.kind],
        reason=notice.values.get("reason") or "",
        address=_address_of(notice),
        settings=link("accounts.settings"),
    )
    session().rollback()  # nothing stays open while the mail server is asked
    deliver(mail)
    with transaction():
        service.note_mailed(event.notice_id)


def _address_of(notice: Notice) -> str:
    """Where the notice leads: the idea, or the inbox."""
    if notice.idea_id is None or "pages.idea" not in current_app.view_functions:
        return link("notifications.index")
    return link("pages.idea", idea_id=notice.idea_id)
