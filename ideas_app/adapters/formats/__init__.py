"""Files that leave the service, each kind behind its own module: one description of columns serves
them all.

A row is a mapping from a column's key to a plain value. Must not know what is exported or who may
have it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

Kind: TypeAlias = Literal["text", "int", "decimal", "date", "datetime", "bool", "phone"]
Language: TypeAlias = Literal["ko", "en"]
Value: TypeAlias = "str | int | float | Decimal | date | datetime | bool | None"
Record: TypeAlias = "Mapping[str, Value]"

AS_OF_TITLES: dict[Language, str] = {"ko": "데이터기준일자", "en": "Data as of"}
"""The title of a CSV file's last column, after the public-data rule."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: where its value is found, what it is called and what it means in
    both languages.

    `width` is in characters of a spreadsheet (one Hangul syllable takes two).
    """

    key: str
    title_ko: str
    title_en: str
    kind: Kind = "text"
    definition_ko: str = ""
    definition_en: str = ""
    width: int = 14

    def title(self, lang: Language) -> str:
        """The title in that language."""
        return self.title_ko if lang == "ko" else self.title_en

    def definition(self, lang: Language) -> str:
        """What the column means, in that language."""
        return self.definition_ko if lang == "ko" else self.definition_en


def printable(text: str) -> str:
    """Text as it may stand in a cell: NFC, LF as line end, no control characters that a spreadsheet
    refuses.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isprintable():
        return text
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )


def show_phone(text: str) -> str:
    """A stored number as Koreans write it (010-1234-5678); anything else as it stands."""
    if not text.isdigit() or not text.startswith("0") or not 9 <= len(text) <= 12:
        return text
    area = 2 if text.startswith("02") else 4 if len(text) == 12 else 3
    return f"{text[:area]}-{text[area:-4]}-{text[-4:]}"
