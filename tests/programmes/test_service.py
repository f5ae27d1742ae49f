"""Programmes, counts, rosters, undo and links, through the service and on a real database.

Long for a reason: one role of one feature is one file, so that its stories share their scenes.
"""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ideas_app.accounts import service as accounts
from ideas_app.accounts.models import Account, Consent
from ideas_app.audit.models import AccessRecord, AuditEntry
from ideas_app.core import clock
from ideas_app.core.actor import SYSTEM, VISITOR
from ideas_app.core.db import db, session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.programmes import queries, service
from ideas_app.programmes.models import Attendance, Outcome, Participation, Person, Programme
from ideas_app.programmes.rules.matching import Decision
from ideas_app.programmes.service import Choice, ProgrammeSpec, RosterRefused
from tests.adapters.workbooks import as_csv
from tests.conftest import make_app, make_settings
from tests.factories import make_programme
from tests.people import PASSWORD, make_account
from tests.programmes.scenes import HEADER, counts, csv_of, import_, person_row, roster


def last_entry(tag):
    return (
        session()
        .scalars(
            select(AuditEntry).where(AuditEntry.tag == tag).order_by(AuditEntry.id.desc()).limit(1)
        )
        .first()
    )


# ---- programmes ----


def test_a_programme_is_made_with_its_partners_and_logged(cast):
    spec = ProgrammeSpec(
        title="원데이 클래스", year=2026, slug="one-day", partners=(("군산세무서", "Tax Office"),)
    )
    with transaction():
        programme = service.create_programme(cast.sora, spec)
    made = queries.get_programme("one-day")
    assert [partner.name_en for partner in made.partners] == ["Tax Office"]
    assert last_entry("programme:created").subject_id == programme.id


def test_two_programmes_share_one_partner(cast):
    for slug in ("one", "two"):
        with transaction():
            service.create_programme(
                cast.sora, ProgrammeSpec(title="가", year=2026, slug=slug, partners=(("기관", ""),))
            )
    first, second = (queries.get_programme(slug).partners for slug in ("one", "two"))
    assert first[0].id == second[0].id
    assert len(queries.list_partners()) == 1


def test_an_address_is_made_from_the_title_where_none_is_given(cast):
    with transaction():
        programme = service.create_programme(
            cast.sora, ProgrammeSpec(title="AI-POT 2급", year=2026)
        )
        assert programme.slug == "ai-pot-2급-2026"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"title": "  "}, "title"),
        ({"title": "가" * 201}, "title"),
        ({"year": 1999}, "year"),
        ({"status": "maybe"}, "status"),
        ({"outcome": "money"}, "outcome"),
        ({"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, "ends_on"),
        ({"partners": (("가" * 81, ""),)}, "partners"),
    ],
)
def test_what_cannot_be_a_programme_is_refused_at_its_field(cast, change, field):
    values = {"title": "특강", "year": 2026, "slug": "talks", **change}
    with pytest.raises(Invalid) as refused, transaction():
        service.create_programme(cast.sora, ProgrammeSpec(**values))
    assert [fault.field for fault in refused.value.faults] == [field]
    assert queries.find_programme("talks") is None


def test_an_address_belongs_to_one_programme(cast):
    make_programme("talks")
    with pytest.raises(Invalid) as refused, transaction():
        service.create_programme(cast.sora, ProgrammeSpec(title="특강", year=2026, slug="talks"))
    assert refused.value.code == "slug_taken"


def test_youths_officials_and_visitors_make_no_programme(cast):
    for stranger in (cast.mina, cast.hyun, VISITOR):
        with pytest.raises(Refused), transaction():
            service.create_programme(stranger, ProgrammeSpec(title="특강", year=2026))


def test_a_change_is_logged_with_before_and_after_and_keeps_the_address(cast):
    make_programme("talks", title="특강", year=2026)
    spec = ProgrammeSpec(title="저녁 특강", year=2026, slug="other", outcome="attendance")
    with transaction():
        service.change_programme(cast.sora, queries.get_programme("talks"), spec)
    changed = queries.get_programme("talks")
    assert (changed.slug, changed.title) == ("talks", "저녁 특강")
    assert last_entry("programme:changed").diff["title"] == ["특강", "저녁 특강"]


def test_a_programme_with_a_roster_cannot_become_counselling(cast):
    programme = make_programme("talks")
    import_(programme, csv_of(3))
    spec = ProgrammeSpec(title="상담", year=2026, outcome="counselling")
    with pytest.raises(Conflict), transaction():
        service.change_programme(cast.sora, queries.get_programme("talks"), spec)


