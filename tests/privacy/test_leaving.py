"""Whoever leaves is gone: nothing in the whole database names them, and every count is as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from ideas_app.accounts import queries as accounts_queries
from ideas_app.accounts import service as accounts
from ideas_app.accounts.queries import find_by_email
from ideas_app.cli.doctor import examine
from ideas_app.comments.models import Comment
from ideas_app.core import clock, outbox, personal
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Refused
from ideas_app.core.personal import Leaving, Texts
from ideas_app.ideas.models import Follow, Idea, State
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.rules import GONE_TITLE
from ideas_app.moderation.models import Appeal, Flag
from ideas_app.privacy.models import DataRequest, RequestState
from ideas_app.programmes.models import Claim, Person
from ideas_app.votes.models import Ballot, Support
from ideas_app.web.i18n import speaking
from tests.factories import make_campaign, make_idea
from tests.people import PASSWORD
from tests.privacy.scenes import BORN, NAME, NICKNAME, Life, counted, live, traces_of, words_left

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.people import Cast

ROSTER = {"person"}
"""The centre's own list of who took part, kept by its own rule: a participant is asked there, not here. The link to
the account is cut, and the key of a line is an HMAC."""
PUBLIC_WORDS = {"idea", "revision", "comment"}
"""Where a person's words may stay if they want, without a name."""


def leave(life: Life, texts: Texts) -> None:
    with transaction():
        accounts.delete_account(life.who, PASSWORD, texts)
    outbox.drain()


def preview_of(life: Life) -> dict[str, tuple[int, int, int]]:
    with speaking("en"):
        lines = personal.preview(life.who.id or 0)
        return {str(line.title): (line.total, line.stay, line.go) for line in lines}


def said_by(account_id: int | None) -> list[str]:
    query = select(Comment.text).where(Comment.author_id == account_id).order_by(Comment.id)
    return list(session().scalars(query))


@pytest.mark.parametrize("texts", list(Texts))
def test_nothing_in_the_database_names_whoever_left_and_every_count_holds(
    cast: Cast, visitor: FlaskClient, texts: Texts
) -> None:
    life = live(cast)
    before, told, supports = counted(), preview_of(life), get_idea(life.others).supports_count
    juns = said_by(cast.jun.id)
    everywhere = {"account", "claim", "login_session", "data_request", "export_file", "desk_note"}
    assert everywhere <= set(traces_of(life.token))
    assert told["Published ideas"] == (2, 2, 1)
    assert told["Comments"] == (2, 2, 0)
    assert told["Ballots"] == (2, 1, 1)
    every_list_of_the_download_reads_the_columns_it_names(life)

    leave(life, texts)

    assert set(traces_of(life.token)) == ROSTER
    assert words_left() <= (PUBLIC_WORDS if texts is Texts.STAY else {"idea", "revision"})
    assert counted() == before
    assert examine() == []
    assert said_by(cast.jun.id) == juns
    votes_are_taken_back_where_they_are_open(life, supports)
    the_roster_belongs_to_nobody_here(life)
    texts_are_where_they_were_wanted(life, texts)
    page = visitor.get(f"/ideas/{life.kept}", follow_redirects=True)
    assert page.status_code == 200
    assert NICKNAME not in page.text


def every_list_of_the_download_reads_the_columns_it_names(life: Life) -> None:
    empty = set()
    for holding in personal.holdings():
        rows = list(holding.read(life.who.id or 0))
        wanted = {column.key for column in holding.columns}
        assert all(set(row) == wanted for row in rows), holding.key
        empty |= set() if rows else {holding.key}
    assert empty <= {"families_left", "objections", "channels", "daily_mails", "files"}


def votes_are_taken_back_where_they_are_open(life: Life, supports: int) -> None:
    assert get_idea(life.others).supports_count == supports - 1
    mine = select(Support.idea_id).where(Support.account_id == life.who.id)
    assert list(session().scalars(mine)) == [life.old]
    linked = select(func.count(Ballot.id)).where(Ballot.account_id == life.who.id)
    assert session().scalar(linked) == 0


def the_roster_belongs_to_nobody_here(life: Life) -> None:
    person = session().scalars(select(Person)).one()
    assert (person.name, person.born_on, person.account_id) == (NAME, BORN, None)
    for table in (Claim, Appeal):
        assert session().scalars(select(table)).all() == []
    assert session().scalars(select(Flag.note)).all() == [""]
    request = session().scalars(select(DataRequest)).one()
    assert (request.account_id, request.text, request.state) == (None, "", RequestState.WITHDRAWN)


def texts_are_where_they_were_wanted(life: Life, texts: Texts) -> None:
    stays = texts is Texts.STAY
    assert get_idea(life.kept).is_listed, "others support it"
    assert get_idea(life.alone).is_listed is stays
    for gone in [life.waiting, life.rejected, *([] if stays else [life.alone])]:
        idea = get_idea(gone)
        assert (idea.title, idea.why, idea.is_listed) == (GONE_TITLE, "", False)
    assert get_idea(life.rejected).state is State.REJECTED
    assert all(bool(text) is stays for text in said_by(life.who.id))


def test_leaving_is_whole_or_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = make_idea(cast.mina, make_campaign())

    def broken(_leaving: Leaving) -> None:
        raise RuntimeError

    monkeypatch.setitem(personal._rooms, "late", personal.Room("late", forget=broken))
    with pytest.raises(RuntimeError), transaction():
        accounts.delete_account(cast.mina, PASSWORD, Texts.GO)
    assert get_idea(idea.id).is_listed
    assert find_by_email("mina@example.org") is not None


def test_sheets_of_paper_are_not_the_ideas_of_whoever_typed_them_in(cast: Cast) -> None:
    idea = make_idea(cast.sora, make_campaign())
    with transaction() as current:
        current.get_one(Idea, idea.id).pen_name = "바닷가 이웃"
    with transaction():
        accounts.delete_account(cast.sora, PASSWORD, Texts.GO)
    assert get_idea(idea.id).why != ""


def test_the_operator_deletes_for_somebody_who_cannot_sign_in(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    words = ["accounts", "delete", "--email", "mina@example.org", "--texts", "go"]
    assert runner.invoke(args=words).exit_code != 0, "no reason"
    assert runner.invoke(args=[*words, "--reason", "request 12"]).exit_code == 0
    assert find_by_email("mina@example.org") is None
    account = accounts_queries.get_account(cast.jun.id)
    with pytest.raises(Refused), transaction():
        accounts.delete_account_of(cast.sora, account, reason="no right")
    with transaction() as current:
        follow = {"idea_id": make_idea(cast.jun, make_campaign()).id, "since_at": clock.now()}
        current.add(Follow(account_id=cast.mina.id, **follow))
    assert "1 people" in runner.invoke(args=["accounts", "forget-again"]).output
    assert session().scalars(select(Follow)).all() == []
