"""Yes, no and how far somebody got, in the many signs that rosters use."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from ideas_app.programmes.models import Attendance
from ideas_app.programmes.rules.issues import Unreadable

if TYPE_CHECKING:
    from ideas_app.adapters.spreadsheets import Cell


def plain_word(text: str) -> str:
    """NFKC, case folded, without spaces; it turns a lone ㅇ into another code point, so the words
    below pass too.
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(text: str) -> frozenset[str]:
    return frozenset(plain_word(word) for word in text.split())


_YES = _words(
    "y yes o ㅇ ○ ◯ 〇 ● ◎ v ✓ ✔ √ ☑ ■ 1 true t 예 네 유 참 출석 참석 참여 참가 지각 조퇴 수료 이수 완료 "
    "취득 합격 자격취득 발급 수료함 취득함 attended present completed certified passed pass"
)
_NO = _words(
    "n no x × ✕ ✖ ✗ ☒ □ ☐ 0 false f 아니오 아니요 무 거짓 결석 불참 미참석 미참여 미출석 미참가 미수료 미이수 "
    "미완료 미취득 불합격 탈락 취소 중도포기 중도탈락 포기 노쇼 noshow 환불 미응시 absent failed fail"
)
_BLANK = _words("- -- 해당없음 n/a na 없음") | {""}
_STATUS = {
    **dict.fromkeys(
        _words("attended present 참여 참석 출석 참가 미수료 미이수"), Attendance.ATTENDED
    ),
    **dict.fromkeys(
        _words("completed 수료 이수 완료 교육수료 과정수료 미취득 불합격"), Attendance.COMPLETED
    ),
    **dict.fromkeys(_words("certified passed 취득 합격 자격취득 자격증취득"), Attendance.CERTIFIED),
}
_ABSENT = _words("결석 불참 미참석 미참여 미출석 취소 노쇼 absent noshow cancelled")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(?:회|일|시간|%|차시)?(?:/\d+.*)?")


def _word(cell: Cell) -> str:
    return "" if cell is None else plain_word(str(cell))


def read_mark(cell: Cell, *, counts: bool = False) -> bool | None:
    """Yes or no, None for a blank; with `counts` also an amount (`5회`, `80%`), where 0 is no.

    Raises `Unreadable` (mark_unreadable).
    """
    word = _word(cell)
    if word in _BLANK:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    if counts and (match := _AMOUNT.fullmatch(word)):
        return float(match[1]) > 0
    raise Unreadable("mark_unreadable")


def read_status(cell: Cell) -> Attendance | bool | None:
    """How far somebody got, by one word; False for absent, None for a blank.

    Raises `Unreadable` (status_unreadable).
    """
    word = _word(cell)
    if word in _BLANK:
        return None
    if word in _ABSENT:
        return False
    if word not in _STATUS:
        raise Unreadable("status_unreadable")
    return _STATUS[word]


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, a dash, "none"."""
    return _word(cell) in _BLANK


def is_no(cell: Cell) -> bool:
    """Whether a cell says no in any of the known words."""
    return _word(cell) in _NO
