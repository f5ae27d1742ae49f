"""Atom feeds: valid for a reader, public things only, safe against what people typed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from ideas_app.answers.models import Answer, Decision, Promise
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas.models import Idea, Revision, State
from ideas_app.pages import queries
from ideas_app.shortlists.models import Round, RoundState
from tests.factories import make_campaign, make_idea
from tests.shortlists.scenes import closed_ballot, computed

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script> & ]]> \"' 100% 막차"


def read(client, path):
    """The feed, held against what RFC 4287 demands of one."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    for each in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(each.findall(f"{ATOM}{name}")) == 1, name
        assert each.findtext(f"{ATOM}id").startswith("tag:localhost,2025:/")
        assert each.findtext(f"{ATOM}author/{ATOM}name")
        assert datetime.fromisoformat(each.findtext(f"{ATOM}updated")).tzinfo
        for link in each.findall(f"{ATOM}link"):
            assert link.get("href").startswith("http://localhost/")
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"http://localhost{path}"
    check_atom(feed)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return feed


XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TEXTS = {"title", "summary", "content"}
ONCE = {"id", "title", "updated", "published", "summary", "content"}
IN_FEED = {"id", "title", "updated", "author", "link", "entry"}
IN_ENTRY = {
    "id",
    "title",
    "updated",
    "published",
    "author",
    "link",
    "category",
    "summary",
    "content",
}


