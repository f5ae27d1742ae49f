"""What may be read from a replica, who reads from the primary all the same, and how far behind is too far."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DBAPIError

from config import REPLICA
from ideas_app.core import clock, replicas
from ideas_app.core.db import db, from_replica, has_written, prepare_engine, session, transaction
from ideas_app.core.permissions import Scope
from ideas_app.core.replicas import Lag, Replica
from ideas_app.votes.models import Support
from ideas_app.web.replicas import OWN_WRITES
from tests.api.programs import token_of
from tests.conftest import make_app, make_settings
from tests.factories import make_campaign, make_idea
from tests.people import make_account, sign_in

TRUE = "원본에 있는 제안"
LATE = "사본에 있는 제안"
ONLY_TRUE = "원본에만 있는 새 제안"


class Two:
    """A service over two databases whose one idea has a different title in each: what is shown says who was asked."""

    def __init__(self, folder, urls: tuple[str, str]) -> None:
        self.app: Flask = make_app(make_settings(folder, urls[0], DATABASE_READ_URL=urls[1]))
        self.app.test_client_class = FlaskClient
        with self.app.app_context():
            self.engines = db.engines
            self.jun, self.idea = self._fill(TRUE)
            db.session.remove()
            copy = create_engine(urls[1])
            prepare_engine(copy)
            kept, self.engines[None] = self.engines[None], copy
            self._fill(LATE)
            db.session.remove()
            self.engines[None] = kept
            copy.dispose()

    def _fill(self, title: str):
        mina, campaign = make_account("Mina"), make_campaign()
        idea = make_idea(mina, campaign, title=title)
        return make_account("Jun"), idea.id

    def add_idea(self) -> int:
        with self.app.app_context():
            mina = make_account(f"Mina{OWN_WRITES}")
            return make_idea(mina, make_campaign("new"), title=ONLY_TRUE).id

    def supports(self, where: str | None) -> int:
        with self.engines[where].connect() as connection:
            return connection.scalar(select(func.count()).select_from(Support)) or 0


@pytest.fixture(scope="module")
def both(make_database: Callable[[str], str], tmp_path_factory) -> Iterator[Two]:
    urls = (make_database("primary"), make_database("replica"))
    two = Two(tmp_path_factory.mktemp("two"), urls)
    yield two
    for engine in two.engines.values():
        engine.dispose()


@pytest.fixture
def two(both: Two, monkeypatch: pytest.MonkeyPatch) -> Two:
    """With a replica that has just been found fresh, and is not looked at again by itself."""
    monkeypatch.setattr(replicas, "EVERY", 3600.0)
    monkeypatch.setattr(replicas, "_position", lambda _connection, _question: 7)
    replica = Replica(lambda: both.engines[None], both.engines[REPLICA])
    replica.look()
    both.app.extensions["replica"] = replica
    return both


def list_of(browser: FlaskClient) -> str:
    answer = browser.get("/ideas")
    assert answer.status_code == 200
    return answer.text


def jun_of(two: Two) -> FlaskClient:
    browser = two.app.test_client()
    with two.app.app_context():
        sign_in(browser, two.jun)
    return browser


def test_a_visitor_reads_lists_feeds_and_the_api_from_the_replica(two: Two) -> None:
    browser = two.app.test_client()
    for path in ("/ideas", "/", "/feeds/ideas.atom", "/api/v1/ideas", "/ideas?q=제안"):
        shown = browser.get(path).get_data(as_text=True)
        assert LATE in shown, path
        assert TRUE not in shown, path


def test_whoever_wrote_reads_from_the_primary_until_the_replica_has_it_for_certain(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = jun_of(two)
    assert LATE in list_of(browser)
    before = two.supports(None)
    assert browser.post(f"/ideas/{two.idea}/support").status_code == 303
    assert (two.supports(None), two.supports(REPLICA)) == (before + 1, 0)
    assert TRUE in list_of(browser)
    assert LATE in list_of(two.app.test_client())
    later = datetime.now(UTC) + timedelta(seconds=OWN_WRITES + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert LATE in list_of(browser)


def test_a_form_that_was_refused_changes_nothing_of_who_is_asked(two: Two) -> None:
    browser = jun_of(two)
    assert browser.post("/ideas/999999/support").status_code == 404
    assert LATE in list_of(browser)


def test_a_session_that_ended_on_the_primary_has_ended_everywhere(two: Two) -> None:
    browser = jun_of(two)
    with two.engines[None].begin() as connection:
        connection.execute(text("DELETE FROM login_session"))
    assert browser.get("/me").status_code in {302, 303}
    assert "/login" in list_of(browser)


def test_a_program_that_may_write_reads_from_the_primary_and_one_that_may_not_from_the_replica(
    two: Two,
) -> None:
    path, found = f"/api/v1/ideas/{two.idea}", []
    for scopes in ((Scope.READ,), (Scope.READ, Scope.WRITE)):
        with two.app.app_context():
            headers = {"Authorization": f"Bearer {token_of(two.jun, *scopes)}"}
        answer = two.app.test_client().get(path, headers=headers)
        found.append(answer.get_json()["title"])
    assert found == [LATE, TRUE]


def test_a_replica_that_does_not_answer_costs_nobody_a_page(two: Two) -> None:
    away = create_engine("sqlite:////nowhere/at/all.db")
    kept, two.engines[REPLICA] = two.engines[REPLICA], away
    try:
        browser = two.app.test_client()
        assert TRUE in list_of(browser)
        ready = browser.get("/readyz")
        assert (ready.status_code, ready.get_json()["replica"]) == (200, "away")
    finally:
        two.engines[REPLICA] = kept
    # nobody asks it again before its pause is over, although it would answer
    assert TRUE in list_of(browser)


def test_a_replica_that_is_behind_or_was_never_looked_at_is_not_read(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, replica = two.app.test_client(), two.app.extensions["replica"]
    assert browser.get("/readyz").get_json()["replica"] == "ready"
    monkeypatch.setattr(replicas, "MAX_LAG", 0.0)
    assert replica.standing() == "behind"
    assert TRUE in list_of(browser)
    new = Replica(lambda: two.engines[None], two.engines[REPLICA])
    assert new.standing() == "unknown"


def test_a_database_that_follows_nobody_is_no_replica(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_connection: object, _question: object) -> int:
        raise replicas.NotAReplicaError

    monkeypatch.setattr(replicas, "_position", refuse)
    replica = two.app.extensions["replica"]
    replica.look()
    assert replica.standing() == "away"
    assert TRUE in list_of(two.app.test_client())


def test_what_has_not_reached_the_replica_yet_is_found_all_the_same(two: Two) -> None:
    added = two.add_idea()
    answer = two.app.test_client().get(f"/ideas/{added}", follow_redirects=True)
    assert answer.status_code == 200
    assert ONLY_TRUE in answer.text
    assert two.app.test_client().get("/ideas/999999").status_code == 404


def test_nothing_is_ever_written_to_the_replica(two: Two) -> None:
    with two.app.app_context():

        def write() -> str | None:
            session().execute(text("DELETE FROM support"))
            return None

        # said to the replica it is refused; done again on the primary it is not committed
        from_replica(write)
        session().rollback()
        assert two.supports(None) > 0
        with pytest.raises(DBAPIError), two.engines[REPLICA].connect() as connection:
            connection.execute(text("DELETE FROM idea"))


def test_after_a_transaction_the_rest_of_the_work_reads_what_is_true(two: Two) -> None:
    def titles() -> list[str]:
        return list(session().scalars(text("SELECT title FROM idea")))

    def work() -> tuple[list[str], list[str], list[str]]:
        before = titles()
        with transaction():
            within = titles()
        return before, within, titles()

    with two.app.app_context():
        before, within, after = from_replica(work)
        assert has_written()
    assert before == [LATE]
    assert within == after
    assert TRUE in within


def test_only_pages_that_read_may_lag(two: Two) -> None:
    lagging = {
        rule.endpoint: rule.methods
        for rule in two.app.url_map.iter_rules()
        if getattr(two.app.view_functions[rule.endpoint], "may_lag", False)
    }
    assert {"pages.ideas", "feeds.ideas", "api.list_ideas", "opendata.index"} <= set(lagging)
    assert all(methods <= {"GET", "HEAD", "OPTIONS"} for methods in lagging.values())
    assert not any(
        name.startswith(("accounts.", "moderation.", "votes.", "privacy.")) for name in lagging
    )


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8
    ),
    st.integers(0, 9),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_lag_is_never_understated(steps: list[tuple[int, int, int]], pause: int) -> None:
    """The replica holds all that the primary had at the instant that the lag names, and no later one is known."""
    lag, now, primary, replica, seen = Lag(), 0, 0, 0, []
    for passed, wrote, behind in steps:
        now, primary = now + passed, primary + wrote
        replica = max(replica, primary - behind)
        lag.note(now, primary, replica)
        seen.append((now, primary))
    held = [at for at, position in seen if position <= replica]
    found = lag.seconds(now + pause)
    if held:
        assert found == now + pause - max(held)
    else:
        assert found is None
