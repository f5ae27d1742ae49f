"""One's own record by year: what one did, what became of it, and papers about it. Nobody else's ever."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from ideas_app.answers import queries as answers
from ideas_app.answers.models import Answer, Decision, Promise, PromiseStatus
from ideas_app.campaigns.models import Campaign
from ideas_app.comments import queries as comments
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas.models import State
from ideas_app.programmes import queries as programmes
from ideas_app.programmes import service
from tests.comments.scenes import write
from tests.factories import make_campaign, make_idea, make_programme
from tests.programmes.scenes import as_csv, import_
from tests.programmes.test_meetings import BORN
from tests.votes.scenes import support

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

    Browser = Callable[[Actor], FlaskClient]

ROSTER = [
    ("성명", "생년월일", "연락처", "1회 3/5 2h", "2회 3/12 90분", "자격명"),
    ("김미나", BORN.isoformat(), "010-1234-5678", "O", "O", "AI-POT 2급"),
    ("박남남", "1999-01-01", "010-9999-0000", "O", "X", ""),
]


@pytest.fixture
def linked(cast: Cast) -> int:
    """Mina's record of a course with two meetings; the id of the record."""
    programme = make_programme()
    import_(programme, as_csv(ROSTER, encoding="utf-8"))
    with transaction():
        [(record, person)] = programmes.list_claimable(programme.id, "김미나", BORN)
        service.link_person(cast.mina, person)
        return record.id


def answer(idea_id: int, decision: Decision, *statuses: PromiseStatus) -> None:
    with transaction() as current:
        made = Answer(
            idea_id=idea_id,
            received_on=date(2026, 3, 2),
            due_on=date(2026, 3, 20),
            decision=decision,
            answered_at=clock.now(),
            department="교통행정과",
        )
        current.add(made)
        current.flush()
        for status in statuses:
            due_on = date(2020, 1, 1)
            promise = Promise(
                answer_id=made.id,
                text="한 대 더",
                due_on=due_on,
                status=status,
                made_at=clock.now(),
            )
            current.add(promise)


def test_the_record_tells_hours_certificates_and_what_became_of_each_idea(
    cast: Cast, linked: int, browser_of: Browser
) -> None:
    campaign = make_campaign()
    campaign_id = campaign.id
    mine = make_idea(cast.mina, campaign, title="막차를 늦춰 주세요 부탁해요", state=State.ANSWERED)
    mine_id = mine.id
    answer(mine_id, Decision.PARTLY, PromiseStatus.DONE, PromiseStatus.OPEN)
    other_id = make_idea(cast.jun, campaign, title="도서관을 밤에도 열어 주세요").id
    support(cast.mina, other_id)
    write(cast.mina, other_id, "저도 밤에 공부할 곳이 필요해요.")
    page = browser_of(cast.mina).get("/me/record?lang=en").get_data(as_text=True)
    for said in (
        "AI-POT 2급",
        "3 hr 30 min",
        "2 of 2 meetings",
        "막차를 늦춰 주세요",
        "Partly adopted",
        "Promises kept: 1 of 2",
        "1 without a word",
        "도서관을 밤에도",
        "answered 0, taken up 0",
    ):
        assert said in page, said
    assert comments.count_by_campaign(cast.mina.id or 0) == {campaign_id: 1}
    stranger = browser_of(cast.jun).get("/me/record?lang=en").get_data(as_text=True)
    assert "AI-POT" not in stranger
    assert "막차를" not in stranger
    assert "No programme is linked" in stranger


def test_a_year_in_the_address_shows_that_year_alone(cast: Cast, browser_of: Browser) -> None:
    past = make_campaign("ideas-2025")
    make_idea(cast.mina, past, title="지난해에 낸 제안이에요 정말")
    with transaction() as current:
        current.get_one(Campaign, past.id).year = 2025
    make_idea(cast.mina, make_campaign(), title="올해에 낸 제안이에요 정말로요")
    mina = browser_of(cast.mina)
    both = mina.get("/me/record").get_data(as_text=True)
    assert both.index("올해에 낸") < both.index("지난해에 낸")
    last = mina.get("/me/record?year=2025").get_data(as_text=True)
    assert "지난해에 낸" in last
    assert "올해에 낸" not in last
    assert "올해에 낸" in mina.get("/me/record?year=1999").get_data(as_text=True)


def test_whoever_did_nothing_yet_is_led_on(cast: Cast, browser_of: Browser, visitor: Any) -> None:
    page = browser_of(cast.jun).get("/me/record?lang=en").get_data(as_text=True)
    assert "Your record begins with the first thing you do" in page
    assert 'href="/ideas"' in page
    assert "/login" in visitor.get("/me/record").location


def test_one_paper_holds_the_year_and_each_line_can_be_checked(
    cast: Cast, linked: int, browser_of: Browser, visitor: FlaskClient
) -> None:
    place = "/me/record/year/2026/certificate"
    got = browser_of(cast.mina).post(place)
    reader = pypdf.PdfReader(io.BytesIO(got.data))
    text = "".join(page.extract_text() for page in reader.pages)
    [own] = programmes.list_own_records(cast.mina.id, 2026)
    for said in ("김미나", "AI-POT 2급", "2/2", "3시간 30분", own.code):
        assert said in text, said
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "네, 이 번호의" in visitor.get(f"/certificates/{own.code}").get_data(as_text=True)
    assert own.code in browser_of(cast.mina).get("/me/record").get_data(as_text=True)
    assert browser_of(cast.jun).post(place).status_code == 404
    assert browser_of(cast.mina).post("/me/record/year/2025/certificate").status_code == 404
    for stranger in (cast.jun, cast.sora, cast.visitor):
        with pytest.raises(NotFound), transaction():
            service.issue_year(stranger, 2026)


def test_the_newest_published_answer_is_an_ideas_fate(cast: Cast) -> None:
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign).id for _number in range(3)]
    answer(ids[0], Decision.ADOPTED)
    answer(ids[1], Decision.HARD)
    with transaction():
        session().query(Answer).filter_by(idea_id=ids[1]).update({"answered_at": None})
    found = answers.fates_of(ids)
    assert set(found) == {ids[0]}
    assert found[ids[0]].is_adopted
