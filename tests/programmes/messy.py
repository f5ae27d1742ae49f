"""A roster as a centre really keeps it: three sheets, titles above, merged cells, totals, every way to write
a date, telephone numbers without their zero, names from a Mac, people entered twice, and five slips.

`python -m tests.programmes.messy` writes `messy.xlsx` anew; `mended` is the same without the slips. Every
person is made up by number.
"""

from __future__ import annotations

import io
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from tests.programmes.scenes import name_of

ROWS = 3433
TWICE = 12
PATH = Path(__file__).with_name("messy.xlsx")
SHEETS = ("1기", "2기", "3기")
TITLES = (
    "연번", "프로그램명", "성 명", "생년월일", "휴대전화", "읍면동", "참여일자", "참석여부", "수료여부", "비고",
)  # fmt: skip
PLACES = ("나운동", "수송동", "조촌동", "장미동", "옥구읍", "회현면")
SLIPS = {
    ("1기", 40): ("생년월일", "2001.02.30"),
    ("1기", 777): ("휴대전화", "010-12-88"),
    ("2기", 5): ("성 명", "김*수"),
    ("2기", 900): ("수료여부", "글쎄요"),
    ("3기", 1000): ("참여일자", "2025.13.01"),
}
"""By sheet and number within it, what was mistyped."""


def _birth(number: int, day: date) -> object:
    written = (
        day.strftime("%y%m%d"),
        (day - date(1899, 12, 30)).days,
        f"{day.year}.{day.month}.{day.day}",
        f"'{day:%y.%m.%d}",
        f"{day.year}년 {day.month}월 {day.day}일",
        day.isoformat(),
        f"{day.year}. {day.month}. {day.day}.",
    )
    return written[number % len(written)]


def _phone(number: int) -> object:
    digits = f"010{10_000_000 + number * 7:08}"
    written = (
        int(digits),
        f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
        f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        f"+82 10-{digits[3:7]}-{digits[7:]}",
        f"{digits[:3]}.{digits[3:7]}.{digits[7:]}",
    )
    return written[number % len(written)]


def _name(number: int) -> str:
    name = name_of(number)
    if number % 9 == 0:
        return unicodedata.normalize("NFD", name)
    return " ".join(name) if number % 11 == 0 else name


def _line(number: int, *, in_sheet: int) -> dict[str, object]:
    born = date(1987, 1, 1) + timedelta(days=number * 3 % 6500)
    came = date(2025, 3, 3) + timedelta(days=number % 200)
    return {
        "연번": in_sheet,
        "성 명": _name(number),
        "생년월일": _birth(number, born),
        "휴대전화": _phone(number),
        "읍면동": PLACES[number % len(PLACES)],
        "참여일자": f"{came.year}. {came.month}. {came.day}." if number % 2 else came.isoformat(),
        "참석여부": ("O", "○", "Y", "참석")[number % 4],
        "수료여부": ("O", "X", "수료", "미수료")[number % 4],
        "비고": "",
    }


def workbook(*, mended: bool = False) -> bytes:
    """The workbook: `ROWS` lines about people over three sheets, `TWICE` of them entered twice."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_numbers": False})
    middle = book.add_format({"valign": "vcenter"})
    people = iter(range(ROWS - TWICE))
    sizes = (1200, 1130, ROWS - 1200 - 1130)
    for name, size in zip(SHEETS, sizes, strict=True):
        sheet = book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(TITLES) - 1, f"2025년 인공지능 활용 과정 {name} 참여자 명단")
        sheet.write(1, 0, "작성: 청년센터, 2025. 12. 31. 기준")
        sheet.write_row(3, 0, TITLES)
        row, block = 4, 4
        kept: list[dict[str, object]] = []
        for in_sheet in range(1, size + 1):
            # four lines of each sheet stand there a second time, far below the first
            again = in_sheet > size - TWICE // len(SHEETS)
            line = (
                {**kept[(in_sheet * 31) % 500], "연번": in_sheet}
                if again
                else _line(next(people), in_sheet=in_sheet)
            )
            kept.append(line)
            slip = SLIPS.get((name, in_sheet))
            if slip and not mended:
                line = {**line, slip[0]: slip[1]}
            for place, title in enumerate(TITLES):
                if title != "프로그램명" and line.get(title) not in {"", None}:
                    sheet.write(row, place, line[title])
            row += 1
            if in_sheet % 100 == 0 or in_sheet == size:
                if row - 1 > block:
                    sheet.merge_range(block, 1, row - 1, 1, "인공지능 활용 과정", middle)
                else:
                    sheet.write(block, 1, "인공지능 활용 과정")
                sheet.write(row, 0, "소계")
                sheet.write(row, 2, f"{row - block}명")
                row += 1
                block = row
        sheet.write(row, 0, "합계")
        sheet.write(row, 2, f"{size}명")
    book.close()
    return target.getvalue()


if __name__ == "__main__":
    PATH.write_bytes(workbook())
