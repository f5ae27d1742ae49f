"""The tables of a bundle: their columns with names and meaning in both languages, keys, and what refers to what.

Columns that an export has already are taken from there. Nothing here is about a person: there are no
authors, no nicknames, no neighbourhoods, no comments. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ideas_app.adapters.formats import Column
from ideas_app.exports.rules import BALLOTS, IDEAS, REPORT, SHORTLIST

if TYPE_CHECKING:
    from ideas_app.adapters.formats import Language


@dataclass(frozen=True, slots=True)
class Link:
    """That a column, where it is not empty, names a row of another table."""

    column: str
    table: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key`: the columns that name a row; of a table of figures there are none."""

    name: str
    title_ko: str
    title_en: str
    about_ko: str
    about_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    def title(self, lang: Language) -> str:
        """What it is called in a language."""
        return self.title_ko if lang == "ko" else self.title_en

    def about(self, lang: Language) -> str:
        """What stands in it, in a language."""
        return self.about_ko if lang == "ko" else self.about_en


_IDEA_COLUMNS = {column.key: column for column in IDEAS}
_LIST_COLUMNS = {column.key: column for column in SHORTLIST}
_IDEA = Column(
    "idea",
    "글번호",
    "Idea",
    "text",
    "제안의 글번호. 묶음이면 비움",
    "Number of the idea; empty for a family",
)
_FAMILY = Column(
    "family",
    "묶음번호",
    "Family",
    "text",
    "묶음의 번호. 없으면 비움",
    "Id of the family; empty without one",
)
_DEPARTMENT = _IDEA_COLUMNS["department"]
_STARTS = Column("starts_on", "시작일", "Starts on", "date", "첫날", "First day")
_ENDS = Column("ends_on", "종료일", "Ends on", "date", "마지막 날", "Last day")

