"""The door to other machines: private ones are not knocked at, and no answer may be slow or endless."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ideas_app.adapters import fetch
from ideas_app.adapters.fetch import FetchError, is_public, read_address
from tests.webhooks.receiver import receiving

PRIVATE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1"),
    *("64:ff9b:1::808:808", "2002:0a00:0001::1", "2002:0808:0808::1", "2001:0:808:808::1"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_address_of_a_private_or_reserved_network_is_public(address):
    assert is_public(address) is False


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "211.34.57.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address) is True


@given(st.ip_addresses(v=4))
@settings(max_examples=60, deadline=None)
def test_an_address_is_no_more_public_for_standing_within_another(address: ipaddress.IPv4Address):
    plain = is_public(str(address))
    assert plain is False or address.is_global
    for prefix in ("::ffff:0:0", "64:ff9b::", "::"):
        within = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + int(address))
        assert is_public(str(within)) is False or plain


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """A machine under load is no slow receiver."""
    monkeypatch.setattr(fetch, "PATIENCE", 60)
    monkeypatch.setattr(fetch, "LIMIT", 120)


@pytest.fixture
def receiver():
    with receiving() as opened:
        yield opened


def post(address, **more):
    return fetch.post(address, b"{}", {"X-One": "1"}, **{"allow_private": True, **more})


def test_a_body_goes_out_and_the_answer_comes_back(receiver):
    receiver.answer = 202
    answer = post(receiver.address + "/hook?a=1")
    assert (answer.status, answer.excerpt) == (202, "said")
    ((headers, body),) = receiver.got
    assert body == b"{}"
    assert headers["x-one"] == "1"
    assert headers["host"] == receiver.address.removeprefix("http://")


def test_what_is_asked_for_comes_back_whole_and_none_of_what_is_too_long(receiver, monkeypatch):
    receiver.answer = 202
    assert fetch.ask(receiver.address, b"{}", allow_private=True) == (202, b"said")
    with pytest.raises(FetchError, match="private"):
        fetch.ask(receiver.address, b"{}")
    monkeypatch.setattr(fetch, "MOST_READ", 3)
    with pytest.raises(FetchError, match="broken"):
        fetch.ask(receiver.address, b"{}", allow_private=True)


def test_a_private_address_is_refused_by_default_and_never_connected_to(receiver, monkeypatch):
    def connects(*_args, **_more):
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "create_connection", connects)
    for host in (receiver.address, receiver.address.replace("127.0.0.1", "localhost")):
        with pytest.raises(FetchError, match="private"):
            post(host, allow_private=False)
    assert receiver.got == []


def test_a_name_is_resolved_once_and_no_address_of_it_may_be_private(receiver, monkeypatch):
    asked = []
    port = int(receiver.address.rpartition(":")[2])

    really = socket.getaddrinfo

    def resolve(host, *args, **more):
        if host == "127.0.0.1":
            return really(host, *args, **more)
        asked.append(host)
        # first a public address beside a private one, then what an attacker would change it to
        found = ["8.8.8.8", "127.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match="private"):
        post(f"http://rebinding.example:{port}", allow_private=False)
    assert post(f"http://rebinding.example:{port}").status == 204
    assert asked == ["rebinding.example"] * 2
    assert receiver.got[0][0]["host"] == f"rebinding.example:{port}"


def test_a_name_that_leads_nowhere_or_never_answers_is_told(monkeypatch):
    asked = threading.Event()

    def nowhere(*_args, **_more):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(FetchError, match="no_such_host"):
        post("http://nowhere.example")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: asked.wait(30) and [])
    monkeypatch.setattr(fetch, "PATIENCE", 0.01)
    with pytest.raises(FetchError, match="slow"):
        post("http://silent.example")
    asked.set()


def test_a_redirect_is_an_answer_and_not_followed(receiver):
    receiver.answer = 302
    assert post(receiver.address).status == 302
    assert len(receiver.got) == 1


def test_an_endless_answer_is_cut(receiver):
    written = []

    def never_ends(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while not receiver.over.is_set():
                written.append(handler.wfile.write(b"x" * 10_000))
        except OSError:
            pass

    receiver.answer = never_ends
    answer = post(receiver.address)
    assert answer.status == 200
    assert len(answer.excerpt) == fetch.EXCERPT


def test_a_slow_answer_is_cut_at_each_step_and_in_all(receiver, monkeypatch):
    monkeypatch.setattr(fetch, "PATIENCE", 0.15)
    receiver.answer = lambda _handler: receiver.over.wait(20)
    with pytest.raises(FetchError, match="slow"):
        post(receiver.address)

    def drips(handler):
        try:
            while not receiver.over.wait(0.05):
                handler.wfile.write(b"H")
                handler.wfile.flush()
        except OSError:
            pass

    receiver.answer = drips
    monkeypatch.setattr(fetch, "LIMIT", 0.4)
    began = time.monotonic()
    with pytest.raises(FetchError, match="slow"):
        post(receiver.address)
    assert time.monotonic() - began < 5


def test_a_certificate_nobody_vouches_for_is_not_trusted(receiver):
    with pytest.raises(FetchError, match=r"tls|broken"):
        post(receiver.address.replace("http:", "https:"))


def test_where_nobody_listens_is_told_so():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="refused"):
            post(f"http://127.0.0.1:{door.getsockname()[1]}")


def test_a_proxy_of_the_environment_is_not_used(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert post(receiver.address).status == 204


@pytest.mark.parametrize(
    "address",
    [
        *("", "example.org", "ftp://example.org", "file:///etc/passwd", "http://", "https:///x"),
        *("http://user:pass@example.org", "http://example.org:99999", "http://[::1"),
        *("http://example.org/a b", "http://example.org/\r\nHost:x", "javascript:alert(1)"),
    ],
)
def test_only_whole_addresses_of_the_web_are_read(address):
    with pytest.raises(FetchError, match="bad_address"):
        read_address(address)


def test_a_korean_name_is_read_in_its_ascii_form():
    assert read_address("https://군산.한국/hook").host.startswith("xn--")
