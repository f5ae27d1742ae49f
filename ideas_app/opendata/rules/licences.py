"""The licences under which a centre may publish. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name in registers, where it is written, what it is called in both languages."""

    name: str
    path: str
    title_ko: str
    title_en: str

    def title(self, lang: Language) -> str:
        """What it is called in a language."""
        return self.title_ko if lang == "ko" else self.title_en


LICENCES = {
    "kogl-1": Licence(
        "KOGL-1",
        "https://www.kogl.or.kr/info/license.do",
        "공공누리 제1유형(출처표시)",
        "Korea Open Government License, type 1 (attribution)",
    ),
    "cc-by-4.0": Licence(
        "CC-BY-4.0",
        "https://creativecommons.org/licenses/by/4.0/",
        "크리에이티브 커먼즈 저작자표시 4.0",
        "Creative Commons Attribution 4.0",
    ),
}
"""By the value of the setting OPEN_DATA_LICENCE."""
