"""What each export holds: its columns, their names and meaning in both languages. Pure.

Open files hold nothing about a person; working files add names for the desk, and ask for a purpose.
Must not know the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.adapters.formats import Column
from ideas_app.exports.rules.kinds import WITH_PEOPLE, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.evaluations.rules import Criterion

_NUMBER = Column(
    "number",
    "글번호",
    "Number",
    "text",
    "연도와 차례로 된 제안 번호",
    "Year and running number",
    12,
)
_TITLE = Column(
    "title", "제목", "Title", "text", "제안 또는 묶음의 제목", "Title of the idea or family", 48
)
_FIELD = Column(
    "field", "분야", "Field", "text", "글쓴이가 고른 분야", "The field chosen by the author", 12
)
_SUPPORTS = Column(
    "supports", "공감수", "Supports", "int",
    "공감한 사람 수. 묶음은 겹치지 않는 사람 수", "People who support it; a family counts distinct people", 9,
)  # fmt: skip
_COMMENTS = Column("comments", "댓글수", "Comments", "int", "보이는 댓글 수", "Visible comments", 9)
_STATE = Column(
    "state", "상태", "State", "text", "자료 기준일의 상태", "State on the date of the data", 12
)
_SUBMITTED = Column(
    "submitted_on", "접수일", "Received on", "date", "제안을 보낸 날", "Day the idea was sent", 12
)
_DUE = Column(
    "due_on", "처리기한", "Due on", "date",
    "공식 답변 기한. 연장했으면 연장한 날", "Due day of the official answer, extension included", 12,
)  # fmt: skip
_DEPARTMENT = Column(
    "department", "담당부서", "Department", "text", "답변한 부서", "Department that answers", 22
)
_ANSWERED = Column(
    "answered_on", "답변일", "Answered on", "date", "공식 답변을 공개한 날", "Day of the answer", 12
)
_DECISION = Column(
    "decision", "답변결정", "Decision", "text", "반영 여부", "What the city decided", 12
)
_ANSWER = Column("answer", "답변내용", "Answer", "text", "공식 답변의 까닭", "The reason given", 60)
_PROGRAMME = Column(
    "programme",
    "관련프로그램",
    "Programme",
    "text",
    "제안이 나온 프로그램",
    "Programme it grew out of",
    26,
)
_CODE = Column(
    "code",
    "반려사유",
    "Reason code",
    "text",
    "싣지 않은 까닭의 갈래",
    "Why it was not published",
    14,
)
_RANK = Column("rank", "순위", "Rank", "int", "뽑힌 차례", "Order of election", 7)
_KIND = Column("kind", "구분", "Kind", "text", "제안 또는 묶음", "Idea or family", 9)
_APPROVALS = Column(
    "approvals", "득표수", "Approvals", "int", "투표에서 고른 사람 수", "Ballots that chose it", 9
)
_TOP_RANK = Column(
    "top_rank", "단순득표순위", "Rank by votes", "int",
    "득표수만으로 매긴 차례. 비어 있으면 그 안에 들지 못함", "Rank by plain votes; empty if below the seats", 12,
)  # fmt: skip
_NUMBERS = Column(
    "numbers",
    "제안번호",
    "Ideas",
    "text",
    "묶음에 든 제안 번호",
    "Numbers of the ideas in a family",
    24,
)
_AUTHORS = Column(
    "authors", "작성자(별명)", "Authors (nicknames)", "text", "글쓴이의 별명", "Nicknames", 24
)
_EMAILS = Column(
    "emails", "연락처(이메일)", "E-mail", "text", "확인된 이메일", "Confirmed addresses", 30
)

IDEAS = (
    _NUMBER, _TITLE, _FIELD, _SUPPORTS, _COMMENTS, _STATE, _CODE, _SUBMITTED, _PROGRAMME,
    _DUE, _DEPARTMENT, _ANSWERED, _DECISION, _ANSWER,
)  # fmt: skip
SHORTLIST = (
    _RANK, _KIND, _NUMBERS, _TITLE, _FIELD, _APPROVALS, _TOP_RANK, _SUPPORTS, _STATE,
    _DUE, _DEPARTMENT, _ANSWERED, _DECISION, _ANSWER,
)  # fmt: skip
WORKING = (_AUTHORS, _EMAILS)
"""Columns that working files add."""
MARK = Column(
    "mark", "열람표시", "Taken by", "text",
    "누가, 언제, 무엇에 쓰려고 받았는지", "Who took the file, when, what for", 40,
)  # fmt: skip
"""The column by which a working CSV file says whose it is; other files say it in their foot or first sheet."""
BALLOTS = (
    Column(
        "place", "당선순위", "Elected", "int", "뽑힌 차례. 비어 있으면 뽑히지 않음",
        "Order of election; empty if not elected", 9,
    ),
    Column(
        "project", "투표파일번호", "Project", "text", "투표 파일(.pb) 안의 번호",
        "Its number in the ballot file (.pb)", 14,
    ),
    _TITLE,
    _APPROVALS,
    Column(
        "share", "득표율(%)", "Share (%)", "decimal", "센 투표지 가운데 고른 비율",
        "Share of the ballots that were counted", 11,
    ),
    _TOP_RANK,
)  # fmt: skip

PARTICIPATION = (
    Column(
        "title", "프로그램명", "Programme", "text", "프로그램의 이름", "Name of the programme", 36
    ),
    Column(
        "category", "분류", "Category", "text", "센터가 정한 분류", "Category of the centre", 12
    ),
    Column(
        "participations",
        "참여(연인원)",
        "Participations",
        "int",
        "기록과 집계의 합",
        "Records and tallies",
        12,
    ),
    Column(
        "records",
        "명단기록",
        "Records",
        "int",
        "이름이 있는 참여",
        "Participations with a name",
        10,
    ),
    Column(
        "tallied",
        "집계",
        "Tallied",
        "int",
        "이름 없이 센 참여",
        "Participations counted without a name",
        10,
    ),
    Column(
        "certified",
        "자격취득",
        "Certified",
        "int",
        "자격을 딴 사람",
        "People who obtained the certificate",
        10,
    ),
    Column("sessions", "상담횟수", "Sessions", "int", "상담한 횟수", "Counselling sessions", 10),
)
REPORT = (
    Column("part", "부문", "Part", "text", "보고서의 어느 표인지", "The table of the report", 20),
    Column("name", "항목", "Figure", "text", "셈한 것", "What is counted", 28),
    Column(
        "value", "값", "Value", "int",
        "자료에서 다시 센 값. 5명 미만이거나 그 곁이면 비움",
        "Counted again from the records; empty if fewer than 5, or close to it", 12,
    ),
    Column(
        "before", "전년값", "Year before", "int", "한 해 전의 값. 없으면 비움",
        "The year before; empty if there is none", 12,
    ),
    Column("difference", "증감", "Difference", "int", "전년과의 차이", "Difference to the year before", 10),
    Column("definition", "정의", "Definition", "text", "어떻게 세었는지", "How it was counted", 70),
)  # fmt: skip

_WHO = (
    Column("evaluator", "평가한 사람", "Evaluator", "text", "부탁받은 사람", "Who was asked", 16),
    Column("place", "부서", "Department", "text", "평가한 사람의 부서", "The evaluator's", 16),
    Column("asked_due", "평가기한", "Due on", "date", "부탁한 날짜", "Day that was asked for", 12),
    Column("scored_on", "점수 준 날", "Scored on", "date", "글만 보고", "By the text alone", 12),
)
_FOUND = (
    Column("closed_on", "평가한 날", "Closed on", "date", "마친 날", "Day of the closing", 12),
    Column("feasibility", "실현가능성", "Feasibility", "text", "세 갈래", "One of three", 14),
    Column("cost", "비용", "Cost", "text", "첫해의 비용", "Of the first year", 18),
    Column("cost_note", "비용 설명", "Cost in words", "text", "적은 말", "In words", 24),
    Column(
        "duration", "걸리는 기간", "Time", "text", "결정 뒤 걸리는 기간", "After the decision", 14
    ),
    Column("law", "법령", "Law", "text", "바꿀 법령", "What has to change", 16),
    Column("law_note", "법령 설명", "Law in words", "text", "적은 말", "In words", 24),
    Column("charge", "소관 부서", "In charge", "text", "맡을 부서", "Whose business it is", 16),
    Column("obstacles", "걸림돌", "Obstacles", "text", "막는 것", "What is in the way", 24),
    Column("why", "까닭", "Reason", "text", "평가한 까닭", "Why it was found so", 60),
)


def evaluation_columns(criteria: Iterable[Criterion]) -> tuple[Column, ...]:
    """The columns of evaluations: one for each criterion of the campaign, in the language that is spoken."""
    scores = [
        Column(f"score:{one.key}", str(one.name), str(one.name), "int", "1~5", "1 to 5", 10)
        for one in criteria
    ]
    return (_KIND, _NUMBERS, _TITLE, *_WHO, *scores, *_FOUND)


def columns_of(kind: Kind, *, working: bool) -> tuple[Column, ...]:
    """The columns of an export; those of evaluations follow from the campaign's criteria."""
    base = {
        Kind.IDEAS: IDEAS,
        Kind.SHORTLIST: SHORTLIST,
        Kind.SHEETS: (),
        Kind.EVALUATIONS: (),
        Kind.BALLOTS: BALLOTS,
        Kind.PARTICIPATION: PARTICIPATION,
        Kind.REPORT: REPORT,
    }
    return base[kind] + (WORKING if working and kind in WITH_PEOPLE else ())
