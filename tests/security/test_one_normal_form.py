"""All text comes in by one normalising function: nothing typed reaches a rule or the database in another form."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField

from config import ROOT
from ideas_app.core import text
from ideas_app.web.baseform import BaseForm, LineField, LinesField

LETTERS = st.text(st.characters(codec=None), max_size=40)
HIDDEN = (HiddenField, PasswordField)
"""What the service itself wrote into the page, and passwords, which are taken as they are typed."""


def forms_of(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from forms_of(child)


def test_every_field_in_which_people_write_normalises(app: Flask) -> None:
    for path in Path(ROOT / "ideas_app").rglob("forms*"):
        for file in [path] if path.suffix == ".py" else path.glob("*.py"):
            importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    fields = [
        (form, name, field.field_class)
        for form in forms_of(BaseForm)
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
    ]
    written = [one for one in fields if issubclass(one[2], StringField)]
    assert len(written) > 60
    assert not [
        f"{form.__name__}.{name}"
        for form, name, kind in written
        if not issubclass(kind, (LineField, LinesField, *HIDDEN))
    ]


@given(LETTERS)
@settings(max_examples=150)
def test_the_normal_form_holds_nothing_that_breaks_a_database_or_a_line(typed: str) -> None:
    plain = text.normalise(typed)
    assert not [sign for sign in plain if sign < " " and sign not in "\n\t"]
    plain.encode("utf-8")
    assert "\n" not in text.one_line(typed)


@pytest.mark.parametrize("room", ["ideas/service/life.py", "answers/service/writing.py"])
def test_markdown_is_rendered_where_it_is_saved(room: str) -> None:
    assert "_html" in (ROOT / "ideas_app" / room).read_text()
    pages = [
        file for file in (ROOT / "templates").rglob("*.html") if "markdown" in file.read_text()
    ]
    assert not pages
