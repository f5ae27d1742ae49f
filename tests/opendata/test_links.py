"""What the site tells other programs of its pages: addresses, languages, pictures, frames, posters. Public only."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

from ideas_app.adapters.pictures.cards import draw_card
from ideas_app.campaigns.models import PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.ideas.models import Idea, State
from ideas_app.opendata.queries import addresses
from tests.factories import make_campaign, make_idea
from tests.opendata.scenes import answer, refresh

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOSTILE = "</script><script>alert(1)</script> & \"' 막차"


def locations(client: FlaskClient, path: str) -> list[str]:
    found = client.get(path)
    assert found.content_type == "application/xml; charset=utf-8"
    return [one.text or "" for one in ET.fromstring(found.data).iter(f"{MAP}loc")]


def head_of(page: str, pattern: str) -> list[str]:
    return [unescape(one) for one in re.findall(pattern, page.partition("</head>")[0])]


@pytest.fixture
def idea_id(cast: Cast) -> int:
    return make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요").id


def change(idea_id: int, **values: object) -> None:
    with transaction() as current:
        for name, value in values.items():
            setattr(current.get_one(Idea, idea_id), name, value)


def test_every_address_of_the_sitemap_is_a_page_for_everybody(
    idea_id: int, visitor: FlaskClient
) -> None:
    refresh()
    assert "Sitemap: http://localhost/sitemap.xml" in visitor.get("/robots.txt").text
    for sitemap in locations(visitor, "/sitemap.xml"):
        for place in locations(visitor, urlsplit(sitemap).path):
            path = place.removeprefix("http://localhost")
            assert visitor.get(path).status_code == 200, path


def in_every_state(cast: Cast) -> dict[int, bool]:
    """An idea in each state: its id, and whether the list shows it."""
    campaign = make_campaign()
    made = [make_idea(cast.mina, campaign, state=state) for state in State]
    return {idea.id: idea.is_listed for idea in made}


def test_the_sitemap_names_listed_ideas_only(cast: Cast, visitor: FlaskClient) -> None:
    ids = in_every_state(cast)
    named = [
        place
        for sitemap in locations(visitor, "/sitemap.xml")
        for place in locations(visitor, urlsplit(sitemap).path)
    ]
    for number, listed in ids.items():
        assert any(f"/ideas/{number}-" in place for place in named) is listed


def test_many_ideas_go_into_sitemaps_by_their_ids(
    cast: Cast, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "PAGE", 2)
    campaign = make_campaign()
    ids = [make_idea(cast.mina, campaign).id for _ in range(5)]
    pages = [one for one in locations(visitor, "/sitemap.xml") if "ideas-" in one]
    listed = [len(locations(visitor, urlsplit(page).path)) for page in pages]
    assert sum(listed) == len(ids)
    assert max(listed) == 2
    assert visitor.get(f"/sitemaps/ideas-{len(pages) + 1}.xml").status_code == 404


def test_a_page_names_its_one_address_and_its_languages(
    idea_id: int, visitor: FlaskClient, browser_of: Callable[[Actor], FlaskClient], cast: Cast
) -> None:
    page = visitor.get("/ideas?sort=new&field=job").text
    assert head_of(page, r'rel="canonical" href="([^"]+)"') == ["http://localhost/ideas?field=job"]
    assert len(head_of(page, r'hreflang="(ko|en|x-default)"')) == 3
    english = visitor.get(f"/ideas/{idea_id}?lang=en", follow_redirects=True).text
    (canonical,) = head_of(english, r'rel="canonical" href="([^"]+)"')
    assert canonical.startswith(f"http://localhost/ideas/{idea_id}-")
    assert canonical.endswith("?lang=en")
    assert "og:image" not in visitor.get("/no-such-page").text
    assert "og:image" not in browser_of(cast.mina).get("/ideas").text


def picture(client: FlaskClient, page: str) -> tuple[str, bytes]:
    (address,) = head_of(page, r'property="og:image" content="([^"]+)"')
    found = client.get(urlsplit(address).path)
    assert found.content_type == "image/png"
    assert "immutable" in found.headers["Cache-Control"]
    assert found.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in found.headers
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.size == (1200, 630)
    return urlsplit(address).path, found.data


def test_each_page_has_a_picture_whose_address_changes_with_its_words(
    idea_id: int, visitor: FlaskClient
) -> None:
    paths = {
        path: picture(visitor, visitor.get(path, follow_redirects=True).text)
        for path in ("/", "/campaigns/ideas-2026", f"/ideas/{idea_id}")
    }
    assert len({content for _path, content in paths.values()}) == 3
    old, _content = paths[f"/ideas/{idea_id}"]
    change(idea_id, title="막차를 자정까지 늦춰 주세요")
    new, _content = picture(visitor, visitor.get(f"/ideas/{idea_id}", follow_redirects=True).text)
    assert new != old
    moved = visitor.get(old)
    assert (moved.status_code, moved.headers["Location"]) == (302, new)
    answer([idea_id])
    answered = visitor.get(f"/ideas/{idea_id}", follow_redirects=True).text
    assert picture(visitor, answered)[0].startswith(f"/cards/answers/{idea_id}/ko/")


def test_a_picture_tells_no_supports_while_they_are_votes(cast: Cast, visitor: FlaskClient) -> None:
    made = make_idea(cast.mina, make_campaign(settings={"source": "supports"}))
    number = made.id
    page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
    before = picture(visitor, page)[0]
    change(number, supports_count=42)
    page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
    assert picture(visitor, page)[0] == before
    assert "LikeAction" not in page
    assert not re.search(r"\b42\b", visitor.get(f"/embed/ideas/{number}").text)
    with clock.at(clock.now() + timedelta(days=30)):
        page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
        assert picture(visitor, page)[0] != before
        assert 'data-supports="42"' in visitor.get(f"/embed/ideas/{number}").text


@pytest.mark.parametrize("title", ["", "가" * 300, "😀 글 \x00\u200b", "뷁 " * 80])
def test_any_title_becomes_a_picture(title: str) -> None:
    drawn = draw_card(label="분야", title=title, facts=("사실",), house="군산", colour="#063a74")
    assert len(drawn) < 100_000


def test_what_is_not_listed_has_no_card_no_frame_and_no_poster(
    cast: Cast, visitor: FlaskClient
) -> None:
    ids = in_every_state(cast)
    printed = next(number for number, listed in ids.items() if listed)
    for number, listed in ids.items():
        status = 200 if listed else 404
        for path in (f"/embed/ideas/{number}", f"/oembed?url=http://localhost/ideas/{number}"):
            assert visitor.get(path).status_code == status, path
        card = visitor.get(f"/cards/ideas/{number}/ko/x.png")
        assert card.status_code == (302 if listed else 404)
        if not listed or number == printed:
            assert visitor.get(f"/posters/ideas/{number}.pdf").status_code == status
        page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
        assert ('id="share"' in page) is listed


def test_a_frame_is_open_to_all_pages_and_holds_nobodys_data(
    idea_id: int, browser_of: Callable[[Actor], FlaskClient], cast: Cast, visitor: FlaskClient
) -> None:
    for client in (visitor, browser_of(cast.mina)):
        frame = client.get(f"/embed/ideas/{idea_id}/en")
        policy = frame.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "X-Frame-Options" not in frame.headers
        assert "Set-Cookie" not in frame.headers
        assert not re.search(r"<script|<form|csrf|<style| style=", frame.text)
        assert "막차를 늦춰 주세요" in frame.text
    assert 'lang="en"' in visitor.get(f"/embed/ideas/{idea_id}/en").text
    assert '<html lang="ko"' in visitor.get(f"/embed/ideas/{idea_id}").text
    page = visitor.get("/ideas")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_oembed_gives_the_line_that_the_page_shows(idea_id: int, visitor: FlaskClient) -> None:
    page = visitor.get(f"/ideas/{idea_id}", follow_redirects=True).text
    (asked,) = head_of(page, r'type="application/json\+oembed"[^>]* href="([^"]+)"')
    found = visitor.get(asked.removeprefix("http://localhost")).json
    assert (found["type"], found["version"], found["title"]) == (
        "rich",
        "1.0",
        "막차를 늦춰 주세요",
    )
    assert found["html"] in unescape(page)
    for wrong, status in (
        ("http://elsewhere.example/ideas/1", 422),
        ("", 422),
        ("http://localhost/data", 404),
        ("http://localhost/nowhere", 404),
    ):
        assert visitor.get("/oembed", query_string={"url": wrong}).status_code == status
    asked_xml = visitor.get("/oembed", query_string={"url": asked, "format": "xml"})
    assert asked_xml.status_code == 501


def test_the_idea_is_told_to_search_engines_as_its_page_shows_it(
    cast: Cast, visitor: FlaskClient
) -> None:
    made = make_idea(cast.mina, make_campaign(), title=HOSTILE, why=HOSTILE)
    number = made.id
    answer([number])
    page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(said)
    assert told["headline"] == told["text"] == HOSTILE
    assert told["author"]["name"] == "Mina"
    assert told["comment"]["author"]["name"].endswith("교통행정과")
    change(number, state=State.WITHDRAWN, is_listed=False)
    page = visitor.get(f"/ideas/{number}", follow_redirects=True).text
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert not json.loads(said).keys() & {"text", "author", "interactionStatistic"}


def poster(client: FlaskClient, path: str) -> str:
    found = client.get(path)
    assert found.content_type == "application/pdf"
    reader = PdfReader(io.BytesIO(found.data))
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join(reader.pages[0].extract_text().split())


def test_posters_say_what_to_do_now(cast: Cast, visitor: FlaskClient) -> None:
    open_now = make_idea(cast.mina, make_campaign(), title="막차를 늦춰 주세요").id
    make_campaign("ballot-2026", PhaseKind.BALLOT)
    said = poster(visitor, f"/posters/ideas/{open_now}.pdf")
    for part in ("막차를 늦춰 주세요", "공감해 주세요", f"localhost/ideas/{open_now}", "청년센터"):
        assert part in said
    assert "제안을 써 주세요" in poster(visitor, "/posters/campaigns/ideas-2026.pdf")
    assert "투표해 주세요" in poster(visitor, "/posters/campaigns/ballot-2026.pdf")
    assert visitor.get("/posters/campaigns/nowhere.pdf").status_code == 404
    assert (
        f"/posters/ideas/{open_now}.pdf"
        in visitor.get(f"/ideas/{open_now}", follow_redirects=True).text
    )
    assert "/posters/campaigns/ideas-2026.pdf" in visitor.get("/campaigns/ideas-2026").text


def test_there_are_no_pictures_of_other_things_nor_in_other_languages(cast, visitor):
    number = make_idea(cast.mina, make_campaign()).id
    for path in (
        f"/cards/people/{number}/ko/x.png",
        f"/cards/ideas/{number}/fr/x.png",
        f"/embed/ideas/{number}/fr",
    ):
        assert visitor.get(path).status_code == 404, path
