"""Meetings, the code on the day, and asking the centre: whoever was there is found, and nobody else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from ideas_app.accounts.models import Account, Consent
from ideas_app.accounts.queries import actor_of
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused, TooMany
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import (
    Claim,
    ClaimState,
    Outcome,
    Participation,
    Person,
    Presence,
    Programme,
)
from ideas_app.programmes.queries import find_wrong_counters
from ideas_app.programmes.rules.codes import OPEN_FOR, code_of, read_code
from ideas_app.programmes.service import CheckIn, Given, meetings
from tests.factories import make_programme
from tests.programmes.scenes import HEADER, as_csv, import_

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Meeting
    from tests.people import Cast

BORN = date(2000, 5, 17)
"""The birth date of Mina's account."""
MINE = Given("김 미 나", has_consented=True)


def line(name: str, born: date = BORN, phone: str = "010-1234-5678") -> tuple[Any, ...]:
    return (1, name, born.isoformat(), phone, None, "나운동", "1기", "2026-05-07", "N", "N")


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """A course whose roster names 김미나, born on the day of Mina's account."""
    made = make_programme()
    import_(made, as_csv([HEADER, line("김미나")], encoding="cp949"))
    return queries.get_programme(made.slug)


def open_meeting(cast: Cast, programme: Programme) -> Meeting:
    with transaction():
        fresh = queries.get_programme(programme.slug)
        meeting = service.add_meeting(cast.sora, fresh, date(2026, 5, 14), "프롬프트 기초")
        return service.open_code(cast.sora, fresh, meeting)


def say(actor: Actor, meeting: Meeting, given: Given | None = None) -> CheckIn:
    with transaction():
        return service.check_in(actor, queries.get_meeting(meeting.id), given)


def present(meeting: Meeting) -> int:
    query = select(func.count()).select_from(Presence).where(Presence.meeting_id == meeting.id)
    return session().scalar(query) or 0


@given(st.integers(0, 999_999))
def test_a_code_is_read_however_it_is_typed(number: int) -> None:
    code = code_of(number)
    wide = "".join(chr(ord(digit) - ord("0") + ord("０")) for digit in code)
    for typed in (code, f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}", wide):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "١٢٣٤٥٦", "-1 234"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_name_birth_date_and_code_link_one_line_and_note_the_presence(
    cast: Cast, programme: Programme
) -> None:
    meeting = open_meeting(cast, programme)
    assert say(cast.mina, meeting) is CheckIn.NAME_WANTED
    assert say(cast.mina, meeting, MINE) is CheckIn.LINKED
    assert present(meeting) == 1
    assert queries.programmes_of(cast.mina.id or 0) == {programme.slug}
    assert session().scalar(select(Consent.version).where(Consent.account_id == cast.mina.id)) == 2
    assert say(cast.mina, meeting) is CheckIn.NOTED
    assert present(meeting) == 1


def test_without_consent_nothing_is_linked(cast: Cast, programme: Programme) -> None:
    meeting = open_meeting(cast, programme)
    with pytest.raises(Invalid) as fault:
        say(cast.mina, meeting, Given("김미나"))
    assert [one.code for one in fault.value.faults] == ["consent_missing"]
    assert queries.find_person_of(cast.mina.id or 0) is None


def test_somebody_with_another_birth_date_or_name_only_asks(
    cast: Cast, programme: Programme
) -> None:
    meeting = open_meeting(cast, programme)
    with transaction():
        account = session().get_one(Account, cast.jun.id)
        account.born_on = date(1999, 1, 1)
        jun = actor_of(account)
    assert say(jun, meeting, MINE) is CheckIn.ASKED
    assert say(cast.mina, meeting, Given("박미나", has_consented=True)) is CheckIn.ASKED
    assert present(meeting) == 0
    assert queries.count_claims() == 2


