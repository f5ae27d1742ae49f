"""The address of an idea as pages write it: the same that the router makes, with its letters left as they are."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ideas_app.ideas.views.frame import idea_link, idea_url


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
