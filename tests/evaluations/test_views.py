"""The blind screen shows the text and no more; the form closes with its reason; closed doors for strangers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ideas_app.comments.models import Stance
from ideas_app.comments.service import write
from ideas_app.core.db import session, transaction
from ideas_app.evaluations import queries
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.rules import Standing
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import get_idea
from tests.evaluations.scenes import REASON, ask, colleague, evaluated, loose, score
from tests.factories import make_campaign, make_idea, reload
from tests.people import Actor, Cast
from tests.shortlists.scenes import make_family

Browser = Callable[[Actor], FlaskClient]

SCORES = {f"score{number}": "4" for number in range(5)}
FOUND = {
    "feasibility": "partly",
    "cost": "under_50m",
    "cost_note": "3천만 원",
    "duration": "half_year",
    "law": "ordinance",
    "law_note": "청년 기본 조례 제9조",
    "department": "교통행정과",
    "obstacles": "야간 인력",
    "reason": REASON,
}


@pytest.fixture
def idea(cast: Cast) -> Idea:
    """One that people support and talk about."""
    made = make_idea(cast.mina, make_campaign(), title="청년센터를 밤에도 열어 주세요")
    with transaction():
        write(cast.jun, get_idea(made.id), "교대 근무라 밤에만 시간이 나요.", Stance.FOR)
        session().get_one(Idea, made.id).supports_count = 4711
    return loose(reload(Idea, made.id))


def standing_of(evaluation_id: int) -> Standing:
    return queries.get_row(evaluation_id).standing


def test_the_first_step_shows_the_text_and_nothing_else(
    cast: Cast, browser_of: Browser, idea: Idea
) -> None:
    evaluated(cast.sora, idea, colleague(), 2)
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun, question="작성자가 여러 번 물었습니다.")
    hyun = browser_of(cast.hyun)
    hidden = ("Mina", "4711", "교대 근무라", REASON, "여러 번 물었", f"/ideas/{idea.id}")
    blind = hyun.get(f"/desk/evaluations/{evaluation_id}").text
    assert "막차가 열 시에" in blind
    assert [words for words in hidden if words in blind] == []
    done = hyun.post(f"/desk/evaluations/{evaluation_id}/score", data=SCORES)
    assert done.status_code == 303
    after = hyun.get(f"/desk/evaluations/{evaluation_id}").text
    assert [words for words in hidden if words not in after] == [REASON]
    assert REASON in hyun.get(f"/desk/evaluations/idea/{idea.id}").text


@pytest.mark.parametrize("address", ["idea/{idea}", "?tab=all", "?tab=asked&state=all"])
def test_no_other_page_of_the_desk_tells_it_before(
    cast: Cast, browser_of: Browser, idea: Idea, address: str
) -> None:
    """The asker evaluates, too."""
    evaluated(cast.sora, idea, colleague(), 2, cost_note="수수께끼 금액")
    ask(cast.sora, idea, cast.sora)
    page = browser_of(cast.sora).get(
        f"/desk/evaluations/{address.format(idea=idea.id)}".replace("/?", "?")
    )
    assert page.status_code == 200
    assert idea.title in page.text
    assert REASON not in page.text
    assert "수수께끼" not in page.text


def test_an_evaluation_from_the_request_to_its_closing(
    cast: Cast, browser_of: Browser, idea: Idea
) -> None:
    sora, hyun = browser_of(cast.sora), browser_of(cast.hyun)
    found = sora.get(f"/desk/evaluations/new?number=2026-{idea.number:03d}")
    assert found.headers["Location"] == f"/desk/evaluations/new?idea={idea.id}"
    form = sora.get(f"/desk/evaluations/new?idea={idea.id}")
    assert 'name="people"' in form.text
    due = form.text.split('name="due_on"')[1].split('value="')[1][:10]
    wanted = {"people": [str(cast.hyun.id), str(cast.dana.id)], "due_on": due}
    assert sora.post(f"/desk/evaluations/new?idea={idea.id}", data=wanted).status_code == 303
    evaluation = (
        session().scalars(select(Evaluation.id).where(Evaluation.account_id == cast.hyun.id)).one()
    )
    address = f"/desk/evaluations/{evaluation}"
    assert idea.title in hyun.get("/desk/evaluations").text
    assert hyun.post(f"{address}/score", data=SCORES).status_code == 303
    kept = hyun.post(f"{address}/findings", data={"reason": "아직", "keep": "1"})
    assert (kept.status_code, standing_of(evaluation)) == (303, Standing.SCORED)
    assert "아직" in hyun.get(address).text
    assert hyun.post(f"{address}/findings", data=FOUND).status_code == 303
    assert standing_of(evaluation) is Standing.CLOSED
    page = sora.get(f"/desk/evaluations/idea/{idea.id}?lang=en").text
    for words in ("1 of 2 evaluated", "3천만 원", "청년 기본 조례", "야간 인력", REASON, "1 left"):
        assert words in page
    assert hyun.post(f"{address}/reopen", data={"reopen-reason": ""}).status_code == 422
    assert (
        hyun.post(f"{address}/reopen", data={"reopen-reason": "금액이 달라졌어요."}).status_code
        == 303
    )
    assert standing_of(evaluation) is Standing.REOPENED
    assert REASON not in sora.get(f"/desk/evaluations/idea/{idea.id}").text


def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, browser_of: Browser, idea: Idea
) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    hyun, address = browser_of(cast.hyun), f"/desk/evaluations/{evaluation_id}"
    wrong = hyun.post(f"{address}/score?lang=en", data={**SCORES, "score1": "6", "score2": ""})
    assert wrong.status_code == 422
    assert wrong.text.count("Give a score from 1 to 5.") == 4, "in the summary and at each row"
    assert wrong.text.count("checked") == 3
    score(cast.hyun, evaluation_id, 3)
    for left_out, says in (
        ({"reason": ""}, "without it nothing is closed"),
        ({"law_note": ""}, "Name the ordinance or law"),
        ({"cost": "free"}, "Not a valid choice"),
    ):
        wrong = hyun.post(f"{address}/findings?lang=en", data={**FOUND, **left_out})
        assert wrong.status_code == 422
        assert says in wrong.text
        assert "교통행정과" in wrong.text
    for bad in ({}, {"people": [str(cast.mina.id)], "due_on": "2026-99-99"}):
        assert (
            browser_of(cast.sora)
            .post(f"/desk/evaluations/new?idea={idea.id}", data=bad)
            .status_code
            == 422
        )


def test_declining_and_taking_back(cast: Cast, browser_of: Browser, idea: Idea) -> None:
    first, second = ask(cast.sora, idea, cast.hyun, cast.dana)
    hyun, sora = browser_of(cast.hyun), browser_of(cast.sora)
    assert hyun.post(f"/desk/evaluations/{first}/decline").status_code == 422
    no = {"decline-reason": "작성자를 잘 압니다."}
    assert hyun.post(f"/desk/evaluations/{first}/decline", data=no).status_code == 303
    assert no["decline-reason"] in sora.get("/desk/evaluations?tab=asked&state=all").text
    assert hyun.get(f"/desk/evaluations/{first}").status_code == 200
    assert hyun.post(f"/desk/evaluations/{second}/take-back").status_code == 403
    assert sora.post(f"/desk/evaluations/{second}/take-back").status_code == 303
    assert standing_of(second) is Standing.TAKEN_BACK


def test_a_family_is_evaluated_whole_and_a_joined_idea_leads_there(
    cast: Cast, browser_of: Browser
) -> None:
    campaign = make_campaign()
    ideas = [make_idea(person, campaign) for person in (cast.mina, cast.jun)]
    family = loose(make_family(campaign, ideas, "밤에도 여는 청년센터"))
    ideas = [loose(reload(Idea, idea.id)) for idea in ideas]
    (evaluation_id,) = ask(cast.sora, family, cast.hyun)
    assert (
        family.title in browser_of(cast.sora).get(f"/desk/evaluations/new?idea={ideas[0].id}").text
    )
    hyun = browser_of(cast.hyun)
    blind = hyun.get(f"/desk/evaluations/{evaluation_id}").text
    assert all(idea.title in blind for idea in ideas)
    assert "Mina" not in blind
    hyun.post(f"/desk/evaluations/{evaluation_id}/score", data=SCORES)
    assert hyun.get(f"/desk/evaluations/{evaluation_id}").status_code == 200
    assert hyun.get(f"/desk/evaluations/family/{family.id}").status_code == 200


@pytest.mark.parametrize("person", ["visitor", "mina", "sora"])
def test_strangers_find_the_screen_closed(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, idea: Idea, person: str
) -> None:
    """Another colleague is led to the page of the idea and cannot act in somebody's place."""
    (evaluation_id,) = ask(cast.dana, idea, cast.hyun)
    stranger = visitor if person == "visitor" else browser_of(getattr(cast, person))
    address = f"/desk/evaluations/{evaluation_id}"
    page = stranger.get(address)
    expected = {"visitor": (303, "/login"), "mina": (403, ""), "sora": (303, f"/idea/{idea.id}")}
    assert page.status_code == expected[person][0]
    assert expected[person][1] in page.headers.get("Location", "")
    shut = 303 if person == "visitor" else 403
    for act, data in (
        ("score", SCORES),
        ("findings", FOUND),
        ("decline", {"decline-reason": "아무거나"}),
        # what has to be mended comes back, and shows as much as the screen itself
        ("findings", {"cost_note": "x" * 9_999}),
        ("decline", {"decline-reason": "x" * 9_999}),
    ):
        assert stranger.post(f"{address}/{act}", data=data).status_code == shut
    assert standing_of(evaluation_id) is Standing.ASKED


def test_scores_are_not_public(cast: Cast, visitor: FlaskClient, idea: Idea) -> None:
    evaluated(cast.sora, idea, cast.hyun, 3, reason="수수께끼 같은 까닭이 여기 있습니다.")
    for address in (f"/ideas/{idea.id}", "/ideas?q=수수께끼", "/search?q=수수께끼", "/audit"):
        page = visitor.get(address, follow_redirects=True)
        assert page.status_code == 200
        assert "수수께끼 같은" not in page.text
        assert "evaluation" not in page.text
