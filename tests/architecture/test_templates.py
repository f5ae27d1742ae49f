"""Every template compiles, keeps to the strict content policy, and every mail has its three parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config import ROOT

if TYPE_CHECKING:
    from flask import Flask

MADE_SAFE = re.compile(
    # cleaned when it was saved; drawn by our own charts; our own words, into which numbers are filled
    r"""(?:\bhtml|_html|\bpictures\.(?:\w+|get\("\w+"\))|\bngettext\("[^"]*",\s"[^"]*",\s[\w.]+\)|"[^"{}]*%s[^"{}]*")\s*$"""
)
UNESCAPED = re.compile(r"autoescape|\bMarkup\b|\|\s*safe\b")
TEMPLATES = ROOT / "templates"
INLINE = re.compile(
    # a block of data is not run, and browsers do not hold it against the policy
    r"<script(?![^>]*(?:\bsrc=|type=\"application/ld\+json\"))|<style|<[^>{]*\s(?:on[a-z]+|style)\s*=|javascript:",
    re.IGNORECASE,
)


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    assert len(names) > 60
    for name in names:
        app.jinja_env.get_template(name)


def test_no_template_holds_inline_script_or_style() -> None:
    guilty = [
        f"{path.relative_to(TEMPLATES)}: {found.group()}"
        for path in TEMPLATES.rglob("*.html")
        if "email" not in path.parts
        for found in INLINE.finditer(path.read_text())
    ]
    assert not guilty, f"move it into static/js/behaviours or static/css: {guilty}"


def test_nothing_is_written_unescaped_but_what_was_made_safe_before() -> None:
    guilty = [
        f"{path.relative_to(TEMPLATES)}: {text[max(found.start() - 60, 0) : found.end()]}"
        for path in sorted(TEMPLATES.rglob("*.[hx]*ml"))
        for text in [path.read_text(encoding="utf-8")]
        for found in UNESCAPED.finditer(text)
        if "safe" not in found.group() or not MADE_SAFE.search(text[: found.start()])
    ]
    assert not guilty, f"who made this safe? {guilty}"


def test_pages_and_feeds_are_escaped_and_mails_in_plain_text_are_not(app: Flask) -> None:
    for name, is_escaped in (("x.html", True), ("x.xml", True), ("x.txt", False)):
        made = app.jinja_env.from_string("{{ word }}")
        assert made.render(word="<b>") == "&lt;b&gt;"
        asks = app.jinja_env.autoescape
        assert callable(asks)
        assert asks(name) is is_escaped, name


def test_no_template_loads_anything_from_another_host() -> None:
    loading = re.compile(
        r"<(?:script|link|img|iframe)[^>]+(?:src|href)\s*=\s*[\"']https?://", re.IGNORECASE
    )
    guilty = [str(path) for path in TEMPLATES.rglob("*.html") if loading.search(path.read_text())]
    assert not guilty


def test_every_mail_has_a_subject_a_text_and_a_page() -> None:
    folders = [folder for folder in (TEMPLATES / "email").iterdir() if folder.is_dir()]
    assert folders
    for folder in folders:
        for part in ("subject.txt", "body.txt", "body.html"):
            assert (folder / part).is_file(), f"templates/email/{folder.name}/{part} is missing"


def test_no_template_is_a_stranger_to_the_code() -> None:
    code = "".join(path.read_text() for path in (ROOT / "ideas_app").rglob("*.py"))
    others = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES).as_posix()
        if name.startswith(("email/", "errors/")):
            continue
        assert f'"{name}"' in code + others or f"'{name}'" in others, (
            f"nothing uses templates/{name}"
        )
