"""What browsers load: bundles as fresh as their parts, nothing from elsewhere, every part with its licence."""

from __future__ import annotations

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
