"""Lazy texts for rules and policies: English msgids that become a person's language when shown.

Must not know about requests: the language is chosen by `web.i18n` when a lazy text is turned into `str`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.globals import _cv_app
from flask_babel import get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import escape

if TYPE_CHECKING:
    from datetime import date, datetime


class PlainLazyString(LazyString):  # type: ignore[misc]  # Flask-Babel ships no types
    """A lazy text that is text: Flask-Babel's own calls itself safe HTML, so that a title filled into it
    would become markup on the page.
    """

    def __html__(self) -> str:
        return str(escape(str(self)))


_catalogues: dict[str, Any] = {}
"""By language, what Flask-Babel found first. It looks for it three times for each text, and a page has dozens."""


def _catalogue() -> Any:
    spoken = spoken_locale()
    if spoken is None:
        return get_translations()
    language = spoken.language
    if language not in _catalogues:
        _catalogues[language] = get_translations()
    return _catalogues[language]


def spoken_locale() -> Any:
    """The locale that is spoken, as `get_locale` has it: that asks three proxies, for each text, what one look tells
    once the language of a request is known.
    """
    present = _cv_app.get(None)
    kept = None if present is None else present.g.__dict__.get("_flask_babel")
    known = None if kept is None else kept.__dict__.get("babel_locale")
    return get_locale() if known is None else known


def _said(message: str, **values: Any) -> str:
    text: str = _catalogue().ugettext(message)
    return text % values if values else text


def _said_in(context: str, message: str, **values: Any) -> str:
    text: str = _catalogue().upgettext(context, message)
    return text % values if values else text


def _counted(singular: str, plural: str, **values: Any) -> str:
    text: str = _catalogue().ungettext(singular, plural, values["num"])
    return text % values


def lazy_gettext(message: str, **values: Any) -> LazyString:
    """A text that is translated when it is shown; `%(name)s` is filled from `values`."""
    return PlainLazyString(_said, message, **values)


def lazy_pgettext(context: str, message: str, **values: Any) -> LazyString:
    """As `lazy_gettext`, for a word that means different things in different places."""
    return PlainLazyString(_said_in, context, message, **values)


def lazy_ngettext(singular: str, plural: str, num: int, **values: Any) -> LazyString:
    """As `lazy_gettext`, with a plural; `num` chooses and fills `%(num)s`."""
    return PlainLazyString(_counted, singular, plural, num=num, **values)


def lazy_day(instant: datetime) -> LazyString:
    """An instant's local date, written in the reader's language when it is shown."""
    from ideas_app.core.clock import local_date

    return PlainLazyString(_written_day, local_date(instant))


def lazy_date(day: date) -> LazyString:
    """A date, written in the reader's language when it is shown."""
    return PlainLazyString(_written_day, day)


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _written_day(day: date) -> str:
    # by hand, in the patterns of `web.i18n`: a page says a dozen days, and Babel reads its pattern for each
    spoken = spoken_locale()
    if spoken is not None and spoken.language == "en":
        return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return f"{day.year}. {day.month}. {day.day}."
