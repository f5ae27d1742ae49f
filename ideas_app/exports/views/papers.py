"""Papers about one thing, at addresses of their own: letters, sheets, results, the report of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import queries as answers
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.actor import SYSTEM
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.exports import policy, queries, service
from ideas_app.exports.rules import Format, Kind
from ideas_app.exports.service import ExportRequest
from ideas_app.exports.views.frame import as_file, as_paper, blueprint, format_in, language
from ideas_app.ideas import policy as idea_policy
from ideas_app.ideas import queries as ideas
from ideas_app.reports import queries as reports
from ideas_app.shortlists import policy as shortlist_policy
from ideas_app.shortlists import queries as shortlists
from ideas_app.shortlists.models import RoundState
from ideas_app.web.access import current_actor, public
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.shortlists.models import Round

# `format` in addresses: other rooms link here by that name
_OPEN = (Format.PDF, Format.HWPX, Format.XLSX, Format.CSV, Format.JSON)


@blueprint.get("/exports/letters/<int:answer_id>.<format>")
@public
def letter(answer_id: int, format: str) -> ResponseReturnValue:  # noqa: A002
    """An answer as a letter; before it is published the paper for sign-off, for staff alone."""
    row = answers.get_row(answer_id)
    is_public = any(idea_policy.is_public(one) for one in answers.list_ideas_of(row.answer))
    verdict = policy.may_read_letter(current_actor(), row.answer, is_public=is_public)
    if not verdict:
        raise NotFound(verdict.code, verdict.reason)
    return as_paper(queries.describe_letter(row, language()), format)


@blueprint.get("/ideas/<int:idea_id>/sheet.<format>")
@public
def sheet(idea_id: int, format: str) -> ResponseReturnValue:  # noqa: A002
    """An idea on one page, for those who may read its text."""
    idea = ideas.get_idea(idea_id)
    verdict = idea_policy.may_read_text(current_actor(), idea)
    if not verdict:
        raise NotFound(verdict.code, verdict.reason)
    return as_paper(queries.describe_sheet(idea, language()), format)


@blueprint.get("/exports/shortlists/<int:round_id>.<format>")
@public
def shortlist(round_id: int, format: str) -> ResponseReturnValue:  # noqa: A002
    """A round as the document of its page."""
    round_ = _readable(round_id)
    author = house_name("SITE_NAME")
    return as_paper(shortlists.describe_round(round_, language(), author=author), format)


@blueprint.get("/exports/ballots/<int:round_id>.<format>")
@public
def ballots(round_id: int, format: str) -> ResponseReturnValue:  # noqa: A002
    """The result of the ballot that a published round counted."""
    round_ = _readable(round_id)
    if round_.state is not RoundState.PUBLISHED:
        raise NotFound("no_round", _l("This shortlist is not public yet."))
    campaign = campaigns.get_by_id(round_.campaign_id)
    return as_paper(queries.describe_ballots(round_, campaign, language()), format)


def _readable(round_id: int) -> Round:
    round_ = shortlists.get_round(round_id)
    verdict = shortlist_policy.may_read(current_actor(), round_)
    if not verdict or not round_.digest:
        raise NotFound(verdict.code or "not_counted", verdict.reason or _l("Not counted yet."))
    return round_


@blueprint.get("/exports/reports/<int:year>.<format>")
@public
def report(year: int, format: str) -> ResponseReturnValue:  # noqa: A002
    """The report of a year as a file: what its page prints, for everybody."""
    file_format = format_in(format, *_OPEN)
    if year not in reports.list_years():
        raise NotFound("no_report", _l("There is no report for that year."))
    request = ExportRequest(kind=Kind.REPORT, format=file_format, lang=language(), year=year)
    made = service.make(SYSTEM, request)
    return as_file(made.content, made.name, file_format)
