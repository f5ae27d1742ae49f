"""The full-text index of ideas, comments, answers and programmes, filled; words that mean the same."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from ideas_app.adapters.fulltext import postgres, sqlite
from ideas_app.adapters.fulltext.grams import tokens_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("idea", "comment", "answer", "programme")

GROUPS = """\
강아지, 반려동물, 반려견, 애완견, 애견, 개
고양이, 반려동물, 반려묘, 애완묘
카톡, 카카오톡, 단톡방
유니티, unity
월세, 임대료, 방세, 방값
와이파이, wifi, 무선인터넷
컴활, 컴퓨터활용능력, 컴퓨터 자격증
토익, toeic, 어학 시험
AI, 인공지능, 생성형AI, 챗GPT, ChatGPT
알바, 아르바이트, 단기 일자리
알바비, 임금, 체불, 급여
월급, 급여, 임금
취업, 구직, 취직
채용, 구인
일자리, 직장, 취업
면접, 인터뷰
자소서, 자기소개서
정장, 면접복, 양복
창업, 스타트업, startup
가게, 점포, 상가, 매장
사장님, 소상공인, 자영업자
대중교통, 버스
버스비, 교통비, 차비
기차, 열차, KTX
킥보드, 전동킥보드, PM
자전거, 따릉이
자전거길, 자전거도로
주차, 주차장
택시, 콜택시
운전면허, 면허, 운전면허증
집, 주택, 주거
자취방, 원룸, 자취
보증금, 전세금
전세사기, 깡통전세
이사비, 이사 비용
룸메이트, 룸메, 셰어하우스, 쉐어하우스
빈집, 폐가, 공가
빈 점포, 공실, 빈 가게
기숙사, 학사
헬스장, 체육관, 운동시설, 체육시설, 헬스, 피트니스
심리상담, 마음건강, 정신건강, 상담
우울증, 우울, 마음건강
은둔, 고립, 히키코모리, 은둔형외톨이
건강검진, 검진
치과, 스케일링
병원, 의원, 의료
응급실, 응급의료
생리대, 생리용품, 월경용품
육아, 아이 돌봄, 보육, 돌봄
어린이집, 유치원, 등원
도서관, 열람실
스터디룸, 스터디카페, 공부방, 독서실
독서, 책 읽기
공부, 스터디, 학습, 열람실
영화, 시네마
공연, 콘서트, 버스킹
축제, 페스티벌
연습실, 합주실
동아리, 소모임, 모임
게임, e스포츠, 이스포츠
카페, 커피숍
쓰레기, 폐기물
분리수거, 재활용, 분리배출
화장실, 공중화장실
가로등, 보안등, 조명
CCTV, 씨씨티비, 방범카메라
와플, 디저트
농기계, 트랙터
귀농, 귀촌
어업, 수산업, 어민
유학생, 외국인 학생
외국인, 이주민
등록금, 학비
대출, 융자
이자, 금리
알림, 알려, 공지
적금, 목돈, 저축
세금, 연말정산
멘토, 선배, 멘토링
개발자, 프로그래머, 코딩
자격증, 자격시험
응시료, 시험비, 접수비
교육, 강의, 수업, 강좌
인턴, 현장실습
산단, 산업단지, 국가산단
통근버스, 출퇴근버스, 셔틀버스, 셔틀
심야버스, 밤버스, 야간버스
막차, 마지막 버스
첫차, 새벽 버스
배터리, 이차전지
태양광, 태양에너지
드론, 무인기
노트북, 컴퓨터, PC
앱, 어플, 애플리케이션
홈페이지, 누리집, 웹사이트
신청, 접수
무료, 공짜
중고, 헌옷, 나눔장터
반찬, 식사, 밥
아침밥, 아침식사, 조식
"""
"""A beginning: moderators change it at /moderation/synonyms."""


def _words() -> object:
    return postgres if op.get_bind().dialect.name == "postgresql" else sqlite


def upgrade() -> None:
    """The tables of the index, filled from the rows that are there; the table of synonyms with a beginning."""
    words = _words()
    for kind in KINDS:
        for statement in words.create(kind):  # type: ignore[attr-defined]  # one of two modules
            op.execute(statement)
    for kind in KINDS:
        _fill(words, kind)
    groups = op.create_table(
        "synonym_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_synonym_group"),
    )
    made = datetime(2026, 1, 1, tzinfo=UTC)
    op.bulk_insert(groups, [{"words": line, "changed_at": made} for line in GROUPS.splitlines()])


def downgrade() -> None:
    """Nothing is lost but the moderators' synonyms: the index follows from the rows."""
    op.drop_table("synonym_group")
    words = _words()
    for kind in KINDS:
        for statement in words.drop(kind):  # type: ignore[attr-defined]
            op.execute(statement)


_TEXTS = {
    "idea": "SELECT id, title, CASE WHEN state = 'withdrawn' THEN '' ELSE why || ' ' || how END FROM idea",
    "comment": "SELECT id, '', text FROM comment WHERE deleted_at IS NULL",
    "answer": "SELECT id, headline, reason FROM answer WHERE answered_at IS NOT NULL",
    "programme": "SELECT id, title || ' ' || title_en, description || ' ' || description_en FROM programme",
}


def _fill(words: object, kind: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(_TEXTS[kind])).all()
    for at in range(0, len(rows), 500):
        batch = [(row[0], tokens_of(row[1], row[2])) for row in rows[at : at + 500]]
        words.put(connection, kind, batch)  # type: ignore[attr-defined]
