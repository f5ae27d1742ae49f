"""The register of what was destroyed (파기대장), to read and to take along. It holds no personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext as _

from ideas_app.accounts.queries import nicknames_of
from ideas_app.adapters.formats import Column
from ideas_app.core.permissions import Permission
from ideas_app.core.retaining import find_period
from ideas_app.retention import queries
from ideas_app.retention.rules.words import BY_WORDS, WAY_WORDS
from ideas_app.retention.views.frame import as_file, blueprint
from ideas_app.web.access import requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.retention.queries import RegisterLine

MOST = 5_000
"""Lines of a file: at a dozen a night, more than a year of them."""

_COLUMNS = (
    Column("at", "파기 일시", "Destroyed at", "datetime", width=20),
    Column("what", "파기한 개인정보", "What was destroyed", width=36),
    Column("table", "저장 위치", "Table", width=18),
    Column("count", "건수", "Number", "int"),
    Column("first_on", "기산일(처음)", "Counted from, first", "date"),
    Column("last_on", "기산일(끝)", "Counted from, last", "date"),
    Column("days", "보유 기간(일)", "Period in days", "int"),
    Column("ground", "파기 근거", "Ground", width=40),
    Column("way", "파기 방법", "Way", width=24),
    Column("by", "처리", "By", width=18),
)


@blueprint.get("/admin/retention/register")
@requires(Permission.RETENTION_MANAGE)
def register() -> ResponseReturnValue:
    """What was destroyed, newest first."""
    page = queries.list_register(after=request.args.get("after"))
    return render_template(
        "retention/register.html",
        page=page,
        rows=_rows(list(page)),
        broken=queries.find_register_break(),
    )


@blueprint.get("/admin/retention/register.<ending>")
@requires(Permission.RETENTION_MANAGE)
def register_file(ending: str) -> ResponseReturnValue:
    """The register as a file: XLSX, CSV or HWPX."""
    rows = _rows(list(queries.list_register(limit=MOST)))
    title = _("Register of destroyed personal data")
    return as_file(ending, _COLUMNS, rows, title=title, name=_("destruction-register"))


def _rows(lines: list[RegisterLine]) -> list[dict[str, Any]]:
    """Lines in the words of the reader; a period that the code no longer has keeps the words it had."""
    names = nicknames_of(line.actor_id for line in lines)
    rows = []
    for line in lines:
        known = find_period(line.period)
        by = names.get(line.actor_id or 0) or str(BY_WORDS.get(line.by, line.by))
        rows.append(
            {name: getattr(line, name) for name in line.__slots__}
            | {
                "what": str(known.rows) if known else line.what,
                "ground": str(known.ground) if known else line.ground,
                "way": str(WAY_WORDS.get(line.way, line.way)),
                "by": by,
            }
        )
    return rows
