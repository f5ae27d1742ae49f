"""Nothing tells a result before it is public: inbox, mails at once, digest and feeds are walked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from ideas_app.campaigns.models import Campaign, PhaseKind
from ideas_app.campaigns.service import follow_phases
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import drain, publish
from ideas_app.ideas.models import Idea, State
from ideas_app.notifications.jobs import chores
from ideas_app.notifications.models import Notice
from ideas_app.shortlists import jobs as shortlist_jobs
from ideas_app.shortlists.events import ShortlistPublished
from ideas_app.votes.models import Support
from tests.accounts import mailbox
from tests.shortlists.scenes import closed_ballot
from tests.shortlists.scenes import computed as compute

TELLING = ("shortlisted", "not_shortlisted", "selected", "선정되었", "선정 목록", "득표")


def everything_told(browser_of, people):
    """What anybody could have learnt by now: inboxes, feeds, and every mail."""
    drain()
    texts = [mailbox.text_of(mail) + mail["Subject"] for mail in mailbox.collect()]
    for person in people:
        browser = browser_of(person)
        texts.append(browser.get("/me/notices?lang=ko").text.split("</header>")[1])
        texts += [browser.get(f"/feeds/{name}.atom").text for name in ("ideas", "answers")]
    kinds = " ".join(session().scalars(select(Notice.kind)))
    return kinds + "".join(text.split("c-footer")[0] for text in texts)


def morning():
    with clock.at(clock.now() + timedelta(days=1)):
        for chore in (follow_phases, chores.begin_digests, chores.begin_work_mails):
            with transaction():
                chore()
            drain()
        drain()


def test_no_way_tells_a_result_before_the_list_is_public(cast, browser_of, letters, monkeypatch):
    for long_work in ("analyse_round", "draw_round"):  # what is told does not hang on it
        monkeypatch.setattr(shortlist_jobs.service, long_work, lambda _round_id: None)
    campaign, ideas = closed_ballot(cast, phase=PhaseKind.SHORTLISTING)
    people = (cast.mina, cast.jun, cast.sora, cast.hyun)
    with transaction() as current:
        authors = [idea.author_id for idea in ideas.values()]
        supporter = next(one.id for one in people if one.id not in authors)
        for idea in ideas.values():
            current.add(Support(idea_id=idea.id, account_id=supporter, given_at=clock.now()))
    round_id = compute(cast, campaign).id
    numbers = [idea.id for idea in ideas.values()]
    morning()
    told = everything_told(browser_of, people)
    assert not [word for word in TELLING if word in told]

    with transaction() as current:
        current.execute(update(Idea).where(Idea.id.in_(numbers)).values(state=State.SHORTLISTED))
        publish(ShortlistPublished(round_id))
    told = everything_told(browser_of, people)
    assert "shortlisted" in told
    assert "not_shortlisted" in told


def test_while_the_vote_is_open_only_its_opening_is_told(cast, browser_of, letters):
    campaign, _ideas = closed_ballot(cast, phase=PhaseKind.BALLOT)
    with transaction() as current:
        current.get_one(Campaign, campaign.id).phase_told = "preparing"
    morning()
    told = everything_told(browser_of, (cast.mina, cast.jun))
    kinds = set(session().scalars(select(Notice.kind)))
    assert "ballot_open" in kinds
    assert kinds <= {"ballot_open", "ballot_open_supported"}
    assert not [word for word in TELLING if word in told]