def test_two_lines_of_one_name_and_birth_date_are_never_chosen_from(cast: Cast) -> None:
    programme = make_programme()
    twins = [line("김미나"), line("김미나", phone="010-9999-0000")]
    report = import_(programme, as_csv([HEADER, *twins], encoding="cp949"))
    assert report.records_new == 2
    assert say(cast.mina, open_meeting(cast, programme), MINE) is CheckIn.ASKED


def test_a_linked_person_whom_this_roster_does_not_name_asks_with_their_own_name(
    cast: Cast, programme: Programme
) -> None:
    assert say(cast.mina, open_meeting(cast, programme), MINE) is CheckIn.LINKED
    other = make_programme("unity-2026")
    meeting = open_meeting(cast, other)
    assert say(cast.mina, meeting) is CheckIn.ASKED
    with transaction():
        claim = session().scalars(select(Claim)).one()
        service.accept_claim(cast.sora, claim, None)
    assert queries.programmes_of(cast.mina.id or 0) == {programme.slug, "unity-2026"}
    assert present(meeting) == 1
    assert session().scalar(select(func.count(Person.id))) == 1
    assert find_wrong_counters() == []


def test_a_code_ends_by_itself_by_hand_and_by_a_new_one(cast: Cast, programme: Programme) -> None:
    meeting = open_meeting(cast, programme)
    code = meeting.code or ""

    def found(typed: str) -> bool:
        with transaction():
            return service.find_meeting_of_code(cast.mina, typed, address="x") is not None

    assert found(code)
    with clock.at(clock.now() + OPEN_FOR):
        assert not found(code)
    with transaction():
        fresh = queries.get_meeting(meeting.id)
        newer = service.open_code(cast.sora, queries.get_programme(programme.slug), fresh).code
    assert newer != code
    assert found(newer or "")
    assert not found(code)
    with transaction():
        fresh = queries.get_meeting(meeting.id)
        service.close_code(cast.sora, queries.get_programme(programme.slug), fresh)
    assert not found(newer or "")


def test_a_code_cannot_be_guessed_by_trying(cast: Cast, programme: Programme) -> None:
    meeting = open_meeting(cast, programme)
    wrong = "000000" if meeting.code != "000000" else "000001"
    for _try in range(5):
        with transaction():
            assert service.find_meeting_of_code(cast.mina, wrong, address="x") is None
    with pytest.raises(TooMany), transaction():
        service.find_meeting_of_code(cast.mina, meeting.code or "", address="x")
    with transaction():
        assert service.find_meeting_of_code(cast.jun, meeting.code or "", address="x")


def test_the_centre_finds_whom_no_code_found(cast: Cast, programme: Programme) -> None:
    asked = Given("김미나", "+82 10-1234-5678", "5월 반이었어요", has_consented=True)
    with transaction():
        claim_id = service.ask_centre(cast.jun, programme, asked).id
    row = queries.view_claim(claim_id)
    [one] = row.candidates
    assert (one.name, one.same_birth, one.same_phone, one.is_in_programme) == (
        "김*나",
        True,
        True,
        True,
    )
    with transaction():
        service.accept_claim(cast.sora, queries.get_claim(claim_id), one.person_id)
    claim = queries.get_claim(claim_id)
    assert (claim.state, claim.name, claim.phone) == (ClaimState.ACCEPTED, None, None)
    assert queries.programmes_of(cast.jun.id or 0) == {programme.slug}
    with pytest.raises(Conflict), transaction():
        service.refuse_claim(cast.sora, queries.get_claim(claim_id), "늦었습니다")


def test_a_new_person_is_put_on_the_roster_once(cast: Cast, programme: Programme) -> None:
    with transaction():
        claim_id = service.ask_centre(cast.jun, programme, Given("이준", has_consented=True)).id
        again = service.ask_centre(cast.jun, programme, Given("이준", has_consented=True)).id
    assert claim_id == again
    with transaction():
        service.accept_claim(cast.sora, queries.get_claim(claim_id), None)
    assert queries.get_programme(programme.slug).records_count == 2
    assert find_wrong_counters() == []


