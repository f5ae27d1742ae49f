"""The addresses of programmes and rosters, by those who may and those who may not.

Long for a reason: one role of one feature is one file, so that its stories share their scenes.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from ideas_app.accounts.models import Account
from ideas_app.audit.models import AccessRecord
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import State
from ideas_app.programmes import jobs, queries, service
from ideas_app.programmes.models import Outcome, Participation, Person
from ideas_app.programmes.service import uploads
from tests.adapters.workbooks import as_csv, make_xlsx
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import sign_in
from tests.programmes.scenes import HEADER, counts, csv_of, import_, person_row, roster

URL = "/rosters/ai-pot-2"


@pytest.fixture
def programme(app):
    # only its names: a request of the client ends the session that made it
    made = make_programme(year=2025, status="closed")
    return SimpleNamespace(id=made.id, slug=made.slug)


@pytest.fixture
def sora(cast, browser_of):
    return browser_of(cast.sora)


def send(browser, data, name="명단.csv"):
    return browser.post(URL, data={"file": (BytesIO(data), name)})


def preview_of(browser, data, name="명단.csv"):
    """Uploads and follows to the preview: its address and its page."""
    answer = send(browser, data, name)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location, browser.get(answer.location).get_data(as_text=True)


def kept_files(app):
    folder = Path(app.instance_path) / "uploads"
    return list(folder.glob("*")) if folder.exists() else []


@pytest.fixture(autouse=True)
def no_file_stays(app):
    for path in kept_files(app):
        path.unlink()


# ---- for everybody ----


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_everybody_sees_programmes_and_their_numbers(visitor, programme, lang):
    import_(programme, csv_of(12))
    page = visitor.get(f"/programmes?lang={lang}").get_data(as_text=True)
    assert "AI-POT" in page
    assert "12" in page
    assert visitor.get(f"/programmes/ai-pot-2?lang={lang}").status_code == 200


def test_fewer_than_five_people_are_never_counted_in_public(visitor):
    records = make_programme("records", year=2025, outcome=Outcome.VISIT, status="closed")
    import_(records, csv_of(4))
    make_programme("tallies", year=2025, status="closed")
    with transaction():
        visits = queries.get_programme("records")
        service.add_visit(SYSTEM, visits, visited_on=date(2025, 11, 16), participants=2)
        tallies = queries.get_programme("tallies")
        service.record_tally(SYSTEM, tallies, "기관", date(2025, 3, 1), participants=3, sessions=2)
    for path in ("/programmes", "/programmes/records", "/programmes/tallies"):
        page = visitor.get(f"{path}?lang=en").get_data(as_text=True)
        shown = " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())
        assert "ewer than 5" in shown or "not shown" in shown
        assert not re.search(r"\b[1-4] (took part|person|people|meetings)", shown)
    table = re.findall(r'class="is-num">([^<]*)</td>', page)
    assert set(table) == {"not shown", "fewer than 5"}


def test_no_name_of_a_roster_stands_on_a_public_page(visitor, programme):
    import_(programme, csv_of(12))
    for path in ("/programmes", "/programmes/ai-pot-2"):
        page = visitor.get(path).get_data(as_text=True)
        assert "김가가" not in page
        assert "0000" not in page


def test_a_programme_shows_the_listed_ideas_that_grew_out_of_it(visitor, cast):
    campaign, made = make_campaign(), make_programme()
    make_idea(cast.mina, campaign, title="자격 시험장을 군산에도 열어 주세요", programme=made)
    make_idea(
        cast.mina, campaign, title="아직 읽지 않은 제안", programme=made, state=State.SUBMITTED
    )
    make_idea(cast.mina, campaign, title="상관없는 다른 제안입니다")
    page = visitor.get("/programmes/ai-pot-2").get_data(as_text=True)
    assert "자격 시험장을 군산에도 열어 주세요" in page
    assert "아직 읽지 않은 제안" not in page
    assert "상관없는" not in page


def test_counselling_is_never_tied_to_an_idea(visitor, cast):
    made = make_programme("talk", outcome=Outcome.COUNSELLING)
    make_idea(cast.mina, make_campaign(), title="상담에서 나온 제안입니다", programme=made)
    assert "상담에서 나온" not in visitor.get("/programmes/talk").get_data(as_text=True)


def test_an_unknown_programme_is_not_found(visitor):
    assert visitor.get("/programmes/none").status_code == 404


# ---- staff: programmes ----


def test_a_moderator_makes_and_changes_a_programme(sora):
    made = sora.post(
        "/programmes/new",
        data={
            "title": "저녁 특강",
            "slug": "talks",
            "year": "2026",
            "status": "open",
            "outcome": "attendance",
            "partners": "군산세무서 / Tax Office\n다른 곳",
        },
    )
    assert (made.status_code, made.location) == (303, "/programmes/talks")
    page = sora.get("/programmes/talks/edit").get_data(as_text=True)
    assert "군산세무서 / Tax Office" in page
    changed = sora.post(
        "/programmes/talks/edit",
        data={
            "title": "밤 특강",
            "year": "2026",
            "status": "closed",
            "outcome": "visit",
            "partners": "",
        },
    )
    assert changed.status_code == 303
    found = queries.get_programme("talks")
    assert (found.title, found.outcome, len(found.partners)) == ("밤 특강", Outcome.VISIT, 0)


def test_a_wrong_form_comes_back_with_what_was_typed(sora):
    answer = sora.post(
        "/programmes/new", data={"title": "저녁 특강", "year": "1800", "slug": "talks"}
    )
    assert answer.status_code == 422
    assert "저녁 특강" in answer.get_data(as_text=True)


def test_the_desk_is_what_a_moderator_sees_and_the_public_list_on_demand(sora, programme):
    assert "/programmes/new" in sora.get("/programmes").get_data(as_text=True)
    assert "/programmes/new" not in sora.get("/programmes?as=public").get_data(as_text=True)


def test_counts_and_visits_are_entered_by_form(sora):
    make_programme("visits", outcome=Outcome.VISIT)
    url = "/programmes/visits/tallies"
    data = {"month": "2025-03", "partner": "", "participants": "7", "sessions": "3"}
    assert sora.post(url, data=data).status_code == 303
    assert sora.post(url, data={**data, "month": "March"}).status_code == 422
    assert sora.post(url, data={**data, "participants": "-1"}).status_code == 422
    typed = {"visited_on": "2025-04-24", "company": "현대자동차", "participants": "34"}
    visit = {f"visit-{name}": value for name, value in typed.items()}
    assert sora.post("/programmes/visits/visits", data=visit).status_code == 303
    page = sora.get(url).get_data(as_text=True)
    assert "2025-03" in page
    assert "현대자동차" in page
    assert queries.get_programme("visits").tallied_count == 7


STAFF_PAGES = (
    ("GET", "/programmes/new"),
    ("POST", "/programmes/new"),
    ("GET", "/programmes/ai-pot-2/edit"),
    ("POST", "/programmes/ai-pot-2/edit"),
    ("GET", "/programmes/ai-pot-2/tallies"),
    ("POST", "/programmes/ai-pot-2/tallies"),
    ("POST", "/programmes/ai-pot-2/visits"),
    ("GET", "/rosters"),
    ("GET", URL),
    ("POST", URL),
    ("GET", f"{URL}/persons"),
    ("GET", f"{URL}/some-token"),
    ("POST", f"{URL}/some-token"),
    ("POST", f"{URL}/some-token/confirm"),
    ("POST", f"{URL}/some-token/drop"),
    ("GET", f"{URL}/some-token/report.csv"),
    ("POST", "/rosters/imports/1/undo"),
)


@pytest.mark.parametrize(("method", "path"), STAFF_PAGES)
def test_strangers_are_turned_away_everywhere(cast, browser_of, visitor, programme, method, path):
    for person in (cast.mina, cast.hyun):
        assert browser_of(person).open(path, method=method).status_code == 403
    answer = visitor.open(path, method=method)
    assert (answer.status_code, "/login" in answer.location) == (303, True)


# ---- staff: rosters ----


def test_a_roster_is_previewed_masked_confirmed_and_undone(app, sora, programme):
    url, page = preview_of(sora, csv_of(30))
    assert "CP949" in page
    assert "김*가" in page
    assert "김가가" not in page
    assert "010-****-0000" in page
    assert counts(programme)[0] == 0
    done = sora.post(f"{url}/confirm", data=form_of(page))
    assert (done.status_code, done.location) == (303, URL)
    assert counts(programme)[0] == 30
    assert kept_files(app) == []
    import_id = queries.list_imports(programme.id)[0].done.id
    assert sora.post(f"/rosters/imports/{import_id}/undo", data={"reason": ""}).status_code == 422
    undone = sora.post(f"/rosters/imports/{import_id}/undo", data={"reason": "다른 파일"})
    assert undone.status_code == 303
    assert counts(programme)[:3] == (0, 0, 0)


def form_of(page, **changes):
    """What the form of the preview would send."""
    data = {}
    form = page[page.index('id="wf"') :]
    for name, options in re.findall(
        r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        data[name] = chosen[1] if chosen else ""
    answers = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', form)
    return {**data, **dict(answers), **changes}


def test_errors_are_shown_by_row_downloadable_and_hold_up_the_import(sora, programme):
    rows = roster(10)
    rows[4] = (*rows[4][:3], "010-12", *rows[4][4:])
    url, page = preview_of(sora, as_csv(rows))
    assert "010-12" in page
    assert "disabled" in page
    report = sora.get(f"{url}/report.csv")
    assert report.mimetype == "text/csv"
    assert report.get_data().decode("utf-8-sig").splitlines()[1].startswith(",5,")
    refused = sora.post(f"{url}/confirm", data=form_of(page))
    assert (refused.status_code, refused.location) == (303, url)
    assert counts(programme) == (0, 0, 0, 0)


def test_columns_chosen_by_hand_are_read_again_before_anything_is_stored(sora, programme):
    rows = [
        ("누구", "성명", "생년월일", "연락처"),
        ("김가가", "별명", "1990-01-01", "010-1111-2222"),
    ]
    url, page = preview_of(sora, as_csv(rows))
    changes = form_of(page, **{"column-0": "name", "column-1": ""})
    first = sora.post(f"{url}/confirm", data=changes)
    assert first.location == url
    assert counts(programme)[0] == 0
    page = sora.get(url).get_data(as_text=True)
    assert "김*가" in page
    assert sora.post(f"{url}/confirm", data=form_of(page)).location == URL
    assert session().scalars(select(Person.name)).one() == "김가가"


def test_another_sheet_and_another_row_of_titles_can_be_chosen(sora, programme):
    book = make_xlsx(
        {"1기": roster(3), "안내": [("명단 안내", None, None), ("성함은", "생일은", "전화는"),
                                   ("김가가", "1990-01-01", "010-1111-2222")]}
    )  # fmt: skip
    url, page = preview_of(sora, book, "명단.xlsx")
    assert sora.post(url, data=form_of(page, sheet="안내")).location == url
    page = sora.get(url).get_data(as_text=True)
    assert "…" in page
    assert "김가가" not in page
    sora.post(url, data=form_of(page, header_row="2"))
    page = sora.get(url).get_data(as_text=True)
    columns = {"column-0": "name", "column-1": "birth_on", "column-2": "phone"}
    sora.post(url, data=form_of(page, **columns))
    page = sora.get(url).get_data(as_text=True)
    assert "김*가" in page
    assert sora.post(f"{url}/confirm", data=form_of(page)).location == URL
    assert counts(programme)[0] == 1


def test_somebody_like_a_known_person_is_asked_about_side_by_side(sora, programme):
    import_(programme, csv_of(3))
    row = person_row(1)
    moved = as_csv([HEADER, (*row[:3], "010-9999-0000", *row[4:6], "2기", *row[7:])])
    url, page = preview_of(sora, moved)
    assert 'name="row-2"' in page
    assert "010-****-0001" in page
    sora.post(url, data=form_of(page, **{"row-2": "same-0"}))
    page = sora.get(url).get_data(as_text=True)
    assert 'value="same-0" checked' in page
    sora.post(f"{url}/confirm", data=form_of(page))
    assert counts(programme)[:3] == (4, 4, 3)


def test_answers_that_were_not_offered_are_not_taken(sora, programme):
    import_(programme, csv_of(3))
    row = person_row(1)
    url, page = preview_of(sora, as_csv([HEADER, (*row[:3], "010-9999-0000", *row[4:])]))
    sora.post(url, data=form_of(page, **{"row-2": "same-7"}))
    page = sora.get(url).get_data(as_text=True)
    assert "checked" not in page


def test_a_resident_registration_number_is_refused_masked_and_nothing_is_kept(app, sora, programme):
    rows = roster(3)
    rows[2] = (*rows[2][:5], "960301-2345678", *rows[2][6:])
    answer = send(sora, as_csv(rows))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "2345678" not in page
    assert kept_files(app) == []


@pytest.mark.parametrize(
    ("data", "name"), [(b"%PDF-1.7", "list.pdf"), (b"", "a.csv"), (b"PK\x03\x04 broken", "a.xlsx")]
)
def test_files_that_are_no_table_are_refused_and_not_kept(app, sora, programme, data, name):
    assert send(sora, data, name).status_code == 422
    assert kept_files(app) == []


def test_sending_no_file_says_so(sora, programme):
    assert sora.post(URL, data={}).status_code == 422


def test_no_roster_goes_into_counselling(sora):
    make_programme("talk", outcome=Outcome.COUNSELLING)
    answer = sora.post("/rosters/talk", data={"file": (BytesIO(csv_of(3)), "a.csv")})
    assert answer.status_code == 403
    assert "/programmes/talk/tallies" in sora.get("/rosters/talk").get_data(as_text=True)


def test_an_upload_belongs_to_its_uploader_for_an_hour(app, cast, browser_of, sora, programme):
    url, _page = preview_of(sora, csv_of(3))
    assert browser_of(cast.dana).get(url).status_code == 404
    assert sora.get(url.replace("ai-pot-2", "other")).status_code == 404
    assert sora.get(f"{URL}/..%2f..%2fsecret").status_code == 404
    with clock.at(clock.now() + timedelta(minutes=61)):
        sign_in(sora, cast.sora)
        assert sora.get(url).status_code == 404
        preview_of(sora, csv_of(3))
    assert len(kept_files(app)) == 2


def test_an_upload_can_be_dropped(app, sora, programme):
    url, _page = preview_of(sora, csv_of(3))
    assert sora.post(f"{url}/drop").status_code == 303
    assert kept_files(app) == []


def test_kept_files_are_for_the_service_alone(app, sora, programme):
    preview_of(sora, csv_of(3))
    assert {path.stat().st_mode & 0o777 for path in kept_files(app)} == {0o600}
    assert (Path(app.instance_path) / "uploads").stat().st_mode & 0o777 == 0o700


# ---- large files, with the check of the form's token on ----


@pytest.fixture
def strict(app):
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def large_csv(size):
    rows = roster(3000)
    filler = "가" * (size // 3000 // 3)
    rows = [(*row, filler if place else "비고") for place, row in enumerate(rows)]
    return as_csv(rows)


def token_of(browser):
    page = browser.get(URL).get_data(as_text=True)
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def post_file(browser, data, token=""):
    """As a browser sends it; the body is made in memory, so that no file of the test stays open."""
    fields = {"csrf_token": token, "file": FileStorage(BytesIO(data), "큰 명단.csv")}
    boundary, body = encode_multipart(MultiDict(fields))
    kind = f'multipart/form-data; boundary="{boundary}"'
    return browser.post(URL, data=body, content_type=kind)


def test_a_file_of_five_megabytes_comes_through_the_check_of_the_token(strict, sora, programme):
    data = large_csv(5_000_000)
    assert len(data) > 4_800_000
    assert post_file(sora, data, token_of(sora)).status_code == 303


def test_without_the_token_no_file_is_taken(strict, sora, programme):
    assert post_file(sora, csv_of(3)).status_code == 400


def test_more_than_ten_megabytes_are_refused(strict, sora, programme):
    assert post_file(sora, b"a" * 10_200_000, token_of(sora)).status_code in {400, 413}


def test_strangers_may_send_no_more_than_anywhere_else(
    strict, cast, browser_of, visitor, programme
):
    for browser in (browser_of(cast.mina), visitor):
        assert post_file(browser, b"a" * 3_000_000).status_code in {400, 413}


# ---- participants, one's own link ----


def test_the_list_of_participants_is_masked_and_each_look_is_logged(sora, programme):
    import_(programme, csv_of(7))
    page = sora.get(f"{URL}/persons").get_data(as_text=True)
    assert "김*가" in page
    assert "김가가" not in page
    assert "1000-0000" not in page
    look = session().scalars(select(AccessRecord)).one()
    assert (look.kind, look.count, look.whose) == ("roster", 7, "participation")
    assert look.address == "127.0.0.1"


def test_one_participant_is_shown_in_full_for_a_reason_that_is_kept(
    sora, cast, browser_of, programme
):
    import_(programme, csv_of(7))
    line = session().scalars(select(Participation.id).order_by(Participation.id)).first()
    path = f"{URL}/persons/{line}"
    for page in (sora.get(path), sora.post(path, data={"reason": " "})):
        assert "김가가" not in page.text
        assert "1000-0000" not in page.text
    assert session().scalars(select(AccessRecord)).all() == []
    shown = sora.post(path, data={"reason": "수료증 문의에 전화"})
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert "김가가" in shown.text
    look = session().scalars(select(AccessRecord)).one()
    assert (look.kind, look.whose_ids, look.reason) == ("unmasked", [line], "수료증 문의에 전화")
    assert sora.get(f"{URL}/persons/99999").status_code == 404
    assert browser_of(cast.hyun).post(path, data={"reason": "호기심"}).status_code == 403


def test_a_youth_links_the_own_record_and_cuts_the_link(cast, browser_of, programme):
    import_(programme, csv_of(1, email="mina@example.org"))
    mina, jun = browser_of(cast.mina), browser_of(cast.jun)
    assert 'name="consent"' in mina.get("/me/record/link").get_data(as_text=True)
    assert 'name="consent"' not in jun.get("/me/record/link").get_data(as_text=True)
    assert mina.post("/me/record/link", data={}).status_code == 422
    assert jun.post("/me/record/link", data={"consent": "y"}).status_code == 409
    assert mina.post("/me/record/link", data={"consent": "y"}).status_code == 303
    assert queries.programmes_of(cast.mina.id) == {"ai-pot-2"}
    assert mina.post("/me/record/unlink").status_code == 303
    assert queries.programmes_of(cast.mina.id) == set()


def test_visitors_are_led_to_the_log_in_before_any_link(visitor):
    assert "/login" in visitor.get("/me/record/link").location
    assert "/login" in visitor.post("/me/record/unlink").location


# ---- large files, read by the worker ----


@pytest.fixture
def large(monkeypatch):
    """Every file counts as a large one."""
    monkeypatch.setattr(uploads, "LARGE", 0)


@pytest.mark.usefixtures("large")
def test_a_large_roster_is_read_and_stored_by_the_worker(app, cast, browser_of, sora, programme):
    url, page = preview_of(sora, csv_of(7))
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    assert browser_of(cast.dana).get(url).status_code == 404
    asking = sora.get(url, headers={"X-Requested-With": "fetch"}).get_data(as_text=True)
    assert "data-done" not in asking
    assert "<html" not in asking
    outbox.drain()
    fragment = sora.get(url, headers={"X-Requested-With": "fetch"}).get_data(as_text=True)
    assert "data-done" in fragment
    page = sora.get(url).get_data(as_text=True)
    assert "7줄 가져오기" in page
    assert "중복" not in sora.get(f"{url}/report.csv").get_data(as_text=True)
    assert sora.post(f"{url}/confirm", data=columns_of(page)).status_code == 303
    assert "<progress" in sora.get(url).get_data(as_text=True)
    outbox.drain()
    assert "새 기록 7건" in sora.get(url).get_data(as_text=True)
    assert counts(programme)[:2] == (7, 7)
    assert [path.suffix for path in kept_files(app) if path.suffix in {".data", ".seen"}] == []
    outbox.drain()
    assert counts(programme)[3] == 1


@pytest.mark.usefixtures("large")
def test_a_large_file_is_read_again_when_something_is_chosen(sora, programme):
    url, _page = preview_of(sora, csv_of(3))
    outbox.drain()
    chosen = columns_of(sora.get(url).get_data(as_text=True))
    place = next(name for name, value in chosen.items() if value == "email")
    assert sora.post(url, data={**chosen, place: ""}).status_code == 303
    assert "<progress" in sora.get(url).get_data(as_text=True)
    outbox.drain()
    page = sora.get(url).get_data(as_text=True)
    assert "3줄 가져오기" in page
    assert '<option value="email" selected>' not in page


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (as_csv([HEADER, (1, "김가나", "990301-1234567", "010-1-1")], encoding="cp949"), "주민"),
        (b"PK\x03\x04 broken", "손상"),
    ],
)
def test_a_large_file_that_cannot_be_taken_is_told_and_deleted(app, sora, programme, data, told):
    url, _page = preview_of(sora, data, name="명단.csv" if data[:2] != b"PK" else "명단.xlsx")
    outbox.drain()
    page = sora.get(url)
    assert page.status_code in {200, 404}
    assert not [path for path in kept_files(app) if path.suffix in {".data", ".seen"}]
    assert counts(programme)[0] == 0
    assert told in page.get_data(as_text=True)


@pytest.mark.usefixtures("large")
def test_whoever_lost_the_right_meanwhile_imports_nothing(cast, sora, programme):
    url, _page = preview_of(sora, csv_of(3))
    with transaction() as current:
        current.get_one(Account, cast.sora.id).role = Role.YOUTH
    outbox.drain()
    assert counts(programme)[0] == 0
    assert sora.get(url).status_code == 403


def test_left_over_files_are_cleared_by_a_chore_and_go_with_their_account(
    app, cast, sora, programme
):
    preview_of(sora, csv_of(3))
    jobs.sweep_uploads()
    assert len(kept_files(app)) == 2
    with clock.at(clock.now() + timedelta(minutes=61)):
        jobs.sweep_uploads()
    assert kept_files(app) == []
    preview_of(sora, csv_of(3))
    uploads.forget_of(cast.mina.id)
    assert len(kept_files(app)) == 2
    uploads.forget_of(cast.sora.id)
    assert kept_files(app) == []


def columns_of(page):
    """What the columns of a preview are read as now."""
    return {
        name: (re.search(r'<option value="([a-z_]+)" selected', body) or [None, ""])[1]
        for name, body in re.findall(r'<select id="(column-\d+)"[^>]*>(.*?)</select>', page)
    }
