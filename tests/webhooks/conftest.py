"""A receiver on loopback, and a house that may talk to it."""

from __future__ import annotations

import dataclasses

import pytest

from ideas_app.adapters import fetch
from tests.webhooks.receiver import receiving


@pytest.fixture
def receiver():
    with receiving() as opened:
        yield opened


@pytest.fixture
def open_gate(app, monkeypatch):
    """WEBHOOK_ALLOW_PRIVATE=1: loopback is a private network."""
    settings = dataclasses.replace(app.config["SETTINGS"], webhook_allow_private=True)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    # a machine under load is no slow receiver
    monkeypatch.setattr(fetch, "PATIENCE", 60)
    monkeypatch.setattr(fetch, "LIMIT", 120)
