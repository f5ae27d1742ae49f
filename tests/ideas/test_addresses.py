"""The address of an idea as pages write it: the same that the router makes, with its letters left as they are."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ideas_app.ideas.views.frame import idea_link, idea_url
from ideas_app.web.addresses import quoted_path


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2**40), st.text(max_size=60))
@example(7, "버스 막차를 늦춰 주세요!")
@example(7, "!!!")
@example(7, '"><script>%s & 100%d')
def test_quoted_it_is_what_the_router_makes(shared_app, number, title):
    idea = SimpleNamespace(id=number, title=title)
    with shared_app.test_request_context("/"):
        assert quote(idea_link(idea)) == idea_url(idea)


@pytest.mark.parametrize("values", [{"_anchor": "talk"}, {"_external": True}, {"page": 2}])
def test_with_more_in_it_the_router_makes_it(shared_app, values):
    idea = SimpleNamespace(id=7, title="막차")
    with shared_app.test_request_context("/"):
        assert idea_link(idea, **values) == idea_url(idea, **values)


def test_below_a_prefix_the_router_makes_it(shared_app):
    idea = SimpleNamespace(id=7, title="막차")
    with shared_app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/city"}):
        assert idea_link(idea) == idea_url(idea) == "/city/ideas/7-%EB%A7%89%EC%B0%A8"


def test_what_a_request_keeps_of_it_is_of_this_idea_and_this_title(shared_app):
    last, other = SimpleNamespace(id=7, title="막차"), SimpleNamespace(id=8, title="막차")
    with shared_app.test_request_context("/"):
        before = idea_url(last)
        assert idea_url(other) == before.replace("/7-", "/8-")
        last.title = "bus"
        assert idea_url(last) == "/ideas/7-bus"


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example("/ideas/7-막차,늦게!")
def test_a_whole_path_is_quoted_as_python_does(path):
    assert quoted_path(path) == quote(path)
