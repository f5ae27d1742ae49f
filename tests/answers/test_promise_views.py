"""Pages of promises: many at once, one with its pictures, the public ledger; closed doors for the stranger."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from ideas_app.adapters.pictures import MAX_BYTES
from ideas_app.answers import queries, service
from ideas_app.answers.models import PromiseStatus
from ideas_app.answers.service import Upload
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from tests.adapters.test_pictures import file_of
from tests.answers.scenes import answered, answering
from tests.people import Actor, Cast

Browser = Callable[[Actor], FlaskClient]
FIRST = clock.day_start(date(2026, 3, 16), 12)
DUE = date(2026, 4, 30)
DAYS = [DUE - timedelta(days=3), DUE, DUE + timedelta(days=9), DUE + timedelta(days=90)]


@pytest.fixture
def promise_ids(cast: Cast) -> list[int]:
    """Silent, due today, soon, far away; today is the day of the second."""
    with clock.at(FIRST):
        answer_id = answered(cast, answering(), [(f"약속 {on}", on) for on in DAYS])
        return [promise.id for promise in queries.list_promises(answer_id)]


def rows_of(page: str) -> list[int]:
    return [
        int(each) for each in re.findall(r'name="lines-\d+-promise_id"[^>]*value="(\d+)"', page)
    ]


def typed(page: str, **said: dict[str, str]) -> dict[str, str]:
    """What a browser would send of the page, with some rows (`p<id>`) filled in."""
    kept = r'name="(lines-\d+-(?:promise_id|seen))"[^>]*value="(\d+)"'
    data = dict(re.findall(kept, page))
    for number, promise_id in enumerate(rows_of(page)):
        for field in ("status", "moved_to", "what_happened"):
            data[f"lines-{number}-{field}"] = said.get(f"p{promise_id}", {}).get(field, "")
    return data


def on_the_day() -> object:
    return clock.at(clock.day_start(DUE, 10))


def test_the_page_lists_what_is_silent_due_and_soon_and_filters_by_its_address(
    cast: Cast, browser_of: Browser, promise_ids: list[int]
) -> None:
    with on_the_day():
        hyun = browser_of(cast.hyun)
        for query, expected in (
            ("", promise_ids[:3]),
            ("?when=past", promise_ids[:2]),
            ("?when=soon", promise_ids[1:3]),
            ("?who=mine", promise_ids[:3]),
            ("?who=ours", []),
            ("?department=교통행정과", promise_ids[:3]),
            ("?campaign=ideas-2026", promise_ids[:3]),
            ("?campaign=nowhere", []),
        ):
            assert rows_of(hyun.get(f"/desk/promises{query}").text) == expected, query
        assert rows_of(browser_of(cast.dana).get("/desk/promises?who=mine").text) == []


def test_words_on_several_promises_are_saved_at_once_or_not_at_all(
    cast: Cast, browser_of: Browser, promise_ids: list[int]
) -> None:
    silent, due, soon = promise_ids[:3]
    with on_the_day():
        hyun = browser_of(cast.hyun)
        page = hyun.get("/desk/promises").text
        kept = {"status": "done", "what_happened": "약속대로 했습니다."}
        late = {"status": "moved", "what_happened": "늦어집니다.", "moved_to": "2026-06-30"}
        bad = typed(page, **{f"p{silent}": kept, f"p{due}": {**late, "moved_to": "2020-01-01"}})
        answer = hyun.post("/desk/promises?when=past&lang=en", data=bad)
        assert answer.status_code == 422
        assert "Give the new date" in answer.text
        assert "Nothing was saved: one thing" in answer.text
        assert "약속대로 했습니다." in answer.text, "what was typed stays"
        assert queries.get_promise(silent).status is PromiseStatus.OPEN
        half = typed(page, **{f"p{soon}": {"status": "", "what_happened": "무엇이 되었는지."}})
        assert "Choose what became" in hyun.post("/desk/promises?lang=en", data=half).text
        good = typed(page, **{f"p{silent}": kept, f"p{due}": late})
        answer = hyun.post("/desk/promises?when=past", data=good)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/promises?when=past")
        again = hyun.post("/desk/promises?lang=en", data=good)
        assert again.status_code == 422
        assert "closed" in again.text
        assert "said something meanwhile" in again.text
    assert queries.get_promise(silent).status is PromiseStatus.DONE
    assert queries.get_promise(due).moved_to == date(2026, 6, 30)


def test_nothing_said_is_nothing_saved(
    cast: Cast, browser_of: Browser, promise_ids: list[int]
) -> None:
    with on_the_day():
        hyun = browser_of(cast.hyun)
        page = hyun.get("/desk/promises").text
        assert hyun.post("/desk/promises?lang=en", data=typed(page)).status_code == 303
        assert "nothing was saved" in hyun.get("/desk/promises?lang=en").text
        # rows far beyond the end, and numbers that are none, are no way to break the form
        wild = {f"lines-{number}-promise_id": "x" for number in range(0, 9000, 50)}
        assert hyun.post("/desk/promises", data=wild).status_code == 303
        odd = {"lines-0-promise_id": "99999999999", "lines-0-status": "done", "lines-0-seen": "-1"}
        assert hyun.post("/desk/promises", data=odd).status_code == 422


def test_a_step_with_a_picture_stands_on_the_idea_and_in_the_ledger(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, promise_ids: list[int]
) -> None:
    with on_the_day():
        hyun = browser_of(cast.hyun)
        address = f"/desk/promises/{promise_ids[1]}/steps?lang=en"
        step = {"step-text": "정류장을 세웠습니다.", "step-percent": "60"}
        picture = {
            "step-pictures-0-file": (io.BytesIO(file_of("PNG")), "holiday.exe"),
            "step-pictures-0-alt": "",
        }
        refused = hyun.post(address, data={**step, **picture})
        assert refused.status_code == 422
        assert "Say what can be seen" in refused.text
        assert "정류장을 세웠습니다." in refused.text
        for wrong in ({"step-percent": "101"}, {"step-percent": "much"}, {"step-text": ""}):
            assert hyun.post(address, data={**step, **wrong}).status_code == 422
        fake = {**picture, "step-pictures-0-file": (io.BytesIO(b"<svg/>"), "bus.png")}
        assert "no JPEG, PNG or WebP" in hyun.post(address, data={**step, **fake}).text
        picture["step-pictures-0-file"] = (io.BytesIO(file_of("PNG")), "bus.png")
        picture["step-pictures-0-alt"] = "새 정류장"  # type: ignore[assignment]
        assert hyun.post(address, data={**step, **picture}).status_code == 303
        row = queries.get_promise_row(promise_ids[1])
        page = visitor.get("/answers?by=promises&lang=en").text
        idea = visitor.get(f"/ideas/{row.idea.id}?lang=en", follow_redirects=True).text
    for text in (page, idea):
        assert f'id="p-{promise_ids[1]}"' in text
        assert "60% done" in text
        assert 'alt="새 정류장"' in text


def test_a_picture_is_kept_for_ever_by_its_address_and_gone_with_its_idea(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, promise_ids: list[int]
) -> None:
    with transaction():
        pictures = service.draw_pictures([Upload(file_of("JPEG", (800, 600)), "버스")])
        promise = queries.get_promise(promise_ids[0])
        service.report_step(cast.hyun, promise, "준비했습니다.", 10, pictures)
    row = queries.get_promise_row(promise_ids[0])
    one, idea_id = row.trail[0].pictures[0], row.idea.id
    full = f"/promises/pictures/{one.id}-{one.mark}.webp"
    for address in (full, f"/promises/pictures/small/{one.id}-{one.mark}.webp"):
        for browser in (visitor, browser_of(cast.jun)):
            answer = browser.get(address)
            assert answer.status_code == 200
            assert answer.data[8:12] == b"WEBP"
            assert answer.headers["Content-Type"] == "image/webp"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "immutable" in answer.headers["Cache-Control"]
            assert "private" in answer.headers["Cache-Control"]
    assert visitor.get(full.replace(one.mark, "0" * 12)).status_code == 404
    assert visitor.get(f"/promises/pictures/{one.id + 4711}-{one.mark}.webp").status_code == 404
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, idea_id), State.HIDDEN)
    assert visitor.get(full).status_code == 404
    assert browser_of(cast.jun).get(full).status_code == 404
    assert browser_of(cast.hyun).get(full).status_code == 200


def test_only_the_pages_with_pictures_take_large_requests_and_only_from_officials(
    cast: Cast, browser_of: Browser, promise_ids: list[int]
) -> None:
    def announce(person: Actor, address: str, size: int) -> int:
        """A request that says how large it is; the body itself need not come."""
        kind = "multipart/form-data; boundary=x"
        sent = {"CONTENT_LENGTH": str(size)}
        browser = browser_of(person)
        return browser.post(address, content_type=kind, environ_overrides=sent).status_code

    steps = f"/desk/promises/{promise_ids[0]}/steps"
    assert announce(cast.hyun, steps, 3 * MAX_BYTES) == 400, "it is waited for"
    assert announce(cast.hyun, steps, 3 * MAX_BYTES + 1_000_000) == 413
    assert announce(cast.hyun, "/desk/promises", 3 * MAX_BYTES) == 413
    assert announce(cast.jun, steps, 3 * MAX_BYTES) in {403, 413}


def test_a_wrong_kept_is_opened_again_and_a_keeper_named(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, promise_ids: list[int]
) -> None:
    address = f"/desk/promises/{promise_ids[0]}"
    with on_the_day():
        hyun = browser_of(cast.hyun)
        names = {"keeper-department": "도로과", "keeper-post": "도로팀장"}
        assert hyun.post(f"{address}/keeper", data=names).status_code == 303
        nobody = {"keeper-department": "", "keeper-post": "도로팀장"}
        assert hyun.post(f"{address}/keeper", data=nobody).status_code == 422
        said = {"status": "done", "what_happened": "했습니다."}
        assert hyun.post(address, data=said).headers["Location"] == "/desk/promises"
        assert hyun.post(f"{address}/reopen", data={"reopen-reason": ""}).status_code == 422
        reason = {"reopen-reason": "다른 약속과 헷갈렸습니다."}
        assert hyun.post(f"{address}/reopen", data=reason).status_code == 303
        assert hyun.post(f"{address}/reopen", data=reason).status_code == 403
        assert hyun.get(address).status_code == 200
        page = visitor.get("/answers?by=promises&department=도로과&lang=en").text
    assert "헷갈렸습니다" in page
    assert "도로과" in page
    assert f'id="p-{promise_ids[1]}"' not in page


@pytest.mark.parametrize("person", ["visitor", "jun", "sora"])
def test_the_stranger_finds_every_door_of_promises_closed(
    cast: Cast, browser_of: Browser, visitor: FlaskClient, person: str, promise_ids: list[int]
) -> None:
    stranger = visitor if person == "visitor" else browser_of(getattr(cast, person))
    shut = 303 if person == "visitor" else 403
    one = f"/desk/promises/{promise_ids[0]}"
    assert stranger.get("/desk/promises").status_code == shut
    said = {
        "step-text": "했습니다.",
        "step-percent": "5",
        "reopen-reason": "왜",
        "keeper-post": "나",
    }
    for address in ("/desk/promises", f"{one}/steps", f"{one}/keeper", f"{one}/reopen"):
        assert stranger.post(address, data=said).status_code == shut
    assert queries.trails_of(promise_ids) == {}


def test_the_ledger_offers_promises_departments_and_years(
    cast: Cast, visitor: FlaskClient, promise_ids: list[int]
) -> None:
    with on_the_day():
        front = visitor.get("/answers?lang=en").text
        assert "No word yet, and what comes next" in front
        assert "No word: the day passed 3 working days ago." in front
        page = visitor.get("/answers?by=promises&lang=en").text
        order = [page.index(f'id="p-{each}"') for each in promise_ids]
        assert order == sorted(order)
        chosen = visitor.get("/answers?by=promises&standing=silent&year=2026&lang=en").text
        assert f'id="p-{promise_ids[0]}"' in chosen
        assert f'id="p-{promise_ids[1]}"' not in chosen
        assert "No promise like this" in visitor.get("/answers?by=promises&year=2025&lang=en").text
        for nonsense in (
            "standing=x",
            "year=x",
            "year=99999",
            "department=x",
            "after=x",
            "field=x",
        ):
            assert visitor.get(f"/answers?by=promises&{nonsense}").status_code == 200
        table = visitor.get("/answers/departments?lang=en").text
        assert "교통행정과" in table
        assert "fewer than 3 answers" in table
        assert visitor.get("/answers/departments?period=ever").status_code == 200


def test_without_anything_the_ledger_says_so(app: object, visitor: FlaskClient) -> None:
    assert "No answer yet" in visitor.get("/answers?lang=en").text
    assert "No promise yet" in visitor.get("/answers?by=promises&lang=en").text
    assert "Nothing to count yet" in visitor.get("/answers/departments?lang=en").text
