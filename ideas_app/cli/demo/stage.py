"""The stage of the demonstration: its documents, its people, and a script that plays acts in order of time.

Must not know what an act does: each chapter puts its own acts into the script.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ideas_app.accounts import service as accounts
from ideas_app.accounts.models import Account, Tie
from ideas_app.accounts.queries import actor_of
from ideas_app.accounts.rules import CONSENTS
from ideas_app.accounts.service import AccountSpec
from ideas_app.adapters.documents import read_yaml
from ideas_app.cli.demo.people import DemoPerson, make_people
from ideas_app.core import clock, text
from ideas_app.core.actor import SYSTEM, Actor
from ideas_app.core.db import session
from ideas_app.core.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from ideas_app.ideas.models import Idea

DATA = Path(__file__).parent / "data"
FIRST_DAY = date(2025, 2, 10)
"""The day on which the demo's accounts and programmes come to be."""
VOTERS = 660
"""People of the rosters who also have an account, beside those with a nickname in people.yaml."""
YOUTH = "새벽네시통근"
"""The nickname of the youth a newcomer signs in as: an author with a record, a family, a ballot and an answer."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one role; the password is known here only and shown once."""

    role: Role
    email: str
    nickname: str
    password: str


STAFF = (
    (Role.MODERATOR, "moderator@example.org", "청년센터 운영팀", None),
    (Role.MODERATOR, "moderator2@example.org", "이지은 운영자", None),
    (Role.OFFICIAL, "official@example.org", "최유진 주무관", "청년정책과"),
    (Role.OFFICIAL, "official2@example.org", "정해인 주무관", "교통행정과"),
    (Role.ADMIN, "admin@example.org", "한도윤 관리자", None),
)


def fresh_password() -> str:
    """A random password that can be typed from a screen."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def read(name: str) -> Any:
    """One of the demo's documents."""
    return read_yaml(DATA / f"{name}.yaml")


@dataclass
class Stage:
    """What all chapters share. Acts are kept as (instant, running number, act)."""

    people_document: dict[str, Any] = field(default_factory=lambda: read("people"))
    english: dict[str, Any] = field(default_factory=lambda: read("english"))
    people: list[DemoPerson] = field(default_factory=list)
    voters: list[DemoPerson] = field(default_factory=list)
    """People of the rosters who wrote nothing and have an account."""
    provers: set[str] = field(default_factory=set)
    """Nicknames of accounts that are linked with the rosters."""
    youths: dict[str, Actor] = field(default_factory=dict)
    staff: dict[str, Actor] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)
    idea_ids: dict[str, int] = field(default_factory=dict)
    family_ids: dict[str, int] = field(default_factory=dict)
    comment_ids: dict[str, int] = field(default_factory=dict)
    entry_ids: dict[str, int] = field(default_factory=dict)
    loaded: dict[str, Idea] = field(default_factory=dict)
    """Ideas held over many supports: read anew each time they took half of the whole loading."""
    today: date = field(default_factory=clock.today)
    """The day on which the demo is loaded: planned things and the open campaign lie around it."""
    script: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)

    @property
    def moderator(self) -> Actor:
        """The moderator a newcomer signs in as."""
        return self.staff["청년센터 운영팀"]

    @property
    def second_moderator(self) -> Actor:
        """The other moderator, who decides on appeals and objections."""
        return self.staff["이지은 운영자"]

    @property
    def official(self) -> Actor:
        """The official who answers."""
        return self.staff["최유진 주무관"]

    @property
    def second_official(self) -> Actor:
        """The colleague who looks answers over before they go out."""
        return self.staff["정해인 주무관"]

    @property
    def admin(self) -> Actor:
        """The administrator."""
        return self.staff["한도윤 관리자"]

    def act(self, day: date, hour: int, play: Callable[[], None], *, minute: int = 0) -> None:
        """Puts an act into the script. Acts of the same minute keep the order in which they were put."""
        self.script.append((clock.day_start(day, hour, minute), len(self.script), play))

    def play(self, *, until: datetime, notice: Callable[[int, int], None] | None = None) -> None:
        """Plays all acts up to an instant, each on its own date, and forgets them; later acts never happen."""
        due = sorted(item for item in self.script if item[0] <= until)
        for number, (instant, _order, play) in enumerate(due, start=1):
            with clock.at(instant):
                play()
            if notice is not None and (number % 200 == 0 or number == len(due)):
                notice(number, len(due))
        self.script.clear()

    def nickname_of(self, person: DemoPerson) -> str:
        """The nickname of somebody on the rosters; of one who has no account, what it would be."""
        return person.nickname or f"{person.neighbourhood} 이웃 {person.index}"

    def voice(self, nickname: str) -> Actor:
        """Who speaks under a nickname: a youth or the centre."""
        return self.staff.get(nickname) or self.youths[nickname]


