"""Mail becomes files or goes to a server; nothing typed by people becomes a header."""

from __future__ import annotations

import email
import smtplib
import ssl
import stat
from email.policy import default

import pytest

from config import MailTarget
from ideas_app.adapters import mail
from ideas_app.adapters.mail import Mail, UnsafeHeaderError

LETTER = Mail(to="mina@example.org", subject="답변이 왔어요", text="본문\n", html="<p>본문</p>")


def send(letter, target, sender="noreply@ideas.example.kr"):
    mail.send(letter, target=target, sender=sender, sender_name="청년정책 제안")


def test_further_headers_stand_beside_the_usual_ones(tmp_path):
    headers = (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),)
    letter = Mail(to="mina@example.org", subject="x", text="x", html="x", headers=headers)
    send(letter, MailTarget(folder=tmp_path))
    (file,) = tmp_path.iterdir()
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in file.read_bytes()


def test_a_mail_becomes_one_private_file_that_reads_back(tmp_path):
    send(LETTER, MailTarget(folder=tmp_path / "mail"))
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert "mina" not in file.name
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert message["To"] == "mina@example.org"
    assert message["From"] == "청년정책 제안 <noreply@ideas.example.kr>"
    assert message["Subject"] == "답변이 왔어요"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "본문"
    assert message.get_body(("html",)).get_content().strip() == "<p>본문</p>"


@pytest.mark.parametrize(
    "subject",
    [
        "제안이 공개되었어요: ‘산단에서 시내로 가는 막차를 밤 열한 시 반까지 늦춰 주세요’",
        "아주 긴 제목이 여러 줄로 접혀도 낱말 사이의 빈칸은 그대로 있어야 해요 " * 3 + "끝",
        "Plain English",
    ],
)
def test_long_korean_subjects_keep_every_space(tmp_path, subject):
    letter = Mail(to="mina@example.org", subject=subject, text="x", html="x")
    send(letter, MailTarget(folder=tmp_path))
    (file,) = tmp_path.iterdir()
    source = file.read_bytes()
    assert email.message_from_bytes(source, policy=default)["Subject"] == subject
    assert max(len(line) for line in source.splitlines()) <= 78
    assert source.isascii()


def test_two_mails_are_two_files_and_one_key_names_one_mail(tmp_path):
    letter = Mail(to="a@example.org", subject="x", text="x", html="x", key="notice-7")
    send(letter, MailTarget(folder=tmp_path))
    send(letter, MailTarget(folder=tmp_path))
    texts = [file.read_text() for file in tmp_path.iterdir()]
    assert len(texts) == 2
    assert all("Message-ID: <notice-7@ideas.example.kr>" in text for text in texts)


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "hello\r\nBcc: all@example.org"},
        {"subject": "hello\nX: y"},
        {"subject": "hello\u2028X: y"},
        {"to": "a@example.org\r\nCc: b@example.org"},
        {"to": "a@example.org, b@example.org"},
        {"to": "A <a@example.org>"},
        {"to": "a@b@example.org"},
        {"to": "nobody"},
        {"to": "노을@example.org"},
        {"key": "x\ny"},
        {"headers": (("List-Unsubscribe", "<x>\r\nBcc: all@example.org"),)},
        {"headers": (("X\nBcc", "all@example.org"),)},
    ],
)
def test_a_second_header_or_receiver_is_refused(tmp_path, changes):
    values = {"to": "a@example.org", "subject": "x", "text": "x", "html": "x", **changes}
    with pytest.raises(UnsafeHeaderError):
        send(Mail(**values), MailTarget(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


class FakeServer:
    """Stands in for smtplib's classes and notes what is asked of it."""

    log: list[tuple]

    def __init__(self, host, port, timeout, context=None):
        type(self).log = [("open", host, port, context is not None)]
        assert timeout == mail.PATIENCE

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self.log.append(("close",))

    def starttls(self, context):
        assert context.verify_mode is ssl.CERT_REQUIRED
        self.log.append(("starttls",))

    def login(self, username, password):
        self.log.append(("login", username, password))

    def send_message(self, message):
        self.log.append(("send", message["To"]))


@pytest.mark.parametrize(
    ("tls", "steps"),
    [
        ("starttls", ["open", "starttls", "login", "send", "close"]),
        ("none", ["open", "login", "send", "close"]),
        ("implicit", ["open", "login", "send", "close"]),
    ],
)
def test_a_server_is_spoken_to_as_the_settings_say(monkeypatch, tls, steps):
    kind = "SMTP_SSL" if tls == "implicit" else "SMTP"
    monkeypatch.setattr(smtplib, kind, FakeServer)
    target = MailTarget(host="mail.kr", port=587, username="u", password="p", tls=tls)
    send(LETTER, target)
    assert [step[0] for step in FakeServer.log] == steps
    assert FakeServer.log[0] == ("open", "mail.kr", 587, tls == "implicit")


def test_no_password_is_sent_where_none_is_set(monkeypatch):
    monkeypatch.setattr(smtplib, "SMTP", FakeServer)
    send(LETTER, MailTarget(host="mail.kr", port=25, tls="none"))
    assert "login" not in [step[0] for step in FakeServer.log]