# ---- counts without names ----


def test_a_count_entered_again_replaces_the_first(cast):
    programme = make_programme("talk", outcome=Outcome.COUNSELLING)
    for participants in (7, 4):
        with transaction():
            service.record_tally(
                cast.sora,
                queries.get_programme("talk"),
                "군산세무서",
                date(2025, 3, 20),
                participants=participants,
                sessions=9,
            )
    rows = queries.list_tallies(programme.id)
    assert [(tally.month_on, tally.participants, tally.sessions) for tally, _ in rows] == [
        (date(2025, 3, 1), 4, 9)
    ]
    assert queries.get_programme("talk").tallied_count == 4
    assert queries.find_wrong_counters() == []


def test_the_centre_itself_has_one_count_a_month(cast):
    programme = make_programme("talk")
    for participants in (7, 5):
        with transaction():
            service.record_tally(
                cast.sora,
                queries.get_programme("talk"),
                None,
                date(2025, 3, 1),
                participants=participants,
            )
    assert len(queries.list_tallies(programme.id)) == 1
    assert queries.get_programme("talk").tallied_count == 5


def test_a_count_below_zero_is_refused(cast):
    make_programme("talk")
    with pytest.raises(Invalid), transaction():
        service.record_tally(
            cast.sora, queries.get_programme("talk"), None, date(2025, 3, 1), participants=-1
        )


def test_a_visit_moves_no_counter(cast):
    programme = make_programme("visits", outcome=Outcome.VISIT)
    with transaction():
        service.add_visit(
            cast.sora,
            queries.get_programme("visits"),
            company="현대자동차",
            visited_on=date(2025, 4, 24),
            participants=34,
        )
    assert [visit.participants for visit in queries.list_visits(programme.id)] == [34]
    assert queries.find_wrong_counters() == []


# ---- rosters ----


@pytest.mark.slow
def test_a_roster_of_3433_rows_imports_and_a_second_time_changes_nothing(cast):
    programme = make_programme()
    data = csv_of(3433)
    report = import_(programme, data, actor=cast.sora)
    assert (report.records_new, report.persons_new, report.errors) == (3433, 3433, ())
    assert report.encoding == "cp949"
    before = counts(programme)
    assert before == (3433, 3433, 3433, 1)
    again = import_(programme, data, actor=cast.sora)
    assert again.changes_nothing
    assert again.import_id is None
    assert again.same_file_at is not None
    assert (again.records_same, counts(programme)) == (3433, before)
    assert queries.find_wrong_counters() == []


def test_one_bad_row_imports_nothing_and_names_row_and_reason(cast):
    programme = make_programme()
    rows = roster(40)
    rows[30] = (*rows[30][:3], "010-12", *rows[30][4:])
    before = counts(programme)
    with pytest.raises(RosterRefused) as refused:
        import_(programme, as_csv(rows), actor=cast.sora)
    (line,) = refused.value.report.lines
    assert (line.row, line.column, line.code) == (31, "연락처", "phone_unreadable")
    assert "010-12" in str(line.message)
    assert "31" in str(refused.value.faults[0].message)
    assert counts(programme) == before


def test_a_rehearsal_tells_the_errors_and_stores_nothing(cast):
    programme = make_programme()
    rows = [*roster(3), (4, None, "1999-01-01", "010-1234-5678", *(None,) * 6)]
    before = counts(programme)
    report = import_(programme, as_csv(rows), actor=cast.sora, dry_run=True)
    assert [(issue.row, issue.code) for issue in report.errors] == [(5, "name_missing")]
    assert counts(programme) == before


def test_a_resident_registration_number_refuses_the_file_and_is_never_shown(cast):
    programme = make_programme()
    rows = roster(3)
    rows[2] = (*rows[2][:5], "960301-2345678", *rows[2][6:])
    with pytest.raises(RosterRefused) as refused:
        import_(programme, as_csv(rows), actor=cast.sora)
    told = str(refused.value.report.as_plain()) + str(refused.value.faults[0].message)
    assert refused.value.code == "resident_number"
    assert "2345678" not in told
    assert "960301" not in told
    assert counts(programme)[2:] == (0, 0)


def test_a_file_that_is_no_table_is_refused_in_words(cast):
    programme = make_programme()
    with pytest.raises(Invalid) as refused:
        import_(programme, b"%PDF-1.7 nothing", actor=cast.sora, name="list.pdf")
    assert refused.value.code == "unknown_kind"