def set_stage() -> Stage:
    """Makes the accounts: staff, the nicknamed youths, and voters from the rosters."""
    stage = Stage()
    stage.people = make_people(stage.people_document)
    with clock.at(clock.day_start(FIRST_DAY, 9)):
        _hire_staff(stage)
        _invite_youths(stage)
    return stage


def _hire_staff(stage: Stage) -> None:
    for role, email, nickname, department in STAFF:
        password = fresh_password()
        spec = AccountSpec(
            email=email,
            nickname=nickname,
            role=role,
            password=password,
            is_verified=True,
            born_on=date(1984, 5, 6),
            tie=Tie.WORKER,
            department=department,
        )
        stage.staff[nickname] = actor_of(accounts.create_account(SYSTEM, spec))
        _agree(stage.staff[nickname])
        if not email.startswith(("moderator2", "official2")):
            stage.sign_ins.append(SignIn(role, email, nickname, password))


def _agree(actor: Actor) -> None:
    """The boxes that nobody can do without, as on the page where people join."""
    for box in CONSENTS:
        if box.is_required:
            accounts.give_consent(actor, box.kind)


def _invite_youths(stage: Stage) -> None:
    by_nickname = {person.nickname: person for person in stage.people if person.nickname}
    for entry in stage.people_document["people"]:
        if entry["nickname"] == YOUTH:
            _make_first_youth(stage, by_nickname[YOUTH])
            continue
        person = by_nickname.get(entry["nickname"])
        _add_youth(stage, entry["nickname"], person, entry)
    stage.provers = set(by_nickname)
    stage.voters = [person for person in stage.people if not person.nickname][:VOTERS]
    for person in stage.voters:
        _add_youth(stage, stage.nickname_of(person), person, None)
    stage.provers |= {stage.nickname_of(person) for person in stage.voters[::3]}
    session().flush()
    for account in session().scalars(select(Account).where(Account.role == Role.YOUTH)):
        stage.youths[account.nickname] = actor_of(account)


def _make_first_youth(stage: Stage, person: DemoPerson) -> None:
    password = fresh_password()
    spec = AccountSpec(
        email="youth@example.org",
        nickname=YOUTH,
        password=password,
        is_verified=True,
        born_on=person.born_on,
        tie=Tie(person.tie),
    )
    _agree(actor_of(accounts.create_account(SYSTEM, spec)))
    stage.sign_ins.insert(0, SignIn(Role.YOUTH, spec.email, YOUTH, password))


def _add_youth(
    stage: Stage, nickname: str, person: DemoPerson | None, entry: dict[str, Any] | None
) -> None:
    """An account nobody signs in to: no password. Made as a row, because hashing none takes no service."""
    number = len(stage.youths) + 1
    stage.youths[nickname] = SYSTEM  # replaced by the real actor once the rows have their ids
    if person is None and entry is not None:
        low = int(entry["age_band"].split("-")[0])
        born_on, tie = date(2025 - low - 1, 1, 15), entry["tie"]
    else:
        assert person is not None  # noqa: S101  # voters come from the rosters
        born_on, tie = person.born_on, person.tie
    # one in five would rather not say where they live
    neighbourhood = person.neighbourhood if person and number % 5 else None
    email = f"demo{number:04d}@example.org"
    session().add(
        Account(
            email=email,
            email_key=email,
            nickname=nickname,
            nickname_key=text.key(nickname),
            role=Role.YOUTH,
            born_on=born_on,
            tie=Tie(tie),
            neighbourhood=neighbourhood,
            created_at=clock.now(),
            verified_at=clock.now() + timedelta(minutes=5),
        )
    )