def check_atom(feed):
    """The strict part of RFC 4287: known elements only, each as often as it may be, texts and links in order."""
    assert feed.get(XML_LANG) in {"ko", "en"}
    stamps = [feed.findtext(f"{ATOM}updated")]
    for each in (feed, *feed.findall(f"{ATOM}entry")):
        names = [child.tag.removeprefix(ATOM) for child in each]
        assert set(names) <= (IN_FEED if each is feed else IN_ENTRY)
        assert all(names.count(name) <= 1 for name in ONCE)
        kinds = [(link.get("rel"), link.get("type")) for link in each.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert ("alternate", "text/html") in kinds
        for child in each:
            if child.tag.removeprefix(ATOM) in TEXTS:
                assert child.get("type") in {None, "text", "html"}
                assert len(child) == 0
        for html in each.findall(f"{ATOM}content"):
            assert not re.search(
                r"<(script|style|iframe)|\son\w+=|javascript:", html.text, re.IGNORECASE
            )
        stamps.append(each.findtext(f"{ATOM}updated"))
    assert all(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", at)
        for at in stamps
    )


def entries(client, path, name="title"):
    return [entry.findtext(f"{ATOM}{name}") for entry in read(client, path).iter(f"{ATOM}entry")]


def add(*things):
    with transaction() as current:
        current.add_all(things)
        current.flush()


@pytest.fixture
def idea_id(cast):
    return make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요").id


def change(idea_id, **values):
    with transaction() as current:
        for name, value in values.items():
            setattr(current.get_one(Idea, idea_id), name, value)


def answer_to(idea_id, **more):
    values = {
        "idea_id": idea_id,
        "received_on": date(2026, 5, 1),
        "due_on": date(2026, 5, 22),
        "answered_at": clock.now(),
        "decision": Decision.PARTLY,
        "reason": "금요일부터 늦춥니다.",
        "department": "교통행정과",
    }
    return Answer(**{**values, **more})


def test_an_empty_house_has_valid_feeds(visitor):
    for path in ("/feeds/ideas.atom", "/feeds/answers.atom"):
        assert entries(visitor, path) == []


@pytest.mark.parametrize("state", list(State))
def test_only_what_the_list_shows_is_in_a_feed(cast, visitor, browser_of, state):
    made = make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요", state=state)
    listed, number = made.is_listed, made.id
    for client in (visitor, browser_of(cast.mina), browser_of(cast.sora)):
        assert bool(entries(client, "/feeds/ideas.atom")) is listed
        assert client.get(f"/feeds/ideas/{number}.atom").status_code == (200 if listed else 404)


def test_a_hidden_idea_takes_its_answer_along(idea_id, visitor):
    add(answer_to(idea_id))
    assert len(entries(visitor, "/feeds/answers.atom")) == 1
    change(idea_id, state=State.HIDDEN, is_listed=False)
    assert entries(visitor, "/feeds/answers.atom") == []


def test_a_draft_answer_is_in_no_feed(idea_id, visitor):
    add(answer_to(idea_id, answered_at=None))
    assert entries(visitor, "/feeds/answers.atom") == []
    assert "금요일" not in visitor.get(f"/feeds/ideas/{idea_id}.atom").text


def test_what_people_typed_becomes_neither_markup_nor_a_broken_feed(cast, visitor):
    made = make_idea(cast.mina, make_campaign(), title=HOSTILE, why=f"{HOSTILE}\x0b\ufffe")
    number = made.id
    add(answer_to(number, reason=HOSTILE, department=HOSTILE))
    assert entries(visitor, "/feeds/ideas.atom") == [HOSTILE]
    assert HOSTILE in entries(visitor, "/feeds/answers.atom")[0]
    assert all(HOSTILE in title for title in entries(visitor, f"/feeds/ideas/{number}.atom"))


def test_a_feed_names_the_nickname_only(idea_id, visitor):
    page = visitor.get("/feeds/ideas.atom").text
    assert "<name>Mina</name>" in page
    assert "@" not in page


def test_an_idea_that_changed_keeps_its_name_and_moves_its_date(idea_id, visitor):
    before = entries(visitor, "/feeds/ideas.atom", "id")
    later = clock.now() + timedelta(hours=1)
    change(idea_id, title="막차를 자정까지", edited_at=later)
    assert entries(visitor, "/feeds/ideas.atom", "id") == before
    (updated,) = entries(visitor, "/feeds/ideas.atom", "updated")
    assert datetime.fromisoformat(updated) == later


def test_the_steps_of_an_idea_are_told_newest_first(cast, idea_id, visitor):
    now = clock.now()
    add(
        Revision(
            idea_id=idea_id, version=2, title="x", why="x", how="", editor_id=cast.mina.id,
            made_at=now + timedelta(hours=1),
        ),
        answer_to(
            idea_id,
            answered_at=now + timedelta(hours=2),
            promises=[
                Promise(
                    text="시험 운행",
                    due_on=clock.today() + timedelta(days=90),
                    made_at=now + timedelta(hours=3),



                )
            ],
        ),
    )  # fmt: skip
    visitor.get("/?lang=en")
    with clock.at(now + timedelta(hours=4)):
        told = [title.split(":")[0] for title in entries(visitor, f"/feeds/ideas/{idea_id}.atom")]
    assert told == [
        "Promised",
        "The city answered",
        "Version 2",
        "Read by the centre and published",
        "Sent to the centre",
        "The city was asked for its answer",
    ]


def test_a_list_is_told_only_once_it_is_public(cast, visitor):
    campaign, ideas = closed_ballot(cast)
    numbers = {letter: idea.id for letter, idea in ideas.items()}
    paths = [f"/feeds/ideas/{number}.atom" for number in numbers.values()]
    before = [visitor.get(path).data for path in paths]
    round_id = computed(cast, campaign).id
    assert [visitor.get(path).data for path in paths] == before
    with transaction() as current:
        row = current.get_one(Round, round_id)
        row.state, row.published_at = RoundState.PUBLISHED, clock.now()
    visitor.get("/?lang=en")
    for path, was in zip(paths, before, strict=True):
        told = [title.split(":")[0] for title in entries(visitor, path)]
        chosen = [one for one in told if one.endswith("for the shortlist")]
        assert len(chosen) == 1
        assert len(told) == was.count(b"<entry>") + 1


def test_a_reader_that_has_it_is_told_so(idea_id, visitor):
    for path in ("/feeds/ideas.atom", "/feeds/answers.atom", f"/feeds/ideas/{idea_id}.atom"):
        etag = visitor.get(path).headers["ETag"]
        again = visitor.get(path, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
    change(idea_id, title="다른 제목")
    assert visitor.get("/feeds/ideas.atom", headers={"If-None-Match": etag}).status_code == 200


def next_of(client, path):
    link = read(client, path).find(f"{ATOM}link[@rel='next']")
    return None if link is None else link.get("href").removeprefix("http://localhost")


def test_a_feed_begins_with_the_newest_and_goes_on_in_pages(cast, visitor, monkeypatch):
    assert queries.FEED == 50
    monkeypatch.setattr(queries, "FEED", 3)
    campaign = make_campaign("many")
    numbers = [make_idea(cast.mina, campaign).id for _ in range(5)]
    change(numbers[0], published_at=clock.now() + timedelta(days=1))
    newest = entries(visitor, "/feeds/ideas.atom", "id")
    assert len(newest) == 3
    assert newest[0].endswith(f"/{numbers[0]}")
    further = next_of(visitor, "/feeds/ideas.atom")
    assert read(visitor, further).find(f"{ATOM}link[@rel='first']").get("href").endswith(".atom")
    assert len(newest + entries(visitor, further, "id")) == len(numbers)
    assert next_of(visitor, further) is None
    assert visitor.get("/feeds/ideas.atom?after=spoilt").status_code == 200


def test_answers_go_on_in_pages_too(cast, visitor, monkeypatch):
    monkeypatch.setattr(queries, "FEED", 1)
    campaign = make_campaign()
    for days in (1, 2):
        made = make_idea(cast.mina, campaign)
        add(answer_to(made.id, answered_at=clock.now() - timedelta(days=days)))
    path, seen = "/feeds/answers.atom", []
    while path:
        seen += entries(visitor, path, "id")
        path = next_of(visitor, path)
    assert len(set(seen)) == len(seen) == 2


def test_campaigns_and_fields_have_feeds_of_their_own(cast, visitor):
    one, other = make_campaign(), make_campaign("other-2026")
    first = make_idea(cast.mina, one, title="막차를 늦춰 주세요", field=0).id
    make_idea(cast.mina, other, title="월세를 도와주세요 꼭", field=1)
    make_idea(cast.mina, one, title="감춘 제안", state=State.HIDDEN)
    add(answer_to(first))
    assert entries(visitor, "/feeds/campaigns/ideas-2026.atom") == ["막차를 늦춰 주세요"]
    assert entries(visitor, "/feeds/campaigns/other-2026.atom") == ["월세를 도와주세요 꼭"]
    assert entries(visitor, "/feeds/fields/home.atom") == ["월세를 도와주세요 꼭"]
    assert len(entries(visitor, "/feeds/campaigns/ideas-2026/answers.atom")) == 1
    assert entries(visitor, "/feeds/campaigns/other-2026/answers.atom") == []
    for path in ("campaigns/nowhere", "campaigns/nowhere/answers", "fields/nowhere"):
        assert visitor.get(f"/feeds/{path}.atom").status_code == 404
    assert "/feeds/campaigns/ideas-2026.atom" in visitor.get("/campaigns/ideas-2026").text
    page = visitor.get("/ideas?campaign=ideas-2026&field=home").text
    assert 'href="/feeds/campaigns/ideas-2026.atom"' in page
    assert 'href="/feeds/fields/home.atom"' in page


def test_the_whole_text_comes_as_sanitised_html(cast, visitor):
    make_idea(cast.mina, make_campaign(), why=f"**굵게** {HOSTILE}")
    (html,) = entries(visitor, "/feeds/ideas.atom", "content")
    assert "굵게" in html
    assert "<script" not in html


def test_a_feed_in_a_language_names_itself_so(idea_id, visitor):
    feed = read(visitor, "/feeds/ideas.atom?lang=en")
    assert feed.get(XML_LANG) == "en"
    assert feed.findtext(f"{ATOM}title").startswith("New ideas")


def test_pages_name_their_feeds_and_lead_to_them(idea_id, visitor):
    page = visitor.get(f"/ideas/{idea_id}", follow_redirects=True).text
    for path in ("/feeds/ideas.atom", f"/feeds/ideas/{idea_id}.atom", "/feeds/answers.atom"):
        assert 'type="application/atom+xml" title=' in page
        assert f'href="{path}"' in page
    assert 'href="/feeds/answers.atom"' in visitor.get("/answers").text
