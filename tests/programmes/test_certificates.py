"""A certificate is one's own, says what the roster says, and can be checked: yes or no, nothing more."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound, TooMany
from ideas_app.programmes import queries, service
from ideas_app.programmes.rules.certificates import (
    ALPHABET,
    LENGTH,
    read_code,
    show_code,
    write_code,
)
from tests.factories import make_programme
from tests.programmes.scenes import HEADER, as_csv, import_
from tests.programmes.test_meetings import BORN, line

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from tests.people import Cast


@given(st.integers(0, len(ALPHABET) ** LENGTH - 1))
def test_a_code_survives_paper_hands_and_keyboards(number: int) -> None:
    code = write_code(number)
    shown = show_code(code)
    for typed in (code, shown, shown.lower(), shown.replace("0", "O").replace("1", "l")):
        assert read_code(typed) == code


@pytest.fixture
def record_id(cast: Cast) -> int:
    """Mina's record of a course, linked."""
    programme = make_programme()
    import_(programme, as_csv([HEADER, line("김미나")], encoding="cp949"))
    with transaction():
        [(record, person)] = queries.list_claimable(programme.id, "김미나", BORN)
        service.link_person(cast.mina, person)
        return record.id


def check(code: str, name: str = "", address: str = "x") -> bool:
    with transaction():
        return service.check_certificate(code, name, address=address)


def test_the_paper_says_what_the_roster_says_and_its_code_says_yes(
    cast: Cast, record_id: int, browser_of: Callable[[Any], FlaskClient], visitor: FlaskClient
) -> None:
    mina = browser_of(cast.mina)
    answer = mina.post(f"/me/record/{record_id}/certificate")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages)
    code = queries.view_certificate(record_id).code
    for said in ("김미나", "AI-POT 2급 과정", show_code(code)):
        assert said in text
    yes = visitor.get(f"/certificates/{show_code(code)}").get_data(as_text=True)
    assert "네, 이 번호의 확인서가 명단에 있어요." in yes
    assert "김미나" not in yes
    assert "AI-POT" not in yes
    again = mina.post(f"/me/record/{record_id}/certificate")
    assert queries.view_certificate(record_id).code == code
    assert again.status_code == 200


def test_a_code_under_another_name_says_no(cast: Cast, record_id: int) -> None:
    with transaction():
        code = service.issue_certificate(cast.mina, record_id).code
    assert check(code, "김 미나")
    assert not check(code, "박미나")
    assert not check("K7Q2-9FHM-3XWP")
    assert not check("가나다")


def test_nobody_prints_somebody_elses_record(cast: Cast, record_id: int) -> None:
    for stranger in (cast.jun, cast.sora, cast.visitor):
        with pytest.raises(NotFound), transaction():
            service.issue_certificate(stranger, record_id)


def test_a_record_that_was_taken_back_says_no(cast: Cast, record_id: int) -> None:
    with transaction():
        code = service.issue_certificate(cast.mina, record_id).code
        [row] = queries.list_imports(queries.get_programme("ai-pot-2").id)
        service.undo_import(cast.sora, queries.get_import(row.done.id), "잘못된 파일")
    session().expire_all()
    assert not check(code)


def test_codes_cannot_be_tried_without_end(cast: Cast) -> None:
    for _try in range(30):
        assert not check("0000-0000-0000", address="y")
    with pytest.raises(TooMany):
        check("0000-0000-0000", address="y")
    assert not check("0000-0000-0000", address="z")
