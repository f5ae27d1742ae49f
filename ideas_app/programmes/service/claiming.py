"""Saying "I took part": by the code on the day, or by asking the centre, who looks at its roster.

Where the code, the name and the account's own birth date agree with exactly one line of the roster, that is
proof enough; everything less waits for a moderator. Nothing is ever linked without the person's consent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from ideas_app.accounts.queries import actor_of, get_account
from ideas_app.accounts.rules import Limit
from ideas_app.accounts.service.attempts import count, forgive
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import record
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.tokens import person_key
from ideas_app.programmes import policy, queries
from ideas_app.programmes.events import ClaimDecided
from ideas_app.programmes.models import Claim, ClaimState, Participation, Person, Programme
from ideas_app.programmes.rules.codes import is_open, read_code
from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.matching import match_key
from ideas_app.programmes.rules.names import name_key, normalise_name
from ideas_app.programmes.rules.phones import read_phone
from ideas_app.programmes.service.importing import lock_rosters
from ideas_app.programmes.service.linking import link_person
from ideas_app.programmes.service.meetings import mark_present

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Meeting

CODE_PER_ACCOUNT = Limit("code-account", 5, timedelta(minutes=10))
"""Five tries of a million, then a pause: guessing a code takes longer than it is open."""
CODE_PER_ADDRESS = Limit("code-address", 60, timedelta(minutes=10))
"""A class sits behind one address."""
WAITING_MAX = 3
"""Claims of one person that may wait at once."""
WORD_MAX = 200


class CheckIn(StrEnum):
    """What came of a code."""

    NOTED = "noted"
    LINKED = "linked"
    ASKED = "asked"
    NAME_WANTED = "name_wanted"


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says of themselves. The birth date is the account's."""

    name: str
    phone: str = ""
    word: str = ""
    has_consented: bool = False


def find_meeting_of_code(actor: Actor, typed: str, *, address: str) -> Meeting | None:
    """The meeting of an open code, or None for a wrong or closed one; each wrong try counts.

    Raises `TooMany`; `Refused` for somebody without a confirmed address.
    """
    policy.may_claim(actor).require()
    count(CODE_PER_ACCOUNT, str(actor.id))
    count(CODE_PER_ADDRESS, address)
    code = read_code(typed)
    meeting = queries.find_meeting_by_code(code) if code else None
    if meeting is None or not is_open(meeting.code_until, clock.now()):
        return None
    forgive(CODE_PER_ACCOUNT, str(actor.id))
    forgive(CODE_PER_ADDRESS, address, tries=1)
    return meeting


def check_in(actor: Actor, meeting: Meeting, given: Given | None) -> CheckIn:
    """Says with a code that one is there.

    Somebody linked with the rosters is noted at once, or asks the centre where the roster of this
    programme does not name them. Everybody else gives a name and the consent first (`NAME_WANTED`), is
    linked where exactly one unlinked line of this roster has that name and the account's birth date, and
    else asks. Raises `Refused`, `Invalid`, `Conflict`.
    """
    policy.may_claim(actor).require()
    programme = queries.get_by_id(meeting.programme_id)
    policy.may_be_claimed(programme).require()
    person = queries.find_person_of(actor.id) if actor.id is not None else None
    if person is not None:
        mine = queries.find_participation(person.id, programme.id)
        if mine is not None:
            mark_present(meeting, mine.id, by_code=True)
            return CheckIn.NOTED
        _ask(actor, programme, Given(person.name, has_consented=True), meeting)
        return CheckIn.ASKED
    if given is None:
        return CheckIn.NAME_WANTED
    name = _checked(given)
    lock_rosters()
    found = queries.list_claimable(programme.id, name_key(name), actor.born_on)
    if len(found) != 1:
        _ask(actor, programme, given, meeting)
        return CheckIn.ASKED
    participation, matched = found[0]
    link_person(actor, matched)
    mark_present(meeting, participation.id, by_code=True)
    record(actor, Tag.CLAIM_ACCEPTED, "programme", programme.id, diff={"by": "code"})
    return CheckIn.LINKED


def ask_centre(actor: Actor, programme: Programme, given: Given) -> Claim:
    """Asks the centre to link one's record of a programme. Raises `Refused`, `Invalid`, `Conflict`."""
    policy.may_claim(actor).require()
    policy.may_be_claimed(programme).require()
    _checked(given)
    return _ask(actor, programme, given, None)


def _checked(given: Given) -> str:
    """The name as it is kept. Raises `Invalid` with every fault."""
    faults = []
    name = ""
    try:
        name = normalise_name(given.name)
    except Unreadable:
        message = _l("Write your name as it stands on the roster, 1 to 40 letters.")
        faults.append(Fault("name", "name_unreadable", message))
    if given.phone.strip():
        try:
            read_phone(given.phone)
        except Unreadable:
            message = _l("This is no telephone number. Write it like 010-1234-5678.")
            faults.append(Fault("phone", "phone_unreadable", message))
    if text.length(given.word) > WORD_MAX:
        message = _l("Too long: at most %(most)s characters.", most=WORD_MAX)
        faults.append(Fault("word", "too_long", message))
    if not given.has_consented:
        message = _l("Without this consent nothing is linked. Tick the box if you agree.")
        faults.append(Fault("consent", "consent_missing", message))
    if faults:
        raise Invalid(*faults)
    return name


