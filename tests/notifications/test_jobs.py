"""Who is told what when something happens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Family, Follow, RejectCode, State
from ideas_app.moderation.models import Appeal, FamilyMember, Objection
from ideas_app.notifications import jobs
from ideas_app.notifications.events import NoticeMade
from ideas_app.notifications.models import Notice
from ideas_app.shortlists.models import Round, RoundEntry, Source
from ideas_app.votes.models import Support
from tests.accounts import mailbox
from tests.factories import make_campaign, make_idea
from tests.people import make_account


@pytest.fixture(autouse=True)
def _empty_mailbox(app):
    mailbox.empty()


@pytest.fixture
def campaign(app):
    return make_campaign()


@pytest.fixture
def idea(cast, campaign):
    """Mina's idea, which Jun supports and Nari follows."""
    idea = make_idea(cast.mina, campaign, title="막차를 늦춰 주세요")
    follower = make_account("Nari")
    with transaction() as current:
        now = clock.now()
        current.add(Support(idea_id=idea.id, account_id=cast.jun.id, given_at=now))
        current.add(Follow(idea_id=idea.id, account_id=follower.id, since_at=now))
        current.add(Follow(idea_id=idea.id, account_id=cast.mina.id, since_at=now))
    return idea


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
    """Who was told what: (nickname, kind, whether a mail is on its way)."""
    from ideas_app.accounts.models import Account
    from ideas_app.core.outbox import OutboxEvent

    mailed = {
        payload["notice_id"]
        for payload in session().scalars(
            select(OutboxEvent.payload).where(OutboxEvent.kind == NoticeMade.__name__)
        )
    }
    rows = session().execute(
        select(Account.nickname, Notice.kind, Notice.id)
        .join(Account, Account.id == Notice.account_id)
        .order_by(Account.nickname)
    )
    return [(nickname, kind, notice_id in mailed) for nickname, kind, notice_id in rows]


def test_the_author_gets_a_receipt_without_mail(idea):
    run(jobs.tell_submitted, jobs.IdeaSubmitted(idea.id))
    assert told() == [("Mina", "submitted", False)]


@pytest.mark.parametrize(
    ("handler", "event", "kind"),
    [
        (jobs.tell_published, jobs.IdeaPublished, "published"),
        (jobs.tell_returned, jobs.IdeaReturned, "returned"),
        (jobs.tell_rejected, jobs.IdeaRejected, "rejected"),
        (jobs.tell_hidden, jobs.IdeaHidden, "hidden"),
        (jobs.tell_restored, jobs.IdeaRestored, "restored"),
    ],
)
def test_a_decision_is_told_to_the_author_at_once_by_mail_and_to_nobody_else(
    idea, handler, event, kind
):
    change(idea, code=RejectCode.DUPLICATE, state_reason="먼저 온 제안이 있어요.")
    run(handler, event(idea.id))
    run(handler, event(idea.id))
    assert told() == [("Mina", kind, True)]
    (mail,) = mailbox.collect()
    assert mail["To"] == "mina@example.org"


def test_the_mail_of_a_rejection_carries_the_reason(idea):
    change(idea, state=State.REJECTED, code=RejectCode.DUPLICATE, state_reason="먼저 온 제안: <17>")
    run(jobs.tell_rejected, jobs.IdeaRejected(idea.id))
    (mail,) = mailbox.collect()
    assert "먼저 온 제안: <17>" in mailbox.text_of(mail)
    assert "먼저 온 제안: &lt;17&gt;" in mail.get_body(("html",)).get_content()


def test_hidden_twice_is_told_twice(idea):
    change(idea, decided_at=clock.now())
    run(jobs.tell_hidden, jobs.IdeaHidden(idea.id))
    run(jobs.tell_restored, jobs.IdeaRestored(idea.id))
    change(idea, decided_at=clock.now() + timedelta(hours=1))
    run(jobs.tell_hidden, jobs.IdeaHidden(idea.id))
    run(jobs.tell_restored, jobs.IdeaRestored(idea.id))
    kinds = [kind for _name, kind, _mail in told()]
    assert sorted(kinds) == ["hidden", "hidden", "restored", "restored"]


def test_supporters_and_followers_hear_of_a_new_version_but_not_the_author(idea):
    run(jobs.tell_edited, jobs.IdeaEdited(idea.id, 2))
    assert told() == [("Jun", "edited", False), ("Nari", "edited", False)]


