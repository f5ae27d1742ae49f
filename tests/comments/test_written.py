"""The date of a comment, which is put together from its day and its minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.comments.views import written
from ideas_app.core.i18n import lazy_gettext
from ideas_app.web.i18n import format_instant, locale_code, speaking

INSTANTS = st.integers(631_152_000, 3_786_912_000).map(lambda at: datetime.fromtimestamp(at, UTC))
"""Of the years 1990 to 2089."""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_reads_as_every_other_instant(app: Flask, language: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(INSTANTS)
    def same(instant: datetime) -> None:
        assert written(instant, language) == format_instant(instant)

    with app.test_request_context("/"), speaking(language):
        same()


def test_the_day_turns_at_midnight_in_seoul() -> None:
    before = datetime(2026, 3, 5, 14, 59, tzinfo=UTC)
    assert written(before, "ko") == "2026. 3. 5. 23:59"
    assert written(before + timedelta(minutes=1), "ko") == "2026. 3. 6. 00:00"


def test_a_language_that_is_spoken_for_a_while_is_heard_at_once_and_ends(app: Flask) -> None:
    word = lazy_gettext("Home")
    with app.test_request_context("/"):
        korean = str(word)
        assert locale_code() == "ko"
        with speaking("en"):
            assert (locale_code(), str(word)) == ("en", "Home")
        assert (locale_code(), str(word)) == ("ko", korean)
    assert korean != "Home"
