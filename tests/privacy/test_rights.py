"""One's rights as pages: consents, the download, leaving, requests; and those who answer them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from ideas_app.accounts import queries as accounts
from ideas_app.accounts import service as accounts_service
from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock, outbox, personal
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.core.retaining import find_period
from ideas_app.notifications.models import Notice
from ideas_app.notifications.queries import work_of
from ideas_app.privacy import policy, queries, service
from ideas_app.privacy.models import DataRequest, RequestState
from ideas_app.privacy.service import Asking
from ideas_app.privacy.service.asking import OPEN_MAX
from ideas_app.programmes import service as programmes
from ideas_app.programmes.models import Person
from ideas_app.retention.service import run_period
from tests.accounts import mailbox
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation import scenes as desk
from tests.people import PASSWORD
from tests.programmes.scenes import csv_of, import_

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

    Browser = Callable[[Actor], FlaskClient]

OUTSIDE = {
    "kind": "deletion",
    "about": "roster",
    "name": "한가온",
    "contact": "gaon@example.org",
    "text": "2025년 바리스타 과정 명단에서 지워 주세요.",
}


def ask(actor: Actor, kind: str = "access") -> int:
    with transaction():
        return service.ask(actor, Asking(kind=kind, about="account", text="무엇이 있나요?")).id


def state_of(request_id: int) -> RequestState:
    return queries.get_request(request_id).state


# ---- the download ----


def fetch(browser: FlaskClient, **more: str) -> Any:
    return browser.post("/me/export", data={"password": PASSWORD, **more})


def test_everything_is_downloaded_by_its_owner_alone_after_the_password(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    idea = make_idea(cast.mina, make_campaign(), title="=막차를 늦춰 주세요")
    desk.support(cast.jun, idea.id)
    desk.comment_on(cast.mina, idea.id, "고마워요.")
    mina = browser_of(cast.mina)
    assert "password" in mina.get("/me/export").text
    assert mina.post("/me/export", data={"password": "wrong"}).status_code == 422
    answer = fetch(mina)
    assert answer.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = set(archive.namelist())
        index = archive.read("README.txt").decode()
        kept = json.loads(archive.read("all.json"))
        table = archive.read("csv/ideas.csv").decode("utf-8-sig")
    assert names == {
        "README.txt",
        "all.json",
        *(f"csv/{each.key}.csv" for each in personal.holdings()),
    }
    assert "만든" in index or "담" in index
    assert "made at" in index
    assert kept["account"]["email"] == "mina@example.org"
    assert [row["text"] for row in kept["comments"]] == ["고마워요."]
    header, row, *_rest = csv.reader(io.StringIO(table))
    assert header[1] == "제목"
    assert row[1] == "'=막차를 늦춰 주세요", "no formula"
    whole = answer.data.decode("latin-1") + json.dumps(kept)
    assert "argon2" not in whole
    assert "jun" not in json.dumps(kept).casefold()
    assert visitor.post("/me/export", data={"password": PASSWORD}).status_code == 303


def test_the_download_as_json_is_logged_and_limited(cast: Cast, browser_of: Browser) -> None:
    mina = browser_of(cast.mina)
    statuses = [fetch(mina, format="json").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    tags = session().scalars(select(AuditEntry.tag).where(AuditEntry.actor_id == cast.mina.id))
    assert list(tags).count("account:exported") == 5


# ---- consents ----


def test_the_page_of_ones_rights_shows_four_boxes_and_what_one_took_back(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    mina = browser_of(cast.mina)
    address = "/me/privacy/consents/news"
    assert mina.post(address).status_code == 303
    assert mina.post(address, data={"_method": "DELETE"}).status_code == 303
    assert mina.post("/me/privacy/consents/terms", data={"_method": "DELETE"}).status_code == 409
    assert mina.post("/me/privacy/consents/participation_link").status_code == 409
    assert mina.post("/me/privacy/consents/other").status_code == 404
    page = mina.get("/me/privacy?lang=en").text
    assert page.count('class="c-cons"') == 4
    assert "What you agreed to and took back so far" in page
    assert mina.get(f"{address}/2").status_code == 200
    assert mina.get(f"{address}/1").status_code == 404
    assert visitor.get("/me/privacy").status_code == 303


def test_taking_the_link_consent_back_cuts_the_link_at_once(
    cast: Cast, browser_of: Browser
) -> None:
    import_(make_programme(), csv_of(1, email="mina@example.org"), actor=cast.sora)
    with transaction():
        programmes.claim_by_email(cast.mina, has_consented=True)
    browser_of(cast.mina).post(
        "/me/privacy/consents/participation_link", data={"_method": "DELETE"}
    )
    assert session().scalars(select(Person.account_id)).one() is None
    assert accounts.list_consents(cast.mina.id) == {}


def test_a_changed_text_is_asked_about_calmly_and_can_wait(
    cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        accounts_service.give_consent(cast.mina, "news")
    mina, jun = browser_of(cast.mina), browser_of(cast.jun)
    with transaction() as current:
        accounts.list_consents(cast.mina.id)["news"].version = 1
        current.flush()
    assert "Read what has changed" in mina.get("/me?lang=en").text
    assert "Read what has changed" not in jun.get("/me?lang=en").text
    assert "Set-Cookie" not in jun.get("/me").headers, (
        "that there is nothing need not be remembered"
    )
    assert mina.post("/me/privacy/later", data={"next": "/me"}).location == "/me"
    assert "Read what has changed" not in mina.get("/me?lang=en").text
    assert mina.post("/me/privacy/later", data={"next": "//evil.example"}).location == "/me/privacy"


# ---- requests ----


def test_a_request_runs_from_the_page_to_the_answer(cast: Cast, browser_of: Browser) -> None:
    mina, dana = browser_of(cast.mina), browser_of(cast.dana)
    sent = {"kind": "access", "about": "account", "text": "무엇이 있나요?"}
    assert mina.post("/me/privacy/requests", data={**sent, "text": ""}).status_code == 422
    assert mina.post("/me/privacy/requests", data=sent).status_code == 303
    request = session().scalars(select(DataRequest)).one()
    assert "무엇이 있나요?" in dana.get(f"/admin/requests/{request.id}").text
    assert "Mina" in dana.get("/admin/requests").text
    address = f"/admin/requests/{request.id}/settle"
    assert dana.post(address, data={"outcome": "refused", "answer": ""}).status_code == 422
    refused = {"outcome": "refused", "answer": "법령에 따라 보관합니다."}
    assert dana.post(address, data=refused).status_code == 303
    outbox.drain()
    assert session().scalars(select(Notice.kind)).all() == ["request_refused"]
    page = mina.get("/me/privacy").text
    assert "법령에 따라 보관합니다." in page
    assert "1833-6972" in page, "a refusal names where one can complain"
    assert dana.post(address, data=refused).status_code == 403
    words = [entry.reason + str(entry.diff) for entry in session().scalars(select(AuditEntry))]
    assert "법령" not in "".join(words)


def test_only_those_who_answer_see_the_queue(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    number = ask(cast.mina)
    for person in (cast.jun, cast.sora, cast.hyun):
        for path in ("/admin/requests", f"/admin/requests/{number}"):
            assert browser_of(person).get(path).status_code == 403
    assert visitor.get("/admin/requests").status_code == 303
    assert browser_of(cast.jun).post(f"/me/privacy/requests/{number}/withdraw").status_code == 403
    assert state_of(number) is RequestState.OPEN
    assert browser_of(cast.mina).post(f"/me/privacy/requests/{number}/withdraw").status_code == 303
    assert state_of(number) is RequestState.WITHDRAWN


def test_whoever_has_no_account_is_answered_by_mail_after_a_proof(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    mailbox.empty()
    assert visitor.post("/data-requests", data={**OUTSIDE, "contact": "?"}).status_code == 422
    assert visitor.post("/data-requests", data=OUTSIDE).location == "/data-requests/sent"
    assert visitor.get("/data-requests/sent").status_code == 200
    request = session().scalars(select(DataRequest)).one()
    number = request.id
    dana = browser_of(cast.dana)
    done = {"outcome": "done", "answer": "명단에서 지웠습니다."}
    assert dana.post(f"/admin/requests/{number}/settle", data=done).status_code == 422
    more = {"more-reason": "명단이 두 곳에 있습니다."}
    assert dana.post(f"/admin/requests/{number}/extend", data=more).status_code == 303
    assert dana.post(f"/admin/requests/{number}/extend", data=more).status_code == 403
    proved = {**done, "proof": "명단의 이메일로 답을 받음"}
    assert dana.post(f"/admin/requests/{number}/settle", data=proved).status_code == 303
    mails = mailbox.collect()
    assert {mail["To"] for mail in mails} == {"gaon@example.org"}
    assert len(mails) == 3
    assert any("명단에서 지웠습니다." in mailbox.text_of(mail) for mail in mails)


def test_words_and_names_of_a_settled_request_are_forgotten_and_the_register_stays(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    visitor.post("/data-requests", data=OUTSIDE)
    request = session().scalars(select(DataRequest)).one()
    with transaction():
        service.settle(cast.dana, request, done=False, answer="명단에 없습니다.")
    with clock.at(clock.now() + timedelta(days=31)):
        run_period(SYSTEM, find_period("data_request"), by="nightly")
    request = session().get_one(DataRequest, request.id, populate_existing=True)
    kept = (request.name, request.contact, request.text, request.answer)
    assert kept == (None, None, "", "")
    register = browser_of(cast.dana).post("/admin/requests/register").data.decode("utf-8-sig")
    assert register.splitlines()[0].startswith("접수번호,종류,접수일")
    assert "한가온" not in register
    assert browser_of(cast.sora).post("/admin/requests/register").status_code == 403


def test_nobody_answers_their_own_request(cast: Cast) -> None:
    number = ask(cast.dana)
    with pytest.raises(Refused) as refusal, transaction():
        service.settle(cast.dana, queries.get_request(number), done=True, answer="네.")
    assert refusal.value.code == "own_request"


def test_a_correction_may_set_the_date_of_birth_right(cast: Cast, browser_of: Browser) -> None:
    number = ask(cast.mina, "correction")
    answer = {"outcome": "done", "answer": "고쳤습니다.", "born_on": "2001-05-17"}
    path = f"/admin/requests/{number}/settle"
    assert browser_of(cast.dana).post(path, data=answer).status_code == 303
    assert str(accounts.get_account(cast.mina.id).born_on) == "2001-05-17"


def test_the_mornings_mail_counts_what_waits_for_those_who_answer(cast: Cast) -> None:
    ask(cast.mina)
    with clock.at(clock.now() + timedelta(days=30)):
        counts = work_of(accounts.get_account(cast.dana.id)).requests
        assert (counts.waiting, counts.over) == (1, 1)  # type: ignore[union-attr]
    assert work_of(accounts.get_account(cast.sora.id)).requests is None


# ---- leaving ----


def test_leaving_shows_figures_first_and_needs_choice_password_and_tick(
    cast: Cast, browser_of: Browser, visitor: FlaskClient
) -> None:
    make_idea(cast.mina, make_campaign())
    mina = browser_of(cast.mina)
    page = mina.get("/me/delete?lang=en").text
    assert "What stays without your name" in page
    sure = {"password": PASSWORD, "sure": "y", "texts": "stay"}
    for missing in sure:
        data = {name: value for name, value in sure.items() if name != missing}
        assert mina.post("/me/delete", data=data).status_code == 422, missing
    assert mina.post("/me/delete", data={**sure, "password": "no"}).status_code == 422
    assert mina.post("/me/delete", data=sure).status_code == 303
    assert mina.get("/me/settings").status_code == 303
    assert accounts.find_by_email("mina@example.org") is None
    assert visitor.get("/me/delete").status_code == 303


# ---- who may what ----


def test_a_request_is_read_by_its_owner_and_those_who_answer_and_answered_by_those(
    cast: Cast,
) -> None:
    request = queries.get_request(ask(cast.mina))
    readers = {
        name
        for name in ("visitor", "mina", "jun", "sora", "hyun", "dana")
        if policy.may_read(getattr(cast, name), request)
    }
    assert readers == {"mina", "dana"}
    for stranger in (cast.visitor, cast.jun, cast.sora, cast.hyun):
        assert policy.may_read(stranger, request).code == "no_request"
        assert policy.may_answer(stranger, request).code == "not_permitted"
    assert policy.may_answer(cast.dana, request)


def test_requests_that_wait_are_answered_before_more_are_taken(cast: Cast) -> None:
    for _number in range(OPEN_MAX):
        ask(cast.mina)
    with pytest.raises(Conflict) as fault:
        ask(cast.mina)
    assert fault.value.code == "too_many_requests"
    assert ask(cast.jun)
