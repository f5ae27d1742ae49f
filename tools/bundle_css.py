"""Joins the style sheets into the two that pages load: `css/main.css` and `css/staff.css`.

Small source files are for people, one request is for phones on a train. Order: the fonts, the KRDS
subset, tokens, base, layout, components and pages by name, utilities; staff pages load `staff.css` after
that. Comments go, and every `url()` gets the fingerprint that `asset()` gives, so that fonts may
be kept for ever.

Run it after a change of a style sheet (`make css`); `--check` only says whether that was forgotten.
Standard library only. It must not know the application.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CSS = ROOT / "static" / "css"
VENDOR = ROOT / "static" / "vendor"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_URL = re.compile(r"url\(([^)\"'?#]+)\)")
_STAFF_ORDER = (
    *("base", "frame", "controls", "panels", "tables"),
    *("desk", "rounds", "work", "small"),
)


def sources() -> dict[str, list[Path]]:
    """The parts of each joined sheet, in their order."""
    staff = [CSS / "staff" / f"{name}.css" for name in _STAFF_ORDER]
    return {
        "main.css": [
            VENDOR / "pretendard-gov" / "fontface.css",
            VENDOR / "krds" / "krds.css",
            *(CSS / f"{name}.css" for name in ("tokens", "base", "layout")),
            *sorted((CSS / "components").glob("*.css")),
            *sorted((CSS / "pages").glob("*.css")),
            CSS / "utilities.css",
        ],
        "staff.css": [*staff, *sorted(set((CSS / "staff").glob("*.css")) - set(staff))],
    }


def join(parts: list[Path]) -> str:
    """One sheet from its parts: without comments and empty lines, addresses with a fingerprint."""
    text = _COMMENT.sub("", "\n".join(part.read_text(encoding="utf-8") for part in parts))
    lines = (line.strip() for line in text.splitlines())
    return _URL.sub(_with_fingerprint, "\n".join(filter(None, lines))) + "\n"


def _with_fingerprint(match: re.Match[str]) -> str:
    name = match.group(1)
    content = (CSS / name).read_bytes()
    return f"url({name}?v={hashlib.sha256(content).hexdigest()[:12]})"


def find_stale() -> list[str]:
    """Names of joined sheets that are not what their parts say."""
    return [
        name
        for name, parts in sources().items()
        if not (CSS / name).is_file() or (CSS / name).read_text(encoding="utf-8") != join(parts)
    ]


def main() -> None:
    """Writes both sheets, or checks them."""
    if "--check" in sys.argv[1:]:
        stale = find_stale()
        sys.exit(f"stale: {', '.join(stale)}; run tools/bundle_css.py" if stale else 0)
    for name, parts in sources().items():
        css = join(parts)
        (CSS / name).write_text(css, encoding="utf-8")
        size = len(css.encode())
        print(f"{name}: {size} bytes, {len(gzip.compress(css.encode()))} with gzip")


if __name__ == "__main__":
    main()
