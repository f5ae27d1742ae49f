"""What browsers load: bundles as fresh as their parts, nothing from elsewhere, every part with its licence."""

from __future__ import annotations

import gzip
import re

from config import ROOT
from tools.bundle_css import find_stale

STATIC = ROOT / "static"
ELSEWHERE = re.compile(r"url\(\s*[\"']?(?:https?:|//|data:)|@import\s+[\"']?(?:https?:|//)")


def test_the_joined_style_sheets_are_as_new_as_their_parts() -> None:
    assert find_stale() == [], "run: make css"


def test_no_style_sheet_loads_anything_from_elsewhere() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in STATIC.rglob("*.css")
        if ELSEWHERE.search(path.read_text())
    ]
    assert not guilty


def test_no_script_runs_text_as_code_or_calls_another_host() -> None:
    unsafe = re.compile(r"\beval\(|new Function|document\.write|https?://(?!www\.w3\.org)")
    guilty = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in (STATIC / "js").rglob("*.js")
        for found in unsafe.finditer(path.read_text())
    ]
    assert not guilty


def test_every_vendored_folder_is_named_in_the_list_of_third_parties() -> None:
    named = (ROOT / "THIRD_PARTY.md").read_text()
    for folder in (STATIC / "vendor").iterdir():
        assert f"static/vendor/{folder.name}" in named, (
            f"THIRD_PARTY.md does not name {folder.name}"
        )


def test_a_first_view_stays_light() -> None:
    packed = {
        name: len(gzip.compress((STATIC / name).read_bytes()))
        for name in ("css/main.css", "js/main.js")
    }
    assert packed["css/main.css"] <= 29_000
    assert packed["js/main.js"] <= 2_000


def test_every_syllable_and_every_sign_of_a_keyboard_has_one_piece_of_the_font_that_is_asked_first() -> (
    None
):
    rules = (STATIC / "vendor" / "pretendard-gov" / "fontface.css").read_text().splitlines()
    covered: set[int] = set()
    pieces = 0
    for rule in rules:
        if found := re.search(r"pretendard-gov/(\d+\.woff2).*unicode-range:([^}]+)}", rule):
            assert (STATIC / "vendor" / "pretendard-gov" / found[1]).is_file()
            pieces += 1
            for span in found[2].split(","):
                first, _, last = span.removeprefix("U+").partition("-")
                covered |= set(range(int(first, 16), int(last or first, 16) + 1))
    assert covered >= {*range(0x20, 0x7F), *range(0xAC00, 0xD7A4)}
    assert pieces == len(list((STATIC / "vendor" / "pretendard-gov").glob("*.woff2")))
    assert "pretendard-gov/00.woff2" in rules[-1], (
        "the most frequent piece is the one that is loaded ahead"
    )