def test_somebody_elses_line_cannot_be_given_away(cast: Cast, programme: Programme) -> None:
    assert say(cast.mina, open_meeting(cast, programme), MINE) is CheckIn.LINKED
    person = queries.find_person_of(cast.mina.id or 0)
    assert person is not None
    person_id = person.id
    with transaction():
        claim_id = service.ask_centre(cast.jun, programme, MINE).id
    with pytest.raises(Conflict), transaction():
        service.accept_claim(cast.sora, queries.get_claim(claim_id), person_id)
    assert queries.find_account_of(person_id) == cast.mina.id


def test_a_refusal_has_a_reason_and_forgets_the_name(cast: Cast, programme: Programme) -> None:
    with transaction():
        claim_id = service.ask_centre(cast.jun, programme, MINE).id
    with pytest.raises(Invalid), transaction():
        service.refuse_claim(cast.sora, queries.get_claim(claim_id), " ")
    with transaction():
        service.refuse_claim(cast.sora, queries.get_claim(claim_id), "명단에 없습니다.")
    claim = queries.get_claim(claim_id)
    assert (claim.state, claim.reason, claim.name) == (
        ClaimState.REFUSED,
        "명단에 없습니다.",
        None,
    )


def test_only_those_who_run_rosters_decide_and_only_the_asker_withdraws(
    cast: Cast, programme: Programme
) -> None:
    with transaction():
        claim_id = service.ask_centre(cast.jun, programme, MINE).id
    for stranger in (cast.visitor, cast.mina, cast.hyun):
        with pytest.raises(Refused), transaction():
            service.accept_claim(stranger, queries.get_claim(claim_id), None)
        with pytest.raises(Refused), transaction():
            service.refuse_claim(stranger, queries.get_claim(claim_id), "명단에 없습니다.")
        with pytest.raises(Refused), transaction():
            service.withdraw_claim(stranger, queries.get_claim(claim_id))
        with pytest.raises(Refused), transaction():
            service.add_meeting(stranger, queries.get_programme(programme.slug), BORN)
    with transaction():
        service.withdraw_claim(cast.jun, queries.get_claim(claim_id))
    assert queries.count_claims() == 0


def test_counselling_has_neither_meetings_nor_requests(cast: Cast) -> None:
    counsel = make_programme("counsel", outcome=Outcome.COUNSELLING)
    with pytest.raises(Refused), transaction():
        service.add_meeting(cast.sora, counsel, BORN)
    with pytest.raises(Refused), transaction():
        service.ask_centre(cast.jun, counsel, MINE)
    course = make_programme()
    meeting = open_meeting(cast, course)
    with transaction() as current:
        current.get_one(Programme, course.id).outcome = Outcome.COUNSELLING
    with pytest.raises(Refused, match="counts_only"):
        say(cast.jun, meeting, MINE)


def test_ticks_change_only_the_lines_that_were_shown(cast: Cast) -> None:
    programme = make_programme()
    rows = [line(f"김가{sign}", phone=f"010-0000-000{n}") for n, sign in enumerate("나다라")]
    import_(programme, as_csv([HEADER, *rows], encoding="cp949"))
    ids = [one.id for one in queries.list_participants(programme.id)]

    def tick(shown: list[int], here: list[int]) -> int:
        with transaction():
            return service.note_presence(
                cast.sora,
                queries.get_programme(programme.slug),
                queries.get_meeting(meeting.id),
                shown=shown,
                here=here,
            )

    meeting = open_meeting(cast, programme)
    assert tick(ids, ids[:2]) == 2
    assert tick(ids[1:], ids[2:]) == 2
    assert set(queries.list_present(meeting.id, ids)) == {ids[0], ids[2]}
    assert tick([10**8], [10**8]) == 0


