"""How an answer is handed to the server: whole where it is there whole, so that it leaves in one piece."""

from __future__ import annotations

import socket

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from ideas_app.cli.serve import _listen


def body_of(app, path, method="GET"):
    told = []
    environ = EnvironBuilder(path, method=method).get_environ()
    return app.wsgi_app(environ, lambda *said: told.extend(said)), told


@pytest.mark.parametrize("path", ["/login", "/ideas", "/nowhere", "/api/v1/ideas"])
def test_a_page_is_one_list(app, path):
    body, (_status, headers) = body_of(app, path)
    assert type(body) is list
    assert len(b"".join(body)) == int(dict(headers)["Content-Length"])


def test_what_has_to_be_closed_afterwards_is_closed(app):
    closed = []
    answer = app.response_class("text")
    answer.call_on_close(lambda: closed.append(True))
    body = answer.get_app_iter(EnvironBuilder("/").get_environ())
    assert b"".join(body) == b"text"
    assert not closed
    body.close()
    assert closed


def test_what_is_made_piece_by_piece_stays_so(app):
    answer = app.response_class(iter(["a", "b"]))
    body = answer.get_app_iter(EnvironBuilder("/").get_environ())
    assert type(body) is not list
    assert list(body) == [b"a", b"b"]


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 200)]
)
def test_the_body_is_what_werkzeug_would_send(app, method, status):
    environ = EnvironBuilder("/", method=method).get_environ()
    ours = app.response_class(["막차"], status=status).get_app_iter(environ)
    assert list(ours) == list(Response(["막차"], status=status).get_app_iter(environ))


def test_connections_send_what_they_have_at_once():
    (number,) = _listen("127.0.0.1", 0, 1, 8)
    with socket.socket(fileno=number) as listener:
        listener.setblocking(True)
        with socket.create_connection(listener.getsockname()):
            taken, _address = listener.accept()
            with taken:
                assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
