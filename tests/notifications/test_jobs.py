"""Who is told what when something happens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ideas_app.accounts import service as accounts_service
from ideas_app.accounts.models import Account
from ideas_app.answers.events import (
    AnswerAssigned,
    AnswerChanged,
    AnswerExtended,
    AnswerPublished,
    AnswerReviewAsked,
    AnswerReviewed,
    PromiseChanged,
    PromiseDue,
    PromiseProgressed,
    PromiseSilent,
)
from ideas_app.answers.models import (
    Answer,
    AnswerWork,
    Decision,
    Promise,
    PromiseStatus,
    PromiseStep,
    Review,
    StepKind,
)
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.events import PhaseChanged
from ideas_app.campaigns.models import PhaseKind
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from ideas_app.evaluations.events import EvaluationAsked, EvaluationClosed
from ideas_app.ideas.models import Family, RejectCode, State
from ideas_app.moderation.models import Appeal, FamilyMember, Objection
from ideas_app.notifications.jobs import (
    answers,
    comments,
    families,
    ideas,
    records,
    shortlists,
    staff,
)
from ideas_app.notifications.rules import line_of
from ideas_app.programmes import service as programmes
from ideas_app.programmes.events import ClaimDecided
from ideas_app.programmes.queries import get_claim
from ideas_app.programmes.service import Given
from ideas_app.shortlists.models import Round, RoundEntry, Source
from tests.accounts import mailbox
from tests.evaluations import scenes as evaluating
from tests.factories import make_campaign, make_idea, make_programme
from tests.notifications.scenes import add, busy_idea, change, notices_of, run, told
from tests.people import PASSWORD, make_account


@pytest.fixture
def campaign(app):
    return make_campaign()


@pytest.fixture
def idea(cast, campaign):
    """Mina's idea, which Jun supports, Nari follows and Bora has a comment on."""
    mailbox.empty()
    return busy_idea(cast, campaign)


def interested(kind):
    return [(name, kind, False) for name in ("Bora", "Jun", "Nari")]


def test_the_author_gets_a_receipt_without_mail(idea):
    run(ideas.tell_submitted, ideas.IdeaSubmitted(idea.id))
    assert told() == [("Mina", "submitted", False)]