def test_undoing_the_import_takes_its_presences_along(cast: Cast, programme: Programme) -> None:
    meeting = open_meeting(cast, programme)
    ids = [one.id for one in queries.list_participants(programme.id)]
    with transaction():
        fresh = queries.get_programme(programme.slug)
        service.note_presence(cast.sora, fresh, meeting, shown=ids, here=ids)
    [row] = queries.list_imports(programme.id)
    with transaction():
        service.undo_import(cast.sora, queries.get_import(row.done.id), "잘못된 파일")
    assert present(meeting) == 0


def test_a_course_is_run_and_attended_through_its_pages(
    cast: Cast, programme: Programme, browser_of: Callable[[Any], FlaskClient]
) -> None:
    sora, mina = browser_of(cast.sora), browser_of(cast.mina)
    made = sora.post(
        f"/rosters/{programme.slug}/meetings", data={"held_on": "2026-05-14", "title": "기초"}
    )
    assert made.status_code == 303
    [(meeting, _here)] = queries.list_meetings(programme.id)
    place = f"/rosters/meetings/{meeting.id}"
    assert sora.post(f"{place}/code", data={"act": "open"}).status_code == 303
    code = queries.get_meeting(meeting.id).code or ""
    wall = sora.get(f"{place}/code").get_data(as_text=True)
    assert code in wall
    assert "<svg" in wall
    assert f'value="{code}"' in mina.get(f"/attend?code={code}").get_data(as_text=True)
    wanted = mina.post("/attend", data={"code": code}).get_data(as_text=True)
    assert 'name="name"' in wanted
    done = mina.post("/attend", data={"code": code, "name": "김미나", "consent": "y"})
    assert done.status_code == 303
    assert "checked" in sora.get(place).get_data(as_text=True)
    assert mina.post("/attend", data={"code": "12"}).status_code == 422


def test_a_request_is_sent_compared_and_decided_through_its_pages(
    cast: Cast, programme: Programme, browser_of: Callable[[Any], FlaskClient]
) -> None:
    sora, jun = browser_of(cast.sora), browser_of(cast.jun)
    asked = {"programme": programme.slug, "name": "김미나", "consent": "y"}
    assert jun.post("/me/record/ask", data=asked | {"consent": ""}).status_code == 422
    assert jun.post("/me/record/ask", data=asked).status_code == 303
    claim_id = session().scalars(select(Claim.id)).one()
    assert "Jun" in sora.get("/rosters/claims").get_data(as_text=True)
    page = sora.get(f"/rosters/claims/{claim_id}").get_data(as_text=True)
    assert "김미나" in page
    assert "김*나" in page
    refused = sora.post(f"/rosters/claims/{claim_id}/refuse", data={"reason": "다른 분입니다."})
    assert refused.status_code == 303
    assert "다른 분입니다." in jun.get("/me/record/link").get_data(as_text=True)
    assert jun.get(f"/rosters/claims/{claim_id}").status_code == 403


def test_a_request_goes_with_its_account(cast: Cast, programme: Programme) -> None:
    with transaction():
        service.ask_centre(cast.jun, programme, MINE)
        service.forget_claims(cast.jun.id or 0)
    assert session().scalar(select(func.count(Claim.id))) == 0


def test_an_old_code_is_never_drawn_into_a_new_meeting(cast: Cast, programme: Programme) -> None:
    first = open_meeting(cast, programme)
    code = first.code
    with clock.at(clock.now() + OPEN_FOR + timedelta(minutes=1)):
        second = open_meeting(cast, programme)
    assert queries.get_meeting(first.id).code is None
    assert second.code is not None
    assert code is not None


