"""The public ledger: answers, promises, and how the departments keep their time."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import render_template, request

from ideas_app.answers import queries
from ideas_app.answers.forms import DECISIONS
from ideas_app.answers.models import Decision
from ideas_app.answers.queries import YEAR, LedgerFilter
from ideas_app.answers.rules import Standing
from ideas_app.answers.rules.rates import LEAST
from ideas_app.answers.views.frame import blueprint
from ideas_app.campaigns.queries import list_campaigns
from ideas_app.core import clock
from ideas_app.web.access import public
from ideas_app.web.i18n import format_day
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from flask.typing import ResponseReturnValue

    from ideas_app.answers.queries import Department, PromiseRow
    from ideas_app.campaigns.models import Campaign, Field

FIRST = 3
"""Promises that come next, above the list of answers; the silent ones all stand there."""


def _month(day: date | datetime | None) -> str:
    return format_day(day, {"ko": "y년 M월", "en": "MMMM y"})


@blueprint.get("/answers")
@public
@may_lag
def index() -> ResponseReturnValue:
    """Every answer, newest first, or every promise (`by=promises`), the silent and the next ones first."""
    campaigns = list_campaigns()
    departments = queries.list_departments()
    chosen = _chosen(departments)
    after = request.args.get("after")
    by_promises = request.args.get("by") == "promises"
    return render_template(
        "answers/index.html",
        by_promises=by_promises,
        chosen=chosen,
        is_chosen=any(asdict(chosen).values()),
        after=after,
        ledger=queries.read_ledger(),
        decisions=DECISIONS,
        campaigns=campaigns,
        fields=_fields_of(campaigns),
        departments=departments,
        department=request.args.get("department"),
        years=queries.list_years_of_promises(),
        **(_by_promises(chosen, after) if by_promises else _by_answers(chosen, after)),
    )


def _chosen(departments: list[Department]) -> LedgerFilter:
    """What the address asks for; what nobody knows is left out."""
    args = request.args
    decision, standing = args.get("decision", ""), args.get("standing", "")
    department = next((one for one in departments if one.key == args.get("department")), None)
    year = args.get("year", type=int)
    return LedgerFilter(
        decision=Decision(decision) if decision in set(Decision) else None,
        campaign=args.get("campaign") or None,
        field=args.get("field") or None,
        departments=department.names if department else (),
        standing=Standing(standing) if standing in set(Standing) else None,
        year=year if year and 2000 <= year < 2100 else None,
    )


def _by_answers(chosen: LedgerFilter, after: str | None) -> dict[str, Any]:
    page = queries.list_public(chosen, after=after)
    is_front = not after and not any(asdict(chosen).values())
    rows = queries.list_public_promises().items if is_front else []
    silent = [row for row in rows if row.standing is Standing.SILENT]
    coming = [row for row in rows if row.standing in {Standing.NEXT, Standing.MOVED}]
    promises = (promise.id for row in page for promise in row.answer.promises)
    return {
        "page": page,
        "groups": _grouped(page, lambda row: _month(row.answer.answered_at)),
        "first": [*silent, *coming[:FIRST]],
        "trails": queries.trails_of(promises),
    }


def _by_promises(chosen: LedgerFilter, after: str | None) -> dict[str, Any]:
    page = queries.list_public_promises(chosen, after=after)
    return {
        "page": page,
        "groups": _grouped(page, _band),
        "counts": queries.count_promises(chosen),
    }


def _band(row: PromiseRow) -> str:
    if row.standing is Standing.SILENT:
        return "silent"
    return "next" if row.standing in {Standing.NEXT, Standing.MOVED} else _month(row.day)


def _grouped(rows: Iterable[Any], key: Any) -> list[tuple[str, list[Any]]]:
    return [(name, list(each)) for name, each in groupby(rows, key=key)]


def _fields_of(campaigns: Iterable[Campaign]) -> list[Field]:
    """Each field once, named as the newest campaign does."""
    found: dict[str, Field] = {}
    for campaign in campaigns:
        for field in campaign.fields:
            found.setdefault(field.key, field)
    return list(found.values())


@blueprint.get("/answers/departments")
@public
@may_lag
def departments() -> ResponseReturnValue:
    """How each department keeps its time and its word: in the last twelve months, or ever (`period=ever`)."""
    ever = request.args.get("period") == "ever"
    today = clock.today()
    since = None if ever else today - YEAR
    return render_template(
        "answers/departments.html",
        rates=queries.list_rates_by_department(since, None if ever else today),
        city=queries.read_city_rates(),
        keys={one.name: one.key for one in queries.list_departments()},
        ever=ever,
        since=since,
        least=LEAST,
    )
