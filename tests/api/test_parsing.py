"""A body has one meaning, or it is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO

import pytest
from flask import request
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from ideas_app.api.parsing import DEEPEST, LARGEST, StrictParser, Unreadable, read_json
from ideas_app.api.shapes import Body

BAD = {
    "json_unreadable": [
        b"", b"{", b"nothing", b"\xff\xfe", b"[NaN]", b"[Infinity]", b"{'a': 1}", b"\xef\xbb\xbf{}",
        b"1" * 5000,
    ],
    "json_too_deep": [b"[" * 100_000, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)],
    "json_repeated_name": [b'{"a": 1, "a": 1}', b'{"x": [{"b": 1, "b": 2}]}'],
    "json_bad_characters": [rb'{"a": "\u0000"}', rb'["\ud800"]', rb'{"\udfff": 1}'],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "raw"), [(code, raw) for code, several in BAD.items() for raw in several]
)
def test_what_two_readers_could_read_in_two_ways_is_refused(code, raw):
    with pytest.raises(Unreadable) as fault:
        read_json(raw)
    assert fault.value.code == code


def test_brackets_within_a_text_are_no_depth():
    assert read_json(b'"' + b"[{" * 100 + b'\\"["') == "[{" * 100 + '"['


LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
PLAIN = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(LETTERS, max_size=8)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("가나ab", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES)
@settings(max_examples=25)
def test_whatever_json_can_say_plainly_is_read_as_it_was_meant(value):
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=40))
@settings(max_examples=60)
def test_noise_is_read_or_refused_and_never_breaks(raw):
    with suppress(Unreadable):
        read_json(raw)


@pytest.mark.parametrize(
    ("content", "kind", "fault"),
    [
        (b"{}", "text/plain", UnsupportedMediaType),
        (b"a=1", "application/x-www-form-urlencoded", UnsupportedMediaType),
        (b'"' + b"x" * LARGEST + b'"', "application/json", RequestEntityTooLarge),
    ],
)
def test_what_is_no_json_or_too_much_of_it_is_not_read(app, content, kind, fault):
    with (
        app.test_request_context(method="POST", data=content, content_type=kind),
        pytest.raises(fault),
    ):
        StrictParser().load_json(request, Body())


def test_a_body_that_hides_its_length_is_measured_while_it_is_read(app):
    stream = BytesIO(b'"' + b"x" * LARGEST + b'"')
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    with (
        app.test_request_context(
            method="POST",
            input_stream=stream,
            content_type="application/json",
            environ_overrides=environ,
        ),
        pytest.raises(RequestEntityTooLarge),
    ):
        StrictParser().load_json(request, Body())
