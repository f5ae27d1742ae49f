"""Which language and which dates a person sees. Korean first; English complete.

Must not know any feature.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.dates import format_date as babel_date
from babel.messages import mofile, pofile
from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, force_locale, ngettext

from ideas_app.core.clock import SEOUL
from ideas_app.core.i18n import spoken_locale
from ideas_app.web import formats
from ideas_app.web.access import current_actor
from ideas_app.web.bearer import is_for_programs
from ideas_app.web.times import time_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

LOCALES = ("ko", "en")
TRANSLATIONS = Path(__file__).parent.parent / "translations"


def select_locale() -> str:
    """`?lang=`, else the cookie's choice, else the account's, else Korean; `Accept-Language` for programs."""
    if not has_request_context():
        return LOCALES[0]
    if is_for_programs():
        return _asked_by_header() or current_actor().locale or _default_locale()
    wanted = request.args.get("lang") or session.get("lang") or current_actor().locale
    return wanted if wanted in LOCALES else str(_default_locale())


@cache
def _locale_of(code: str) -> Locale:
    return Locale.parse(code)


def _selected() -> Locale:
    """The same as Babel has it, which otherwise reads the code anew for each request."""
    return _locale_of(select_locale())


def _asked_by_header() -> str | None:
    return request.accept_languages.best_match(LOCALES)


def _default_locale() -> str:
    return str(current_app.config.get("BABEL_DEFAULT_LOCALE", LOCALES[0]))


def locale_code() -> str:
    """`ko` or `en`: the language of what is being shown."""
    spoken = spoken_locale()
    return LOCALES[0] if spoken is None else str(spoken.language)


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Compiles every catalogue that is newer than its compiled form; safe when several processes start at once."""
    for source in folder.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        partial = target.with_suffix(f".{os.getpid()}.tmp")
        with source.open("rb") as readable, partial.open("wb") as writable:
            mofile.write_mo(writable, pofile.read_po(readable))
        partial.replace(target)


@contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Within this block texts are in the given language: mails, exports, command line."""
    with force_locale(locale if locale in LOCALES else LOCALES[0]):
        yield


def format_day(value: date | datetime | None, patterns: dict[str, str] | None = None) -> str:
    """A date as people write it: `2026. 3. 5.` or `Mar 5, 2026`; instants in Asia/Seoul. By `patterns` of Babel
    where a page has its own.
    """
    if value is None:
        return ""
    code = locale_code()
    if patterns is None:
        return formats.FULL_DAY[code](_local_day(value))
    return babel_date(_local_day(value), patterns[code], locale=code)


def format_short_day(value: date | datetime | None) -> str:
    """A date without its year: `3. 5.` or `Mar 5`."""
    return "" if value is None else formats.SHORT_DAY[locale_code()](_local_day(value))


def format_long_day(value: date | datetime | None) -> str:
    """A date with its weekday: `2026년 3월 5일(목)`."""
    return "" if value is None else formats.LONG_DAY[locale_code()](_local_day(value))


def format_instant(value: datetime | None) -> str:
    """An instant in Asia/Seoul: `2026. 3. 5. 14:07`."""
    if value is None:
        return ""
    local = value.astimezone(SEOUL)
    joint = " " if locale_code() == "ko" else ", "
    return f"{formats.FULL_DAY[locale_code()](local)}{joint}{local:%H:%M}"


def format_clock(value: datetime | None) -> str:
    """The time of an instant in Asia/Seoul: `14:07`."""
    return "" if value is None else value.astimezone(SEOUL).strftime("%H:%M")


def format_month(value: date | datetime | None) -> str:
    """A month with its year: `2026년 3월` or `March 2026`."""
    return "" if value is None else formats.MONTH[locale_code()](_local_day(value))


def _local_day(value: date | datetime) -> date:
    return value.astimezone(SEOUL) if hasattr(value, "astimezone") else value


def tag_time(
    value: date | datetime | None, kind: str = "date", this_year: int | None = None
) -> str:
    """A day or an instant as the element `time`, see `times.time_tag`."""
    return time_tag(value, kind, locale_code(), this_year)


def format_length(days: int) -> str:
    """A number of days as people say it: in years where it is so many, and the days that are left."""
    years, rest = divmod(days, 365)
    parts = [ngettext("%(num)s year", "%(num)s years", years)] if years else []
    if rest or not parts:
        parts.append(ngettext("%(num)s day", "%(num)s days", rest))
    return " ".join(parts)


def format_number(value: float | None) -> str:
    """A number with thousands separators; empty for None."""
    if value is None:
        return ""
    if type(value) is int:
        return str(value) if -1000 < value < 1000 else f"{value:,}"
    return format_decimal(value, locale=locale_code())


def format_hours(minutes: int | None) -> str:
    """A length of time in hours and minutes: `1시간 30분`, `1 hr 30 min`; empty for None."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = [(hours, "duration-hour"), (rest, "duration-minute")]
    shown = [part for part in parts if part[0]] or parts[1:]
    locale = locale_code()
    return " ".join(format_unit(number, unit, "short", locale=locale) for number, unit in shown)