@pytest.mark.parametrize(
    ("handler", "event", "kind"),
    [
        (ideas.tell_published, ideas.IdeaPublished, "published"),
        (ideas.tell_returned, ideas.IdeaReturned, "returned"),
        (ideas.tell_rejected, ideas.IdeaRejected, "rejected"),
        (ideas.tell_hidden, ideas.IdeaHidden, "hidden"),
        (ideas.tell_restored, ideas.IdeaRestored, "restored"),
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
    run(ideas.tell_rejected, ideas.IdeaRejected(idea.id))
    (mail,) = mailbox.collect()
    assert "먼저 온 제안: <17>" in mailbox.text_of(mail)
    assert "먼저 온 제안: &lt;17&gt;" in mail.get_body(("html",)).get_content()


def test_hidden_twice_is_told_twice(idea):
    change(idea, decided_at=clock.now())
    run(ideas.tell_hidden, ideas.IdeaHidden(idea.id))
    run(ideas.tell_restored, ideas.IdeaRestored(idea.id))
    change(idea, decided_at=clock.now() + timedelta(hours=1))
    run(ideas.tell_hidden, ideas.IdeaHidden(idea.id))
    run(ideas.tell_restored, ideas.IdeaRestored(idea.id))
    kinds = [kind for _name, kind, _mail in told()]
    assert sorted(kinds) == ["hidden", "hidden", "restored", "restored"]


def test_supporters_and_followers_hear_of_a_new_version_but_not_the_author(idea):
    run(ideas.tell_edited, ideas.IdeaEdited(idea.id, 2))
    assert told() == interested("edited")


def test_supporters_and_followers_hear_of_a_withdrawal(idea):
    run(ideas.tell_withdrawn, ideas.IdeaWithdrawn(idea.id))
    assert told() == interested("withdrawn")


def comment_of(author, idea, **more):
    text = "좋은 생각이에요."
    return add(
        Comment(idea_id=idea.id, author_id=author.id, text=text, written_at=clock.now(), **more)
    )


def test_the_author_hears_of_a_comment_and_a_commenter_of_a_reply(cast, idea):
    first = comment_of(cast.jun, idea)
    run(comments.tell_comment, comments.CommentWritten(first))
    assert told() == [("Mina", "comment", False)]
    answer = comment_of(cast.mina, idea, parent_id=first)
    run(comments.tell_comment, comments.CommentWritten(answer))
    assert told() == [("Jun", "reply", False), ("Mina", "comment", False)]


def test_nobody_hears_of_their_own_comment_and_nobody_twice_of_one(cast, idea):
    own = comment_of(cast.mina, idea)
    run(comments.tell_comment, comments.CommentWritten(own))
    assert told() == []
    reply = comment_of(cast.jun, idea, parent_id=own)
    run(comments.tell_comment, comments.CommentWritten(reply))
    assert told() == [("Mina", "reply", False)]


def test_who_left_is_named_no_more(cast, idea):
    written = comment_of(cast.jun, idea)
    run(comments.tell_comment, comments.CommentWritten(written))
    with transaction():
        accounts_service.delete_account(cast.jun, PASSWORD)
    (notice,) = notices_of(cast.mina)
    assert notice.values["name"] == ""
    assert "탈퇴" in str(line_of(notice.kind, notice.values))


def test_a_hidden_comments_author_hears_why(cast, idea):
    hidden = comment_of(cast.jun, idea, hidden_at=clock.now(), hidden_reason="전화번호")
    run(comments.tell_comment_hidden, comments.CommentHidden(hidden))
    assert told() == [("Jun", "comment_hidden", True)]
    run(comments.tell_comment_restored, comments.CommentRestored(hidden))
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
    run(ideas.tell_appeal, ideas.AppealSettled(appeal))
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
    run(families.tell_family, families.FamilyFormed(family))
    assert told() == sorted(
        [
            ("Hyun", "family_formed", True),
            ("Mina", "family_formed", True),
            *interested("family_formed_supported"),
        ]
    )


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
    run(families.tell_objection, families.ObjectionSettled(objection))
    assert told() == [("Mina", "objection_settled", True)]
    change(idea, family_id=None)
    run(families.tell_split, families.FamilySplit(family))
    assert {(name, kind) for name, kind, _mail in told()} == {
        ("Mina", "objection_settled"),
        ("Mina", "family_split"),
        ("Hyun", "family_split"),
        *((name, kind) for name, kind, _mail in interested("family_split_supported")),
    }


def test_each_is_told_once_when_a_family_grows_and_loses_one(cast, campaign, idea):
    other = make_idea(cast.hyun, campaign)
    family = family_of(campaign, idea, other)
    joined, left = (
        families.IdeaJoinedFamily(family, idea.id),
        families.IdeaLeftFamily(family, idea.id),
    )
    for handler, event in ((families.tell_joined, joined), (families.tell_left, left)):
        run(handler, event)
        run(handler, event)
    assert told() == sorted(
        [
            ("Hyun", "family_grew", True),
            ("Mina", "family_formed", True),
            ("Mina", "family_left", True),
            *interested("family_formed_supported"),
            *interested("family_left_supported"),
        ]
    )


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
    run(
        shortlists.tell_shortlist,
        shortlists.ShortlistPublished(round_of(campaign, (idea, 1), (other, None))),
    )
    assert told() == sorted(
        [
            ("Hyun", "not_shortlisted", True),
            ("Mina", "shortlisted", True),
            *interested("shortlisted_supported"),
        ]
    )


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


def at_work(answer_id, **more):
    values = {"version": 1, "department": "", "review": Review.NONE, "review_word": "", **more}
    with transaction() as current:
        current.add(AnswerWork(answer_id=answer_id, **values))


def test_an_answer_reaches_everybody_who_is_tied_to_the_idea(idea):
    run(answers.tell_answer, AnswerPublished(answer_to(idea)))
    assert told() == sorted([("Mina", "answered", True), *interested("answered_supported")])


def test_an_answer_to_a_family_reaches_its_co_authors_and_each_person_once(cast, campaign, idea):
    other = make_idea(cast.jun, campaign)
    family = family_of(campaign, idea, other, make_idea(cast.mina, campaign))
    run(answers.tell_answer, AnswerPublished(answer_to(idea, idea_id=None, family_id=family)))
    assert told() == [
        ("Bora", "answered_supported", False),
        ("Jun", "answered", True),
        ("Mina", "answered", True),
        ("Nari", "answered_supported", False),
    ]


def test_who_answered_is_not_told_of_it_though_they_follow(cast, campaign):
    idea = make_idea(cast.mina, campaign)
    answer = answer_to(idea, written_by=cast.jun.id)
    add(Comment(idea_id=idea.id, author_id=cast.hyun.id, text="네", written_at=clock.now()))
    add(Comment(idea_id=idea.id, author_id=cast.jun.id, text="네", written_at=clock.now()))
    with transaction():
        audit.record(cast.hyun, Tag.ANSWER_PUBLISHED, "answer", answer)
    run(answers.tell_answer, AnswerPublished(answer))
    assert told() == [("Mina", "answered", True)]


def test_the_stranger_and_whoever_has_a_hidden_comment_only_are_not_told(cast, campaign, idea):
    make_account("Stranger")
    writer = make_account("Loud")
    comment_of(writer, idea, hidden_at=clock.now(), hidden_reason="욕설")
    run(ideas.tell_withdrawn, ideas.IdeaWithdrawn(idea.id))
    assert told() == interested("withdrawn")


def test_an_idea_from_paper_has_no_author_to_tell(cast, campaign):
    idea = make_idea(cast.sora, campaign)
    change(idea, pen_name="종이")
    run(ideas.tell_published, ideas.IdeaPublished(idea.id))
    assert told() == []


def test_a_changed_answer_is_told_each_time_it_changes(idea):
    answer = answer_to(idea, answered_at=clock.now(), changed_at=clock.now())
    row = session().get(Answer, answer)
    for hours in (1, 2):
        change(row, changed_at=clock.now() + timedelta(hours=hours))
        run(answers.tell_changed_answer, AnswerChanged(answer))
        run(answers.tell_changed_answer, AnswerChanged(answer))
    assert [kind for name, kind, _mail in told() if name == "Mina"] == ["answer_changed"] * 2


def test_more_time_is_told_with_its_reason(idea):
    answer = answer_to(idea, extension_reason="예산을 확인하고 있습니다.")
    run(answers.tell_extension, AnswerExtended(answer))
    assert told() == sorted(
        [("Mina", "answer_extended", True), *interested("answer_extended_supported")]
    )


def promise_to(idea, **more):
    promise = Promise(
        answer_id=answer_to(idea, **more),
        text="시험 운행",
        due_on=date(2026, 9, 1),
        made_at=clock.now(),
    )
    return session().get(Promise, add(promise))


def test_each_step_of_a_promise_is_told_once(idea):
    row = promise_to(idea)
    change(row, status=PromiseStatus.MOVED, moved_to=date(2026, 10, 1))
    run(answers.tell_promise, PromiseChanged(row.id))
    run(answers.tell_promise, PromiseChanged(row.id))
    assert len(told()) == 4
    change(row, status=PromiseStatus.DONE, status_on=date(2026, 9, 30))
    run(answers.tell_promise, PromiseChanged(row.id))
    assert len(told()) == 8


def test_silence_on_a_promise_is_told_once_a_day_that_passed(idea):
    row = promise_to(idea)
    run(answers.tell_silence, PromiseSilent(row.id))
    run(answers.tell_silence, PromiseSilent(row.id))
    assert len(told()) == 4
    change(row, moved_to=date(2026, 10, 1))
    run(answers.tell_silence, PromiseSilent(row.id))
    assert len(told()) == 8


def test_a_step_on_the_way_is_told_as_people_chose(idea):
    row = promise_to(idea)
    step = add(
        PromiseStep(
            promise_id=row.id,
            kind=StepKind.PROGRESS,
            text="차량을 계약했습니다.",
            percent=40,
            promised_for=row.due_on,
            made_at=clock.now(),
        )
    )
    for _twice in range(2):
        run(answers.tell_progress, PromiseProgressed(step))
    assert told() == sorted(
        [("Mina", "promise_progress", False), *interested("promise_progress_supported")]
    )


def test_enough_supports_are_told_without_a_mail_at_once(idea):
    run(answers.tell_answer_due, answers.AnswerDue(idea.id))
    assert told() == sorted([("Mina", "answer_due", False), *interested("answer_due_supported")])


def test_an_open_vote_is_told_once_a_campaign(cast):
    campaign = make_campaign("vote", PhaseKind.BALLOT)
    busy_idea(cast, campaign, state=State.ON_BALLOT)
    make_idea(make_account("Outside"), campaign)
    for _twice in range(2):
        run(shortlists.tell_ballot, PhaseChanged(campaign.id, "ballot", "preparing"))
    assert told() == sorted([("Mina", "ballot_open", True), *interested("ballot_open_supported")])


def test_no_vote_is_told_before_it_opens(cast):
    campaign = make_campaign("vote", PhaseKind.PREPARING)
    busy_idea(cast, campaign, state=State.ON_BALLOT)
    run(shortlists.tell_ballot, PhaseChanged(campaign.id, "preparing", "gathering"))
    assert told() == []


# Staff by duty


def test_an_appeal_goes_to_moderators_but_the_one_it_is_about(cast, idea):
    make_account("Yuna", Role.MODERATOR)
    appeal = add(
        Appeal(
            idea_id=idea.id,
            author_id=cast.mina.id,
            rejected_by=cast.sora.id,
            text="다시",
            filed_at=clock.now(),
        )
    )
    run(staff.tell_appeal_filed, staff.AppealFiled(appeal))
    assert told() == [("Yuna", "appeal_filed", True)]


def test_an_objection_goes_to_moderators_but_the_one_who_joined(cast, campaign, idea):
    make_account("Yuna", Role.MODERATOR)
    family = family_of(campaign, idea, make_idea(cast.hyun, campaign))
    with transaction():
        audit.record(cast.sora, Tag.FAMILY_FORMED, "family", family, reason="같아요")
    objection = add(
        Objection(family_id=family, idea_id=idea.id, text="달라요", filed_at=clock.now())
    )
    run(staff.tell_objection_filed, staff.ObjectionFiled(objection))
    assert told() == [("Yuna", "objection_filed", True)]


def test_an_assignment_goes_to_whoever_takes_it_or_to_the_department(cast, idea):
    answer = answer_to(idea)
    at_work(answer, department="교통행정과")
    run(staff.tell_assigned, AnswerAssigned(answer, cast.hyun.id))
    assert told() == [("Hyun", "assigned", True)]
    colleague = make_account("Taeo", Role.OFFICIAL)
    with transaction() as current:
        current.get_one(Account, colleague.id).department = "교통행정과"
    run(staff.tell_assigned, AnswerAssigned(answer, None))
    assert told() == [("Hyun", "assigned", True), ("Taeo", "assigned", True)]


def test_a_review_is_asked_of_somebody_or_of_every_colleague_and_its_outcome_told(cast, idea):
    make_account("Taeo", Role.OFFICIAL)
    answer = answer_to(idea)
    at_work(answer, saved_by=cast.hyun.id, review_word="기한을 적어 주십시오.")
    run(staff.tell_review_asked, AnswerReviewAsked(answer, None))
    assert told() == [("Taeo", "review_asked", True)]
    run(staff.tell_reviewed, AnswerReviewed(answer, approved=False))
    run(staff.tell_reviewed, AnswerReviewed(answer, approved=True))
    assert [kind for name, kind, _mail in told() if name == "Hyun"] == [
        "review_approved",
        "review_returned",
    ]


def test_the_day_of_a_promise_goes_to_who_answered_or_to_every_official(cast, campaign, idea):
    make_account("Taeo", Role.OFFICIAL)
    run(staff.tell_promise_due, PromiseDue(promise_to(idea, written_by=cast.hyun.id).id))
    assert told() == [("Hyun", "promise_due", True)]
    other = promise_to(make_idea(cast.jun, campaign))
    run(staff.tell_promise_due, PromiseDue(other.id))
    assert [name for name, _kind, _mail in told()] == ["Hyun", "Hyun", "Taeo"]


def test_an_evaluation_is_told_to_who_does_it_and_its_end_to_who_asked(cast, idea):
    (evaluation,) = evaluating.ask(cast.sora, idea, cast.hyun)
    run(staff.tell_evaluation_asked, EvaluationAsked(evaluation))
    run(staff.tell_evaluation_closed, EvaluationClosed(evaluation))
    assert told() == [("Hyun", "evaluation_asked", True), ("Sora", "evaluation_closed", True)]


def test_a_request_to_be_found_is_answered_to_who_asked(cast, campaign):
    programme = make_programme()
    given = Given("이준", has_consented=True)
    with transaction():
        claim = programmes.ask_centre(cast.jun, programme, given).id
        programmes.refuse_claim(cast.sora, get_claim(claim), "명단에 없습니다.")
    run(records.tell_claim, ClaimDecided(claim))
    run(records.tell_claim, ClaimDecided(claim))
    assert told() == [("Jun", "claim_refused", True)]
    assert notices_of(cast.jun)[0].values["reason"] == "명단에 없습니다."
