"""The service as a browser meets it: a server on a free port with a database and a mailbox of its own.

Unlike the application of other tests it checks CSRF tokens and shows its own pages of faults.
"""

from __future__ import annotations

import email
import json
import re
import socket
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.policy import default as modern
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from ideas_app.accounts.models import LoginSession
from ideas_app.core import clock, outbox
from ideas_app.core.db import db, transaction
from ideas_app.core.tokens import new_token, token_hash
from ideas_app.factory import build_app
from ideas_app.moderation.rules import UNDO_FOR
from ideas_app.notifications.rules import send_at
from ideas_app.web.limits import limiter
from tests.conftest import keep_templates, make_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from ideas_app.core.actor import Actor


_REPORTS = "/reports-of-the-policy"


@dataclass(frozen=True)
class House:
    """A running service: its application, its address, and the folder its mail falls into.

    `stopped` is what browsers reported that the Content-Security-Policy of a page has stopped, a line each.
    """

    app: Flask
    address: str
    mail: Path
    stopped: SimpleQueue[str] = field(default_factory=SimpleQueue)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """For calling services: within this block the house's database is the one that is meant."""
        with self.app.app_context():
            yield
            db.session.remove()

    def drain(self) -> None:
        """Does what a worker would: hands out events, writes notices and mail."""
        # a decision can be taken back for some seconds; whom it concerns is told after, by night
        # in the morning
        told = clock.now() + UNDO_FOR
        for instant in (told, send_at(told)):
            with self.inside(), clock.at(instant):
                outbox.drain()

    def letters_to(self, address: str) -> list[str]:
        """The plain texts of all mail to an address, oldest first."""
        letters = [
            email.message_from_bytes(file.read_bytes(), policy=modern)
            for file in sorted(self.mail.glob("*.eml"))
        ]
        bodies = [one.get_body(("plain",)) for one in letters if one["To"] == address]
        return [body.get_content() for body in bodies if body is not None]

    def link_to(self, address: str, path: str) -> str:
        """The newest link below `path` that was mailed to an address."""
        pattern = re.compile(re.escape(self.address + path) + r"\S+")
        found = [link for letter in self.letters_to(address) for link in pattern.findall(letter)]
        assert found, f"no mail to {address} leads to {path}"
        return found[-1]

    def cookie_of(self, actor: Actor, lang: str) -> dict[str, Any]:
        """The session cookie of somebody who has signed in and reads in a language."""
        content = {"lang": lang}
        if actor.is_signed_in:
            content["sid"] = self._start_session(actor)
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": serializer.dumps(content), "url": self.address}

    def _start_session(self, actor: Actor) -> str:
        token, now = new_token(), clock.now()
        with self.inside(), transaction() as session:
            session.add(
                LoginSession(
                    token_hash=token_hash(token),
                    account_id=actor.id,
                    created_at=now,
                    seen_at=now,
                    confirmed_at=now,
                )
            )
        return token


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, as servers do, and says nothing about each request."""

    protocol_version = "HTTP/1.1"

    def log(self, *_args: Any) -> None:
        pass


def _whole(app: WSGIApplication) -> WSGIApplication:
    """Hands the server finished answers.

    Werkzeug's server closes what it sends only after it has looked for more from the browser; where the
    browser has hung up by then, it never does, and the file that it sent stays open.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


def _reporting(app: WSGIApplication, stopped: SimpleQueue[str]) -> WSGIApplication:
    """Asks browsers to report to the house whatever the policy of a page stops; the policy stays as it is."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == _REPORTS:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            report = json.loads(body)["csp-report"]
            stopped.put(
                "{document-uri}: {effective-directive} stopped {blocked-uri}".format(**report)
            )
            start_response("204 No Content", [])
            return []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            asking = [
                (name, f"{value}; report-uri {_REPORTS}")
                if name == "Content-Security-Policy"
                else (name, value)
                for name, value in headers
            ]
            return start_response(status, asking, *more)

        return app(environ, start)

    return answer


@contextmanager
def open_house(url: str, folder: Path) -> Iterator[House]:
    """A house on an empty, migrated database of its own."""
    with socket.socket() as door:
        # the address stands in cookies, links and mail: it must be known before the service is built
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        port = door.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        app = build_app(make_settings(folder, url, BASE_URL=address, DEMO="1"))
        keep_templates(app)
        app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, WAKES=False)
        # all of a story's people come from one address
        limiter.enabled = False
        opened = House(app, address, folder / "mail")
        server = make_server(
            "127.0.0.1",
            port,
            _whole(_reporting(app, opened.stopped)),
            threaded=True,
            request_handler=_Quiet,
            fd=door.fileno(),
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            with app.app_context():
                db.engine.dispose()
