"""What the inboxes hold when a newcomer opens them: the past of the youth's own ideas, told on its own dates.

The years are played without events, so nobody was told anything by then. Nothing told here is mailed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from ideas_app.answers import queries as answers
from ideas_app.answers.events import AnswerPublished, PromiseChanged, PromiseDue
from ideas_app.answers.models import Answer, Promise, PromiseStatus
from ideas_app.cli.demo.stage import YOUTH
from ideas_app.comments.events import CommentWritten
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.ideas.models import Idea
from ideas_app.moderation.events import AppealFiled, IdeaPublished, ObjectionFiled
from ideas_app.moderation.models import Appeal, Objection
from ideas_app.notifications import jobs
from ideas_app.notifications.models import Mailing, Notice

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ideas_app.cli.demo.stage import Stage

UNREAD = 3
"""The newest of each inbox are unread."""


def tell_the_past(stage: Stage) -> None:
    """Tells what happened to the youth's own ideas, and what waits for staff; leaves the newest unread."""
    own = session().scalars(
        select(Idea).where(Idea.author_id == stage.youths[YOUTH].id).order_by(Idea.id)
    )
    happened = [each for idea in own.all() for each in _of_idea(idea)] + _of_staff()
    for instant, handler, event in sorted(happened, key=lambda each: each[0]):
        with clock.at(instant):
            handler(event)
    session().execute(update(Notice).values(mailing=Mailing.NONE))
    place = func.row_number().over(partition_by=Notice.account_id, order_by=Notice.id.desc())
    ranked = select(Notice.id, place.label("place")).subquery()
    old = Notice.id.in_(select(ranked.c.id).where(ranked.c.place > UNREAD))
    session().execute(update(Notice).where(old).values(read_at=Notice.made_at))


Happened = tuple["datetime", "Callable[[Any], None]", Any]


def _of_idea(idea: Idea) -> list[Happened]:
    found: list[Happened] = []
    if idea.published_at:
        found.append((idea.published_at, jobs.ideas.tell_published, IdeaPublished(idea.id)))
    written = session().scalars(select(Comment).where(Comment.idea_id == idea.id))
    found += [
        (one.written_at, jobs.comments.tell_comment, CommentWritten(one.id)) for one in written
    ]
    about = or_(Answer.idea_id == idea.id, Answer.family_id == idea.family_id)
    for answer in session().scalars(select(Answer).where(about, Answer.answered_at.is_not(None))):
        published = AnswerPublished(answer.id)
        found.append((answer.answered_at or clock.now(), jobs.answers.tell_answer, published))
        found += [
            (clock.day_start(one.status_on, 17), jobs.answers.tell_promise, PromiseChanged(one.id))
            for one in answers.list_promises(answer.id)
            if one.status_on
        ]
    return found


def _of_staff() -> list[Happened]:
    found: list[Happened] = [
        (one.filed_at, jobs.staff.tell_appeal_filed, AppealFiled(one.id))
        for one in session().scalars(select(Appeal).where(Appeal.settled_at.is_(None)))
    ]
    found += [
        (one.filed_at, jobs.staff.tell_objection_filed, ObjectionFiled(one.id))
        for one in session().scalars(select(Objection).where(Objection.settled_at.is_(None)))
    ]
    silent = select(Promise).where(
        Promise.status == PromiseStatus.OPEN, Promise.due_on <= clock.today()
    )
    found += [
        (clock.day_start(one.due_on, 9), jobs.staff.tell_promise_due, PromiseDue(one.id))
        for one in session().scalars(silent)
    ]
    return found
