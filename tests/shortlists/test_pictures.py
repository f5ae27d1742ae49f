"""The charts, the slider and the document of a round: the figures of the page, in every form."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from ideas_app.core import outbox
from ideas_app.core.db import transaction
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import queries
from tests.shortlists.scenes import closed_ballot, computed, give_voters, published
from tests.shortlists.test_groups import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from ideas_app.core.actor import Actor
    from tests.people import Cast


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def titles_of(entries: dict[str, Idea]) -> dict[str, str]:
    """By project, read before another session takes over."""
    return {f"i{idea.id}": idea.title for idea in entries.values()}


def test_every_chart_stands_on_the_page_with_a_table_and_names_no_title(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, entries = closed_ballot(cast)
    titles = titles_of(entries)
    round_ = published(cast, campaign)
    assert "c-chart" not in visitor.get(f"/shortlists/{round_.id}").text
    outbox.drain()
    page = visitor.get(f"/shortlists/{round_.id}?lang=en").text
    figures = re.findall(r'<figure class="c-chartbox.*?</figure>', page, re.DOTALL)
    assert (
        len(figures) == page.count('<svg xmlns="http://www.w3.org/2000/svg" class="c-chart"') == 4
    )
    for figure in figures[:3]:
        assert '<details class="c-fold' in figure
        drawn = figure[figure.index("<svg") : figure.index("</svg>")]
        assert not any(title in drawn for title in titles.values())
    assert queries.find_pictures(round_.id, "ko").keys() == {
        *("coverage", "payers", "weights", "seats")
    }


def test_plain_counting_weighs_nobody_and_draws_no_weights(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = computed(cast, campaign, rule="approval")
    outbox.drain()
    assert queries.find_pictures(round_.id, "en").keys() == {"coverage", "payers", "seats"}


def test_another_number_of_places_is_a_link_and_shows_what_comes_in(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, entries = closed_ballot(cast)
    titles = titles_of(entries)
    round_ = published(cast, campaign)
    outbox.drain()
    fewer, more = (
        shown_panel(visitor.get(f"/shortlists/{round_.id}?lang=en&seats={seats}").text)
        for seats in (2, 4)
    )
    ours = {one.title for one in queries.list_elected(queries.get_round(round_.id))}
    stored = queries.get_round(round_.id).result["analysis"]["by_seats"]
    for panel, seats in ((fewer, 2), (more, 4)):
        there = next(row for row in stored if row["seats"] == seats)
        listed = {titles[project] for project in there["winners"]}
        assert {title for title in titles.values() if title in panel} == ours ^ listed
        assert f"{there['covered']} people" in panel
    for wrong in ("x", "0", "99"):
        page = visitor.get(f"/shortlists/{round_.id}?lang=en&seats={wrong}").text
        assert "3 places" in shown_panel(page)


def shown_panel(page: str) -> str:
    """The one panel that is not hidden."""
    panels = re.findall(
        r'<div data-seats="\d+"( hidden)?>(.*?)(?=<div data-seats=|<figure)', page, re.DOTALL
    )
    (shown,) = [text for hidden, text in panels if not hidden]
    return shown


@pytest.mark.parametrize(("lang", "head"), [("ko", "아쉽게 빠진 제안"), ("en", "Just missed")])
def test_the_pdf_says_what_the_page_says(
    cast: Cast, visitor: FlaskClient, lang: str, head: str
) -> None:
    campaign, _ideas = closed_ballot(cast)
    give_voters(campaign, KINDS)
    round_ = published(cast, campaign)
    outbox.drain()
    page = visitor.get(f"/shortlists/{round_.id}?lang={lang}").text
    address = f"/shortlists/{round_.id}/shortlist.pdf"
    assert f'href="{address}"' in page
    answer = visitor.get(f"{address}?lang={lang}")
    assert answer.mimetype == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = text_of(answer.data)
    flat = " ".join(text.split())
    assert round_.digest in text
    assert head in flat
    for entry in queries.list_elected(queries.get_round(round_.id)):
        assert entry.title in flat
    shown = queries.read_page(queries.get_round(round_.id))
    assert shown.analysis is not None
    percent = f"{float(shown.ours.coverage * 100):.1f}".removesuffix(".0")
    assert f"{percent} % ({shown.ours.covered})" in flat
    assert "옥도면" not in flat
    assert "나운3동 60" in flat
    number = len(PdfReader(io.BytesIO(answer.data)).pages)
    assert f"{number} / {number}" in flat


def test_the_pdf_of_an_unpublished_round_is_not_there_for_the_stranger(
    cast: Cast, browser_of: Callable[[Actor], FlaskClient], visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = computed(cast, campaign)
    address = f"/shortlists/{round_.id}/shortlist.pdf"
    assert visitor.get(address).status_code == 404
    assert browser_of(cast.jun).get(address).status_code == 404
    assert browser_of(cast.hyun).get(address).status_code == 200


def test_a_title_that_was_hidden_since_stands_in_no_form(cast: Cast, visitor: FlaskClient) -> None:
    campaign, entries = closed_ballot(cast)
    hidden, other = entries["a"].id, entries["d"].title
    title = entries["a"].title
    round_ = published(cast, campaign)
    outbox.drain()
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, hidden), State.HIDDEN)
    page = visitor.get(f"/shortlists/{round_.id}?seats=2").text
    assert title not in page
    content = visitor.get(f"/shortlists/{round_.id}/shortlist.pdf").data
    assert title not in text_of(content)
    assert other in text_of(content)
