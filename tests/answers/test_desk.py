"""The desk's pages: one list with filters in the address, one screen to answer on, nothing of it in public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from ideas_app.accounts.models import Account
from ideas_app.answers import queries, service
from ideas_app.campaigns.models import Campaign
from ideas_app.comments.models import Stance
from ideas_app.comments.service import write
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict
from ideas_app.core.permissions import Role
from ideas_app.exports.queries import iterate_ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.queries import get_idea
from tests.answers.scenes import (
    answering,
    approve,
    ask,
    content,
    draft,
    in_days,
    owed,
    publish,
)
from tests.answers.test_views import typed
from tests.factories import make_idea, reload
from tests.people import Actor, Cast, make_account
from tests.votes.scenes import counted_statements

Browser = Callable[[Actor], FlaskClient]
SECRET = "아직 아무도 모르는 결정입니다"


@pytest.fixture
def noah(cast: Cast) -> Actor:
    """A second official, of another department."""
    noah = make_account("Noah", Role.OFFICIAL)
    with transaction() as current:
        current.get_one(Account, noah.id).department = "교통행정과"
    return noah


def title_of(answer_id: int) -> str:
    return queries.get_row(answer_id).title


def test_a_draft_with_its_set_time_is_nowhere_in_public(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    answer_id = owed(cast, answering())
    more = {"headline": SECRET, "reason": SECRET, "department": SECRET, "post": SECRET}
    draft(cast.hyun, answer_id, promises=content((SECRET, in_days(9))).promises, **more)
    with transaction():
        at = clock.now() + timedelta(days=2)
        service.schedule(cast.hyun, queries.get_answer(answer_id), at)
    idea_id = queries.get_row(answer_id).idea.id
    paths = ["/", "/answers", f"/ideas/{idea_id}", "/search?q=아무도", "/ideas?q=아무도", "/audit"]
    paths += [f"/reports/{clock.today().year}", "/campaigns/ideas-2026"]
    for path in paths:
        assert SECRET not in visitor.get(path, follow_redirects=True).text, path
    mina = browser_of(cast.mina)
    for path in (f"/ideas/{idea_id}", "/me", "/me/notices"):
        assert SECRET not in mina.get(path, follow_redirects=True).text, path
    assert SECRET in browser_of(cast.hyun).get(f"/desk/{answer_id}").text
    assert session().get_one(Idea, idea_id).state is State.SHORTLISTED


@pytest.mark.parametrize("working", [False, True])
def test_a_draft_is_in_no_file_that_is_exported(cast: Cast, working: bool) -> None:
    campaign = answering()
    answer_id = owed(cast, campaign)
    draft(cast.hyun, answer_id, headline=SECRET, reason=SECRET, department=SECRET)
    rows = list(iterate_ideas(reload(Campaign, campaign.id), working=working))
    assert rows
    assert SECRET not in str(rows)


def test_the_list_is_narrowed_by_the_address(cast: Cast, browser_of: Browser, noah: Actor) -> None:
    campaign = answering()
    mine, theirs, free = (owed(cast, campaign) for _ in range(3))
    with transaction():
        service.assign(noah, queries.get_answer(theirs), noah.id or 0)
    draft(cast.hyun, mine)

    def listed(who: Actor, **address: str) -> list[int]:
        filters = queries.DeskFilters.of(address)
        assert queries.DeskFilters.of(filters.values()) == filters
        return [one.answer.id for one in queries.list_desk(filters, who)]

    assert listed(cast.hyun) == [mine, theirs, free]
    assert listed(cast.hyun, whose="mine") == [mine]
    assert listed(noah, whose="department") == [theirs]
    assert listed(cast.hyun, whose="department") == []  # Hyun's department is not known
    assert listed(cast.hyun, stage="writing") == listed(cast.hyun, tab="drafts") == [mine]
    assert listed(cast.hyun, stage="taken") == [theirs]
    assert listed(cast.hyun, stage="new", field="job", why="shortlist") == [free]
    assert listed(cast.hyun, why="supports") == listed(cast.hyun, field="home") == []
    assert listed(cast.hyun, stage="extended") == []
    assert listed(cast.hyun, stage="nonsense", whose="nobody") == [mine, theirs, free]
    page = browser_of(cast.hyun).get("/desk?stage=new").text
    assert title_of(free) in page
    assert title_of(mine) not in page


def test_the_list_takes_the_same_statements_for_few_and_for_many(
    cast: Cast, browser_of: Browser
) -> None:
    campaign_id = answering().id
    browser = browser_of(cast.hyun)
    counts = []
    for size in (1, 6):
        for _ in range(size):
            draft(cast.hyun, owed(cast, reload(Campaign, campaign_id)))
        with counted_statements() as seen:
            assert browser.get("/desk").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1], seen


def test_ticked_answers_are_taken_and_handed_on_and_the_choice_stays(
    cast: Cast, browser_of: Browser, noah: Actor
) -> None:
    campaign = answering()
    ids = [owed(cast, campaign) for _ in range(2)]
    hyun = browser_of(cast.hyun)
    none = hyun.post("/desk/take?whose=mine", data={})
    assert (none.status_code, none.headers["Location"]) == (303, "/desk?whose=mine")
    done = hyun.post("/desk/take?field=job", data={"ids": ids})
    assert (done.status_code, done.headers["Location"]) == (303, "/desk?field=job")
    assert [queries.find_work(one).assignee_id for one in ids] == [cast.hyun.id] * 2
    assert title_of(ids[0]) in hyun.get("/desk/hand", query_string={"ids": ids}).text
    silent = {"ids": ids, "department": "교통행정과"}
    assert hyun.post("/desk/hand?lang=en", data=silent).status_code == 422
    assert queries.find_work(ids[0]).department == ""
    told = hyun.post("/desk/hand", data={**silent, "word": "노선 일입니다."})
    assert told.status_code == 303
    to_noah = {"ids": ids[:1], "colleague": str(noah.id), "back": str(ids[0])}
    back = hyun.post("/desk/hand", data=to_noah)
    assert back.headers["Location"] == f"/desk/{ids[0]}"
    assert [queries.find_work(one).assignee_id for one in ids] == [noah.id, None]


def test_a_draft_is_saved_by_a_click_and_by_itself_and_published_later(
    cast: Cast, browser_of: Browser
) -> None:
    answer_id = owed(cast, answering())
    hyun = browser_of(cast.hyun)
    gaps = typed(act="save", reason="", decision="")
    assert hyun.post(f"/desk/{answer_id}", data=gaps).headers["Location"] == f"/desk/{answer_id}"
    by_itself = hyun.post(
        f"/desk/{answer_id}/draft",
        data=typed(version="1", reason="이어서 씁니다."),
        headers={"X-Requested-With": "fetch"},
    )
    assert by_itself.json["fields"] == {"version": 2}
    page = hyun.get(f"/desk/{answer_id}").text
    assert "이어서 씁니다." in page
    assert "시범 운행을 시작합니다." in page
    assert queries.get_answer(answer_id).answered_at is None
    assert hyun.post(f"/desk/{answer_id}", data=typed(version="2")).status_code == 303
    assert queries.get_answer(answer_id).answered_at is not None


def test_both_texts_are_shown_when_two_wrote(cast: Cast, browser_of: Browser) -> None:
    answer_id = owed(cast, answering())
    draft(cast.dana, answer_id, reason="다나의 글입니다.")
    late = typed(act="save", version="0", reason="현의 글입니다.")
    hyun = browser_of(cast.hyun)
    page = hyun.post(f"/desk/{answer_id}?lang=en", data=late)
    assert page.status_code == 409
    for words in ("다나의 글입니다.", "현의 글입니다.", "Nothing was overwritten"):
        assert words in page.text
    assert 'name="version" type="hidden" value="1"' in page.text
    by_itself = {"X-Requested-With": "fetch"}
    assert hyun.post(f"/desk/{answer_id}/draft", data=late, headers=by_itself).status_code == 409
    # knowing both, the writer saves once more
    assert hyun.post(f"/desk/{answer_id}", data={**late, "version": "1"}).status_code == 303


def test_a_colleague_looks_it_over_on_the_same_screen(
    cast: Cast, browser_of: Browser, noah: Actor
) -> None:
    answer_id = owed(cast, answering())
    hyun, other = browser_of(cast.hyun), browser_of(noah)
    alone = hyun.post(f"/desk/{answer_id}?lang=en", data=typed())
    assert alone.status_code == 403
    assert "A second official has to approve" in alone.text
    assert "시범 운행을 시작합니다." in alone.text
    assert hyun.post(f"/desk/{answer_id}", data=typed(act="ask")).status_code == 303
    assert "waits for your eyes" in other.get("/desk?lang=en").text
    version = str(queries.find_work(answer_id).version)
    silent = other.post(f"/desk/{answer_id}/review", data={"act": "back", "version": version})
    assert silent.status_code == 422
    approved = {"act": "approve", "version": version}
    assert other.post(f"/desk/{answer_id}/review", data=approved).status_code == 303
    assert hyun.post(f"/desk/{answer_id}", data=typed(version=version)).status_code == 303
    assert queries.get_answer(answer_id).answered_at is not None


def test_after_one_answer_the_next_of_the_same_choice_opens(
    cast: Cast, browser_of: Browser
) -> None:
    campaign = answering()
    first, second, third = (owed(cast, campaign) for _ in range(3))
    with transaction():
        for one in (first, third):
            service.assign(cast.hyun, queries.get_answer(one), cast.hyun.id or 0)
    hyun = browser_of(cast.hyun)
    assert f'href="/desk/{third}?whose=mine"' in hyun.get(f"/desk/{first}?whose=mine").text
    done = hyun.post(f"/desk/{first}?whose=mine", data=typed())
    assert done.headers["Location"] == f"/desk/{third}?whose=mine"
    last = hyun.post(f"/desk/{third}?whose=mine", data=typed())
    assert last.headers["Location"] == "/desk?whose=mine"
    assert queries.get_answer(second).answered_at is None


def test_a_time_is_set_and_taken_back(cast: Cast, browser_of: Browser) -> None:
    answer_id = owed(cast, answering())
    hyun = browser_of(cast.hyun)
    address = f"/desk/{answer_id}?lang=en"
    assert hyun.post(address, data=typed(when="at", at="")).status_code == 422
    past = hyun.post(address, data=typed(when="at", at="2020-01-01T09:00"))
    assert "This time has passed" in past.text
    at = f"{in_days(3).isoformat()}T17:00"
    assert hyun.post(address, data=typed(when="at", at=at)).status_code == 303
    assert queries.find_work(answer_id).publish_at == clock.day_start(in_days(3), 17)
    assert hyun.post(f"/desk/{answer_id}/unschedule").status_code == 303
    assert queries.find_work(answer_id).publish_at is None


def test_several_are_looked_at_once_and_published_together(cast: Cast, browser_of: Browser) -> None:
    campaign = answering()
    ids = [owed(cast, campaign) for _ in range(2)]
    draft(cast.hyun, ids[0])
    hyun = browser_of(cast.hyun)
    page = hyun.get(f"/desk/publish?lang=en&ids={ids[0]}&ids={ids[1]}").text
    assert "nothing is drafted" in page
    stopped = hyun.post("/desk/publish?lang=en", data={"ids": ids, "when": "now"})
    assert stopped.status_code == 422
    assert "Nothing was published" in stopped.text
    draft(cast.hyun, ids[1])
    done = hyun.post("/desk/publish", data={"ids": ids, "when": "now"})
    assert (done.status_code, done.headers["Location"]) == (303, "/desk?tab=drafts")
    assert all(queries.get_answer(one).answered_at for one in ids)


def test_words_from_a_template_and_from_an_answer_like_it_are_put_in_and_nothing_is_lost(
    cast: Cast, browser_of: Browser
) -> None:
    campaign = answering()
    earlier = owed(cast, campaign)
    publish(cast.hyun, earlier, headline="막차를 늦추겠습니다.", reason="노사 협의를 마쳤습니다.")
    answer_id = owed(cast, campaign)
    hyun = browser_of(cast.hyun)
    form = {
        "title": "법령",
        "decision": "hard",
        "headline": "어렵습니다.",
        "reason": "법 때문입니다.",
    }
    assert hyun.post("/desk/templates", data=form).status_code == 303
    template = queries.list_templates()[0]
    assert f'value="like-{earlier}"' in hyun.get(f"/desk/{answer_id}").text
    empty = {"act": "insert", "template": str(template.id), "reason": "먼저 쓴 글."}
    page = hyun.post(f"/desk/{answer_id}", data=empty).text
    for words in ("먼저 쓴 글.", "법 때문입니다.", "어렵습니다."):
        assert words in page
    like = hyun.post(f"/desk/{answer_id}", data={"act": f"like-{earlier}"}).text
    assert like.count("노사 협의를 마쳤습니다.") >= 2
    unpublished = hyun.post(f"/desk/{answer_id}", data={"act": f"like-{answer_id}"})
    assert unpublished.status_code == 200
    changed = {**form, "title": "법령 때문에"}
    address = f"/desk/templates/{template.id}"
    assert hyun.post(address, data=changed).status_code == 303
    assert hyun.post(address, data={"_method": "DELETE"}).status_code == 303
    assert queries.list_templates() == []


def test_a_row_of_promises_is_taken_out_without_a_script(cast: Cast, browser_of: Browser) -> None:
    answer_id = owed(cast, answering())
    two = typed(act="drop-0", **{"promises-1-text": "둘째 약속"})
    page = browser_of(cast.hyun).post(f"/desk/{answer_id}", data=two).text
    assert "시범 운행을 시작합니다." not in page
    assert "둘째 약속" in page


def test_the_weightiest_worry_stands_on_the_list_until_the_reason_takes_it_up(
    cast: Cast, browser_of: Browser
) -> None:
    answer_id = owed(cast, answering())
    with transaction():
        idea = get_idea(queries.get_row(answer_id).idea.id)
        write(cast.jun, idea, "밤에는 안전이 걱정돼요.", Stance.AGAINST)
    hyun = browser_of(cast.hyun)
    missing = '<li class="s-n" data-need="worries"'
    draft(cast.hyun, answer_id, reason="예산을 확보했습니다.")
    assert missing in hyun.get(f"/desk/{answer_id}").text
    draft(cast.hyun, answer_id, reason="안전 요원 한 명을 두겠습니다.")
    assert missing not in hyun.get(f"/desk/{answer_id}").text


def test_a_note_stands_at_both_desks_and_a_notice_leads_to_the_answer(
    cast: Cast, browser_of: Browser
) -> None:
    answer_id = owed(cast, answering())
    hyun = browser_of(cast.hyun)
    idea_id = queries.get_row(answer_id).idea.id
    note = {"note": "@Sora 예산이 정해졌습니다."}
    done = hyun.post(f"/desk/{answer_id}/notes", data=note)
    assert done.headers["Location"] == f"/desk/{answer_id}#notes"
    assert hyun.post(f"/desk/{answer_id}/notes", data={"note": " "}).status_code == 422
    assert "예산이 정해졌습니다." in browser_of(cast.sora).get(f"/moderation/{idea_id}").text
    assert hyun.get(f"/desk/ideas/{idea_id}").headers["Location"] == f"/desk/{answer_id}"


def test_what_waits_for_ones_eyes_counts_as_ones_own(cast: Cast, noah: Actor) -> None:
    answer_id = owed(cast, answering())
    draft(cast.hyun, answer_id)
    mine = queries.DeskFilters(whose=queries.Whose.MINE)
    ask(cast.hyun, answer_id, of=noah.id)
    rows, counts = queries.read_desk(mine, noah)
    assert [one.answer.id for one in rows] == [answer_id]
    assert counts.awaiting == 1
    approve(noah, answer_id)
    assert queries.list_desk(mine, noah) == []


def test_an_idea_that_awaits_no_answer_leads_to_none(cast, browser_of):
    idea = make_idea(cast.mina, answering()).id
    assert browser_of(cast.hyun).get(f"/desk/ideas/{idea}").status_code == 404


def test_what_was_set_for_another_time_meanwhile_is_not_published(cast):
    number = owed(cast, answering())
    draft(cast.hyun, number)
    with pytest.raises(Conflict) as fault, transaction():
        service.publish(cast.hyun, queries.get_answer(number), due_at=clock.now())
    assert fault.value.code == "time_moved"
    assert queries.get_answer(number).answered_at is None