PHASES = Table(
    "phases", "단계", "Phases",
    "이 모집이 거치는 단계와 기간", "The phases of the campaign and when they are",
    (
        Column("phase", "단계번호", "Phase", "int", "차례", "Running number"),
        Column("phase_kind", "단계부호", "Kind", "text", "단계의 갈래", "Kind of phase"),
        Column("phase_name", "단계명", "Name", "text", "단계의 이름", "Name of the phase"),
        _STARTS, _ENDS,
    ),
    key=("phase",),
)  # fmt: skip
FIELDS = Table(
    "fields", "분야", "Fields",
    "글쓴이가 고르는 분야", "The fields from which authors choose",
    (
        Column("field_key", "분야부호", "Field key", "text", "분야의 부호", "Key of the field"),
        Column("field", "분야", "Field", "text", "분야의 이름", "Name of the field"),
    ),
    key=("field_key",),
)  # fmt: skip
FAMILIES = Table(
    "families", "묶음", "Families",
    "비슷한 제안을 하나로 묶은 것. 공개된 제안이 하나라도 있는 묶음만",
    "Ideas joined under a common text; those with at least one idea that everybody may read",
    (
        Column(
            "family", "묶음번호", "Family", "text",
            "투표 파일에서도 쓰는 번호",
            "Its id, also in the ballot file",
        ),
        Column("title", "제목", "Title", "text", "함께 쓰는 제목", "The common title"),
        Column("text", "내용", "Text", "text", "함께 쓰는 글", "The common text"),
        Column("reason", "묶은까닭", "Reason", "text", "묶은 까닭", "Why they were joined"),
        Column(
            "members", "제안수", "Ideas", "int",
            "묶인 제안 가운데 공개된 것의 수",
            "Its ideas that everybody may read",
        ),
        Column(
            "supports", "공감수", "Supports", "int",
            "겹치지 않게 센 사람 수. 투표를 겸한 공감이 진행되는 동안은 비움",
            "Distinct people who support one of them; empty while supports are votes that are still open",
        ),
        Column("formed_on", "묶은날", "Joined on", "date", "묶은 날", "Day on which they were joined"),
    ),
    key=("family",),
)  # fmt: skip
OPEN_IDEAS = Table(
    "ideas", "제안", "Ideas",
    "누구나 읽을 수 있는 제안. 거둬들였거나 싣지 않은 제안은 제목과 갈래만",
    "Ideas that everybody may read; of those taken back or not published the title and the code only",
    (
        _IDEA_COLUMNS["number"],
        _IDEA_COLUMNS["title"],
        Column(
            "why", "이유", "Why", "text",
            "왜, 누구에게 필요한지. 거둬들였거나 싣지 않은 제안은 비움",
            "Why and for whom; empty for ideas taken back or not published",
        ),
        Column(
            "how", "방법", "How", "text",
            "어떻게 바꿀지. 쓰지 않았으면 비움",
            "How it could change; empty where not written",
        ),
        Column("field_key", "분야부호", "Field key", "text", "분야의 부호", "Key of the field"),
        _IDEA_COLUMNS["field"],
        _IDEA_COLUMNS["state"],
        _IDEA_COLUMNS["code"],
        _IDEA_COLUMNS["submitted_on"],
        Column("published_on", "공개일", "Published on", "date", "공개한 날", "Day of publication"),
        Column(
            "supports", "공감수", "Supports", "int",
            "공감한 사람 수. 투표를 겸한 공감이 진행되는 동안은 비움",
            "People who support it; empty while supports are votes that are still open",
        ),
        _IDEA_COLUMNS["comments"],
        _IDEA_COLUMNS["programme"],
        _FAMILY,
        _IDEA_COLUMNS["due_on"],
        _DEPARTMENT,
        _IDEA_COLUMNS["answered_on"],
        _IDEA_COLUMNS["decision"],
        Column("address", "주소", "Address", "text", "제안을 읽을 수 있는 주소", "Where the idea can be read"),
    ),
    key=("number",),
    links=(Link("field_key", "fields", "field_key"), Link("family", "families", "family")),
)  # fmt: skip
ANSWERS = Table(
    "answers", "답변", "Answers",
    "공개된 공식 답변", "Official answers that are public",
    (
        Column("answer", "답변번호", "Answer", "text", "답변의 번호", "Id of the answer"),
        _IDEA, _FAMILY,
        _IDEA_COLUMNS["title"],
        _IDEA_COLUMNS["decision"],
        Column("headline", "한줄답변", "In short", "text", "한 줄로 쓴 답변", "The answer in one line"),
        Column("reason", "답변내용", "Reason", "text", "공식 답변의 까닭", "The reason given"),
        _DEPARTMENT,
        Column("post", "담당자직위", "Post", "text", "담당하는 자리. 이름은 없음", "Responsible post; no name"),
        Column("received_on", "접수일", "Asked on", "date", "부서가 넘겨받은 날", "Day on which the city was asked"),
        _IDEA_COLUMNS["due_on"],
        _IDEA_COLUMNS["answered_on"],
        Column(
            "changed_on", "수정일", "Changed on", "date",
            "공개한 뒤 고친 날",
            "Day of its last change after publication",
        ),
        Column("next_on", "다음소식일", "Next word on", "date", "다음 소식을 약속한 날", "Day of the next word"),
    ),
    key=("answer",),
    links=(Link("idea", "ideas", "number"), Link("family", "families", "family")),
)  # fmt: skip
PROMISES = Table(
    "promises", "약속", "Promises",
    "답변에서 날짜를 정해 약속한 일과 지금의 형편", "Dated promises of the answers, and how they stand",
    (
        Column("promise", "약속번호", "Promise", "text", "약속의 번호", "Id of the promise"),
        Column("answer", "답변번호", "Answer", "text", "약속이 든 답변", "The answer it belongs to"),
        Column("text", "약속", "Promise in words", "text", "약속한 일", "What is promised"),
        Column("due_on", "약속일", "Promised for", "date", "처음 약속한 날", "Day first promised"),
        Column("moved_to", "미룬날", "Moved to", "date", "미뤘으면 새로 정한 날", "New day, if it was moved"),
        Column(
            "standing", "형편", "Standing", "text",
            "날이 지났는데 말이 없으면 소식 없음",
            "“No word” where the day passed in silence",
        ),
        Column(
            "percent", "진행률", "Per cent done", "int",
            "가장 새 소식의 진행률. 0에서 100",
            "By the newest step, 0 to 100",
        ),
        Column("what_happened", "결과", "What happened", "text", "어떻게 되었는지", "What became of it"),
        Column("status_on", "결과일", "Told on", "date", "결과를 알린 날", "Day on which that was told"),
        Column("department", "담당부서", "Department", "text", "약속을 지키는 부서", "Department that keeps it"),
    ),
    key=("promise",),
    links=(Link("answer", "answers", "answer"),),
)  # fmt: skip
STEPS = Table(
    "promise_steps", "약속의 경과", "Steps of promises",
    "약속마다 지나온 일. 덧붙기만 하고 고쳐지지 않음", "What was said of each promise; only ever added to",
    (
        Column("step", "경과번호", "Step", "text", "차례대로 붙인 번호", "Running id"),
        Column("promise", "약속번호", "Promise", "text", "어느 약속인지", "Of which promise"),
        Column("step_kind", "구분", "Kind", "text", "소식의 갈래", "What kind of word"),
        Column("text", "내용", "Text", "text", "알린 말", "In words"),
        Column("percent", "진행률", "Per cent done", "int", "0에서 100", "0 to 100"),
        Column(
            "promised_for", "당시약속일", "Promised for", "date",
            "그때 약속되어 있던 날",
            "Day promised at the time",
        ),
        Column("moved_to", "미룬날", "Moved to", "date", "새로 정한 날", "New day"),
        Column("made_on", "알린날", "Told on", "date", "알린 날", "Day on which it was told"),
    ),
    key=("step",),
    links=(Link("promise", "promises", "promise"),),
)  # fmt: skip
ENTRIES = Table(
    "ballot_entries", "투표 결과", "Ballot result",
    "공개된 선정 회차가 센 항목과 득표", "What stood in the published round, with its votes",
    BALLOTS,
    key=("project",),
)  # fmt: skip
VOTES = Table(
    "ballots", "투표지", "Ballots",
    "이름 없는 투표지. 한 줄이 고른 것 하나이고, 번호는 내용 차례라 사람이나 때를 말하지 않음",
    "Anonymous ballots: one line is one choice; numbered by content, so the number tells neither a person nor a time",
    (
        Column("ballot", "투표지번호", "Ballot", "int", "내용 차례의 번호", "Numbered by content"),
        Column("project", "투표파일번호", "Project", "text", "고른 항목", "The entry that was chosen"),
    ),
    key=("ballot", "project"),
    links=(Link("project", "ballot_entries", "project"),),
)  # fmt: skip
ELECTED = Table(
    "shortlist", "선정 목록", "Shortlist",
    "공개된 선정 목록. 뽑힌 차례대로", "The published shortlist in its order",
    (
        _LIST_COLUMNS["rank"],
        _LIST_COLUMNS["kind"],
        _IDEA, _FAMILY,
        Column(
            "project", "투표파일번호", "Project", "text",
            "투표 파일(.pb) 안의 번호",
            "Its number in the ballot file (.pb)",
        ),
        *(_LIST_COLUMNS[key]
            for key in (
                "numbers", "title", "field", "approvals", "top_rank", "supports",
                "state", "due_on", "department", "answered_on", "decision",
            )
        ),
    ),
    key=("rank",),
    links=(
        Link("idea", "ideas", "number"), Link("family", "families", "family"),
        Link("project", "ballot_entries", "project"),
    ),
)  # fmt: skip
FIGURES = Table(
    "report", "연간 성과", "Yearly report",
    "그해의 보고서에 실린 값. 5명 미만이거나 빼서 알 수 있는 값은 비움",
    "The figures of the year's report; empty where fewer than 5 people, or to be had by subtraction",
    REPORT,
)  # fmt: skip

TABLES = (
    PHASES, FIELDS, OPEN_IDEAS, FAMILIES, ANSWERS, PROMISES, STEPS, ELECTED, ENTRIES, VOTES, FIGURES,
)  # fmt: skip
"""In the order in which pages and files show them."""
