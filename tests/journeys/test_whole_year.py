"""A whole year in Korean: one idea from a phone on the bus to a promise of the city.

Youths hold phones of 360 pixels, staff sit at 1280. What needs no eyes is done by services.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.shortlists.rules import recount
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import PHONE, Windows, sideways, started
from tests.browser_fixtures.words import Words
from tests.journeys.scene import Scene

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EMAIL = "mina.kim@example.org"
PASSWORD = "노을빛등대와파란버스"
NICKNAME = "막차기다림"
TITLE = "금요일 밤 막차를 열한 시 반까지 늦춰 주세요"
WHY = "야간 근무를 마치면 열 시 막차가 이미 떠나서 택시를 타야 해요."
WORDS = "저도 산단에서 퇴근하면 늘 막차를 놓쳐요."
OTHERS = (
    "퇴근 뒤에도 열려 있는 동네 공부방을 만들어 주세요",
    "자격증 응시료를 합격과 상관없이 지원해 주세요",
    "혼자 사는 청년이 함께 고치는 집수리 모임을 열어요",
)
HEADLINE = "금요일과 토요일의 막차를 늦추겠습니다."
PROMISE = "막차 시각을 늦춘 시간표 공고"


def test_an_idea_travels_from_a_phone_to_a_promise_of_the_city(
    windows: Windows, house: House, ko: Words
) -> None:
    year = Scene.begin(windows, house, ko, slug="ideas-2026", titles=OTHERS)
    stranger, mina = windows.open(size=PHONE), windows.open(size=PHONE)
    jun = windows.open(year.cast.jun, size=PHONE)
    sora, hyun = windows.open(year.cast.sora), windows.open(year.cast.hyun)
    register(year, mina)
    write_before_signing_in(year, mina)
    publish_by_keyboard(year, sora, stranger)
    support_and_comment(year, jun)
    year.move_to(PhaseKind.PREPARING)
    prepare_the_ballot(year, sora)
    year.move_to(PhaseKind.BALLOT)
    vote(year, jun)
    for voter, own in zip(year.others, OTHERS, strict=True):
        year.vote(voter, TITLE, next(title for title in OTHERS if title != own))
    year.move_to(PhaseKind.SHORTLISTING)
    compute_and_publish(year, sora, stranger)
    count_the_published_file_again(year, sora, jun)
    year.move_to(PhaseKind.ANSWERING)
    year.house.drain()
    answer_with_a_promise(year, hyun)
    year.house.drain()
    everybody_reads_the_answer(year, stranger)
    mina_is_told(year, mina)
    take_the_list_as_a_spreadsheet(year, hyun)


def register(year: Scene, page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=year.ko("Log in"), exact=True).click()
    page.get_by_role("main").get_by_role("link", name=year.ko("Register")).click()
    year.field(page, "E-mail address").fill(EMAIL)
    year.field(page, "Password").fill(PASSWORD)
    year.field(page, "Nickname").fill(NICKNAME)
    year.field(page, "Date of birth").fill("1999-03-14")
    page.get_by_label(year.ko("I work here")).check()
    page.get_by_label(year.ko("I agree to the terms of use.")).check()
    page.get_by_label(year.ko("I agree that this data is collected and used.")).check()
    assert sideways(page) == 0
    year.press(page, "Agree and join")
    expect(page.get_by_role("heading", level=1)).to_have_text(year.ko("Look into your mailbox"))
    year.house.drain()
    page.goto(year.house.link_to(EMAIL, "/verify/"))
    if (password := page.get_by_role("main").locator("input[type=password]")).count():
        password.fill(PASSWORD)
    year.press(page, "Confirm and go on")
    expect(page.get_by_role("status").filter(has_text=NICKNAME)).to_be_visible()
    page.get_by_role("button", name=year.ko("Log out")).locator("visible=true").click()
    expect(page.get_by_role("link", name=year.ko("Log in"), exact=True)).to_be_visible()


def write_before_signing_in(year: Scene, page: Page) -> None:
    page.goto("/ideas/new")
    year.field(page, "Title").fill(TITLE)
    year.field(page, "Why is it needed, and for whom?").fill(WHY)
    page.get_by_role("radio", name="교통").check()
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    assert sideways(page) == 0
    year.press(page, "Go and check it")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    year.press(page, "Log in and send")
    year.field(page, "E-mail address").fill(EMAIL)
    year.field(page, "Password").fill(PASSWORD)
    year.press(page, "Log in")
    # the draft has come along, and is looked at once more
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    year.press(page, "Send the idea", context="button")
    expect(page.get_by_role("heading", level=1)).to_have_text(year.ko("Your idea is sent"))


def publish_by_keyboard(year: Scene, page: Page, stranger: Page) -> None:
    assert stranger.goto(f"/ideas/{year.idea_id(TITLE)}").status == 404  # type: ignore[union-attr]
    page.goto("/moderation")
    started(page).keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name=TITLE)).to_be_visible()
    started(page).keyboard.press("a")
    expect(page.get_by_role("region").get_by_role("link", name=TITLE)).to_have_count(0)
    assert stranger.goto(f"/ideas/{year.idea_id(TITLE)}").status == 200  # type: ignore[union-attr]


def support_and_comment(year: Scene, page: Page) -> None:
    page.goto("/ideas?sort=new")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=TITLE))
    button = card.get_by_role("button")
    expect(button).to_have_attribute("aria-pressed", "false")
    started(page)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(card.locator("[data-supports]")).to_have_attribute("data-supports", "1")
    assert sideways(page) == 0
    card.get_by_role("link", name=TITLE).click()
    expect(page.locator("[data-supports]").first).to_have_text("1")
    page.get_by_role("radio", name=year.ko("I am for it", context="stance")).check()
    year.field(page, "Comment").fill(WORDS)
    year.press(page, "Post", context="button")
    expect(page.get_by_role("listitem").filter(has_text=WORDS).first).to_be_visible()
    assert sideways(page) == 0


def prepare_the_ballot(year: Scene, page: Page) -> None:
    page.goto(f"/ballot/{year.slug}/entries")
    for title in (TITLE, *OTHERS):
        page.get_by_role("checkbox", name=title).check()
    year.press(page, "Save the ballot", context="staff")
    told = year.ko("The ballot now has %(count)s entries.", count=4)
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


def vote(year: Scene, page: Page) -> None:
    page.goto(f"/ballot/{year.slug}")
    page.get_by_role("checkbox", name=re.compile(TITLE)).check()
    year.press(page, "Vote", context="button")
    # one is too few: the page says so and keeps the tick
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("checkbox", name=re.compile(TITLE))).to_be_checked()
    started(page)
    for title in OTHERS[:2]:
        page.get_by_role("checkbox", name=re.compile(title)).check()
    expect(page.get_by_role("checkbox", name=re.compile(OTHERS[2]))).to_be_disabled()
    assert sideways(page) == 0
    # away without a word, and back: the ticks are there, and named in the bar
    page.goto("/")
    ticked = page.locator("main input[type=checkbox]:checked")
    for _look in range(20):  # on a busy machine the way back may overtake what was sent on leaving
        page.goto(f"/ballot/{year.slug}")
        if ticked.count() == len(OTHERS[:2]) + 1:
            break
    for title in (TITLE, *OTHERS[:2]):
        expect(page.get_by_role("checkbox", name=re.compile(title))).to_be_checked()
    page.get_by_text(year.ko("What I picked")).click()
    expect(page.locator(".c-sticky").get_by_role("listitem").filter(has_text=TITLE)).to_be_visible()
    year.press(page, "Vote", context="button")
    expect(page.get_by_role("heading", level=1)).to_have_text(year.ko("Check your ballot"))
    year.press(page, "Cast my ballot", context="button")
    expect(page).to_have_url(f"{year.house.address}/ballot/{year.slug}/receipt")
    for title in (TITLE, *OTHERS[:2]):
        expect(page.get_by_role("listitem").filter(has_text=title)).to_be_visible()


def compute_and_publish(year: Scene, page: Page, stranger: Page) -> None:
    page.goto("/shortlists")
    year.press(page, "Compute the list")
    expect(page.locator("#waiting")).to_contain_text(
        year.ko(
            "The ballots are being counted. This takes a few seconds, for very many ballots a minute."
        )
    )
    assert stranger.goto(page.url).status == 404  # type: ignore[union-attr]
    # the page asks by itself until the worker has counted
    year.house.drain()
    with page.expect_navigation():
        page.get_by_role("link", name=year.ko("Change, sign, publish")).click()
    work = page.url
    sign(year, started(page))
    expect(year.button(page, "Publish this list")).to_have_count(0)
    dana = year.windows.open(year.cast.dana)
    dana.goto(work)
    sign(year, started(dana))
    page.goto(work)
    year.press(started(page), "Publish this list")
    page.get_by_role("dialog").get_by_role("button", name=year.ko("Publish this list")).click()
    told = year.ko("The shortlist is public. The city has been asked for its answers.")
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()
    stranger.goto("/shortlists")
    stranger.get_by_role("main").get_by_role("link").first.click()
    expect(stranger.get_by_role("main").get_by_role("link", name=TITLE).first).to_be_visible()


def count_the_published_file_again(year: Scene, page: Page, auditor: Page) -> None:
    """So few ballots are a file for named people only: Jun is named, and counts what the page shows."""
    page.get_by_role("link", name=year.ko("Signatures, changes, auditors")).click()
    year.field(page, "E-mail address of the account").fill("jun@example.org")
    year.field(page, "Why this person").fill("청년위원회가 추천했습니다")
    year.press(page, "Name this person")
    expect(page.get_by_role("status").first).to_be_visible()
    auditor.goto(page.url.removesuffix("/work"))
    with auditor.expect_download() as coming:
        auditor.get_by_role("link", name=year.ko("Get the ballots")).click()
    again = recount(coming.value.path().read_bytes())
    assert again.changed_line is None
    places = auditor.locator(".c-rank .c-rank__n").all_inner_texts()
    titles_shown = auditor.locator(".c-rank .c-rank__t").all_inner_texts()
    # close calls stand together behind the firm places
    shown = [title for _place, title in sorted(zip(map(int, places), titles_shown, strict=True))]
    titles = dict(zip(again.ballots.ideas, again.ballots.titles, strict=True))
    assert [titles[idea] for idea in again.result.winners] == shown
    printed = "".join(auditor.locator(".c-check2 code").first.inner_text().split())
    assert printed == again.digest


def sign(year: Scene, page: Page) -> None:
    year.press(page, "Sign")
    page.get_by_role("dialog").get_by_role("button", name=year.ko("Sign")).click()
    expect(page.get_by_role("status").first).to_be_visible()


def answer_with_a_promise(year: Scene, page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("radio", name=year.ko("Adopted", context="decision"), exact=True).check()
    year.field(page, "Answer in one line").fill(HEADLINE)
    year.field(page, "Reason").fill("운행 손실을 시가 보전하기로 하여 내년부터 늦출 수 있습니다.")
    year.field(page, "Department").fill("교통행정과")
    year.field(page, "Responsible post").fill("버스정책계장")
    page.get_by_label(year.ko("Promise %(number)s: what", number=1)).fill(PROMISE)
    day = clock.today() + timedelta(days=60)
    page.get_by_label(year.ko("Promise %(number)s: by when", number=1)).fill(day.isoformat())
    page.get_by_role("button", name=year.ko("Publish the answer")).click()
    told = year.ko("The answer is published. Authors, supporters and followers are told.")
    expect(page.get_by_role("status").filter(has_text=told)).to_be_visible()


def everybody_reads_the_answer(year: Scene, page: Page) -> None:
    page.goto("/answers")
    expect(page.get_by_role("listitem").filter(has_text=PROMISE).first).to_be_visible()
    assert sideways(page) == 0
    page.get_by_role("link", name=HEADLINE).click()
    letter = page.get_by_role("region", name=re.compile(HEADLINE))
    expect(letter).to_contain_text("교통행정과")
    expect(letter).to_contain_text(PROMISE)
    assert sideways(page) == 0


def mina_is_told(year: Scene, page: Page) -> None:
    page.goto("/me/notices")
    told = year.ko(
        "The city has answered your idea “%(title)s”: %(decision)s.",
        title=TITLE,
        decision=year.ko("Adopted", context="decision"),
    )
    expect(page.get_by_role("listitem").filter(has_text=told)).to_be_visible()
    assert any(TITLE in letter for letter in year.house.letters_to(EMAIL))


def take_the_list_as_a_spreadsheet(year: Scene, page: Page) -> None:
    page.goto("/exports")
    page.locator("input[name=choice][value='shortlist.open.xlsx']").check()
    page.get_by_label(year.ko("Campaign"), exact=True).select_option(year.slug)
    with page.expect_download() as coming:
        year.press(page, "Get the file")
    assert coming.value.suggested_filename.endswith(".xlsx")
    book = load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    header, *rows = book.worksheets[-1].iter_rows(values_only=True)
    assert header[:4] == ("순위", "구분", "제안번호", "제목")
    assert [row[0] for row in rows] == [1, 2]
    assert TITLE in {row[3] for row in rows}