def _ask(actor: Actor, programme: Programme, given: Given, meeting: Meeting | None) -> Claim:
    mine = queries.list_claims_of(actor.id or 0)
    waiting = [one for one, _programme in mine if one.state is ClaimState.WAITING]
    for one in waiting:
        if one.programme_id == programme.id:
            one.meeting_id = meeting.id if meeting else one.meeting_id
            return one
    if len(waiting) >= WAITING_MAX:
        message = _l("Three of your requests wait already. The centre answers them first.")
        raise Conflict("too_many_claims", message)
    claim = Claim(
        account_id=actor.id,
        programme_id=programme.id,
        meeting_id=meeting.id if meeting else None,
        name=normalise_name(given.name),
        phone=read_phone(given.phone) if given.phone.strip() else None,
        word=text.one_line(given.word),
        state=ClaimState.WAITING,
        made_at=clock.now(),
    )
    session().add(claim)
    session().flush()
    return claim


def withdraw_claim(actor: Actor, claim: Claim) -> None:
    """Takes one's own request back. Raises `Refused` for anybody else, `Conflict` once it is decided."""
    session().refresh(claim, with_for_update=True)
    policy.may_withdraw_claim(actor, claim).require()
    _still_waits(claim)
    _end(claim, ClaimState.WITHDRAWN)


def accept_claim(actor: Actor, claim: Claim, person_id: int | None) -> Participation:
    """Links the account with a line of the rosters, or with a new one where `person_id` is None, and
    notes the meeting whose code was given.

    Raises `Refused`; `Conflict` for a request decided meanwhile, a line linked with somebody else, or a new
    person whom the rosters know already.
    """
    programme = queries.get_by_id(claim.programme_id)
    policy.may_import(actor, programme, now=clock.now()).require()
    lock_rosters()
    session().refresh(claim, with_for_update=True)
    _still_waits(claim)
    owner = actor_of(get_account(claim.account_id))
    own = queries.find_person_of(owner.id or 0)
    person = own or (_new_person(claim, owner) if person_id is None else _known(person_id))
    if person.account_id not in {None, owner.id}:
        raise Conflict("linked_already", _l("This record is linked with another account."))
    link_person(owner, person)
    participation = queries.find_participation(person.id, programme.id)
    if participation is None:
        participation = _new_record(claim, programme, person)
    if claim.meeting_id is not None:
        mark_present(queries.get_meeting(claim.meeting_id), participation.id, by_code=True)
    _end(claim, ClaimState.ACCEPTED, actor)
    diff = {"claim": claim.id, "by": "centre", "new_person": person_id is None and own is None}
    record(actor, Tag.CLAIM_ACCEPTED, "programme", programme.id, diff=diff)
    outbox.publish(ClaimDecided(claim.id))
    return participation


def refuse_claim(actor: Actor, claim: Claim, reason: str) -> None:
    """Says no, with a reason that the person reads. Raises `Refused`, `Invalid`, `Conflict`."""
    programme = queries.get_by_id(claim.programme_id)
    policy.may_import(actor, programme, now=clock.now()).require()
    reason = text.one_line(reason)
    if not reason or text.length(reason) > WORD_MAX:
        message = _l("Give a reason of at most %(most)s characters: the person reads it.", most=200)
        raise Invalid(Fault("reason", "reason_missing", message))
    session().refresh(claim, with_for_update=True)
    _still_waits(claim)
    claim.reason = reason
    _end(claim, ClaimState.REFUSED, actor)
    diff = {"claim": claim.id}
    record(actor, Tag.CLAIM_REFUSED, "programme", programme.id, reason=reason, diff=diff)
    outbox.publish(ClaimDecided(claim.id))


def forget_claims(account_id: int) -> None:
    """Deletes every request of somebody who left."""
    session().execute(delete(Claim).where(Claim.account_id == account_id))


def _still_waits(claim: Claim) -> None:
    if claim.state is not ClaimState.WAITING:
        raise Conflict("decided_already", _l("This request was decided or withdrawn meanwhile."))


def _end(claim: Claim, state: ClaimState, actor: Actor | None = None) -> None:
    claim.state, claim.decided_at = state, clock.now()
    claim.decided_by = actor.id if actor else None
    claim.name = claim.phone = None
    session().flush()


def _known(person_id: int) -> Person:
    person = session().get(Person, person_id)
    if person is None:
        raise Conflict("no_person", _l("This line of the roster is gone. Look at the page again."))
    return person


def _new_person(claim: Claim, owner: Actor) -> Person:
    key = match_key(person_key(), claim.name or "", owner.born_on, claim.phone)
    if session().scalar(select(Person.id).where(Person.match_key == key)) is not None:
        message = _l("The rosters know this person already: choose the line instead of a new one.")
        raise Conflict("known_already", message)
    person = Person(
        name=claim.name or "",
        name_key=name_key(claim.name or ""),
        born_on=owner.born_on,
        phone=claim.phone,
        match_key=key,
        created_at=clock.now(),
    )
    session().add(person)
    session().flush()
    return person


def _new_record(claim: Claim, programme: Programme, person: Person) -> Participation:
    meeting = queries.get_meeting(claim.meeting_id) if claim.meeting_id else None
    made = Participation(
        person_id=person.id,
        programme_id=programme.id,
        joined_on=meeting.held_on if meeting else None,
        created_at=clock.now(),
    )
    session().add(made)
    programme.records_count = Programme.records_count + 1
    session().flush()
    return made
