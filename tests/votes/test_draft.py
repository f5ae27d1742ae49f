"""Ticks that are kept before they are cast; what of the ballot is shown; two lines side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.campaigns.models import Field, PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.ideas.models import Idea, State
from ideas_app.votes import jobs, queries, service
from ideas_app.votes.models import BallotEntry
from ideas_app.votes.queries import Entry
from ideas_app.votes.rules import ALL, FIELDS, PICKED, lines_in_view
from tests.factories import make_campaign
from tests.people import make_account
from tests.votes.scenes import ballot_of, close, move_to, prepare_ballot
from tests.votes.scenes import cast as vote

SLUG = "ideas-2026"
URL = f"/ballot/{SLUG}"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture
def campaign(app):
    return make_campaign(phase=PhaseKind.PREPARING, settings={"ballot_min": 2, "ballot_max": 3})


@pytest.fixture
def lines(cast, campaign):
    """Five lines: four of Mina, one of Jun. The ballot is open."""
    return prepare_ballot(cast.sora, campaign, [cast.mina] * 4 + [cast.jun])


def keep(actor, entry_ids):
    with transaction():
        return service.save_draft(actor, get_campaign(SLUG), entry_ids)


def kept(actor):
    return queries.kept_picks(ballot_of(actor, SLUG))


# -- keeping ----------------------------------------------------------------------------------------


def test_kept_ticks_come_back_and_do_not_count(cast, campaign, lines):
    assert keep(cast.jun, lines[:1])
    assert kept(cast.jun) == {lines[0]}
    assert queries.turnout(campaign) == 0
    assert queries.ballots_as_lists(campaign) == []


def test_kept_ticks_beside_a_cast_ballot_leave_it_as_it_is(cast, campaign, lines):
    vote(cast.jun, SLUG, lines[:2])
    assert keep(cast.jun, lines[1:4])
    assert queries.ballots_as_lists(campaign) == [lines[:2]]
    assert kept(cast.jun) == set(lines[1:4])


def test_casting_ends_what_was_kept(cast, lines):
    keep(cast.jun, lines[:1])
    vote(cast.jun, SLUG, lines[:2])
    assert ballot_of(cast.jun, SLUG).draft is None
    assert kept(cast.jun) == set(lines[:2])


def test_ticks_back_to_the_cast_ones_are_no_draft(cast, lines):
    vote(cast.jun, SLUG, lines[:2])
    keep(cast.jun, lines[:1])
    assert not keep(cast.jun, lines[:2])
    assert ballot_of(cast.jun, SLUG).draft is None


def test_taking_all_ticks_away_is_kept_too(cast, lines):
    vote(cast.jun, SLUG, lines[:2])
    assert keep(cast.jun, [])
    assert kept(cast.jun) == frozenset()


def test_what_may_not_be_ticked_is_not_kept(cast, lines):
    keep(cast.jun, [lines[0], lines[4], 99999])
    assert kept(cast.jun) == {lines[0]}


@pytest.mark.parametrize("name", ["visitor", "sora", "hyun"])
def test_whoever_does_not_vote_keeps_nothing(cast, lines, name):
    with pytest.raises(Refused):
        keep(getattr(cast, name), lines[:1])


def test_after_the_close_nothing_is_kept_and_what_was_kept_goes(cast, campaign, lines):
    keep(cast.jun, lines[:1])
    with transaction():
        jobs.forget_drafts()
    assert kept(cast.jun) == {lines[0]}
    close(campaign, PhaseKind.BALLOT)
    with pytest.raises(Conflict):
        keep(cast.jun, lines[:2])
    with transaction():
        jobs.forget_drafts()
    assert kept(cast.jun) == frozenset()


# -- on the page ------------------------------------------------------------------------------------


def test_leaving_the_page_and_coming_back_keeps_the_ticks_and_says_that_they_do_not_count(
    cast, lines, browser_of
):
    browser = browser_of(cast.jun)
    answer = browser.post(f"{URL}/draft", data={"entry": lines[:1], "go": "keep"})
    assert answer.status_code == 303
    page = browser.get(f"{URL}?lang=en").text
    assert page.count(" checked") == 1
    assert "They do not count yet" in page
    assert browser_of(make_account("Bada")).get(URL).text.count(" checked") == 0


def test_a_script_is_told_whether_something_waits(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    answer = browser.post(f"{URL}/draft", data={"entry": lines[:1]}, headers=FETCH)
    assert answer.json["kept"] is True
    assert browser.post(f"{URL}/draft", data={}, headers=FETCH).json["kept"] is False


def test_the_views_show_less_and_lose_no_tick(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    ticks = {"entry": lines[:2]}
    answer = browser.post(f"{URL}/draft", data={**ticks, "go": "view:picked"})
    assert "view=picked" in answer.location
    picked = browser.get(answer.location).text
    assert picked.count("c-tick__in") == 2
    home = browser.get(f"{URL}?view=field-home").text
    assert home.count('name="entry"') >= 2
    job = browser.get(f"{URL}?view=field-job").text
    assert job.count("c-tick__in") == 4
    assert browser.get(f"{URL}?view=nonsense").text.count("c-tick__in") == 4


def test_nobody_elses_page_keeps_ticks(cast, lines, visitor, browser_of):
    assert "/login" in visitor.post(f"{URL}/draft", data={"entry": lines[:1]}).location
    assert browser_of(cast.sora).post(f"{URL}/draft", data={}).status_code == 403


def test_a_wrong_ballot_on_the_check_page_is_kept_all_the_same(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    assert browser.post(f"{URL}/check", data={"entry": lines[:1]}).status_code == 422
    assert kept(cast.jun) == {lines[0]}


# -- comparing --------------------------------------------------------------------------------------


def test_two_lines_stand_side_by_side_with_their_ticks(cast, lines, browser_of):
    browser = browser_of(cast.jun)
    sent = browser.post(f"{URL}/draft", data={"entry": lines[:1], "go": f"compare:{lines[1]}"})
    assert sent.location.endswith(f"/compare?a={lines[1]}")
    page = browser.get(f"{URL}/compare?a={lines[0]}&b={lines[1]}").text
    assert page.count('type="checkbox"') == 2
    assert page.count(" checked") == 1
    back = browser.post(f"{URL}/draft", data={"entry": lines[:2], "go": "view:all"})
    assert browser.get(back.location).text.count(" checked") == 2


def test_ticks_that_are_not_compared_travel_along(cast, lines, browser_of):
    keep(cast.jun, [lines[2], lines[3]])
    page = browser_of(cast.jun).get(f"{URL}/compare?a={lines[0]}&b={lines[1]}").text
    for line in lines[2:4]:
        assert f'type="hidden" name="entry" value="{line}"' in page


def test_another_pair_is_compared_by_the_two_fields(cast, lines, browser_of):
    data = {"go": "compare", "a": lines[2], "b": lines[3]}
    sent = browser_of(cast.jun).post(f"{URL}/draft", data=data)
    assert sent.location.endswith(f"/compare?a={lines[2]}&b={lines[3]}")


def test_comparing_works_for_visitors_and_with_nonsense(visitor, lines):
    for query in ("", "?a=1&b=1", "?a=x&b=-1", "?a=99999"):
        page = visitor.get(f"{URL}/compare{query}")
        assert page.status_code == 200
        assert 'type="checkbox"' not in page.text


def test_a_hidden_idea_is_not_read_by_comparing(cast, lines, visitor):
    with transaction() as current:
        idea = current.get_one(Idea, current.get_one(BallotEntry, lines[0]).idea_id)
        idea.state, idea.why = State.HIDDEN, "숨겨진 까닭이 적힌 글"
    assert "숨겨진 까닭" not in visitor.get(f"{URL}/compare?a={lines[0]}&b={lines[1]}").text


def test_before_the_opening_nothing_is_compared(cast, campaign, visitor):
    assert visitor.get(f"{URL}/compare").status_code == 404
    move_to(SLUG, PhaseKind.BALLOT)
    assert visitor.get(f"{URL}/compare").status_code == 200


# -- what is shown, as a rule -----------------------------------------------------------------------


def line(number: int, key: str | None) -> Entry:
    place = Field(key=key, position=ord(key[0])) if key else None
    return Entry(number, "", "", number, None, number, place, frozenset(), 1, is_standing=True)


BALLOTS = st.lists(st.sampled_from(["job", "home", "move", None]), max_size=12).map(
    lambda keys: [line(number, key) for number, key in enumerate(keys)]
)


@given(BALLOTS, st.sets(st.integers(0, 11)))
def test_every_view_shows_its_lines_once_and_in_order(lines, picked):
    def shown(view):
        return [one.id for _field, group in lines_in_view(lines, picked, view) for one in group]

    everything = [one.id for one in lines]
    assert shown(ALL) == shown("field-nowhere") == everything
    assert shown(PICKED) == [number for number in everything if number in picked]
    assert sorted(shown(FIELDS)) == everything
    for _field, group in lines_in_view(lines, picked, FIELDS):
        ids = [one.id for one in group]
        assert ids == sorted(ids)
        assert len({one.field.key if one.field else None for one in group}) == 1
