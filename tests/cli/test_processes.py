"""Real processes killed in the worst moments: no event is lost, and nobody gets a mail twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from socket import create_server

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select, update

from config import Settings
from ideas_app.accounts.models import Account
from ideas_app.answers import queries, service
from ideas_app.cli.raising import is_here
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.outbox import OutboxEvent
from ideas_app.core.permissions import Role
from ideas_app.core.postbox import MailDelivery, MailState
from ideas_app.ideas.models import Family, Idea, State
from tests.answers.scenes import RECEIVED, answering, content
from tests.cli.post_office import PostOffice, wait_until
from tests.cli.zygote import Crew, lives
from tests.conftest import SECRET, make_app
from tests.people import make_account
from tools.services import find_free_port

PEOPLE = 200
FEWER = 12


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    crew = Crew()
    yield crew
    crew.close()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    yield office
    office.close()


class Service:
    """One service: the test's own application and the processes beside it, over one database."""

    def __init__(self, crew: Crew, url: str, folder: Path, mail_port: int) -> None:
        self.crew, self.folder = crew, folder
        self.environ = {
            "ENVIRONMENT": "test",
            "SECRET_KEY": SECRET,
            "PERSON_KEY": SECRET[::-1],
            "DATABASE_URL": url,
            "MAIL_URL": f"smtp://127.0.0.1:{mail_port}?tls=0",
            "BASE_URL": "http://localhost",
        }
        self.app: Flask = make_app(Settings.from_env(self.environ, instance=folder))

    def start(self, *args: str) -> int:
        return self.crew.start(self.environ, self.folder, *(args or ("worker", "--every", "0.1")))

    def stop(self, pid: int, kind: signal.Signals = signal.SIGTERM) -> None:
        os.kill(pid, kind)
        wait_until(lambda: not lives(pid))

    def count(self, *conditions: object) -> int:
        """How many rows of the outbox, or of mails, there are."""
        table = MailDelivery if "mail_delivery" in str(conditions[0]) else OutboxEvent
        with self.app.app_context():
            found = session().scalar(select(func.count(table.id)).where(*conditions)) or 0
            session().rollback()
            return found

    def is_done(self) -> bool:
        return not self.count(OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None))

    def let_minutes_pass(self) -> None:
        """What waits has waited for minutes: claims of the dead have ended, the next try is due."""
        with self.app.app_context(), transaction() as current:
            then = clock.now() - timedelta(minutes=5)
            waits = (OutboxEvent.done_at.is_(None), OutboxEvent.dead_at.is_(None))
            current.execute(update(OutboxEvent).where(*waits).values(due_at=then))


@pytest.fixture
def house(
    crew: Crew, office: PostOffice, copy_database: Callable[[], str], tmp_path: Path
) -> Service:
    return Service(crew, copy_database(), tmp_path, office.port)


def publish_answer(app: Flask, people: int) -> set[str]:
    """Hyun answers a family of so many ideas; the addresses of their authors."""
    addresses = {f"youth{number}@example.org" for number in range(people)}
    with app.app_context():
        hyun, now = make_account("Hyun", Role.OFFICIAL), clock.now()
        campaign = answering()
        with transaction() as current:
            family = Family(
                campaign_id=campaign.id,
                title="밤 버스",
                text="함께",
                reason="같은 바람",
                formed_at=now,
                objection_until=now,
            )
            current.add(family)
            authors = [
                Account(
                    email=address,
                    email_key=address,
                    password_hash="x",
                    nickname=address,
                    nickname_key=address,
                    role=Role.YOUTH,
                    created_at=now,
                    verified_at=now,
                )
                for address in sorted(addresses)
            ]
            current.add_all(authors)
            current.flush()
            for number, person in enumerate(authors, 1):
                current.add(
                    Idea(
                        campaign_id=campaign.id,
                        number=number,
                        field_id=campaign.fields[0].id,
                        author_id=person.id,
                        family_id=family.id,
                        title=f"막차 {number}",
                        why="이유",
                        why_html="이유",
                        state=State.SHORTLISTED,
                        is_listed=True,
                        submitted_at=now,
                        active_at=now,
                    )
                )
        with transaction():
            answer = service.open_answer(hyun, family, RECEIVED)
            service.write_answer(hyun, queries.get_answer(answer.id), content())
    return addresses


def test_mail_that_waited_for_a_dead_server_and_a_killed_worker_arrives_exactly_once(
    house: Service, office: PostOffice
) -> None:
    addresses = publish_answer(house.app, PEOPLE)
    first = house.start()
    wait_until(lambda: house.count(MailDelivery.error.like("away%")))
    house.stop(first, signal.SIGKILL)
    office.open()
    house.let_minutes_pass()
    second = house.start()
    wait_until(house.is_done)
    house.stop(second)
    assert office.got() == dict.fromkeys(addresses, 1)
    assert house.count(MailDelivery.state == MailState.SENT) == PEOPLE


def test_a_worker_killed_while_the_server_takes_a_mail_leaves_one_unsure_and_sends_none_twice(
    house: Service, office: PostOffice
) -> None:
    addresses = publish_answer(house.app, FEWER)
    office.strikes_at = FEWER // 2
    office.open()
    first = house.start()
    assert office.struck.wait(150)
    house.stop(first, signal.SIGKILL)
    office.go_on()
    house.let_minutes_pass()
    second = house.start()
    wait_until(house.is_done)
    house.stop(second)
    assert office.got() == dict.fromkeys(addresses, 1)
    assert house.count(MailDelivery.state == MailState.SENT) == FEWER - 1
    assert house.count(MailDelivery.state == MailState.UNSURE) == 1
    assert house.count(OutboxEvent.error == "MailUnsure", OutboxEvent.dead_at.is_not(None)) == 1


def test_a_web_process_killed_right_after_its_commit_loses_no_event(house: Service) -> None:
    dies = house.start("publish-and-die")
    wait_until(lambda: not lives(dies))
    assert house.count(OutboxEvent.kind == "ResetAsked", OutboxEvent.done_at.is_(None)) == 1
    once = house.start("worker", "--once")
    wait_until(lambda: not lives(once))
    assert house.is_done()


def test_server_processes_that_were_forked_answer_and_end_when_they_are_told(
    house: Service,
) -> None:
    port = find_free_port()

    def answers() -> bool:
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=30)) as browser:
            browser.request("GET", "/ideas")
            return browser.getresponse().status == 200
        return False

    minding = house.start("serve", "--no-migrate", "--no-worker", "--port", str(port))
    wait_until(answers)
    house.stop(minding)
    assert not answers()


def test_an_address_that_somebody_else_serves_is_refused_in_a_line(house: Service) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        args = ("serve", "--no-migrate", "--port", str(taken.getsockname()[1]))
        ended = house.start(*args)
        wait_until(lambda: not lives(ended))
    assert "choose another: --port" in (house.folder / "process.log").read_text()


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("sqlite:///ideas.db", True),
        ("postgresql://ideas@localhost/ideas", True),
        ("postgresql://ideas@127.0.0.1:5433/ideas", True),
        ("postgresql:///ideas?host=/var/run/postgresql", True),
        ("postgresql:///ideas?host=db.example.org", False),
        ("postgresql://ideas@db.example.org/ideas", False),
        ("postgresql://ideas@10.0.0.7/ideas", False),
    ],
)
def test_a_database_on_this_machine_is_told_by_its_address(address: str, here: bool) -> None:
    assert is_here(make_url(address)) is here
