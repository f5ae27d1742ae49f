"""Texts that would come alive stay texts: on pages, in feeds, in JSON; whatever somebody types or asks for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from itertools import cycle
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ideas_app.accounts.queries import get_account
from ideas_app.core import markup, text
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import State
from ideas_app.ideas.queries import get_idea
from tests.adapters.workbooks import as_csv
from tests.answers import scenes as answers
from tests.comments.scenes import write
from tests.factories import make_campaign, make_idea, make_programme
from tests.people import Cast, make_account
from tests.programmes.scenes import HEADER, person_row
from tests.security.alive import alive_in, check
from tests.security.corpus import ADDRESSES, SLOW, TEXTS

FORM = {
    "password": "등대 아래 푸른 돌고래",
    "born_on": "2001-02-03",
    "tie": "resident",
    "consent_terms": "y",
    "consent_privacy": "y",
}
LONGEST_PAGE = 1_000_000
"""Bytes of HTML, whatever stands in the text."""


def test_the_corpus_is_large_and_the_reader_knows_what_lives() -> None:
    assert len(TEXTS) >= 200
    lively = [one for one in TEXTS if "zq" in one and alive_in(f"<p>{one}</p>")]
    assert len(lively) > 40
    assert alive_in('<a href="javascript:zq()">x</a>')
    assert alive_in('<a href="java\tscript:zq()">x</a>')
    assert alive_in('<input value="" onmouseover=zq()>')
    assert alive_in("<script>let a = 'zq'</script>")
    assert not alive_in("<p>&lt;script&gt;zq()&lt;/script&gt;</p><a href='/search?q=zq'>x</a>")


@pytest.mark.parametrize("render", [markup.render, markup.render_page])
def test_no_text_comes_alive_by_markdown(render: Callable[[str], str]) -> None:
    for one in TEXTS:
        page = render(one)
        assert not alive_in(page), one
        assert "<img" not in page, one


@pytest.mark.parametrize("name", SLOW)
def test_no_text_costs_more_than_a_moment(name: str) -> None:
    began = time.process_time()
    source = SLOW[name][:10_000]
    page = markup.render(text.normalise(source))
    text.length(SLOW[name])
    text.key(SLOW[name])
    assert time.process_time() - began < 2
    assert len(page) < LONGEST_PAGE


@pytest.fixture
def all_over(cast: Cast) -> tuple[Cast, list[int]]:
    """The corpus in every place where a person writes: idea, comment, answer, nickname; the ideas' ids."""
    rest, made = iter(TEXTS), []
    campaign = make_campaign()
    for at in range(100):
        part = next(rest, None)
        if part is None:
            break
        more = [next(rest, part) for _ in range(5)]
        nickname = text.one_line(more[4])[:40] or "zq"
        author = make_account(f"{nickname}{at}", email=f"writer{at}@example.org")
        idea = make_idea(
            author,
            campaign,
            title=text.one_line(part) or "zq",
            why=text.normalise(more[0]) or "zq",
            how=text.normalise(more[1]),
        )
        write(author, idea.id, more[2] if text.normalise(more[2]) else "zq")
        if at % 5 == 0:
            waiting = answers.open_for(cast, idea)
            answers.answer(cast, waiting, reason=more[3] or "zq", department=text.one_line(more[3]))
        made.append(idea.id)
    return cast, made


def test_nothing_comes_alive_where_people_read_and_staff_work(
    all_over: tuple[Cast, list[int]],
    visitor: FlaskClient,
    browser_of: Callable[[object], FlaskClient],
) -> None:
    cast, made = all_over
    sora, hyun, dana = browser_of(cast.sora), browser_of(cast.hyun), browser_of(cast.dana)
    for number in made:
        check(visitor.get(f"/ideas/{number}", follow_redirects=True))
    for number in made[::6]:
        check(visitor.get(f"/feeds/ideas/{number}.atom"))
        check(visitor.get(f"/embed/ideas/{number}/ko"))
        check(visitor.get(f"/api/v1/ideas/{number}"))
        check(sora.get(f"/moderation/{number}"))
    for page in range(1, 4):
        check(visitor.get(f"/ideas?page={page}"))
    for path in ("/", "/feeds/ideas.atom", "/feeds/answers.atom", "/api/v1/ideas?limit=50"):
        check(visitor.get(path))
    for path in ("/answers", "/search?q=zq", "/sitemap.xml", "/data"):
        check(visitor.get(path))
    for path in ("/moderation", "/moderation/families", "/audit"):
        check(sora.get(path))
    for path in ("/desk", "/desk/publish", "/reports/desk"):
        check(hyun.get(path))
    for path in ("/admin/people", "/admin/access"):
        check(dana.get(path))


