"""The texts of the house have versions: one holds, the ones before stay readable, drafts are seen by nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ideas_app.audit.models import AuditEntry
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Invalid, NotFound, Refused
from ideas_app.terms import queries, rules, service
from ideas_app.terms.models import HouseText, TextKind
from ideas_app.terms.service import Writing

NOW = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 3)
KIND = TextKind.PRIVACY


@pytest.fixture(autouse=True)
def morning(app):
    with clock.at(NOW):
        yield


def writing(**more):
    told = {
        "body_ko": "## 새 방침\n\n책임자: {officer}",
        "body_en": "## New policy\n\nOfficer: {officer}",
        "note_ko": "책임자를 적었습니다.",
        "note_en": "The officer is named.",
        "in_force_on": TODAY + timedelta(days=7),
    }
    return Writing(**{**told, **more})


def publish(cast, **more):
    with transaction():
        return service.publish(cast.dana, KIND, writing(**more)).version


@pytest.mark.parametrize("kind", list(TextKind))
def test_every_new_house_has_version_1_in_both_languages(cast, visitor, kind):
    first = queries.get_in_force(kind)
    assert (first.version, first.in_force_on) == (1, date(2026, 3, 1))
    assert rules.unknown_places(first.body_ko) == rules.unknown_places(first.body_en) == []
    for lang in ("ko", "en"):
        page = visitor.get(f"/{kind.value}?lang={lang}").text
        assert "{" not in page.split('class="c-prose"')[1].split("</section>")[0]


def test_the_policy_fills_itself_in(cast, visitor):
    page = visitor.get("/privacy?lang=ko").text
    assert "명단에 적힌 이름, 생년월일, 전화번호" in page
    assert "소식 메일" in page
    assert "아직 정하지 않음" in page
    with transaction():
        told = {"department": "청년정책과", "phone": "063-000-0000", "email": "p@example.org"}
        service.name_contact(cast.dana, officer="김센터장 | **센터장**", **told)
    page = visitor.get("/privacy?lang=ko").text
    assert "김센터장 | **센터장**" in page
    assert "청년정책과" in page


def test_a_footer_names_the_policy_exactly_and_in_bold(visitor):
    page = visitor.get("/ideas?lang=ko").text
    footer = page[page.index("<footer") :]
    assert '<strong><a href="/privacy">개인정보 처리방침</a></strong>' in footer


def test_a_draft_is_seen_by_nobody_and_a_new_version_holds_from_its_day(cast, visitor):
    with transaction():
        service.keep_draft(cast.dana, KIND, writing(body_en=""))
    assert "새 방침" not in visitor.get("/privacy").text
    assert visitor.get("/texts/privacy/2").status_code == 404
    assert publish(cast) == 2
    page = visitor.get("/privacy?lang=ko").text
    assert "새 방침" not in page.split("c-prose")[1].split("versions-t")[0]
    assert "/texts/privacy/2" in page, "what is to come is announced"
    with clock.at(NOW + timedelta(days=7)):
        assert "새 방침" in visitor.get("/privacy?lang=ko").text
        old = visitor.get("/texts/privacy/1?lang=ko").text
        assert "2026년 11월 10일" in old
        assert "주민등록번호는 받지 않으며" in old
        new = visitor.get("/texts/privacy/2?lang=en").text
        assert "The officer is named." in new
        assert "<ins>## New policy</ins>" in new


def test_an_old_version_reads_as_it_last_did(cast, visitor):
    publish(cast, in_force_on=TODAY)
    with transaction():
        service.name_contact(cast.dana, officer="박새책임", department="", phone="", email="")
    assert "박새책임" in visitor.get("/privacy?lang=ko").text
    assert "박새책임" not in visitor.get("/texts/privacy/1?lang=ko").text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"body_en": " "}, "body_en"),
        ({"body_ko": ""}, "body_ko"),
        ({"note_ko": ""}, "note_ko"),
        ({"in_force_on": None}, "in_force_on"),
        ({"in_force_on": TODAY - timedelta(days=1)}, "in_force_on"),
        ({"body_ko": "{nothing}"}, "body_ko"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(cast, more, field):
    with pytest.raises(Invalid) as refusal, transaction():
        service.publish(cast.dana, KIND, writing(**more))
    assert field in {fault.field for fault in refusal.value.faults}
    assert [one.version for one in queries.list_versions(KIND)] == [1]


def test_a_version_never_holds_before_the_one_it_follows(cast):
    publish(cast)
    with pytest.raises(Invalid), transaction():
        service.publish(cast.dana, KIND, writing(body_ko="앞지름", in_force_on=TODAY))


def test_only_administrators_write_and_it_is_logged(cast):
    for stranger in (cast.mina, cast.sora, cast.hyun, cast.visitor):
        with pytest.raises(Refused), transaction():
            service.publish(stranger, KIND, writing())
    publish(cast)
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.tag, entry.actor_id) == ("policy:changed", cast.dana.id)


def test_it_is_written_looked_at_and_published_in_a_form(cast, browser_of):
    dana = browser_of(cast.dana)
    page = dana.get("/admin/texts/privacy").text
    assert "주민등록번호는 받지 않으며" in page, "a draft begins with the newest text"
    form = {
        "body_ko": "## 방침\n\n{periods}",
        "body_en": "## Policy\n\n<script>x</script>",
        "note_ko": "줄였습니다.",
        "note_en": "Shortened.",
        "in_force_on": TODAY.isoformat(),
    }
    path = "/admin/texts/privacy"
    shown = dana.post(path, data={**form, "step": "preview"}).text
    assert "<h2>방침</h2>" in shown
    assert "<script>x" not in shown
    assert session().scalars(select(HouseText).where(HouseText.version == 2)).all() == []
    assert dana.post(path, data={**form, "step": "keep"}).status_code == 303
    assert dana.post(f"{path}/drop").status_code == 303
    assert queries.find_draft(KIND) is None
    bad = dana.post(path, data={**form, "note_en": "", "step": "publish"})
    assert bad.status_code == 422
    assert "## 방침" in bad.text, "nothing that was typed is lost"
    assert dana.post(path, data={**form, "step": "publish"}).status_code == 303
    assert "<h2>방침</h2>" in dana.get("/privacy?lang=ko").text
    contact = {"officer": "김센터장", "department": "", "phone": "", "email": ""}
    assert dana.post("/admin/texts", data=contact).status_code == 303
    assert dana.get("/admin/texts/nothing").status_code == 404


def test_lines_that_changed_are_told_apart() -> None:
    assert rules.changes("a\n\nb\nc", "a\nB\nc\nd") == [("del", "b"), ("ins", "B"), ("ins", "d")]
    assert rules.changes("a", "a") == []


def test_what_does_not_hold_yet_or_was_never_begun_is_not_found(cast):
    with clock.at(NOW - timedelta(days=3650)), pytest.raises(NotFound):
        queries.get_in_force(KIND)
    with pytest.raises(NotFound) as fault, transaction():
        service.drop_draft(cast.dana, KIND)
    assert fault.value.code == "no_draft"
