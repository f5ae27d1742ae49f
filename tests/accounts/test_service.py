"""Joining, signing in, leaving, and the acts of administrators.

Long for a reason: one role of one feature is one file, so that its stories share their scenes.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ideas_app.accounts import queries, service
from ideas_app.accounts.models import Account, Attempt, Consent, LoginSession, Tie
from ideas_app.accounts.rules import CONSENTS, DELETED_NICKNAME
from ideas_app.accounts.service import Registration
from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM, VISITOR
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, NotFound, Refused, TooMany
from ideas_app.core.outbox import OutboxEvent, drain
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Draft, Follow
from tests.factories import make_campaign, make_idea
from tests.people import PASSWORD, make_account

HOME = "192.0.2.7"
NEW_PASSWORD = "등대 아래 푸른 돌고래"


def registration(**changes):
    values = {
        "email": "noeul@example.com",
        "password": NEW_PASSWORD,
        "nickname": "노을",
        "born_on": date(2001, 2, 3),
        "tie": Tie.RESIDENT,
        "consents": frozenset({"terms", "privacy"}),
        **changes,
    }
    return Registration(**values)


def register(**changes):
    with transaction():
        service.register(VISITOR, registration(**changes), address=HOME)


def count(model):
    return session().scalar(select(func.count()).select_from(model))


def published():
    return list(session().scalars(select(OutboxEvent.kind).order_by(OutboxEvent.id)))


def account_of(email="noeul@example.com"):
    return queries.find_by_email(email)


def codes(refusal):
    return [fault.code for fault in refusal.value.faults]


def test_registering_keeps_the_account_its_consents_and_asks_for_the_proof(app):
    register(consents=frozenset({"terms", "privacy", "news"}))
    account = account_of()
    assert account.verified_at is None
    assert NEW_PASSWORD not in account.password_hash
    assert account.password_hash.startswith("$argon2id$")
    assert set(queries.list_consents(account.id)) == {"terms", "privacy", "news"}
    assert published() == ["VerificationAsked"]


def test_the_outbox_holds_neither_address_nor_token(app):
    register()
    assert session().scalars(select(OutboxEvent.payload)).one() == {"account_id": account_of().id}


def test_a_child_is_refused_and_nothing_at_all_is_kept(app):
    before = {model: count(model) for model in (Account, Consent, Attempt, OutboxEvent, AuditEntry)}
    with clock.at(clock.day_start(date(2026, 3, 24))), pytest.raises(Invalid) as refusal:
        register(born_on=date(2012, 3, 25))
    assert codes(refusal) == ["too_young"]
    assert before == {model: count(model) for model in before}


def test_without_the_required_consents_there_is_no_account(app):
    with pytest.raises(Invalid) as refusal:
        register(consents=frozenset({"news", "terms"}))
    assert codes(refusal) == ["consent_missing"]
    assert refusal.value.faults[0].field == "consent_privacy"
    assert account_of() is None


def test_all_faults_are_told_at_once(app):
    with pytest.raises(Invalid) as refusal:
        register(email="no address", nickname="관리자", password="password123")
    assert codes(refusal) == ["email_wrong", "nickname_reserved", "password_common"]


def test_a_known_address_changes_nothing_and_its_owner_is_told(cast):
    before = count(Account)
    register(email="MINA@example.org", nickname="새별명")
    assert count(Account) == before
    assert account_of("mina@example.org").nickname == "Mina"
    assert published() == ["RegisteredAgain"]


def test_whoever_registers_last_holds_an_unproved_address(app):
    register(nickname="먼저")
    old = queries.verify_token(account_of())
    register(nickname="나중", password="다른 긴 암호를 씁니다")
    assert count(Account) == 1
    assert account_of().nickname == "나중"
    assert queries.find_by_verify_token(old) is None


def test_a_stranger_cannot_take_over_an_unproved_account_that_has_a_role(app):
    make_account("Sora", Role.MODERATOR, verified=False, email="sora@example.org")
    register(email="sora@example.org", nickname="남남")
    assert queries.check_password("sora@example.org", NEW_PASSWORD) is None
    assert queries.check_password("sora@example.org", PASSWORD) is not None


def test_an_unproved_registration_does_not_show_in_the_nicknames(app):
    register(email="one@example.com", nickname="노을")
    register(email="two@example.com", nickname="노을")
    with transaction():
        service.verify(account_of("one@example.com"))
        service.verify(account_of("two@example.com"))
    names = {account_of("one@example.com").nickname, account_of("two@example.com").nickname}
    assert names == {"노을", "노을 2"}
    with pytest.raises(Invalid) as refusal:
        register(email="three@example.com", nickname="노 을")
    assert codes(refusal) == ["nickname_taken"]


def test_a_verification_link_cannot_reset_and_the_reverse(cast):
    account = queries.get_account(cast.mina.id)
    assert queries.find_by_reset_token(queries.verify_token(account)) is None
    assert queries.find_by_verify_token(queries.reset_token(account)) is None
    assert queries.find_by_reset_token("nonsense") is None


def test_the_proving_mail_is_sent_five_times_an_hour_at_most(app):
    person = make_account("Nari", verified=False)
    for _time in range(5):
        with transaction():
            service.ask_verification(person)
    with pytest.raises(TooMany) as refusal, transaction():
        service.ask_verification(person)
    assert 0 < refusal.value.retry_after <= 3600


def test_somebody_whose_address_is_proved_gets_no_second_proof(cast):
    with pytest.raises(Conflict), transaction():
        service.ask_verification(cast.mina)


def log_in(email, password=PASSWORD, address=HOME):
    with transaction():
        service.count_log_in(email, address)
    account_id = queries.check_password(email, password)
    if account_id is None:
        return None
    with transaction():
        return service.start_session(account_id, browser="Firefox Linux", address=address)


def test_a_log_in_makes_a_session_that_dies_at_log_out(cast):
    token = log_in("mina@example.org")
    assert queries.find_session_actor(token).id == cast.mina.id
    with transaction():
        service.end_session(token)
    assert queries.find_session_actor(token) is None


def test_the_eleventh_wrong_password_is_not_even_looked_at(cast):
    for number in range(10):
        assert log_in("mina@example.org", "wrong", f"198.51.100.{number}") is None
    with pytest.raises(TooMany):
        log_in("mina@example.org", PASSWORD, "198.51.100.99")
    assert log_in("jun@example.org") is not None
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert log_in("mina@example.org") is not None


def test_an_unknown_address_is_counted_like_a_known_one(app):
    for _time in range(10):
        assert log_in("nobody@example.org", "wrong") is None
    with pytest.raises(TooMany):
        log_in("nobody@example.org", "wrong")


def test_thirty_wrong_passwords_from_one_address_close_it_for_a_while(cast):
    for number in range(30):
        log_in(f"nobody{number}@example.org", "wrong")
    with pytest.raises(TooMany):
        log_in("mina@example.org")
    assert log_in("mina@example.org", address="203.0.113.5") is not None


def test_right_passwords_use_up_nothing(cast):
    for _time in range(35):
        assert log_in("mina@example.org") is not None


def test_no_address_is_kept_with_the_tries(cast):
    log_in("mina@example.org", "wrong")
    keys = list(session().scalars(select(Attempt.key)))
    assert len(keys) == 2
    assert all(len(key) == 64 and HOME not in key and "mina" not in key for key in keys)


def test_old_counts_are_forgotten(cast):
    with clock.at(clock.now() - timedelta(days=1)):
        log_in("mina@example.org", "wrong")
    log_in("jun@example.org", "wrong")
    assert count(Attempt) == 2


def test_a_closed_account_cannot_sign_in_and_learns_why(cast):
    with transaction():
        service.disable(cast.dana, queries.get_account(cast.mina.id), reason="명의 도용")
    with pytest.raises(Invalid) as refusal:
        log_in("mina@example.org")
    assert codes(refusal) == ["account_closed"]
    assert log_in("mina@example.org", "wrong") is None


def test_a_reset_works_once_ends_every_session_and_proves_the_address(app):
    person = make_account("Nari", verified=False)
    token = log_in("nari@example.org")
    link = queries.reset_token(queries.get_account(person.id))
    with transaction():
        service.reset_password(link, NEW_PASSWORD)
    assert queries.find_session_actor(token) is None
    assert queries.get_account(person.id).verified_at
    assert queries.check_password("nari@example.org", NEW_PASSWORD) == person.id
    with pytest.raises(Conflict), transaction():
        service.reset_password(link, "또 다른 긴 암호입니다")


def test_a_reset_link_is_dead_after_thirty_minutes(cast, monkeypatch):
    link = queries.reset_token(queries.get_account(cast.mina.id))
    monkeypatch.setattr("ideas_app.accounts.queries.finding.RESET_LIFE", timedelta(seconds=-1))
    assert queries.find_by_reset_token(link) is None


def test_a_reset_for_an_unknown_or_closed_address_sends_nothing_and_fails_not(cast):
    with transaction():
        service.disable(cast.dana, queries.get_account(cast.mina.id), reason="명의 도용")
        service.ask_reset("nobody@example.org", address=HOME)
        service.ask_reset("mina@example.org", address=HOME)
    assert published() == []


def test_five_reset_mails_an_hour_for_known_and_unknown_alike(cast):
    for email in ("mina@example.org", "nobody@example.org"):
        for _time in range(5):
            with transaction():
                service.ask_reset(email, address=HOME)
        with pytest.raises(TooMany), transaction():
            service.ask_reset(email, address=HOME)
    assert published() == ["ResetAsked"] * 5


def actor_with_session(email):
    return queries.find_session_actor(log_in(email))


def test_a_new_password_logs_out_the_other_browsers(cast):
    other = log_in("mina@example.org")
    here = actor_with_session("mina@example.org")
    with transaction():
        service.change_password(here, PASSWORD, NEW_PASSWORD)
    assert queries.find_session_actor(other) is None
    assert [row.id for row in queries.list_sessions(here.id)] == [here.session_id]


def test_a_session_that_was_ended_meanwhile_or_is_anothers_gets_no_new_token(cast):
    token, jun = log_in("mina@example.org"), actor_with_session("jun@example.org")
    ended = queries.find_session_actor(token)
    with transaction():
        service.end_session(token)
    for actor in (ended, dataclasses.replace(ended, session_id=jun.session_id)):
        with pytest.raises(Conflict), transaction():
            service.renew_session(actor)


@pytest.mark.parametrize(
    ("present", "wanted", "code"),
    [("wrong", NEW_PASSWORD, "password_wrong"), (PASSWORD, "password123", "password_common")],
)
def test_a_password_is_not_changed_lightly(cast, present, wanted, code):
    with pytest.raises(Invalid) as refusal, transaction():
        service.change_password(cast.mina, present, wanted)
    assert codes(refusal) == [code]
    assert queries.check_password("mina@example.org", PASSWORD) == cast.mina.id


def test_a_nickname_can_be_changed_but_not_into_one_that_is_taken(cast):
    with transaction():
        service.change_nickname(cast.mina, "파도")
    assert queries.get_account(cast.mina.id).nickname == "파도"
    with pytest.raises(Invalid), transaction():
        service.change_nickname(cast.mina, "J u N")


def test_an_optional_consent_can_be_withdrawn_and_given_again(cast):
    with transaction():
        service.give_consent(cast.mina, "news")
        service.give_consent(cast.mina, "news")
    assert "news" in queries.list_consents(cast.mina.id)
    with transaction():
        service.withdraw_consent(cast.mina, "news")
    assert "news" not in queries.list_consents(cast.mina.id)
    with transaction():
        service.give_consent(cast.mina, "news")
    first, second = queries.list_consent_history(cast.mina.id)
    assert first.withdrawn_at is not None, "what was taken back stays to be read"
    assert second.withdrawn_at is None


def test_the_words_of_a_consent_stay_as_they_were_when_it_was_given(cast, monkeypatch):
    with transaction():
        service.give_consent(cast.mina, "news")
    kept = queries.find_consent_words("news", 2, "ko")
    assert kept.words["purpose"]
    (box,) = (box for box in CONSENTS if box.kind == "news")
    newer = dataclasses.replace(box, version=3, purpose="anything else")
    boxes = tuple(newer if one is box else one for one in CONSENTS)
    for where in ("ideas_app.accounts.queries.consents", "ideas_app.accounts.rules"):
        monkeypatch.setattr(f"{where}.ALL_CONSENTS", boxes)
        monkeypatch.setattr(f"{where}.CONSENTS", boxes)
    assert queries.list_outdated_consents(cast.mina.id) == [newer]
    assert queries.list_agreed("news", [cast.mina.id]) == set(), "no mail until it is agreed anew"
    with transaction():
        service.give_consent(cast.mina, "news")
    assert queries.list_outdated_consents(cast.mina.id) == []
    assert queries.find_consent_words("news", 2, "ko").words == kept.words
    assert queries.find_consent_words("news", 3, "ko").words["purpose"] == "anything else"


@pytest.mark.parametrize(
    ("in_force", "taken_back", "is_asked"),
    [
        ([], [], False),
        ([1], [], True),
        ([2], [], False),
        ([1, 2], [], False),
        ([1], [2], True),
        ([2], [1], False),
        ([], [1], False),
    ],
)
def test_a_session_knows_whether_a_consent_must_be_asked_for_anew(
    cast, in_force, taken_back, is_asked
):
    with transaction() as current:
        for version in (*in_force, *taken_back):
            current.add(
                Consent(
                    account_id=cast.mina.id,
                    kind="news",
                    version=version,
                    given_at=clock.now(),
                    withdrawn_at=clock.now() if version in taken_back else None,
                )
            )
    assert queries.find_session_actor(log_in("mina@example.org")).is_asked_anew is is_asked
    assert bool(queries.list_outdated_consents(cast.mina.id)) is is_asked, "both ways agree"
    assert not queries.find_session_actor(log_in("jun@example.org")).is_asked_anew


def test_a_required_consent_goes_only_with_the_account(cast):
    with pytest.raises(Conflict):
        service.withdraw_consent(cast.mina, "privacy")
    with pytest.raises(NotFound):
        service.give_consent(cast.mina, "everything")
    assert queries.list_missing_consents(cast.mina.id) == ["terms", "privacy"]


def test_leaving_empties_the_row_and_keeps_nothing_of_the_person(cast):
    token = log_in("mina@example.org")
    with transaction():
        service.give_consent(cast.mina, "terms")
        service.delete_account(cast.mina, PASSWORD)
    account = queries.get_account(cast.mina.id)
    values = (account.email, account.email_key, account.password_hash, account.born_on, account.tie)
    assert values == (None,) * 5
    assert (account.nickname, account.nickname_key) == (DELETED_NICKNAME, None)
    assert queries.find_session_actor(token) is None
    assert count(Consent) == 0
    assert queries.check_password("mina@example.org", PASSWORD) is None


def test_two_people_can_leave(cast):
    with transaction():
        service.delete_account(cast.mina, PASSWORD)
        service.delete_account(cast.jun, PASSWORD)
    assert queries.find_by_email("jun@example.org") is None


def test_leaving_asks_for_the_password(cast):
    with pytest.raises(Invalid), transaction():
        service.delete_account(cast.mina, "wrong")
    assert queries.find_by_email("mina@example.org") is not None


def test_a_new_role_counts_from_the_next_request_and_is_logged(cast):
    token = log_in("jun@example.org")
    with transaction():
        account = queries.get_account(cast.jun.id)
        service.change_role(
            cast.dana, account, Role.OFFICIAL, reason="인사 이동", department="교통행정과"
        )
    assert queries.find_session_actor(token).role is Role.OFFICIAL
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.diff == {"role": ["youth", "official"], "department": [None, "교통행정과"]}
    assert (entry.reason, entry.is_public) == ("인사 이동", False)


@pytest.mark.parametrize("who", ["mina", "sora", "hyun", "visitor"])
def test_only_administrators_change_accounts(cast, who):
    stranger = getattr(cast, who)
    account = queries.get_account(cast.jun.id)
    for act in (
        lambda: service.change_role(stranger, account, Role.ADMIN, reason="x"),
        lambda: service.disable(stranger, account, reason="x"),
        lambda: service.enable(stranger, account),
    ):
        with pytest.raises(Refused), transaction():
            act()
    assert queries.get_account(cast.jun.id).role is Role.YOUTH


def test_the_last_administrator_stays(cast):
    for act in (
        lambda dana: service.change_role(cast.dana, dana, Role.YOUTH, reason="x"),
        lambda dana: service.disable(SYSTEM, dana, reason="x"),
        lambda _dana: service.delete_account(cast.dana, PASSWORD),
    ):
        with pytest.raises(Refused) as refusal, transaction():
            act(queries.get_account(cast.dana.id))
        assert refusal.value.code == "last_admin"
    make_account("Duri", Role.ADMIN)
    with transaction():
        service.change_role(cast.dana, queries.get_account(cast.dana.id), Role.YOUTH, reason="휴직")
    assert queries.count_staff()[Role.ADMIN] == 1


def test_a_role_is_not_changed_without_a_reason(cast):
    with pytest.raises(Invalid), transaction():
        service.change_role(cast.dana, queries.get_account(cast.jun.id), Role.ADMIN, reason=" ")


def test_a_closed_account_loses_its_sessions_and_can_be_opened_again(cast):
    token = log_in("jun@example.org")
    with transaction():
        service.disable(cast.dana, queries.get_account(cast.jun.id), reason="도배")
    assert queries.find_session_actor(token) is None
    assert count(LoginSession) == 0
    with transaction():
        service.enable(cast.dana, queries.get_account(cast.jun.id), reason="확인함")
    assert log_in("jun@example.org") is not None
    with pytest.raises(Conflict), transaction():
        service.enable(cast.dana, queries.get_account(cast.jun.id))


def test_a_session_ends_when_it_stands_idle_and_sooner_for_staff(cast):
    young, staff = log_in("mina@example.org"), log_in("sora@example.org")
    with clock.at(clock.now() + timedelta(hours=9)):
        assert queries.find_session_actor(young) is not None
        assert queries.find_session_actor(staff) is None
    with clock.at(clock.now() + timedelta(days=31)):
        assert queries.find_session_actor(young) is None


def test_what_only_the_person_needed_goes_too(cast):
    idea = make_idea(cast.jun, make_campaign())
    now = clock.now()
    with transaction() as current:
        current.add(Follow(idea_id=idea.id, account_id=cast.mina.id, since_at=now))
        current.add(Draft(token_hash="x" * 64, account_id=cast.mina.id, content={}, updated_at=now))
        service.delete_account(cast.mina, PASSWORD)
    drain()
    assert (count(Draft), count(Follow)) == (0, 0)
