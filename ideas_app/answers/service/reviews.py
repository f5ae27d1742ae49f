"""The second pair of eyes: asked for, given, or the draft comes back with a word on why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerReviewAsked, AnswerReviewed
from ideas_app.answers.models import Review
from ideas_app.answers.rules.desk import WORD_MAX
from ideas_app.answers.service.drafts import hold_work, require_version
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer, AnswerWork
    from ideas_app.core.actor import Actor


def ask_review(
    actor: Actor, answer: Answer, *, of: int | None = None, version: int | None = None
) -> AnswerWork:
    """Asks a colleague, or any, to look over a draft; only a whole one is worth their time.

    Raises `Refused`, `Conflict` for another version, `Invalid` with what the draft lacks or for a colleague
    who cannot look.
    """
    policy.may_write(actor).require()
    work = hold_work(answer)
    require_version(work, version)
    require_whole(answer, work)
    if of is not None and queries.get_colleague(of).id == work.saved_by:
        message = _l("This person wrote the last change. Ask somebody else.")
        raise Invalid(Fault("reviewer", "own_draft", message))
    work.review, work.review_word = Review.ASKED, ""
    work.asked_of, work.asked_by, work.asked_at = of, actor.id, clock.now()
    work.reviewed_by = work.reviewed_at = None
    audit.record(actor, Tag.ANSWER_REVIEW_ASKED, "answer", answer.id, diff={"to": of})
    outbox.publish(AnswerReviewAsked(answer.id, of))
    return work


def approve(actor: Actor, answer: Answer, *, version: int) -> AnswerWork:
    """Says that a draft may go out as it stands in that version; asked for or not.

    Raises `Refused` for whoever wrote the last change, `Conflict` for another version, `Invalid` with what the
    draft lacks.
    """
    work = hold_work(answer)
    policy.may_review(actor, work).require()
    require_version(work, version)
    require_whole(answer, work)
    _close(actor, work, Review.APPROVED, "")
    audit.record(actor, Tag.ANSWER_APPROVED, "answer", answer.id, diff={"version": work.version})
    outbox.publish(AnswerReviewed(answer.id, approved=True))
    return work


def send_back(actor: Actor, answer: Answer, word: str, *, version: int) -> AnswerWork:
    """Gives a draft back to its writer with a word on what to mend. An approval and a set time end with it.

    Raises as `approve`, and `Invalid` (field `word`) without a word.
    """
    work = hold_work(answer)
    policy.may_review(actor, work).require()
    require_version(work, version)
    word = checked_word(word)
    _close(actor, work, Review.SENT_BACK, word)
    work.publish_at = work.scheduled_by = None
    audit.record(actor, Tag.ANSWER_SENT_BACK, "answer", answer.id, reason=word)
    outbox.publish(AnswerReviewed(answer.id, approved=False))
    return work


def _close(actor: Actor, work: AnswerWork, review: Review, word: str) -> None:
    work.review, work.review_word = review, word
    work.reviewed_by, work.reviewed_at = actor.id, clock.now()
    session().flush()


def require_whole(answer: Answer, work: AnswerWork) -> None:
    """Raises `Invalid` with everything that keeps a draft from being published today."""
    content = queries.draft_of(answer, work)
    faults = queries.faults_of_draft(answer, content, clock.today())
    if faults:
        raise Invalid(*faults)


def checked_word(word: str, *, field: str = "word") -> str:
    """A word to a colleague, there and not too long. Raises `Invalid`."""
    word = text.normalise(word)
    if not word:
        raise Invalid(
            Fault(field, "missing", _l("Write a word, so that your colleague knows why."))
        )
    if text.length(word) > WORD_MAX:
        message = _l("Too long: at most %(most)s characters.", most=WORD_MAX)
        raise Invalid(Fault(field, "too_long", message))
    return word
