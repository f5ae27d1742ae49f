"""Lazy texts are texts: what people typed never becomes markup by way of them."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from flask import Flask, render_template_string

from ideas_app.core.i18n import lazy_date, lazy_gettext, lazy_ngettext, lazy_pgettext
from ideas_app.web.i18n import locale_code, speaking

EVIL = "<script>alert(1)</script>"


def test_what_is_filled_into_a_lazy_text_is_escaped_on_a_page(app: Flask) -> None:
    lazies = [
        lazy_gettext("Idea %(title)s", title=EVIL),
        lazy_pgettext("x", "Idea %(title)s", title=EVIL),
        lazy_ngettext("%(num)s idea %(title)s", "%(num)s ideas %(title)s", 2, title=EVIL),
    ]
    with app.test_request_context("/"):
        page = render_template_string(
            "{% for text in lazies %}{{ text }}{% endfor %}", lazies=lazies
        )
        joined = render_template_string("{{ lazies | join(' ') }}", lazies=lazies)
    assert "<script>" not in page + joined
    assert page.count("&lt;script&gt;") == 3


def test_as_plain_text_nothing_is_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        assert str(lazy_gettext("Idea %(title)s", title="A & B")) == "Idea A & B"


@pytest.mark.parametrize(("code", "pattern"), [("ko", "y. M. d."), ("en", "MMM d, y")])
def test_a_day_in_a_lazy_text_is_written_as_babel_writes_it(
    app: Flask, code: str, pattern: str
) -> None:
    days = [date(2026, month, month) for month in range(1, 13)]
    with app.test_request_context("/"), speaking(code):
        assert [str(lazy_date(day)) for day in days] == [
            format_date(day, pattern, locale=code) for day in days
        ]


def test_a_language_that_is_spoken_for_a_while_is_heard_at_once_and_ends(app: Flask) -> None:
    word = lazy_gettext("Home")
    with app.test_request_context("/"):
        korean = str(word)
        assert locale_code() == "ko"
        with speaking("en"):
            assert (locale_code(), str(word)) == ("en", "Home")
        assert (locale_code(), str(word)) == ("ko", korean)
    assert korean != "Home"