def test_only_people_with_a_proved_address_ask_to_be_found(
    cast: Cast, programme: Programme
) -> None:
    unproved = replace(cast.jun, is_verified=False)
    for stranger, code in ((cast.visitor, "sign_in"), (unproved, "not_verified")):
        with pytest.raises(Refused) as refusal, transaction():
            service.ask_centre(stranger, queries.get_programme(programme.slug), MINE)
        assert refusal.value.code == code
    assert queries.count_claims() == 0


def test_three_requests_wait_at_once_and_no_fourth(cast: Cast) -> None:
    for number in range(4):
        slug = make_programme(f"course-{number}").slug
        if number == 3:
            with pytest.raises(Conflict) as fault, transaction():
                service.ask_centre(cast.jun, queries.get_programme(slug), MINE)
            assert fault.value.code == "too_many_claims"
            return
        with transaction():
            service.ask_centre(cast.jun, queries.get_programme(slug), MINE)


def test_a_request_is_not_linked_with_a_line_that_is_gone_nor_a_known_person_made_anew(
    cast: Cast, programme: Programme
) -> None:
    with transaction():
        known = Given("김미나", "010-1234-5678", has_consented=True)
        claim_id = service.ask_centre(cast.jun, programme, known).id
    for person_id, code in ((2_000_000_000, "no_person"), (None, "known_already")):
        with pytest.raises(Conflict) as fault, transaction():
            service.accept_claim(cast.sora, queries.get_claim(claim_id), person_id)
        assert fault.value.code == code
    assert queries.get_claim(claim_id).state is ClaimState.WAITING


def test_a_meeting_is_removed_by_those_who_run_rosters_while_nobody_was_there(
    cast: Cast, programme: Programme
) -> None:
    meeting_id = open_meeting(cast, programme).id

    def remove(actor: Actor) -> None:
        with transaction():
            meeting = queries.get_meeting(meeting_id)
            service.remove_meeting(actor, queries.get_programme(programme.slug), meeting)

    for stranger in (cast.visitor, cast.mina, cast.hyun):
        with pytest.raises(Refused):
            remove(stranger)
    say(cast.mina, queries.get_meeting(meeting_id), MINE)
    with pytest.raises(Conflict) as fault:
        remove(cast.sora)
    assert fault.value.code == "has_presences"


def test_a_programme_has_no_more_meetings_than_a_page_can_show(
    cast: Cast, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meetings, "MEETINGS_MAX", 1)
    open_meeting(cast, programme)
    with pytest.raises(Conflict) as fault:
        open_meeting(cast, programme)
    assert fault.value.code == "too_many"


def test_ticks_and_removals_and_decisions_are_kept_by_their_pages(
    cast: Cast, programme: Programme, browser_of: Callable[[Any], FlaskClient]
) -> None:
    sora, jun = browser_of(cast.sora), browser_of(cast.jun)
    programme_id, slug = programme.id, programme.slug
    place = f"/rosters/meetings/{open_meeting(cast, programme).id}"
    record = session().scalars(select(Participation.id)).one()
    ticked = sora.post(place, data={"shown": record, "here": record})
    assert ticked.status_code == 303
    assert session().scalar(select(func.count(Presence.meeting_id))) == 1
    assert sora.post(place, data={"shown": record}).status_code == 303
    assert sora.post(f"{place}/remove").status_code == 303
    assert queries.list_meetings(programme_id) == []
    asked = {"programme": slug, "name": "김미나", "consent": "y"}
    for act in ("withdraw", "accept"):
        jun.post("/me/record/ask", data=asked)
        claim_id = session().scalars(select(func.max(Claim.id))).one()
        if act == "withdraw":
            assert jun.post(f"/me/record/claims/{claim_id}/withdraw").status_code == 303
            assert queries.get_claim(claim_id).state is ClaimState.WITHDRAWN
        else:
            person = session().scalars(select(Person.id)).one()
            path = f"/rosters/claims/{claim_id}/accept"
            assert sora.post(path, data={"person": person}).status_code == 303
            assert queries.get_claim(claim_id).state is ClaimState.ACCEPTED
