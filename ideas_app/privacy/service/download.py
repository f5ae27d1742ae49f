"""Everything that is kept of a person as files to take away: worked out from the register of the rooms alone.

A ZIP with an index in both languages, one JSON file, and a CSV file for each list, in the form of all exports
(contracts: mark, CRLF, ISO dates, no formulas).
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ideas_app.adapters import formats
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.core import clock, personal
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language
    from ideas_app.core.personal import Holding

_HEADS = (_l("File"), _l("Content"), _l("Lines"), _l("Kept for"), _l("When you leave"))
_FORM = _l(
    "all.json holds everything, the folder csv one file for each list; spreadsheets and word processors open them."
)
_MISSING = _l(
    "Not in it: your password (only a value that nobody can turn back is kept), ballots whose link with you was "
    "destroyed (nobody can tell any more whose they are), and what others wrote."
)


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away."""

    name: str
    kind: str
    """Its media type."""
    content: bytes


def make_json(account_id: int) -> Download:
    """Everything as one JSON file, by the names of the lists."""
    return Download(_name("json"), "application/json", _json(_read(account_id)))


def make_zip(account_id: int, lang: Language, *, site: str) -> Download:
    """Everything as a ZIP file: index, JSON, and CSV files with titles in the given language."""
    kept = _read(account_id)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _index(kept, site).encode())
        archive.writestr("all.json", _json(kept))
        for holding, rows in kept:
            content = write_csv(_columns(holding), rows, lang=lang, as_of=clock.today())
            archive.writestr(f"csv/{holding.key}.csv", b"".join(content))
    return Download(_name("zip"), "application/zip", buffer.getvalue())


def _name(ending: str) -> str:
    return f"my-data-{clock.today():%Y%m%d}.{ending}"


_Kept = list[tuple["Holding", list[dict[str, Any]]]]


def _read(account_id: int) -> _Kept:
    return [
        (holding, [dict(row) for row in holding.read(account_id)])
        for holding in personal.holdings()
    ]


def _json(kept: _Kept) -> bytes:
    whole: dict[str, Any] = {"made_at": clock.now().isoformat()}
    for holding, rows in kept:
        plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
        whole[holding.key] = plain[0] if holding.key == "account" else plain
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _columns(holding: Holding) -> list[formats.Column]:
    titles = {}
    for lang in LOCALES:
        with speaking(lang):
            titles[lang] = [str(column.title) for column in holding.columns]
    return [
        formats.Column(column.key, ko, en, column.kind)
        for column, ko, en in zip(holding.columns, titles["ko"], titles["en"], strict=True)
    ]


def _index(kept: _Kept, site: str) -> str:
    """What each file is, how long it is kept and what becomes of it, in both languages."""
    at = clock.now().astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
    lines: list[str] = []
    for lang in LOCALES:
        with speaking(lang):
            made = _l(
                "Everything that %(site)s keeps of you, made at %(at)s (Korean time).",
                site=site,
                at=at,
            )
            lines += [str(part) for part in (made, _FORM, _MISSING, "")]
            for holding, rows in kept:
                told = (
                    f"csv/{holding.key}.csv",
                    holding.title,
                    len(rows),
                    holding.kept,
                    holding.leaving,
                )
                lines += [f"{head}: {value}" for head, value in zip(_HEADS, told, strict=True)]
                lines.append("")
        lines += ["-" * 40, ""]
    return "\r\n".join(lines)
