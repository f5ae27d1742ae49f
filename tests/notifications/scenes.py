"""What the stories of notices need: an idea that people are tied to, and a look at who was told."""

from __future__ import annotations

from sqlalchemy import select

from ideas_app.accounts import service as accounts
from ideas_app.accounts.models import Account
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent
from ideas_app.ideas.models import Follow
from ideas_app.notifications import queries, service
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import Notice
from ideas_app.votes.models import Support
from tests.factories import make_idea
from tests.people import make_account

TITLE = "막차를 늦춰 주세요"


def busy_idea(cast, campaign, **more):
    """Mina's idea, which Jun supports, Nari follows and Bora has a comment on."""
    idea = make_idea(cast.mina, campaign, title=TITLE, **more)
    follower, commenter = make_account("Nari"), make_account("Bora")
    with transaction() as current:
        now = clock.now()
        current.add(Support(idea_id=idea.id, account_id=cast.jun.id, given_at=now))
        current.add(Follow(idea_id=idea.id, account_id=follower.id, since_at=now))
        current.add(Follow(idea_id=idea.id, account_id=cast.mina.id, since_at=now))
        current.add(
            Comment(idea_id=idea.id, author_id=commenter.id, text="좋아요.", written_at=now)
        )
    return idea


def list_faults():
    """What the worker failed at and will try again: it hides a fault from whoever looks at the mails alone."""
    return session().scalars(select(OutboxEvent.error).where(OutboxEvent.error.is_not(None))).all()


def add(thing):
    with transaction() as current:
        current.add(thing)
        current.flush()
        return thing.id


def change(thing, **values):
    with transaction() as current:
        row = current.get_one(type(thing), thing.id)
        for name, value in values.items():
            setattr(row, name, value)


def run(handler, event):
    with transaction():
        handler(event)


def told():
    """Who was told what: (nickname, kind, whether a mail goes at once)."""
    mailed = {
        payload["notice_id"]
        for payload in session().scalars(
            select(OutboxEvent.payload).where(OutboxEvent.kind == NoticeMade.__name__)
        )
    }
    rows = session().execute(
        select(Account.nickname, Notice.kind, Notice.id)
        .join(Account, Account.id == Notice.account_id)
        .order_by(Account.nickname, Notice.kind)
    )
    return [(nickname, kind, notice_id in mailed) for nickname, kind, notice_id in rows]


def tell(person, idea, happening="published", once=1, why="author", **values):
    """Tells one person one thing; how many it was new to."""
    with transaction():
        return service.tell(happening, once, {why: {person.id: idea}}, **values)


def notices_of(person):
    return queries.list_of(person.id).items


def agree(*people):
    """They would like to get news by mail."""
    for person in people:
        with transaction():
            accounts.give_consent(person, "news")
