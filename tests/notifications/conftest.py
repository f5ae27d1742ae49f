"""It is noon of a working day in every story told here: by night no mail would go out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ideas_app.core import clock
from tests.accounts import mailbox

NOON = datetime(2026, 5, 13, 3, 0, tzinfo=UTC)
"""Wednesday, 12:00 in Seoul."""


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield NOON


@pytest.fixture
def letters(app):
    """An empty mailbox; called, it lets the worker work and gives what came, oldest first."""
    mailbox.empty()
    return mailbox.collect
