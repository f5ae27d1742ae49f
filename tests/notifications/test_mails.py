"""Every mail in both languages, as the operator's preview writes them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from config import ROOT
from ideas_app.notifications.cli import sample_mails
from ideas_app.notifications.rules import KINDS

REQUESTS = {"request-received", "request-extended", "request-settled"}
ACCOUNT = {
    *(
        "verify",
        "reset",
        "registered_again",
        "password_changed",
        "webhook_stopped",
        "account_expiring",
        "confirm",
        "ways_in",
    ),
    *REQUESTS,
}
LINK = re.compile(r"https?://[^\s<>\"')]+")
HANGUL_WORD = re.compile("[가-힣]{2,}")


class Reader(HTMLParser):
    """The text that is seen and the links of an HTML mail, tags counted."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        assert tag not in {"img", "script", "link", "iframe", "form"}, tag
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data


def read(mail):
    reader = Reader()
    reader.feed(mail.html)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_mail_is_whole_in_both_languages(app, locale):
    with app.test_request_context():
        mails = dict(sample_mails(locale))
    assert set(mails) == ACCOUNT | {"digest", "work"} | {f"notice-{kind}" for kind in KINDS}
    templates = {folder.name for folder in (ROOT / "templates" / "email").iterdir()}
    assert {name.split("-")[0] for name in mails} == {
        name for name in templates if not name.endswith(".html")
    }
    for name, mail in mails.items():
        seen = read(mail)
        assert mail.subject, name
        assert "\n" not in mail.subject, name
        assert f'<html lang="{locale}">' in mail.html, name
        for text in (mail.subject, mail.text, seen.text):
            assert "%(" not in text, name
            assert "None" not in text, name
            assert "\n\n\n" not in text.replace(" ", "") or text is seen.text, name
        links = LINK.findall(mail.text)
        assert links, name
        assert set(seen.links) <= set(links), (name, set(seen.links) - set(links))
        assert all(link.startswith("http://localhost/") for link in links), name
        assert "@" not in mail.text.replace(mail.to, ""), name
        assert bool(mail.headers) is (name not in ACCOUNT), name


def test_an_english_mail_has_korean_only_in_what_people_wrote(app):
    with app.test_request_context():
        mails = dict(sample_mails("en"))
    for name in ("digest", "work", "notice-published"):
        bare = re.sub(
            r"[“\[][^”\]]*[”\]]|새벽네시통근|노을|\d{4}-\d{3} .*|^- [^:]*\(.*",
            "",
            mails[name].text,
            flags=re.MULTILINE,
        )
        assert not HANGUL_WORD.search(bare), (name, HANGUL_WORD.findall(bare))


def test_the_preview_writes_what_a_mail_program_opens(app, tmp_path):
    result = app.test_cli_runner().invoke(args=["notices", "preview", str(tmp_path)])
    assert result.exit_code == 0, result.output
    files = {path.name for path in tmp_path.iterdir()}
    assert {"digest.ko.eml", "digest.en.html", "verify.ko.html"} <= files
    assert (
        b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"
        in (tmp_path / "digest.ko.eml").read_bytes()
    )
