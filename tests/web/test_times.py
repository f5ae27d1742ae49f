"""Days and instants as pages show them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.core import clock
from ideas_app.core.clock import SEOUL
from ideas_app.web.i18n import format_day, format_instant, speaking
from ideas_app.web.times import time_tag

NIGHT = datetime(2025, 12, 31, 16, 5, 59, tzinfo=UTC)
"""Five past one on New Year's morning, in Seoul."""


@settings(max_examples=200)
@given(st.integers(-2_208_988_800, 32_503_593_600).map(lambda at: datetime.fromtimestamp(at, UTC)))
def test_the_reckoned_minute_is_the_one_of_the_zone(instant: datetime) -> None:
    for each in (instant, instant.astimezone(SEOUL)):
        local = each.astimezone(SEOUL)
        assert clock.local_minute(each) == (local.toordinal(), local.hour * 60 + local.minute)


@pytest.mark.parametrize(
    ("value", "kind", "language", "written"),
    [
        (NIGHT, "date", "ko", '<time datetime="2026-01-01T01:05+09:00">2026. 1. 1.</time>'),
        (NIGHT, "short_date", "en", '<time datetime="2026-01-01T01:05+09:00">Jan 1</time>'),
        (NIGHT, "datetime", "ko", '<time datetime="2026-01-01T01:05+09:00">2026. 1. 1. 01:05</time>'),
        (NIGHT, "datetime", "en", '<time datetime="2026-01-01T01:05+09:00">Jan 1, 2026, 01:05</time>'),
        (date(2026, 1, 2), "long_date", "ko", '<time datetime="2026-01-02">2026년 1월 2일(금)</time>'),
        (None, "date", "ko", ""),
    ],
)  # fmt: skip
def test_people_and_machines_read_the_same_day(
    value: date | datetime | None, kind: str, language: str, written: str
) -> None:
    assert time_tag(value, kind, language) == written


def test_a_day_of_this_year_goes_without_it_by_the_calendar_of_seoul() -> None:
    assert ">1. 1.<" in time_tag(NIGHT, "date", "ko", 2026)
    assert ">2026. 1. 1.<" in time_tag(NIGHT, "date", "ko", 2025)
    assert ">2026. 1. 1.<" in time_tag(NIGHT.date() + timedelta(days=1), "date", "ko", 2025)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_reads_as_every_other_instant(app: Flask, language: str) -> None:
    with app.test_request_context("/"), speaking(language):
        for instant in (NIGHT, NIGHT - timedelta(hours=1, minutes=6), NIGHT + timedelta(days=90)):
            assert f">{format_instant(instant)}</time>" in time_tag(instant, "datetime", language)
            assert f">{format_day(instant)}</time>" in time_tag(instant, "date", language)
