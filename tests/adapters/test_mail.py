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


def begin(letter, target, sender="noreply@ideas.example.kr"):
    return mail.begin(letter, target=target, sender=sender, sender_name="청년정책 제안")


def send(letter, target):
    begin(letter, target).finish()


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


def test_a_file_counts_only_at_the_end(tmp_path):
    handing = begin(LETTER, MailTarget(folder=tmp_path))
    assert list(tmp_path.glob("*.eml")) == []
    handing.abandon()
    assert list(tmp_path.iterdir()) == []


class FakeServer:
    """Stands in for smtplib's classes and notes what is asked of it."""

    log: list[str]
    answers: dict[str, int]

    def __init__(self, host, port, timeout, context=None):
        self.log.append(f"open {host} {port} {'tls' if context else 'plain'}")
        self.sock = self
        assert timeout == mail.PATIENCE

    def setsockopt(self, *_option):
        pass

    def starttls(self, context):
        assert context.verify_mode is ssl.CERT_REQUIRED
        self.log.append("starttls")

    def login(self, username, password):
        self.log.append(f"login {username} {password}")

    def ehlo_or_helo_if_needed(self):
        pass

    def mail(self, sender):
        return self.said("MAIL")

    def rcpt(self, receiver):
        return self.said("RCPT")

    def putcmd(self, word):
        assert word == "DATA"

    def send(self, data):
        self.log.append("dot" if data == b".\r\n" else "text")

    def getreply(self):
        return self.said("END" if self.log[-1] == "dot" else "DATA")

    def said(self, step):
        code = self.answers.get(step, {"DATA": 354}.get(step, 250))
        if code == 0:
            raise smtplib.SMTPServerDisconnected("gone")
        self.log.append(step)
        return code, b""

    def quit(self):
        self.log.append("quit")

    def close(self):
        self.log.append("close")


@pytest.fixture(autouse=True)
def server(monkeypatch):
    monkeypatch.setattr(smtplib, "SMTP", FakeServer)
    monkeypatch.setattr(smtplib, "SMTP_SSL", FakeServer)
    monkeypatch.setattr(mail, "_away", {})
    FakeServer.log, FakeServer.answers = [], {}
    yield FakeServer
    mail.hang_up()


PLAIN = MailTarget(host="mail.kr", port=25, tls="none")
WHOLE = ["MAIL", "RCPT", "text", "dot", "END"]


@pytest.mark.parametrize(
    ("tls", "steps"),
    [
        ("starttls", ["open mail.kr 587 plain", "starttls", "login u p"]),
        ("none", ["open mail.kr 587 plain", "login u p"]),
        ("implicit", ["open mail.kr 587 tls", "login u p"]),
    ],
)
def test_a_server_is_spoken_to_as_the_settings_say(server, tls, steps):
    target = MailTarget(host="mail.kr", port=587, username="u", password="p", tls=tls)
    send(LETTER, target)
    assert [step for step in server.log if step != "DATA"] == [*steps, *WHOLE]


def test_no_password_is_sent_where_none_is_set(server):
    send(LETTER, PLAIN)
    assert not any(step.startswith("login") for step in server.log)


def test_the_text_is_with_the_server_before_the_dot_and_abandoning_sends_none(server):
    handing = begin(LETTER, PLAIN)
    assert server.log[-1] == "text"
    handing.abandon()
    assert server.log[-1] == "close"
    assert "dot" not in server.log


def test_a_line_that_begins_with_a_dot_does_not_end_the_mail(server, monkeypatch):
    sent = []
    monkeypatch.setattr(FakeServer, "send", lambda self, data: sent.append(data))
    mail._Line(PLAIN, FakeServer("mail.kr", 25, mail.PATIENCE)).give(
        "a@b.kr", "c@d.kr", b"one\r\n.\r\n.two\r\n"
    )
    assert sent == [b"one\r\n..\r\n..two\r\n"]


def test_mails_of_a_batch_go_over_one_connection(server):
    send(LETTER, PLAIN)
    send(LETTER, PLAIN)
    mail.hang_up()
    assert sum(step.startswith("open") for step in server.log) == 1
    assert server.log[-2:] == ["quit", "close"]


def test_a_server_that_hung_up_between_two_mails_is_called_again(server, monkeypatch):
    send(LETTER, PLAIN)
    answers = iter([(0, b"")])

    def said(self, step):
        if next(answers, None):
            raise smtplib.SMTPServerDisconnected("gone")
        return (354 if step == "DATA" else 250), b""

    monkeypatch.setattr(FakeServer, "said", said)
    send(LETTER, PLAIN)
    assert sum(step.startswith("open") for step in server.log) == 2


@pytest.mark.parametrize(
    ("step", "code", "is_final"),
    [
        ("RCPT", 550, True),
        ("RCPT", 450, False),
        ("MAIL", 550, False),
        ("DATA", 451, False),
        ("END", 552, True),
        ("END", 452, False),
    ],
)
def test_a_refusal_says_at_which_step_and_whether_it_is_for_good(server, step, code, is_final):
    server.answers[step] = code
    with pytest.raises(mail.MailRefusedError) as refused:
        send(LETTER, PLAIN)
    assert (refused.value.step, refused.value.code) == (step, code)
    assert refused.value.is_final is is_final
    assert "example.org" not in str(refused.value)


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_dot_is_a_server_that_is_away(server, step):
    server.answers[step] = 0
    with pytest.raises(mail.MailServerAwayError):
        send(LETTER, PLAIN)


def test_an_answer_lost_after_the_dot_leaves_everybody_unsure(server):
    server.answers["END"] = 0
    with pytest.raises(mail.MailUnsureError):
        send(LETTER, PLAIN)


def test_a_server_that_is_away_is_not_asked_again_for_each_mail(server, monkeypatch):
    def refuses(*_args, **_more):
        server.log.append("refused")
        raise ConnectionRefusedError

    monkeypatch.setattr(smtplib, "SMTP", refuses)
    for _ in range(3):
        with pytest.raises(mail.MailServerAwayError):
            send(LETTER, PLAIN)
    assert server.log == ["refused"]
