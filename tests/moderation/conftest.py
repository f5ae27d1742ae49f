"""Scenes of the desk: a campaign, an idea that waits, a second moderator, and what is published."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ideas_app.core import outbox
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import State
from tests.factories import make_campaign, make_idea
from tests.people import make_account


@pytest.fixture
def campaign(app):
    return make_campaign()


@pytest.fixture
def waiting(cast, campaign):
    # only its id: a request of the client ends the session that made it
    return SimpleNamespace(id=make_idea(cast.mina, campaign, state=State.SUBMITTED).id)


@pytest.fixture
def listed(cast, campaign):
    return SimpleNamespace(id=make_idea(cast.mina, campaign).id)


@pytest.fixture
def noah(cast):
    """A second moderator beside Sora."""
    return make_account("Noah", Role.MODERATOR)


@pytest.fixture
def told(monkeypatch):
    """The events published, in order."""
    heard = []
    monkeypatch.setattr(outbox, "publish", heard.append)
    return heard
