"""What files are called when they are saved. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""What some system refuses in the name of a file."""


def file_name(provider: str, title: str, as_of: date, ending: str, part: str = "") -> str:
    """The name after the public-data rule: who, what, of which day, joined by low lines.

    Source: 공공데이터 관리지침, e.g. `전북특별자치도 군산시_청년정책제안_20260331.csv`. `part`: the table, if
    it is one.
    """
    parts = (provider, title, part, f"{as_of:%Y%m%d}")
    return "_".join(_UNFIT.sub(" ", one).strip() for one in parts if one) + f".{ending}"
