"""Which column of a roster is which: the names that officials use, a guess, and what is remembered
of it.

Must not know the service: a mapping is remembered as titles, so that moved columns are found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.spreadsheets import cell_text, find_header, guess_columns, heading_key
from ideas_app.programmes.rules.issues import Unreadable
from ideas_app.programmes.rules.marks import is_blank
from ideas_app.programmes.rules.sessions import chosen_sessions, find_sessions, read_session_mark

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ideas_app.adapters.spreadsheets import Row, Table
    from ideas_app.programmes.rules.sessions import SessionColumn

WITHIN = 10
"""Rows from the top among which the titles are looked for."""

_CONTACTS = ("birth_on", "phone", "email")
_TRIED = 200
"""Rows that are looked at to tell marks from other words."""

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
    sessions: tuple[SessionColumn, ...] = ()
    """The columns that say who was at which meeting."""
    second_row: int | None = None
    """The number of the second line of titles, where there is one: nobody stands in it."""

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
        used = {*self.columns.values(), *(each.place for each in self.sessions)}
        return tuple(
            title for place, title in enumerate(self.titles) if title and place not in used
        )


def guess_mapping(
    table: Table, *, remembered: Mapping[str, str] | None = None, year: int | None = None
) -> ColumnMapping | None:
    """The mapping by known names, remembered titles first; None where no row of titles holds a
    name column. Columns of meetings are looked for only with the `year` of their days.
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
    if year is None:
        return ColumnMapping(header.number, header.titles, header.columns)
    lines = _Lines(table, header.place, header.columns)
    taken = set(header.columns.values())
    # with other words beside day or number a column stays the field whose name it bears
    sessions = tuple(
        each for each in lines.find(year, used=()) if not (each.topic and each.place in taken)
    )
    places = {each.place for each in sessions}
    if not places:
        return ColumnMapping(header.number, header.titles, header.columns)
    # `3/5 출석` and `1회차` end like names of fields
    own = ["" if place in places else title for place, title in enumerate(header.titles)]
    columns = guess_columns(own, synonyms, not_own=NOT_OWN)
    return ColumnMapping(
        header.number, header.titles, columns, sessions, lines.second_row(sessions)
    )


def mapping_by_hand(
    table: Table,
    header_row: int,
    columns: Mapping[str, int],
    sessions: Collection[int] | None = None,
    *,
    year: int | None = None,
) -> ColumnMapping | None:
    """The mapping that a person chose; None if that row is blank or a field or column does not
    exist. `sessions`: the columns of meetings, None where they are still to be found.
    """
    places = [*columns.values(), *(sessions or ())]
    at = next((at for at, row in enumerate(table.rows) if row.number == header_row), None)
    if at is None or not set(columns) <= set(FIELDS) or len(set(places)) < len(places):
        return None
    if any(not 0 <= place < table.width for place in places):
        return None
    titles = tuple(cell_text(cell) for cell in table.rows[at].cells)
    if year is None or "name" not in columns:
        return ColumnMapping(header_row, titles, dict(columns))
    lines = _Lines(table, at, columns)
    if sessions is None:
        found = lines.find(year, used=columns.values())
    else:
        found = chosen_sessions(titles, lines.below, sessions, year=year)
    return ColumnMapping(header_row, titles, dict(columns), found, lines.second_row(found))


class _Lines:
    """The row of titles with the rows around it: titles of meetings often have two lines."""

    def __init__(self, table: Table, at: int, columns: Mapping[str, int]) -> None:
        rows = table.rows
        self.titles = _texts(rows[at])
        self.rows = rows[at + 1 :]
        self.below: tuple[str, ...] = ()
        self.above: tuple[str, ...] = ()
        self.second: int | None = None
        people = [columns[each] for each in ("name", *_CONTACTS) if each in columns]
        if self.rows and self.rows[0].number == rows[at].number + 1:
            row = self.rows[0]
            names = {heading_key(self.titles[place]) for place in people}
            # merged downwards, the title of the name stands in both lines
            if all(
                is_blank(row.cells[place]) or heading_key(cell_text(row.cells[place])) in names
                for place in people
            ):
                self.below, self.second = _texts(row), row.number
        if at and rows[at - 1].number == rows[at].number - 1:
            self.above = _texts(rows[at - 1])

    def find(self, year: int, used: Collection[int]) -> tuple[SessionColumn, ...]:
        return find_sessions(
            self.titles,
            below=self.below,
            above=self.above,
            used=used,
            year=year,
            looks_marked=self._looks_marked,
        )

    def second_row(self, sessions: Sequence[SessionColumn]) -> int | None:
        """The second line, where a column of meetings is named in it."""
        is_used = any(each.place < len(self.below) and self.below[each.place] for each in sessions)
        return self.second if is_used else None

    def _looks_marked(self, place: int) -> bool:
        """Whether there are marks below a title, and nothing else."""
        marks = 0
        for row in self.rows[1 if self.below else 0 :][:_TRIED]:
            try:
                marks += read_session_mark(row.cells[place]) is not None
            except Unreadable:
                return False
        return marks > 0


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(cell_text(cell) for cell in row.cells)


def is_header_again(mapping: ColumnMapping, texts: list[str]) -> bool:
    """Whether a row repeats the titles, as on every printed page."""
    place = mapping.columns["name"]
    title = heading_key(mapping.titles[place])
    return bool(title) and heading_key(texts[place]) == title
