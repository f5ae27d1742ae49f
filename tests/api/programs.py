"""Programs of the tests: a client that brings somebody's token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.accounts import queries, service
from ideas_app.core.db import transaction
from ideas_app.core.permissions import STAFF, Scope

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from ideas_app.core.actor import Actor

ROOT = "/api/v1"


def token_of(person: Actor, *scopes: Scope, days: int = 30) -> str:
    """A token of somebody with these scopes; with all that the role can have where none is named."""
    usual = set(Scope) if person.role in STAFF else {Scope.READ, Scope.WRITE}
    with transaction():
        account = queries.get_account(person.id)
        _token, secret = service.create_token(
            person, account, name="of a test", scopes=scopes or usual, days=days
        )
    return secret


class Program:
    """Asks the API, with a token or as a visitor."""

    def __init__(self, app: Flask, token: str | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, *, headers: Any = None, **more: Any) -> TestResponse:
        """One request below /api/v1."""
        return self.client.open(
            ROOT + path, method=method, headers={**self.headers, **(headers or {})}, **more
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        """One read."""
        return self.ask("GET", path, **more)
