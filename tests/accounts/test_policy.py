"""What the policies of accounts refuse to whom, and that the services ask them: no page leads to most of these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ideas_app.accounts import policy, queries, service
from ideas_app.accounts.models import SecondFactor, Tie
from ideas_app.accounts.rules import LINK_CONSENT
from ideas_app.accounts.service import Registration, Vouched
from ideas_app.adapters import onetime
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM, VISITOR
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, NotFound, Refused
from ideas_app.core.permissions import Scope
from tests.people import PASSWORD, make_account

NOW = clock.now()


def gone(actor):
    """The account of somebody who has left."""
    with transaction():
        service.delete_account(actor, PASSWORD)
    return queries.get_account(actor.id)


@pytest.mark.parametrize("who", ["mina", "visitor"])
def test_an_account_is_its_owners_alone(cast, who):
    account, other = queries.get_account(cast.jun.id), getattr(cast, who)
    asked = [
        policy.may_link(other, account, staff_may=True),
        policy.may_unlink(other, account, ways_left=2),
        policy.may_delete_own(other, account, other_admins=1, now=NOW),
        policy.may_correct_birth_date(other, account, was_corrected=False, now=NOW),
    ]
    assert {verdict.code for verdict in asked} == {"not_yours"}
    assert {verdict.sign_in for verdict in asked} == {who == "visitor"}
    own = [
        policy.may_link(cast.jun, account, staff_may=True),
        policy.may_unlink(cast.jun, account, ways_left=2),
        policy.may_delete_own(cast.jun, account, other_admins=1, now=NOW),
        policy.may_correct_birth_date(cast.jun, account, was_corrected=False, now=NOW),
    ]
    assert all(own)


def test_nothing_is_changed_about_somebody_who_has_left(cast):
    account = gone(make_account("Noeul"))
    with pytest.raises(Refused) as refusal, transaction():
        service.enable(cast.dana, account)
    assert refusal.value.code == "account_gone"


@pytest.mark.parametrize("who", ["jun", "sora", "hyun"])
def test_only_administrators_correct_delete_or_reset_for_others(cast, who):
    account, other = queries.get_account(cast.mina.id), getattr(cast, who)
    with pytest.raises(Refused), transaction():
        service.correct_birth_date_of(other, account, date(2001, 1, 1), reason="request 12")
    with pytest.raises(Refused), transaction():
        service.delete_account_of(other, account, reason="request 12")
    with pytest.raises(Refused), transaction():
        service.reset_factor(other, account, reason="request 12")
    account = queries.get_account(cast.mina.id)
    assert (account.born_on, account.deleted_at) == (date(2000, 5, 17), None)


def test_a_second_factor_is_for_staff_who_have_just_shown_who_they_are(cast):
    sora, mina = queries.get_account(cast.sora.id), queries.get_account(cast.mina.id)
    fresh, stale = replace(cast.sora, is_confirmed=True), replace(cast.sora, is_confirmed=False)
    assert policy.may_set_factor(fresh, sora, has_factor=False)
    assert policy.may_set_factor(stale, sora, has_factor=False).code == "confirm_first"
    youth = replace(cast.mina, is_confirmed=True)
    assert policy.may_set_factor(youth, mina, has_factor=False).code == "not_staff"


def test_codes_are_made_for_a_factor_that_is_there_by_whoever_has_shown_who_they_are(cast):
    fresh = replace(cast.sora, is_confirmed=True)
    with pytest.raises(Conflict) as fault, transaction():
        service.make_codes(fresh)
    assert fault.value.code == "no_factor"
    with pytest.raises(Conflict), transaction():
        service.reset_factor(cast.dana, queries.get_account(cast.sora.id), reason="lost")
    with transaction() as current:
        current.add(
            SecondFactor(account_id=cast.sora.id, nonce="n", last_step=0, set_at=clock.now())
        )
    with pytest.raises(Refused), transaction():
        service.make_codes(replace(cast.sora, is_confirmed=False))
    code = onetime.code_at(service.factor_key(cast.sora.id, "n"), clock.now())
    with pytest.raises(Refused), transaction():
        service.set_factor(replace(cast.sora, is_confirmed=False), "n", code)


def test_what_is_closed_or_open_already_is_told(cast):
    account = queries.get_account(cast.mina.id)
    with pytest.raises(Conflict), transaction():
        service.enable(cast.dana, account)
    with transaction():
        service.disable(cast.dana, queries.get_account(cast.mina.id), reason="asked for it")
    with pytest.raises(Conflict), transaction():
        service.disable(cast.dana, queries.get_account(cast.mina.id), reason="once more")
    with pytest.raises(Conflict) as fault, transaction():
        service.create_token(
            SYSTEM, queries.get_account(cast.mina.id), name="x", scopes=[Scope.READ]
        )
    assert fault.value.code == "account_closed"


def test_a_link_that_confirms_is_mailed_to_a_proved_address_and_good_in_its_browser(cast):
    unproved = make_account("Noeul", verified=False)
    with pytest.raises(Conflict) as fault, transaction():
        service.ask_confirmation(replace(unproved, session_id=1))
    assert fault.value.code == "no_address"
    with pytest.raises(Conflict) as fault, transaction():
        service.confirm_by_link(cast.mina, "made up")
    assert fault.value.code == "link_dead"


def test_the_consent_of_the_record_is_given_where_the_record_is_linked(cast):
    with pytest.raises(Conflict) as fault, transaction():
        service.give_consent(cast.mina, LINK_CONSENT.kind)
    assert fault.value.code == "nothing_linked"
    assert LINK_CONSENT.kind not in queries.list_consents(cast.mina.id)


def test_ways_in_are_changed_by_whoever_has_just_shown_who_they_are(cast):
    person = Vouched("https://id.example.org", "mina-there")
    stale, fresh = (replace(cast.mina, is_confirmed=is_so) for is_so in (False, True))
    with pytest.raises(Refused) as refusal, transaction():
        service.link(stale, person, staff_may=False)
    assert refusal.value.code == "confirm_first"
    with transaction():
        service.link(fresh, person, staff_may=False)
    (identity,) = queries.list_identities(cast.mina.id)
    with pytest.raises(Refused), transaction():
        service.unlink(stale, identity.id)
    with pytest.raises(NotFound), transaction():
        service.unlink(replace(cast.jun, is_confirmed=True), identity.id)
    assert len(queries.list_identities(cast.mina.id)) == 1


def test_whoever_joined_by_others_joins_no_second_time_and_nobody_by_a_known_address(cast):
    def join(subject, email):
        entry = Registration(
            email=email,
            password=None,
            nickname=f"노을{email[:2]}",
            born_on=date(2001, 2, 3),
            tie=Tie.RESIDENT,
            consents=frozenset({"terms", "privacy"}),
        )
        person = Vouched("https://id.example.org", subject)
        with transaction():
            service.join_by(VISITOR, entry, person, address="192.0.2.7")

    join("a", "noeul@example.com")
    for subject, email, code in (
        ("a", "other@example.com", "joined_already"),
        ("b", "mina@example.org", "email_known"),
    ):
        with pytest.raises(Conflict) as fault:
            join(subject, email)
        assert fault.value.code == code
