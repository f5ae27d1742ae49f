"""The addresses of voting, by those who may and those who may not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.ideas.models import State
from ideas_app.votes import queries
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import ballot_of, close, counter_of, move_to, prepare_ballot, rows_of

FETCH = {"X-Requested-With": "fetch"}
URL = "/ballot/ideas-2026"


@pytest.fixture
def idea(cast):
    # only its id: a request of the client ends the session that made it
    return SimpleNamespace(id=make_idea(cast.mina, make_campaign()).id)


@pytest.fixture
def lines(cast):
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3})
    return prepare_ballot(cast.sora, campaign, [cast.mina] * 4 + [cast.jun])


def test_a_support_by_form_leads_back_to_the_idea(cast, idea, browser_of):
    answer = browser_of(cast.jun).post(f"/ideas/{idea.id}/support")
    assert answer.status_code == 303
    assert f"/ideas/{idea.id}-" in answer.location
    assert counter_of(idea.id) == 1


def test_a_support_by_script_answers_with_number_and_state(cast, idea, browser_of):
    answer = browser_of(cast.jun).post(f"/ideas/{idea.id}/support", headers=FETCH)
    assert answer.json == {"supports": 1, "supported": True}


@pytest.mark.parametrize("verb", ["delete", "post"])
def test_a_support_is_taken_back_by_delete_in_either_form(cast, idea, browser_of, verb):
    browser = browser_of(cast.jun)
    browser.post(f"/ideas/{idea.id}/support")
    data = {"_method": "DELETE"} if verb == "post" else None
    answer = getattr(browser, verb)(f"/ideas/{idea.id}/support", data=data, headers=FETCH)
    assert answer.json == {"supports": 0, "supported": False}
    assert counter_of(idea.id) == 0


def test_a_list_that_sent_the_support_is_come_back_to(cast, idea, browser_of):
    browser = browser_of(cast.jun)
    back = browser.post(f"/ideas/{idea.id}/support", data={"back": "/ideas?sort=new"})
    assert back.location == "/ideas?sort=new"
    foreign = browser.post(f"/ideas/{idea.id}/support", data={"back": "https://example.com"})
    assert "example.com" not in foreign.location


def test_a_visitor_is_sent_to_the_log_in(visitor, idea):
    answer = visitor.post(f"/ideas/{idea.id}/support")
    assert answer.status_code == 303
    assert "/login" in answer.location
    assert visitor.post(f"/ideas/{idea.id}/support", headers=FETCH).status_code == 401
    assert rows_of(idea.id) == 0


def test_extra_fields_change_nothing_about_whose_support_it_is(cast, idea, browser_of):
    data = {
        "user_id": cast.mina.id,
        "account_id": cast.mina.id,
        "weight": 9,
        "count": 9,
        "idea_id": 1,
    }
    browser_of(cast.jun).post(f"/ideas/{idea.id}/support", data=data)
    assert counter_of(idea.id) == 1
    assert queries.supported_ids(cast.jun.id, [idea.id]) == {idea.id}


def test_after_the_close_the_answer_is_409(cast, browser_of):
    campaign = make_campaign()
    idea = make_idea(cast.mina, campaign)
    close(campaign, PhaseKind.GATHERING)
    browser = browser_of(cast.jun)
    assert browser.post(f"/ideas/{idea.id}/support", headers=FETCH).status_code == 409
    assert browser.delete(f"/ideas/{idea.id}/support", headers=FETCH).status_code == 409


@pytest.mark.parametrize(
    ("state", "status"), [(State.HIDDEN, 404), (State.SUBMITTED, 404), (State.WITHDRAWN, 409)]
)
def test_an_idea_that_takes_no_support_answers_404_or_409(cast, browser_of, state, status):
    idea = make_idea(cast.mina, make_campaign(), state=state)
    assert (
        browser_of(cast.jun).post(f"/ideas/{idea.id}/support", headers=FETCH).status_code == status
    )


def test_authors_and_staff_are_refused(cast, idea, browser_of):
    for person in (cast.mina, cast.sora, cast.hyun, cast.dana):
        answer = browser_of(person).post(f"/ideas/{idea.id}/support", headers=FETCH)
        assert answer.status_code == 403
    assert counter_of(idea.id) == 0


# -- the ballot -------------------------------------------------------------------------------------


def test_the_ballot_works_in_four_plain_pages(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    page = browser.get(URL).text
    assert all(f'value="{line}"' in page for line in lines[:4])
    checked = browser.post(f"{URL}/check", data={"entry": lines[:2]})
    assert checked.status_code == 200
    assert checked.text.count('name="entry"') == 2
    assert ballot_of(cast.jun, "ideas-2026").cast_at is None
    done = browser.post(URL, data={"entry": lines[:2]})
    assert done.status_code == 303
    assert browser.get(done.location).status_code == 200
    assert queries.picks_of(ballot_of(cast.jun, "ideas-2026")) == set(lines[:2])


def test_the_own_idea_has_no_box_and_a_reason(cast, lines, browser_of):
    page = browser_of(cast.jun).get(f"{URL}?lang=en").text
    assert f'value="{lines[4]}"' not in page
    assert "Your own idea" in page


def test_too_many_ticks_come_back_with_the_ticks_kept(cast, lines, browser_of):
    answer = browser_of(cast.jun).post(f"{URL}/check?lang=en", data={"entry": lines[:4]})
    assert answer.status_code == 422
    assert "take 1 away" in answer.text
    assert answer.text.count(" checked") == 4


def test_going_back_from_the_check_keeps_the_ticks(cast, lines, browser_of):
    answer = browser_of(cast.jun).post(f"{URL}/check", data={"entry": lines[:2], "step": "back"})
    assert answer.status_code == 200
    assert answer.text.count(" checked") == 2


def test_casting_without_the_check_page_obeys_the_same_bounds(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    for ticks in ([], lines[:1], lines[:4], [lines[4], lines[0]], ["99999", "x", "-1", "１"]):
        assert browser.post(URL, data={"entry": ticks}).status_code == 422
    assert queries.turnout(get_campaign("ideas-2026")) == 0


def test_visitors_read_the_ballot_and_are_asked_to_log_in(visitor, lines):
    page = visitor.get(URL)
    assert page.status_code == 200
    assert 'name="entry"' not in page.text
    assert "/login" in visitor.post(URL, data={"entry": lines[:2]}).location


def test_staff_see_the_ballot_and_cannot_vote(cast, lines, browser_of):
    browser = browser_of(cast.sora)
    assert 'name="entry"' not in browser.get(URL).text
    assert browser.post(URL, data={"entry": lines[:2]}).status_code == 403


def test_no_page_shows_a_count_before_the_close(cast, lines, browser_of, visitor):
    browser_of(cast.jun).post(URL, data={"entry": lines[:2]})
    other = browser_of(make_account("Bada"))
    for page in (visitor.get(f"{URL}?lang=en").text, other.get(f"{URL}?lang=en").text):
        assert "voted" not in page


def test_a_vote_after_the_close_answers_409(cast, lines, browser_of):
    move_to("ideas-2026", PhaseKind.SHORTLISTING)
    assert browser_of(cast.jun).post(URL, data={"entry": lines[:2]}).status_code == 409


def test_after_the_close_the_voter_reads_the_own_line(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    browser.post(URL, data={"entry": lines[:2]})
    move_to("ideas-2026", PhaseKind.SHORTLISTING)
    page = browser.get(f"{URL}/receipt").text
    assert page.count("c-picked__i") == 2
    assert browser_of(cast.mina).get(f"{URL}/receipt").text.count("c-picked__i") == 0


def test_the_receipt_is_nobody_elses(visitor, lines):
    assert "/login" in visitor.get(f"{URL}/receipt").location


def test_before_the_opening_nobody_sees_the_lines(cast, visitor, browser_of):
    campaign = make_campaign(phase=PhaseKind.PREPARING)
    idea = make_idea(cast.mina, campaign, title="아직 보이지 않는 후보 제안")
    assert idea.title not in visitor.get(URL).text


def test_ballot_addresses_that_do_not_exist_are_404(visitor):
    assert visitor.get("/ballot/no-such-campaign").status_code == 404


def test_the_menu_leads_to_the_open_ballot(visitor, lines):
    assert visitor.get("/ballot").location.endswith(URL)


def test_without_an_open_ballot_the_menu_leads_to_a_list(visitor, cast):
    make_campaign()
    assert visitor.get("/ballot").status_code == 200


def test_moderators_set_the_entries_on_a_page(cast, browser_of):
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2})
    ids = [make_idea(cast.mina, campaign).id for _ in range(3)]
    browser = browser_of(cast.sora)
    assert browser.get(f"{URL}/entries").text.count('name="subject"') == 3
    answer = browser.post(
        f"{URL}/entries", data={"subject": [f"i{ids[0]}", f"i{ids[1]}", "i99999"]}
    )
    assert answer.status_code == 303
    assert queries.count_entries(get_campaign("ideas-2026")) == 2
    assert browser.get("/ballot/entries").status_code == 200


def test_a_wrong_set_of_entries_comes_back_with_its_ticks(cast, browser_of):
    campaign = make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2})
    one = make_idea(cast.mina, campaign).id
    make_idea(cast.mina, campaign)
    answer = browser_of(cast.sora).post(f"{URL}/entries", data={"subject": [f"i{one}"]})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1


def test_nobody_else_reaches_the_page_of_entries(cast, visitor, browser_of):
    make_campaign(phase=PhaseKind.PREPARING)
    for browser in (browser_of(cast.jun), browser_of(cast.hyun)):
        assert browser.get(f"{URL}/entries").status_code == 403
        assert browser.post(f"{URL}/entries", data={}).status_code == 403
    assert "/login" in visitor.get(f"{URL}/entries").location