def test_supporters_and_followers_hear_of_a_withdrawal(idea):
    run(jobs.tell_withdrawn, jobs.IdeaWithdrawn(idea.id))
    assert told() == [("Jun", "withdrawn", False), ("Nari", "withdrawn", False)]


def comment_of(author, idea, **more):
    text = "좋은 생각이에요."
    return add(
        Comment(idea_id=idea.id, author_id=author.id, text=text, written_at=clock.now(), **more)
    )


def test_the_author_hears_of_a_comment_and_a_commenter_of_a_reply(cast, idea):
    first = comment_of(cast.jun, idea)
    run(jobs.tell_comment, jobs.CommentWritten(first))
    assert told() == [("Mina", "comment", False)]
    answer = comment_of(cast.mina, idea, parent_id=first)
    run(jobs.tell_comment, jobs.CommentWritten(answer))
    assert told() == [("Jun", "reply", False), ("Mina", "comment", False)]


def test_nobody_hears_of_their_own_comment_and_nobody_twice_of_one(cast, idea):
    own = comment_of(cast.mina, idea)
    run(jobs.tell_comment, jobs.CommentWritten(own))
    assert told() == []
    reply = comment_of(cast.jun, idea, parent_id=own)
    run(jobs.tell_comment, jobs.CommentWritten(reply))
    assert told() == [("Mina", "reply", False)]


def test_a_hidden_comments_author_hears_why(cast, idea):
    hidden = comment_of(cast.jun, idea, hidden_at=clock.now(), hidden_reason="전화번호")
    run(jobs.tell_comment_hidden, jobs.CommentHidden(hidden))
    assert told() == [("Jun", "comment_hidden", True)]
    run(jobs.tell_comment_restored, jobs.CommentRestored(hidden))
    assert [kind for _name, kind, _mail in told()] == ["comment_hidden", "comment_restored"]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("upheld", "appeal_upheld"), ("overturned", "appeal_overturned")],
)
def test_an_appeal_is_answered(cast, idea, outcome, kind):
    appeal = add(
        Appeal(
            idea_id=idea.id,
            author_id=cast.mina.id,
            text="다시 봐 주세요.",
            filed_at=clock.now(),
            outcome=outcome,
            outcome_reason="다시 읽었습니다.",
        )
    )
    run(jobs.tell_appeal, jobs.AppealSettled(appeal))
    assert told() == [("Mina", kind, True)]


def family_of(campaign, *ideas):
    now = clock.now()
    family = add(
        Family(
            campaign_id=campaign.id,
            title="밤 버스",
            text="함께",
            reason="같은 바람입니다.",
            formed_at=now,
            objection_until=now,
        )
    )
    for idea in ideas:
        change(idea, family_id=family)
    with transaction() as current:
        current.add_all(
            FamilyMember(family_id=family, idea_id=idea.id, joined_at=now, objection_until=now)
            for idea in ideas
        )
    return family


def test_authors_of_a_family_may_object_and_supporters_are_told(cast, campaign, idea):
    other = make_idea(cast.hyun, campaign)
    family = family_of(campaign, idea, other)
    run(jobs.tell_family, jobs.FamilyFormed(family))
    assert told() == [
        ("Hyun", "family_formed", True),
        ("Jun", "family_formed_supported", False),
        ("Mina", "family_formed", True),
        ("Nari", "family_formed_supported", False),
    ]


def test_an_objection_and_a_split_are_told(cast, campaign, idea):
    family = family_of(campaign, idea, make_idea(cast.hyun, campaign))
    objection = add(
        Objection(
            family_id=family,
            idea_id=idea.id,
            text="달라요.",
            filed_at=clock.now(),
            outcome="split",
            resolution="다릅니다.",
        )
    )
    run(jobs.tell_objection, jobs.ObjectionSettled(objection))
    assert told() == [("Mina", "objection_settled", True)]
    change(idea, family_id=None)
    run(jobs.tell_split, jobs.FamilySplit(family))
    assert {(name, kind) for name, kind, _mail in told()} == {
        ("Mina", "objection_settled"),
        ("Mina", "family_split"),
        ("Hyun", "family_split"),
        ("Jun", "family_split_supported"),
        ("Nari", "family_split_supported"),
    }


