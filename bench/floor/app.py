"""A bare Flask application: R, a constant page rendered by Jinja, and V, a vote without a question asked.

R is a plain template: a layout with a menu, filters, and 20 rows into each of which a list's values are put, a form
among them. The goals were set beside such a page. It has exactly as many bytes as the service's own list
(`FLOOR_BYTES`); what the rows do not fill is one constant string, which costs Jinja nothing. V writes a vote and moves
a counter in a database of its own (`FLOOR_DATABASE`) of the same kind and with the same durability as the service's:
no session, no form token, no rule.
"""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import Flask, render_template, request
from sqlalchemy import create_engine, event, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

IDEAS = 100_000
FIELDS = ("교통", "주거", "문화", "교육", "건강", "환경", "안전", "일자리")
ORDERS = ("newest", "supports", "comments", "mixed")
MENU = (
    ("제안", "/ideas"),
    ("쓰기", "/ideas/new"),
    ("모집", "/campaigns"),
    ("답변", "/answers"),
    ("도움말", "/help"),
)
TOKEN = (
    "a-token-of-a-form-as-long-as-those-of-real-forms.are-some-ninety-characters.long-0123456789"  # noqa: S105
)
ROWS = [
    SimpleNamespace(
        id=1_000_000 + number,
        slug=f"강변로-자전거길을-안전하게-{number}",
        title=f"강변로 자전거길을 <안전하게> 고쳐 주세요 {number}",
        summary="학교와 시장, 도서관까지 자전거로 가고 싶어요. 턱과 가로등만 고쳐도 매일 다닐 수 있습니다.",
        author=f"이웃{number:05d}",
        field=FIELDS[number % 8],
        state="under_review",
        votes=900 - number,
        comments=number % 7,
        sent=f"2026-03-{1 + number:02d}T10:00:00Z",
    )
    for number in range(20)
]
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "cache_size=-65536")
_VOTE = text(
    "INSERT INTO floor_vote (idea_id, account_id) VALUES (:idea, :account) ON CONFLICT DO NOTHING"
)
_COUNT = text("UPDATE floor_idea SET votes = votes + 1 WHERE id = :idea")


def create_app() -> Flask:
    """The application, as `FLOOR_BYTES` and `FLOOR_DATABASE` say."""
    app = Flask(__name__)
    with app.app_context():
        bare = len(_render("").encode())
    # shorter than the rows alone it cannot be
    rest = "x" * max(0, int(os.environ.get("FLOOR_BYTES", "0")) - bare)

    @app.get("/")
    def page() -> str:
        return _render(rest)

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    url = os.environ.get("FLOOR_DATABASE", "")
    if url:
        engine = open_engine(url)

        @app.post("/vote")
        def vote() -> dict[str, Any]:
            values = {"idea": int(request.form["i"]), "account": int(request.form["u"])}
            with engine.begin() as connection:
                if connection.execute(_VOTE, values).rowcount == 1:
                    connection.execute(_COUNT, values)
            return {"ok": True}

    return app


def _render(rest: str) -> str:
    return render_template(
        "list.html",
        ideas=ROWS,
        menu=MENU,
        here="/ideas",
        fields=FIELDS,
        orders=ORDERS,
        token=TOKEN,
        rest=rest,
    )


def open_engine(url: str) -> Engine:
    """An engine that writes at once on SQLite, as the service does, and forgets nothing in a power cut."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def fill(url: str) -> None:
    """Makes the two tables: as many ideas as the service's, and no vote yet."""
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE floor_idea (id INTEGER PRIMARY KEY, votes INTEGER NOT NULL)")
        )
        connection.execute(
            text(
                "CREATE TABLE floor_vote (idea_id INTEGER NOT NULL, account_id INTEGER NOT NULL, "
                "PRIMARY KEY (idea_id, account_id))"
            )
        )
        rows = [{"id": number} for number in range(1, IDEAS + 1)]
        connection.execute(text("INSERT INTO floor_idea VALUES (:id, 0)"), rows)
    engine.dispose()


def differences(url: str) -> int:
    """Votes that the counters do not tell, or tell too much."""
    engine = open_engine(url)
    with engine.begin() as connection:
        asked = "SELECT (SELECT count(*) FROM floor_vote) - (SELECT sum(votes) FROM floor_idea)"
        found = int(connection.execute(text(asked)).scalar_one())
    engine.dispose()
    return found