def test_what_waits_at_the_desk_does_not_come_alive_there(
    cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    campaign, sora = make_campaign(), browser_of(cast.sora)
    waiting = [
        make_idea(
            cast.mina,
            campaign,
            title=text.one_line(one)[:120] or "zq",
            why=text.normalise(one),
            state=State.SUBMITTED,
        ).id
        for one in TEXTS[::18]
    ]
    check(sora.get("/moderation"))
    for number in waiting:
        check(sora.get(f"/moderation/{number}"))
    check(
        sora.post(f"/moderation/{waiting[0]}/reject", data={"code": TEXTS[0], "reason": TEXTS[1]})
    )


def questions() -> Iterator[str]:
    """Addresses that ask, each with one text of the corpus in one place."""
    places = cycle(
        [
            "/ideas?q={}", "/ideas?sort={}", "/ideas?page={}", "/ideas?field={}", "/ideas?state={}", "/search?q={}",
            "/programmes?year={}", "/answers?decision={}", "/?lang={}", "/audit?before={}", "/login?next={}",
            "/ideas/similar?title={}", "/oembed?url={}", "/api/v1/ideas?q={}", "/api/v1/ideas?cursor={}",
            "/certificates/{}", "/data/{}", "/campaigns/{}", "/{}", "/ballot/{}", "/feeds/fields/{}.atom",
        ]
    )  # fmt: skip
    for one, place in zip(TEXTS[::3], places, strict=False):
        yield place.format(quote(one.encode("utf-8", "replace"), safe=""))


def test_nothing_that_is_asked_for_comes_alive_in_the_answer(
    cast: Cast, visitor: FlaskClient
) -> None:
    make_idea(cast.mina, make_campaign())
    for address in questions():
        check(visitor.get(address))


def test_orders_and_filters_that_do_not_exist_show_no_more_than_the_plain_list(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign, title="모두가 보는 제안")
    make_idea(cast.mina, campaign, title="아직 아무도 못 보는 제안", state=State.SUBMITTED)
    for name, value in (
        ("sort", "password"), ("sort", "password_hash desc"), ("state", "submitted"), ("status", "pending"),
        ("author", str(cast.mina.id)), ("author_id", "1"), ("is_listed", "0"), ("limit", "99999"), ("page", "-1"),
        ("field", "1 OR 1=1"), ("campaign", "' OR ''='"), ("q", "' OR '1'='1"), ("year", "9" * 30),
    ):  # fmt: skip
        for root in ("/ideas", "/api/v1/ideas"):
            answer = visitor.get(root, query_string={name: value})
            check(answer)
            assert "아직 아무도" not in answer.text, (root, name)


class Forms(HTMLParser):
    """The forms of a page that act: where each leads, and its fields with what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._fields = {} if (told.get("method") or "").lower() == "post" else None
            if self._fields is not None:
                self.found.append((told.get("action") or "", self._fields))
        elif self._fields is not None and tag in {"input", "textarea", "select", "button"}:
            self._fields.setdefault(told.get("name") or "", told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None


PAGES = {
    "visitor": ("/register", "/login", "/reset", "/certificates", "/data-requests", "/ideas/new"),
    "mina": ("/ideas/{idea}/edit", "/ideas/{idea}/withdraw"),
    "jun": (
        "/ideas/{idea}", "/ideas/{idea}/flag", "/ideas/new", "/me/settings", "/me/settings/tokens", "/me/privacy",
        "/attend", "/me/record/link", "/me/record/ask", "/me/notices/settings", "/me/confirm", "/me/delete",
    ),
    "sora": (
        "/programmes/new", "/moderation/{idea}", "/moderation/{idea}/hide", "/moderation/{idea}/fix",
        "/moderation/synonyms", "/moderation/paper", "/moderation/families", "/shortlists", "/rosters/ai-pot-2",
        "/rosters/ai-pot-2/meetings", "/programmes/ai-pot-2/edit", "/programmes/ai-pot-2/tallies",
    ),
    "hyun": ("/desk/templates", "/exports", "/desk/{answer}", "/desk/hand", "/desk/evaluations/new"),
    "dana": ("/admin/webhooks", "/admin/texts", "/admin/people", "/admin/requests", "/admin/retention"),
}  # fmt: skip
"""Whose forms stand on which pages."""
LEFT_ALONE = ("/logout", "/delete", "/language")


def test_whatever_is_typed_into_a_form_is_taken_or_refused_and_never_comes_alive(
    cast: Cast, browser_of: Callable[[object], FlaskClient], visitor: FlaskClient
) -> None:
    make_programme()
    numbers = {
        "answer": answers.owed(cast, answers.answering()),
        "idea": make_idea(cast.mina, make_campaign("open-2026")).id,
    }
    sent, texts = set(), cycle(TEXTS)
    for who, pages in PAGES.items():
        browser = browser_of(getattr(cast, who)) if who != "visitor" else visitor
        for page in pages:
            address = page.format(**numbers)
            for action, fields in Forms(browser.get(address).text).found:
                target = action or address
                if target in sent or target.endswith(LEFT_ALONE):
                    continue
                sent.add(target)
                # what was filled in for the reader stays in every second form, and is exchanged in the others
                kept = fields if len(sent) % 2 else dict.fromkeys(fields, "")
                typed = {name: value or next(texts) for name, value in kept.items()}
                check(browser.post(target, data=typed))
    assert len(sent) > 50, sorted(sent)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: repr(one[:12]))
def test_no_odd_address_costs_a_moment_or_reaches_a_second_person(
    cast: Cast, visitor: FlaskClient, address: str
) -> None:
    began = time.process_time()
    check(visitor.post("/register", data={**FORM, "nickname": "노을", "email": address}))
    check(visitor.post("/reset", data={"email": address}))
    assert time.process_time() - began < 2


def test_names_on_a_roster_stay_names(
    cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    sora, name = browser_of(cast.sora), HEADER.index("성명")
    make_programme(year=2025, status="closed")
    rows = [list(person_row(place)) for place in range(len(TEXTS[::4]))]
    for row, one in zip(rows, TEXTS[::4], strict=True):
        row[name] = one.replace("\x00", "")
    roster = as_csv([HEADER, *rows], encoding="utf-8")
    answer = sora.post("/rosters/ai-pot-2", data={"file": (BytesIO(roster), "zq<b>.csv")})
    check(answer)
    page = sora.get(answer.location)
    check(page)
    assert "zq" in page.text


def test_what_a_stranger_adds_to_a_form_is_not_taken_over(
    app: Flask, cast: Cast, browser_of: Callable[[object], FlaskClient]
) -> None:
    wanted = {
        "role": Role.ADMIN.value, "is_verified": "1", "verified_at": "2020-01-01", "id": str(cast.dana.id),
        "account_id": str(cast.dana.id), "author_id": str(cast.dana.id), "state": "shortlisted", "is_listed": "1",
        "supports_count": "999", "votes": "999", "created_at": "2020-01-01", "disabled_at": "",
        "email": "zq@example.org", "password_hash": "zq", "is_trusted": "1", "highlighted_at": "2020-01-01",
    }  # fmt: skip
    number = make_idea(cast.mina, make_campaign()).id
    before = _facts(cast.jun.id), _standing(number)
    jun = browser_of(cast.jun)
    jun.post("/me/settings/nickname", data={"nickname": "준이", **wanted})
    jun.post("/me/settings/language", data={"locale": "ko", **wanted})
    jun.post("/me/settings/tie", data={"tie": "resident", **wanted})
    jun.post(f"/ideas/{number}/follow", data=wanted)
    jun.post(
        f"/ideas/{number}/comments", data={"text": "같은 생각이에요.", "stance": "for", **wanted}
    )
    jun.post(f"/ideas/{number}/edit", data={"title": "내 것", **wanted})
    assert (_facts(cast.jun.id), _standing(number)) == before
    assert get_account(cast.jun.id).nickname == "준이"
    assert get_idea(number).comments_count == 1


def _facts(account_id: int) -> tuple[Any, ...]:
    row = get_account(account_id)
    return row.id, row.role, row.email, row.verified_at, row.password_hash, row.created_at


def _standing(idea_id: int) -> tuple[Any, ...]:
    row = get_idea(idea_id)
    return row.author_id, row.state, row.is_listed, row.supports_count, row.title, row.submitted_at