def test_the_figures_before_and_after_are_those_of_the_import(cast):
    programme = make_programme(year=2025)
    other = make_programme("other", year=2025)
    import_(other, csv_of(10))
    preview = import_(programme, csv_of(25, certified="Y"), actor=cast.sora, dry_run=True)
    figures = {line.code: (line.before, line.after) for line in preview.figures}
    assert figures == {
        "records": (0, 25),
        "year_participations": (10, 35),
        "year_persons": (10, 25),
        "completed": (0, 25),
        "certified": (0, 25),
    }
    import_(programme, csv_of(25, certified="Y"), actor=cast.sora)
    year = queries.year_figures(2025)
    assert (year.participations, year.persons, year.certified) == (35, 25, 25)


def test_the_same_person_on_two_rosters_is_one_person(cast):
    import_(make_programme("one"), csv_of(10))
    report = import_(make_programme("two"), csv_of(12))
    assert (report.persons_same, report.persons_new) == (10, 2)


def test_persons_are_kept_under_a_key_that_says_nothing(cast):
    import_(make_programme(), csv_of(1))
    person = session().scalars(select(Person)).one()
    assert len(person.match_key) == 64
    assert person.phone not in person.match_key


def test_a_later_roster_that_knows_more_changes_records_and_nobody_twice(cast):
    programme = make_programme()
    import_(programme, csv_of(10))
    report = import_(programme, csv_of(10, certified="Y"))
    assert (report.records_new, report.records_changed, report.persons_new) == (0, 10, 0)
    assert queries.figures_of([programme.id])[programme.id].certified == 10


def test_a_file_that_only_knows_another_address_changes_the_person(cast):
    programme = make_programme()
    import_(programme, csv_of(2, email="old@example.org"))
    report = import_(programme, csv_of(2, email="new@example.org"))
    assert (report.persons_changed, report.records_same, report.changes_nothing) == (2, 2, False)
    assert set(session().scalars(select(Person.email))) == {"new@example.org"}


def test_somebody_like_a_known_person_is_new_until_a_person_decides(cast):
    programme = make_programme()
    import_(programme, csv_of(3))
    row = person_row(1)
    moved = as_csv([HEADER, (*row[:3], "010-9999-0000", *row[4:7], "2025-06-01", "Y", "N")])
    preview = import_(programme, moved, dry_run=True)
    (question,) = preview.unsure
    assert (question.row, question.candidates[0].differs) == (2, "phone")
    assert "*" in question.said.name
    known = question.candidates[0].person_id
    decided = {question.key: Decision(person_id=known)}
    import_(programme, moved, decisions=decided)
    assert counts(programme)[2] == 3
    again = import_(programme, moved)
    assert (again.changes_nothing, counts(programme)[2]) == (True, 3)


def test_without_a_decision_somebody_like_a_known_person_is_kept_apart(cast):
    programme = make_programme()
    import_(programme, csv_of(3))
    row = person_row(1)
    report = import_(programme, as_csv([HEADER, (*row[:3], "010-9999-0000", *row[4:])]))
    assert (report.rows_unsure, report.persons_new) == (1, 1)
    assert counts(programme)[2] == 4


def test_columns_chosen_by_hand_are_remembered_by_their_titles(cast):
    programme = make_programme()
    rows = [("누구", "언제 태어남", "어디로"), ("김가가", "1990-01-01", "010-1111-2222")]
    choice = Choice(1, {"name": 0, "birth_on": 1, "phone": 2})
    import_(programme, as_csv(rows), sheet="", mapping=choice)
    turned = [
        (row[2], row[0], row[1]) for row in [*rows, ("김나나", "1991-01-01", "010-3333-4444")]
    ]
    report = import_(programme, as_csv(turned))
    assert (report.records_same, report.records_new) == (1, 1)


def test_no_name_enters_counselling(cast):
    programme = make_programme("talk", outcome=Outcome.COUNSELLING)
    with pytest.raises(Refused) as refused:
        import_(programme, csv_of(3), actor=cast.sora)
    assert refused.value.code == "counts_only"
    assert counts(programme)[2] == 0


def test_strangers_import_nothing(cast):
    programme = make_programme()
    for stranger in (cast.mina, cast.hyun, VISITOR):
        with pytest.raises(Refused):
            import_(programme, csv_of(3), actor=stranger)
    assert counts(programme) == (0, 0, 0, 0)


