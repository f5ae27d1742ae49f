"""The page of a campaign."""

from __future__ import annotations

import pytest

from ideas_app.campaigns.models import PhaseKind
from tests.factories import make_campaign


@pytest.mark.parametrize("phase", PhaseKind)
def test_everybody_reads_a_campaign_in_every_phase(cast, visitor, browser_of, phase):
    make_campaign(phase=phase)
    for browser in (visitor, browser_of(cast.mina), browser_of(cast.dana)):
        answer = browser.get("/campaigns/ideas-2026")
        assert answer.status_code == 200
        assert "2026 청년정책 아이디어" in answer.text


def test_it_speaks_english_and_says_why_something_is_closed(visitor, app):
    make_campaign(phase=PhaseKind.GATHERING)
    page = visitor.get("/campaigns/ideas-2026?lang=en").text
    assert "Youth policy ideas 2026" in page
    assert "The ballot opens on" in page
    assert "Open until" in page


def test_somebody_outside_the_ages_is_told_why(cast, browser_of):
    make_campaign(eligibility={"reason": "군산 청년", "reason_en": "Young people of Gunsan"})
    page = browser_of(cast.sora).get("/campaigns/ideas-2026?lang=en").text
    assert "Young people of Gunsan" in page
    assert "open to people aged 18 to 39" in page


def test_an_unknown_campaign_is_not_there(visitor):
    assert visitor.get("/campaigns/nowhere").status_code == 404
