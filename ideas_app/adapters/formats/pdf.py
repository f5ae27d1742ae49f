"""The one door to typst: a document of plain blocks becomes a tagged PDF (PDF/UA-1) with Hangul embedded.

The blocks travel as data beside a fixed template, so no text of a person can become markup. Every file
has its title, its language, page numbers and, in its foot, the day of the data; a poster has a template of
its own. The same document gives the same bytes. Must not know what is written.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language
    from ideas_app.adapters.formats.blocks import Document

_FOLDER = Path(__file__).parent
_TEMPLATES = {
    name: (_FOLDER / f"{name}.typ").read_text(encoding="utf-8") for name in ("document", "poster")
}
_FONTS = _FOLDER.parent / "fonts"


def write_pdf(document: Document) -> bytes:
    """The file. Raises `typst.TypstError` only for a fault of the template."""
    plain = asdict(document) | {
        "as_of": document.as_of.isoformat(),
        "foot": document.foot,
        "date": [document.as_of.year, document.as_of.month, document.as_of.day],
    }
    data = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return _compile("document", data, document.as_of)


@dataclass(frozen=True, slots=True)
class Poster:
    """One page to hang up: what it is about, a QR code (as SVG, `qr_alt` its name) and what to do with it."""

    lang: Language
    label: str
    title: str
    text: str
    call: str
    address: str
    qr: str
    qr_alt: str
    house: str
    note: str
    as_of: date


def write_poster(poster: Poster) -> bytes:
    """The poster on A4, tagged as every file here. Raises `typst.TypstError` only for a fault of the template."""
    plain = asdict(poster) | {
        "as_of": poster.as_of.isoformat(),
        "date": [poster.as_of.year, poster.as_of.month, poster.as_of.day],
    }
    return _compile("poster", json.dumps(plain, ensure_ascii=False, sort_keys=True), poster.as_of)


@lru_cache(maxsize=8)
def _compile(template: str, data: str, as_of: date) -> bytes:
    """A public link may be followed often: what was written last is not written again."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "document.typ").write_text(_TEMPLATES[template], encoding="utf-8")
        (folder / "data.json").write_text(data, encoding="utf-8")
        made: Any = typst.compile(
            str(folder / "document.typ"),
            root=str(folder),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC),
        )
    return bytes(made)
