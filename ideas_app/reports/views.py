"""Pages of the yearly report and of the public statistics. Must not count anything itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.adapters.formats import Column
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.core import clock
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.reports import queries, service
from ideas_app.reports.rules import (
    DEFINITIONS,
    NAMES,
    ROWS,
    TABLES,
    compare_years,
    label_of,
    may_tell,
)
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import locale_code
from ideas_app.web.replicas import may_lag
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.reports.rules import Outcomes, PrintedTable, WayLine

blueprint = Blueprint("reports", __name__)
blueprints = (blueprint,)

_CELLS = (
    Column("table", "통계표", "Table", "text"),
    Column("row", "행", "Row", "text"),
    Column("column", "열", "Column", "text"),
    Column("value", "값", "Value", "int"),
    Column("is_hidden", "가림여부", "Hidden", "bool"),
)
"""The statistics as rows, after the public-data rule: one cell a row."""


@blueprint.app_template_global("way_of_programme")
def way_of_programme(slug: str) -> WayLine | None:
    """What grew out of a programme, for its page, which knows neither ballots nor answers."""
    return queries.find_way(slug)


@blueprint.app_template_global("ways_of_year")
def ways_of_year(year: int) -> list[WayLine]:
    """What grew out of a year's programmes, for their list; those without an idea are left out."""
    return [line for line in queries.list_ways(year) if line.ideas]


@blueprint.get("/reports")
@public
@may_lag
def index() -> ResponseReturnValue:
    """The newest year's report, or a word that there is none yet."""
    latest = queries.find_latest_year()
    if latest is None:
        return render_template("reports/index.html")
    return redirect(url_for("reports.show", year=latest))


@blueprint.get("/reports/<int:year>")
@public
@may_lag
def show(year: int) -> ResponseReturnValue:
    """One year's report."""
    outcomes = _outcomes(year)
    before, moved = queries.list_moved_since(outcomes)
    return render_template(
        "reports/show.html",
        outcomes=outcomes,
        years=queries.list_years(),
        compared=compare_years(outcomes, queries.find_outcomes(year - 1, fingerprint=False)),
        pictures=queries.find_pictures(outcomes, locale_code()),
        before=before,
        moved=[(each, may_tell(each, outcomes)) for each in moved],
        definitions=DEFINITIONS,
        names=NAMES,
    )


def _outcomes(year: int) -> Outcomes:
    found = queries.find_outcomes(year)
    if found is None:
        raise NotFound("no_report", _l("There is no report for that year."))
    return found


@blueprint.get("/reports/desk")
@requires(Permission.EXPORT_OPEN)
def desk() -> ResponseReturnValue:
    """The figures as staff hand them on: beside the last counts, with what moved."""
    years = queries.list_years()
    asked = request.args.get("year", type=int)
    year = asked if asked in years else next(iter(years), None)
    if year is None:
        return render_template("reports/desk.html", year=None)
    outcomes = _outcomes(year)
    before = queries.find_outcomes(year - 1, fingerprint=False)
    return render_template(
        "reports/desk.html",
        year=year,
        years=years,
        outcomes=outcomes,
        before=before,
        runs=queries.list_changes(queries.list_runs(year)),
        definitions=DEFINITIONS,
        names=NAMES,
    )


@blueprint.post("/reports/<int:year>/count")
@requires(Permission.EXPORT_OPEN)
def count(year: int) -> ResponseReturnValue:
    """Counts a year again and keeps what was found."""
    _outcomes(year)
    service.record_count(current_actor(), year)
    flash(_("Counted again from the records. The charts follow in a moment."), "success")
    return see_other(url_for("reports.desk", year=year))


@blueprint.get("/statistics")
@public
@may_lag
def statistics() -> ResponseReturnValue:
    """Who took part, and what became of ideas: in tables that anybody may use."""
    years = queries.list_years()
    asked = request.args.get("year", type=int)
    year = asked if asked in years else next(iter(years), None)
    outcomes = queries.find_outcomes(year, fingerprint=False) if year is not None else None
    return render_template(
        "reports/statistics.html",
        year=year,
        years=years,
        tables=queries.list_tables(outcomes) if outcomes else [],
        words=TABLES,
        row_words=ROWS,
        label_of=label_of,
    )


@blueprint.get("/statistics/<int:year>.csv")
@public
@may_lag
def statistics_file(year: int) -> ResponseReturnValue:
    """The same cells as open data."""
    tables = queries.list_tables(_outcomes(year))
    lang: Language = "en" if locale_code() == "en" else "ko"
    pieces = write_csv(_CELLS, _cells(tables), lang=lang, as_of=clock.today())
    answer = Response(b"".join(pieces), content_type="text/csv; charset=utf-8")
    name = f"{house_name('CITY_NAME')}_{_('Statistics')}_{year}_{clock.today():%Y%m%d}.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _cells(tables: Sequence[PrintedTable]) -> Iterator[dict[str, Any]]:
    for table in tables:
        for row, cells in table.rows:
            for column, value in zip(table.columns, cells, strict=True):
                yield {
                    "table": str(TABLES[table.name][0]),
                    "row": label_of(row),
                    "column": label_of(column),
                    "value": value,
                    "is_hidden": value is None,
                }
