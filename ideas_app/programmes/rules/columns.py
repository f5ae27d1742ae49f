"""Which column of a roster is which: the names that officials use, a guess, and what is remembered
of it.

Must not know the service: a mapping is remembered as titles, so that moved columns are found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import cell_text, find_header, guess_columns, heading_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.adapters.spreadsheets import Table

WITHIN = 10
"""Rows from the top among which the titles are looked for."""

FIELDS: dict[str, tuple[str, ...]] = {
    "number": ("연번", "번호", "순번", "일련번호", "no", "순", "#"),
    "name": (
        *("성명", "이름", "성함", "참여자명", "참가자명", "신청자명", "교육생명", "수강생명"),
        *("참여자", "참가자", "신청자", "교육생", "수강생", "name", "fullname", "participant"),
    ),
    "birth_on": (
        *("생년월일", "생일", "출생일", "출생연월일", "주민등록상생년월일"),
        *("birthdate", "dateofbirth", "dob", "birthday", "birth", "bornon"),
    ),
    "gender": ("성별", "gender", "sex"),
    "phone": (
        *("휴대전화", "휴대폰", "핸드폰", "휴대전화번호", "휴대폰번호", "핸드폰번호", "연락처"),
        *("전화번호", "전화", "모바일", "hp", "phone", "mobile", "cellphone", "tel", "contact"),
    ),
    "email": ("이메일", "전자우편", "메일", "이메일주소", "email", "mail"),
    "neighbourhood": (
        *("읍면동", "행정동", "거주동", "거주지역", "거주지", "주소지", "주소"),
        *("neighbourhood", "neighborhood", "district", "address"),
    ),
    "programme": (
        "프로그램명",
        "프로그램",
        "과정명",
        "교육명",
        "사업명",
        "강좌명",
        "programme",
        "program",
    ),
    "cohort": ("기수", "차수", "회차", "분반", "반", "기", "cohort", "batch", "group"),
    "applied_on": ("신청일", "신청일자", "신청일시", "접수일", "접수일자", "appliedon", "applied"),
    "joined_on": (
        *(
            "참여일",
            "참여일자",
            "참석일",
            "참석일자",
            "교육일",
            "교육일자",
            "수강일",
            "일자",
            "날짜",
        ),
        *("joinedon", "joined", "date"),
    ),
    "attended": (
        *("출석", "출석여부", "참석", "참석여부", "참여여부", "출결", "attended", "attendance"),
        "present",
    ),
    "completed": ("수료여부", "수료", "이수여부", "이수", "completed", "completion"),
    "certified": (
        *("자격취득여부", "자격취득", "취득여부", "자격증취득여부", "자격증취득", "합격여부"),
        *("certified", "passed"),
    ),
    "certificate": (
        *("자격명", "자격증명", "취득자격", "취득자격증", "자격종목", "자격증"),
        *("certificate", "certificatename"),
    ),
    "certified_on": (
        *(
            "취득일",
            "취득일자",
            "자격취득일",
            "자격취득일자",
            "합격일",
            "합격일자",
            "발급일",
            "교부일",
        ),
        *("certifiedon", "certificatedate"),
    ),
    "status": ("참여상태", "이수상태", "진행상태", "상태", "status"),
    "note": ("비고", "메모", "특이사항", "note", "notes", "remarks", "memo"),
}
"""The names of each field, best first. Number, gender and programme are recognised and never
stored.
"""

NOT_OWN = (
    *("비상", "보호자", "부모", "담당", "강사", "멘토", "기관", "단체", "회사", "업체", "학교"),
    *("추천", "강좌", "프로그램", "동아리", "과정", "사업", "팀", "계좌", "예금주"),
)
"""Words that make a title speak of somebody or something else."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The number of the row of titles as the spreadsheet shows it, the titles, and each field's
    column from 0.
    """

    header_row: int
    titles: tuple[str, ...]
    columns: dict[str, int]

    def title(self, field: str) -> str:
        """The title of a field's column as it stands in the file; '' if the field has none."""
        place = self.columns.get(field)
        return self.titles[place] if place is not None and place < len(self.titles) else ""

    def remember(self) -> dict[str, str]:
        """What to keep for the next file: the title of each field, '' for a field that was left
        out by hand.
        """
        guessed = guess_columns(self.titles, FIELDS, not_own=NOT_OWN)
        return {
            field: self.title(field)
            for field in FIELDS
            if field in self.columns or field in guessed
        }

    def not_used(self) -> tuple[str, ...]:
        """The titles of columns that serve no field."""
        used = set(self.columns.values())
        return tuple(
            title for place, title in enumerate(self.titles) if title and place not in used
        )


def guess_mapping(
    table: Table, *, remembered: Mapping[str, str] | None = None
) -> ColumnMapping | None:
    """The mapping by known names, remembered titles first; None where no row of titles holds a
    name column.
    """
    kept = remembered or {}
    synonyms = {
        field: ((kept[field], *names) if kept.get(field) else names)
        for field, names in FIELDS.items()
        if kept.get(field) != ""
    }
    header = find_header(table.rows, synonyms, within=WITHIN, needs=("name",), not_own=NOT_OWN)
    if header is None:
        return None
    return ColumnMapping(header.number, header.titles, header.columns)


def mapping_by_hand(
    table: Table, header_row: int, columns: Mapping[str, int]
) -> ColumnMapping | None:
    """The mapping that a person chose; None if that row is blank or a field or column does not
    exist.
    """
    row = next((row for row in table.rows if row.number == header_row), None)
    if row is None or not set(columns) <= set(FIELDS) or len(set(columns.values())) < len(columns):
        return None
    if any(not 0 <= place < table.width for place in columns.values()):
        return None
    return ColumnMapping(header_row, tuple(cell_text(cell) for cell in row.cells), dict(columns))


def is_header_again(mapping: ColumnMapping, texts: list[str]) -> bool:
    """Whether a row repeats the titles, as on every printed page."""
    place = mapping.columns["name"]
    title = heading_key(mapping.titles[place])
    return bool(title) and heading_key(texts[place]) == title