def test_the_log_of_an_import_names_nobody(cast):
    import_(make_programme(), csv_of(3), actor=cast.sora, name="김가가의 명단.csv")
    entry = last_entry("roster:imported")
    assert entry.diff["records_new"] == 3
    assert "김" not in str(entry.diff)


def test_a_name_that_no_column_holds_is_an_error_of_its_row(cast):
    programme = make_programme()
    name = "e" + "\u0301\u0302\u0303" * 20
    rows = [HEADER, (1, name, "1990-01-01", "010-1111-2222", *(None,) * 6)]
    with pytest.raises(RosterRefused) as refused:
        import_(programme, as_csv(rows), actor=cast.sora)
    assert refused.value.report.errors[0].row == 2


# ---- undo ----


def table(model):
    session().rollback()
    columns = model.__table__.columns
    return sorted(session().execute(select(*columns)).all())


def test_undo_restores_the_state_exactly(cast):
    programme = make_programme()
    import_(programme, csv_of(20, email="a@example.org"))
    before = table(Participation), table(Person), counts(programme)[:3]
    changed = [*roster(30, certified="Y", email="b@example.org"), person_row(5, cohort="2기")]
    done = import_(programme, as_csv(changed), actor=cast.sora)
    assert (done.records_new, done.records_changed) == (11, 20)
    with transaction():
        undone = service.undo_import(cast.sora, queries.get_import(done.import_id), "wrong file")
    assert (undone.records, undone.persons) == (11, 10)
    assert (table(Participation), table(Person), counts(programme)[:3]) == before
    assert queries.find_wrong_counters() == []
    assert last_entry("roster:undone").reason == "wrong file"
    assert queries.get_import(done.import_id).moved == {}


def test_undo_keeps_what_somebody_changed_afterwards(cast):
    programme = make_programme()
    import_(programme, csv_of(1))
    done = import_(programme, csv_of(1, certified="Y"))
    with transaction():
        session().scalars(select(Participation)).one().status = Attendance.ATTENDED
    with transaction():
        service.undo_import(cast.sora, queries.get_import(done.import_id), "test")
    assert session().scalars(select(Participation)).one().status is Attendance.ATTENDED


def test_undo_keeps_persons_of_other_programmes_and_linked_ones(cast):
    import_(make_programme("one"), csv_of(1))
    done = import_(make_programme("two"), csv_of(3))
    linked = session().scalars(select(Person).order_by(Person.id.desc())).first()
    with transaction():
        service.link_person(cast.mina, session().get(Person, linked.id))
    with transaction():
        service.undo_import(cast.sora, queries.get_import(done.import_id), "test")
    left = session().scalars(select(Person)).all()
    assert len(left) == 2


def test_undo_goes_newest_first_once_and_for_thirty_days(cast):
    programme = make_programme()
    first = import_(programme, csv_of(3)).import_id
    second = import_(programme, csv_of(5)).import_id

    def undo(import_id, actor=cast.sora, reason="test"):
        with transaction():
            service.undo_import(actor, queries.get_import(import_id), reason)

    def code_of(*args, **kwargs):
        with pytest.raises((Refused, Invalid)) as refused:
            undo(*args, **kwargs)
        return refused.value.code

    assert code_of(first) == "not_newest"
    assert code_of(second, cast.mina) == "not_permitted"
    assert code_of(second, reason=" ") == "reason_missing"
    undo(second)
    assert code_of(second) == "undone_already"
    with clock.at(clock.now() + timedelta(days=31)):
        assert code_of(first) == "too_late"
    undo(first)
    assert counts(programme)[:3] == (0, 0, 0)


def test_an_undone_file_can_be_imported_again(cast):
    programme = make_programme()
    done = import_(programme, csv_of(3))
    with transaction():
        service.undo_import(cast.sora, queries.get_import(done.import_id), "test")
    again = import_(programme, csv_of(3))
    assert (again.records_new, again.same_file_at) == (3, None)


def test_what_an_import_changed_is_forgotten_after_thirty_days(cast):
    programme = make_programme()
    import_(programme, csv_of(1, email="old@example.org"))
    done = import_(programme, csv_of(1, email="new@example.org")).import_id
    assert "old@example.org" in str(queries.get_import(done).moved)
    with clock.at(clock.now() + timedelta(days=31)):
        import_(programme, csv_of(2))
    session().expire_all()
    assert queries.get_import(done).moved == {}


# ---- counters, reading ----