def test_each_is_told_once_when_a_family_grows_and_loses_one(cast, campaign, idea):
    other = make_idea(cast.hyun, campaign)
    family = family_of(campaign, idea, other)
    for event in (jobs.IdeaJoinedFamily(family, idea.id), jobs.IdeaLeftFamily(family, idea.id)):
        handler = jobs.tell_joined if isinstance(event, jobs.IdeaJoinedFamily) else jobs.tell_left
        run(handler, event)
        run(handler, event)
    assert told() == [
        ("Hyun", "family_grew", True),
        ("Jun", "family_formed_supported", False),
        ("Jun", "family_left_supported", False),
        ("Mina", "family_formed", True),
        ("Mina", "family_left", True),
        ("Nari", "family_formed_supported", False),
        ("Nari", "family_left_supported", False),
    ]


def round_of(campaign, *ranked):
    columns = {column.name for column in Round.__table__.columns}
    values = {
        "campaign_id": campaign.id,
        "key": "r-1",
        "lot": "r-1",
        "seats": 1,
        "rule": "mes",
        "completion": "phragmen",
        "source": Source.BALLOT,
        "min_approval_percent": 3,
        "snapshot": "",
        "digest": "0" * 64,
        "ballots": 0,
        "empty": 0,
        "result": {},
        "computed_at": clock.now(),
    }
    round_id = add(Round(**{name: value for name, value in values.items() if name in columns}))
    with transaction() as current:
        for position, (idea, rank) in enumerate(ranked):
            current.add(
                RoundEntry(
                    final_rank=rank,
                    round_id=round_id,
                    tie_position=position,
                    project=f"i{idea.id}",
                    idea_id=idea.id,
                    title=idea.title,
                    approvals=1,
                    rank=rank,
                )
            )
    return round_id


def test_everybody_on_a_ballot_hears_how_it_went(cast, campaign, idea):
    other = make_idea(cast.hyun, campaign, state=State.NOT_SHORTLISTED)
    change(idea, state=State.SHORTLISTED)
    run(jobs.tell_shortlist, jobs.ShortlistPublished(round_of(campaign, (idea, 1), (other, None))))
    assert told() == [
        ("Hyun", "not_shortlisted", True),
        ("Jun", "shortlisted_supported", False),
        ("Mina", "shortlisted", True),
        ("Nari", "shortlisted_supported", False),
    ]


def answer_to(idea, **more):
    values = {
        "idea_id": idea.id,
        "received_on": date(2026, 5, 1),
        "due_on": date(2026, 5, 22),
        "decision": Decision.PARTLY,
        "reason_html": "",
        **more,
    }
    return add(Answer(**values))


def test_an_answer_reaches_author_supporters_and_followers(idea):
    run(jobs.tell_answer, jobs.AnswerPublished(answer_to(idea)))
    assert told() == [
        ("Jun", "answered_supported", False),
        ("Mina", "answered", True),
        ("Nari", "answered_supported", False),
    ]


def test_more_time_is_told_with_its_reason(idea):
    answer = answer_to(idea, extension_reason="예산을 확인하고 있습니다.")
    run(jobs.tell_extension, jobs.AnswerExtended(answer))
    assert {kind for _name, kind, _mail in told()} == {"answer_extended"}
    assert len(told()) == 3


def test_each_step_of_a_promise_is_told_once(idea):
    answer = answer_to(idea)
    promise = add(
        Promise(answer_id=answer, text="시험 운행", due_on=date(2026, 9, 1), made_at=clock.now())
    )
    row = session().get(Promise, promise)
    change(row, status=PromiseStatus.MOVED, moved_to=date(2026, 10, 1))
    run(jobs.tell_promise, jobs.PromiseChanged(promise))
    run(jobs.tell_promise, jobs.PromiseChanged(promise))
    assert len(told()) == 3
    change(row, status=PromiseStatus.DONE, status_on=date(2026, 9, 30))
    run(jobs.tell_promise, jobs.PromiseChanged(promise))
    assert len(told()) == 6


def test_enough_supports_are_told_to_the_author(idea):
    run(jobs.tell_answer_due, jobs.AnswerDue(idea.id))
    assert told() == [("Mina", "answer_due", False)]
