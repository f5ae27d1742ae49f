"""What is decided beforehand is what would have been decided: pages, addresses, dates."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import flask
import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import BytecodeCache, DictLoader, Environment, UndefinedError
from jinja2.bccache import Bucket
from markupsafe import Markup
from werkzeug.routing import IntegerConverter, ValidationError

from ideas_app.core.db import db
from ideas_app.web import formats
from ideas_app.web.addresses import around, placed, url_for
from ideas_app.web.compiling import KeptOnDisk, SpokenEnvironment
from ideas_app.web.i18n import format_number, speaking
from ideas_app.web.templating import with_query
from tests.conftest import make_app, make_settings
from tests.factories import make_campaign, make_idea
from tests.people import Cast


@pytest.fixture
def plainly(app: Flask) -> Iterator[Callable[[Callable[[], str]], str]]:
    """Calls something while templates are compiled as Jinja does."""

    def call(make: Callable[[], str]) -> str:
        app.jinja_env.auto_reload = True
        try:
            return make()
        finally:
            app.jinja_env.auto_reload = False

    return call


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("who", ["visitor", "mina", "sora"])
@pytest.mark.parametrize(
    "path", ["/", "/ideas", "/ideas?q=%EB%A7%89&state=answered", "/me", "/desk", "/nowhere"]
)
def test_a_page_reads_the_same_with_all_that_was_decided_beforehand(
    app: Flask, cast: Cast, browser_of: Any, plainly: Any, who: str, path: str, lang: str
) -> None:
    make_idea(cast.mina, make_campaign(), title="막차 <b>늦게</b> & 자주")
    browser: FlaskClient = app.test_client() if who == "visitor" else browser_of(getattr(cast, who))
    browser.get(f"/?lang={lang}")
    written = plainly(lambda: browser.get(path).text)
    assert without_tokens(browser.get(path).text) == without_tokens(written)


def without_tokens(page: str) -> str:
    return re.sub(r'(csrf.token"[^>]* (?:value|content)=")[^"]*', r"\1", page)


def render(app: Flask, files: dict[str, str], **values: Any) -> str:
    """A file `page.html` among others, in the present language."""
    env = app.jinja_env.overlay(loader=DictLoader(files), bytecode_cache=None)
    assert isinstance(env, SpokenEnvironment)
    env.__dict__.pop("_languages", None)
    with app.test_request_context("/"):
        return str(env.get_template("page.html").render(**values))


MACROS = """{% macro mark(name, size="") -%}<i class="{{ name }}{{ " " ~ size if size }}"></i>{%- endmacro %}
{% macro row(text, on=false) -%}
{% set text = text ~ "!" %}{{ mark("dot") }}{% if on %}{{ text }}{% endif %}{%- endmacro %}
{% macro box(title) -%}<p>{{ title }}: {{ caller() }}</p>{%- endmacro %}"""


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('{{ ui.mark("x") }}', '<i class="x"></i>'),
        ('{{ ui.mark(name, size="s") }}', '<i class="&lt;b&gt; s"></i>'),
        ('{% set text = "a" %}{{ ui.row("b", on=true) }}{{ text }}', '<i class="dot"></i>b!a'),
        ("{{ ui.row(name) }}", '<i class="dot"></i>'),
        ("{% call ui.box(name) %}{{ name }}{% endcall %}", "<p>&lt;b&gt;: &lt;b&gt;</p>"),
        ('{% set title = "t" %}{% call ui.box("x") %}{{ title }}{% endcall %}', "<p>x: t</p>"),
        (
            '{% for name in [1, 2] %}{% include "part.html" %}{% endfor %}{{ name }}',
            "[1][2]&lt;b&gt;",
        ),
        ('{{ ui.mark("x") ~ name }}', '<i class="x"></i>&lt;b&gt;'),
        ('{{ ui.mark("<x>") ~ name }}', '<i class="&lt;x&gt;"></i>&lt;b&gt;'),
        ('{{ {"a": 1, "b": name}.a }}{{ row.items }}', "1of a row"),
        ('{% if locale == "ko" and name %}k{% elif locale == "en" %}e{% else %}n{% endif %}', "k"),
        ("{{ html }}{{ 5 }}{{ none }}{{ 1.5 }}", "<em>5None1.5"),
        ('{% set d = {} %}{% do d.update({"a": 1}) %}{{ d }}', "{&#39;a&#39;: 1}"),
    ],
)
def test_macros_and_includes_mean_what_they_mean_in_jinja(app: Flask, page: str, text: str) -> None:
    files = {
        "ui.html": MACROS,
        "part.html": '{% import "ui.html" as ui %}{% set inside = name %}[{{ inside }}]',
        "page.html": '{% import "ui.html" as ui %}' + page,
    }
    row = {"items": "of a row"}
    values = {"name": "<b>", "html": Markup("<em>"), "locale": "ko", "row": _Row(**row)}
    assert render(app, files, **values) == text
    assert render(app, files, **values) == text, "nothing is left over from the first time"


class _Row:
    def __init__(self, **values: str) -> None:
        self.__dict__.update(values)


LAYOUTS = {
    "ui.html": MACROS,
    "base.html": "<t>{% block title %}none{% endblock %}</t>{{ self.title() | upper }}"
    "{% block body %}{% endblock %}{% if name %}{% block foot %}foot{% endblock %}{% endif %}",
    "layout.html": '{% extends "base.html" %}{% import "ui.html" as ui %}'
    '{% set here = section if section is defined else "-" %}{% block body %}{{ here }}:'
    '{% with inside = "i" %}{% block content %}{{ inside is defined }}{% endblock %}{% endwith %}{{ ui.mark("m") }}'
    "{% endblock %}",
}


@pytest.mark.parametrize(
    "page",
    [
        "{% set section = 's' %}nobody sees it{% block title %}{{ name }}{% endblock %}",
        "{% block content %}{% set here = 1 %}{{ here }}{% endblock %}{% block foot %}{{ here }}{% endblock %}",
        "{% block body %}{{ here }}{% block inner %}{{ self.title() }}{% endblock %}{% endblock %}",
        "{% block title %}{{ super() }} too{% endblock %}",
        "{% block content %}{{ inside }}{% endblock %}",
        "{% block content %}{% for x in 'ab' %}{% block e %}{{ x is defined }}{% endblock %}{% endfor %}{% endblock %}",
        "{% macro own(x) %}({{ x }}){% endmacro %}{% block content %}{{ own(name) }}{% endblock %}",
        "{% import 'ui.html' as ui %}{% block content %}{{ ui.row(name, on=true) }}{% endblock %}",
        "{% if name %}{% set here = 2 %}{% endif %}{% block content %}{{ here }}{% endblock %}",
    ],
)
def test_layouts_mean_what_they_mean_in_jinja(app: Flask, page: str) -> None:
    files = {**LAYOUTS, "page.html": '{% extends "layout.html" %}' + page}
    found: list[object] = []
    for is_plain in (False, True):
        env = app.jinja_env.overlay(loader=DictLoader(files), bytecode_cache=None, cache_size=0)
        env.__dict__.pop("_languages", None)
        env.auto_reload = is_plain
        with app.test_request_context("/"):
            try:
                found.append(env.get_template("page.html").render(name="<b>"))
            except UndefinedError:
                found.append(UndefinedError)
    assert found[0] == found[1]


@pytest.mark.parametrize("value", [0, 7, 2**31, "7", True, -1])
def test_what_stands_around_a_number_gives_every_address_that_flask_gives(
    app: Flask, value: Any
) -> None:
    found = 0
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            for name in rule.arguments:
                others = dict.fromkeys(rule.arguments - {name}, 5) | {"more": "a&b"}
                given = around(app, rule.endpoint, name, others) if len(others) < 3 else None
                if given is None:
                    continue
                found += 1
                written = placed(*given, rule.endpoint, name, value, **others)
                assert written == flask.url_for(rule.endpoint, **{name: value}, **others)
    assert found > 50


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=st.dictionaries(st.sampled_from("abcd"), st.text(max_size=5), max_size=4),
    changes=st.dictionaries(st.sampled_from("abcdef"), st.none() | st.text(max_size=5), max_size=3),
)
def test_the_present_address_with_changes_is_that_of_flask(
    app: Flask, asked: dict[str, str], changes: dict[str, str | None]
) -> None:
    with app.test_request_context("/programmes", query_string=asked):
        assert with_query(**changes) == flask.url_for("programmes.index", **{**asked, **changes})


@settings(max_examples=30, deadline=None)
@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), lang=st.sampled_from(["ko", "en"]))
def test_dates_are_written_as_babel_writes_them(day: date, lang: str) -> None:
    patterns = {
        "ko": ("y. M. d.", "M. d.", "y년 M월 d일(EEE)", "y년 M월"),
        "en": ("MMM d, y", "MMM d", "EEEE, MMMM d, y", "MMMM y"),
    }[lang]
    ours = (formats.FULL_DAY, formats.SHORT_DAY, formats.LONG_DAY, formats.MONTH)
    for pattern, written in zip(patterns, ours, strict=True):
        assert written[lang](day) == format_date(day, pattern, locale=lang)


def test_numbers_are_written_as_babel_writes_them(app: Flask) -> None:
    for lang in ("ko", "en"):
        with app.test_request_context("/"), speaking(lang):
            for number in (0, 7, 999, 1000, -1234, 1_234_567, 0.5, 1234.5678, 10**12):
                assert format_number(number) == format_decimal(number, locale=lang)


def test_addresses_are_those_of_flask(app: Flask) -> None:
    seen = 0
    with app.test_request_context("/ideas?sort=new"):
        for rule in app.url_map.iter_rules():
            places: dict[str, Any] = {
                name: 7 if isinstance(each, IntegerConverter) else "막차 & 더"
                for name, each in rule._converters.items()
            }
            for more in ({}, {"q": "a b&c=d/é", "n": 3, "none": None}, {"_anchor": "x"}):
                with suppress(ValidationError, ValueError):
                    wanted = flask.url_for(rule.endpoint, **places, **more)
                    assert url_for(rule.endpoint, **places, **more) == wanted
                    seen += 1
    assert seen > 300


def test_addresses_below_a_prefix_keep_it(app: Flask) -> None:
    with app.test_request_context("/", base_url="http://localhost/below"):
        assert url_for("pages.ideas", sort="new") == "/below/ideas?sort=new"


def test_what_was_compiled_is_kept_for_the_next_start_and_for_nobody_else(
    app: Flask, tmp_path: Path
) -> None:
    folder = tmp_path / "instance" / "templates"
    plain = Environment(loader=DictLoader({"a.html": "{{ a }}"}), bytecode_cache=KeptOnDisk(folder))
    assert plain.get_template("a.html").render(a=1) == "1"
    assert folder.stat().st_mode & 0o077 == 0
    (made,) = folder.iterdir()
    left = folder / "left-behind"
    left.touch()
    for file, days in ((made, 20), (left, 40)):
        then = file.stat().st_mtime - days * 86_400
        os.utime(file, (then, then))
    again = Environment(
        loader=DictLoader({"a.html": "{{ a }}", "b.html": "{{ a }}{{ a }}"}),
        bytecode_cache=KeptOnDisk(folder),
    )
    assert again.get_template("a.html").render(a=2) == "2"
    assert again.get_template("b.html").render(a=3) == "33"
    assert made.exists()
    assert not left.exists()


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path) -> None:
    (tmp_path / "templates").touch()
    plain = Environment(
        loader=DictLoader({"a.html": "{{ a }}"}), bytecode_cache=KeptOnDisk(tmp_path / "templates")
    )
    assert plain.get_template("a.html").render(a=1) == "1"


class _Shelf(BytecodeCache):
    """Compiled templates in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


def test_what_is_kept_of_a_template_is_not_taken_for_a_service_at_another_address(
    tmp_path: Path, copy_database: Any
) -> None:
    url, shelf, kept = copy_database(), _Shelf(), []
    for address in ("http://one.example.org", "http://two.example.org"):
        house = make_app(make_settings(tmp_path, url, BASE_URL=address))
        house.jinja_env.bytecode_cache = shelf
        house.test_client_class = FlaskClient
        page = house.test_client().get("/", base_url=address).text
        assert re.findall(r'og:image" content="(http://[a-z.]+)', page) == [address]
        kept.append(set(shelf.kept))
        with house.app_context():
            db.engine.dispose()
    assert kept[0] == kept[1], "what one house compiled serves the second as well"
    assert kept[0]
    assert not [text for text in shelf.kept.values() if b"example.org" in text]