def test_the_recount_mends_what_went_wrong(cast):
    programme = make_programme()
    import_(programme, csv_of(4))
    with transaction():
        session().get(Programme, programme.id).records_count = 99
    assert queries.find_wrong_counters() == ["programme ai-pot-2: records 99, rows say 4"]
    with transaction():
        service.recount()
    assert queries.find_wrong_counters() == []


def test_reading_a_list_of_participants_is_masked_and_logged(cast):
    programme = make_programme()
    import_(programme, csv_of(7))
    with transaction():
        page = service.read_participants(cast.sora, queries.get_programme("ai-pot-2"), limit=5)
    assert (len(page), page.next is not None) == (5, True)
    first = page.items[0]
    assert (first.name, first.phone, first.birth) == ("김*가", "010-****-0000", "1990-**-**")
    look = session().scalars(select(AccessRecord)).one()
    assert (look.count, look.whose_ids) == (5, [line.id for line in page])
    for stranger in (cast.mina, cast.hyun, VISITOR):
        with pytest.raises(Refused), transaction():
            service.read_participants(stranger, queries.get_programme("ai-pot-2"))
    assert programme.id


# ---- links ----


def record_under(email):
    import_(make_programme("own"), csv_of(1, email=email))


def test_a_confirmed_address_on_the_roster_links_its_owner_with_a_consent(cast):
    record_under("Mina@example.org")
    with transaction():
        service.claim_by_email(cast.mina, has_consented=True)
    assert queries.programmes_of(cast.mina.id) == {"own"}
    consent = session().scalars(select(Consent).where(Consent.account_id == cast.mina.id)).one()
    assert (consent.kind, consent.withdrawn_at) == ("participation_link", None)


def test_nothing_is_linked_without_the_consent(cast):
    record_under("mina@example.org")
    with pytest.raises(Invalid), transaction():
        service.claim_by_email(cast.mina, has_consented=False)
    assert queries.programmes_of(cast.mina.id) == set()


def test_another_or_an_unconfirmed_address_finds_nothing(cast):
    record_under("newcomer@example.org")
    newcomer = make_account("newcomer", verified=False)
    for actor in (cast.jun, newcomer, VISITOR, SYSTEM):
        with pytest.raises(Conflict), transaction():
            service.claim_by_email(actor, has_consented=True)


def test_an_address_that_two_persons_share_proves_neither(cast):
    import_(make_programme("own"), csv_of(2, email="mina@example.org"))
    with pytest.raises(Conflict), transaction():
        service.claim_by_email(cast.mina, has_consented=True)


def test_a_person_is_linked_with_one_account_alone(cast):
    record_under(None)
    person = session().scalars(select(Person)).one()
    with transaction():
        service.link_person(cast.mina, session().get(Person, person.id))
    with pytest.raises(Refused) as refused, transaction():
        service.link_person(cast.jun, session().get(Person, person.id))
    assert refused.value.code == "linked_already"


def test_the_link_can_be_cut_and_made_again(cast):
    record_under("mina@example.org")
    for _ in range(2):
        with transaction():
            service.claim_by_email(cast.mina, has_consented=True)
        with transaction():
            service.unlink_person(cast.mina)
        assert queries.find_person_of(cast.mina.id) is None
        consents = session().scalars(select(Consent)).all()
        assert all(consent.withdrawn_at is not None for consent in consents)
    assert len(consents) == 2, "each consent stays to be read"


def test_whoever_leaves_is_no_longer_linked(cast):
    record_under("mina@example.org")
    with transaction():
        service.claim_by_email(cast.mina, has_consented=True)
        accounts.delete_account(cast.mina, PASSWORD)
    assert session().scalars(select(Person.account_id)).one() is None
    assert session().get(Account, cast.mina.id) is not None


# ---- several at once ----


def test_four_imports_of_one_file_at_once_store_it_once(copy_database, tmp_path):
    app = make_app(make_settings(tmp_path, copy_database()))
    data = csv_of(500)  # few enough that the last of four waits no ten seconds on a busy machine
    with app.app_context():
        programme_id = make_programme().id
    reports, faults = [], []

    def run():
        with app.app_context():
            try:
                with transaction():
                    programme = queries.get_by_id(programme_id)
                    reports.append(service.import_roster(SYSTEM, programme, "명단.csv", data))
            except Exception as fault:  # noqa: BLE001  # whatever it is, the test shows it
                faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert faults == []
        assert sorted(report.records_new for report in reports) == [0, 0, 0, 500]
        assert counts(queries.get_by_id(programme_id)) == (500, 500, 500, 1)
        assert queries.find_wrong_counters() == []
        session().close()
        db.engine.dispose()