def filters_of(language: str) -> dict[str, Callable[..., str]]:
    """Filters of templates in one language: what the general ones find out first is known."""

    def tag(value: date | datetime | None, kind: str = "date", this_year: int | None = None) -> str:
        return time_tag(value, kind, language, this_year)

    def written(pattern: Callable[[date], str]) -> Callable[..., str]:
        return lambda value: "" if value is None else pattern(_local_day(value))

    days = {name: written(patterns[language]) for name, patterns in formats.DAYS.items()}
    own = {"localised": getattr} if language == LOCALES[0] else {}
    return {"time_tag": tag, **days, **own}


def localised(thing: Any, name: str) -> str:
    """The English variant of a column pair (`title`, `title_en`) where English is shown and present."""
    english = getattr(thing, f"{name}_en", "") if locale_code() == "en" else ""
    return english or getattr(thing, name)


_CONSONANT_DIGITS = frozenset("013678")
_CONSONANT_LETTERS = frozenset("lmnr")
_PAIRS = {
    "을": ("을", "를"), "를": ("을", "를"), "이": ("이", "가"), "가": ("이", "가"),
    "은": ("은", "는"), "는": ("은", "는"), "과": ("과", "와"), "와": ("과", "와"),
    "으로": ("으로", "로"), "로": ("으로", "로"),
}  # fmt: skip


def josa(word: str, particle: str) -> str:
    """A word with the fitting form of a Korean particle: `월세|josa("을")` gives `월세를`.

    Rule: the final consonant of the last syllable; digits and Latin letters as they are read; a closing
    bracket with its content is passed over; after a final ㄹ, `로`.
    """
    last = word.rstrip(" ")
    while last and last[-1] in ")]」』”’\"'":
        opening = max(last.rfind(mark) for mark in "([「『“‘")
        last = last[:opening].rstrip() if opening > 0 else last[:-1]
    tail = last[-1:].lower()
    if "가" <= tail <= "힣":
        final = (ord(tail) - 0xAC00) % 28
    else:
        final = 1 if tail in _CONSONANT_DIGITS or tail in _CONSONANT_LETTERS else 0
        final = 8 if tail in {"1", "7", "8", "l", "r"} else final
    closed, opened = _PAIRS[particle]
    if opened == "로" and final == 8:
        return word + opened
    return word + (closed if final else opened)


def init_i18n(app: Flask) -> None:
    """Starts Babel and keeps a choice made by `?lang=`."""
    compile_catalogues()
    Babel(app, locale_selector=_selected, default_translation_directories=str(TRANSLATIONS))

    @app.before_request
    def keep_choice() -> None:
        chosen = request.args.get("lang")
        if is_for_programs():
            return
        if chosen in LOCALES and session.get("lang") != chosen:
            session["lang"] = chosen
            session.permanent = True

    filters: dict[str, Callable[..., str]] = {
        "date": format_day,
        "short_date": format_short_day,
        "long_date": format_long_day,
        "datetime": format_instant,
        "clock_time": format_clock,
        "month_year": format_month,
        "time_tag": tag_time,
        "number": format_number,
        "hours": format_hours,
        "days_long": format_length,
        "josa": josa,
        "localised": localised,
    }
    for name, function in filters.items():
        app.add_template_filter(function, name)
