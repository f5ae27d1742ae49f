"""Pages of the yearly report. Must not count anything itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.reports import queries
from ideas_app.reports.rules import DEFINITIONS
from ideas_app.web.access import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("reports", __name__)
blueprints = (blueprint,)


@blueprint.get("/reports")
@public
def index() -> ResponseReturnValue:
    """The newest year's report, or a word that there is none yet."""
    latest = queries.find_latest()
    if latest is None:
        return render_template("reports/index.html")
    return redirect(url_for("reports.show", year=latest.year))


@blueprint.get("/reports/<int:year>")
@public
def show(year: int) -> ResponseReturnValue:
    """One year's report."""
    years = queries.list_years()
    if year not in years:
        raise NotFound("no_report", _l("There is no report for that year."))
    return render_template(
        "reports/show.html", outcomes=queries.outcomes(year), years=years, definitions=DEFINITIONS
    )
