"""The public ledger of answers and promises."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from flask import render_template, request

from ideas_app.answers import queries
from ideas_app.answers.forms import DECISIONS
from ideas_app.answers.models import Decision
from ideas_app.answers.views.frame import blueprint
from ideas_app.campaigns.queries import list_campaigns
from ideas_app.web.access import public
from ideas_app.web.i18n import format_day

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.answers.queries import AnswerRow


def _month_of(row: AnswerRow) -> str:
    return format_day(row.answer.answered_at, {"ko": "y년 M월", "en": "MMMM y"})


@blueprint.get("/answers")
@public
def index() -> ResponseReturnValue:
    """The public ledger: every answer, newest first, and how the promises stand."""
    chosen = request.args.get("decision", "")
    decision = Decision(chosen) if chosen in set(Decision) else None
    campaign = request.args.get("campaign") or None
    page = queries.list_public(
        decision=decision, campaign=campaign, after=request.args.get("after")
    )
    return render_template(
        "answers/index.html",
        page=page,
        months=[(month, list(rows)) for month, rows in groupby(page, key=_month_of)],
        decision=decision,
        campaign=campaign,
        decisions=DECISIONS,
        campaigns=list_campaigns(),
        ledger=queries.read_ledger(),
    )
