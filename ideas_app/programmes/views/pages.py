"""Programmes: the public list and page; for staff the desk, the form, counts and visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import DomainError, Invalid
from ideas_app.core.permissions import Permission
from ideas_app.programmes import queries, service
from ideas_app.programmes.forms import OUTCOMES, STATUSES, ProgrammeForm, TallyForm, VisitForm
from ideas_app.programmes.models import Outcome
from ideas_app.programmes.policy import MIN_CELL
from ideas_app.programmes.views.blueprints import programmes_blueprint as blueprint
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from ideas_app.programmes.models import Partner, Programme, Tally


def _year() -> int | None:
    """The year that was asked for, else the newest one; None without any programme."""
    years = queries.list_years()
    asked = request.args.get("year", type=int)
    return asked if asked in years else next(iter(years), None)


@blueprint.get("/programmes")
@public
@may_lag
def index() -> ResponseReturnValue:
    """The programmes of a year for everybody; for those who run them the desk, unless `?as=public`."""
    year = _year()
    found = queries.list_programmes(year) if year is not None else []
    is_desk = current_actor().has(Permission.PROGRAMME_MANAGE)
    as_desk = is_desk and request.args.get("as") != "public"
    return render_template(
        "programmes/desk.html" if as_desk else "programmes/index.html",
        year=year,
        years=queries.list_years(),
        programmes=found,
        figures=queries.figures_of(each.id for each in found),
        total=queries.year_figures(year) if year is not None else None,
        least=MIN_CELL,
        outcomes=dict(OUTCOMES),
        statuses=dict(STATUSES),
        counselling=Outcome.COUNSELLING,
    )


@blueprint.get("/programmes/<slug>")
@public
@may_lag
def show(slug: str) -> ResponseReturnValue:
    """One programme: what it is, how many took part, and the ideas that grew out of it."""
    programme = queries.get_programme(slug)
    visits = queries.list_visits(programme.id)
    return render_template(
        "programmes/show.html",
        programme=programme,
        figures=queries.figures_of([programme.id])[programme.id],
        tallies=_by_partner(queries.list_tallies(programme.id)),
        visits=list(
            zip(visits, queries.suppressed([each.participants for each in visits]), strict=True)
        ),
        least=MIN_CELL,
        outcomes=dict(OUTCOMES),
        statuses=dict(STATUSES),
    )


def _by_partner(
    rows: Sequence[tuple[Tally, Partner | None]],
) -> list[tuple[Partner | None, int | None, int]]:
    """Partner, people (None: too few), meetings, over all months: a single month is too few to be shown."""
    sums: dict[int | None, tuple[Partner | None, int, int]] = {}
    for tally, partner in rows:
        _partner, people, meetings = sums.get(tally.partner_id, (partner, 0, 0))
        sums[tally.partner_id] = (
            partner,
            people + tally.participants,
            meetings + tally.sessions,
        )
    lines = sorted(sums.values(), key=lambda line: (-line[1], line[0].id if line[0] else 0))
    shown = queries.suppressed([people for _partner, people, _meetings in lines])
    return [
        (partner, people, meetings)
        for (partner, _people, meetings), people in zip(lines, shown, strict=True)
    ]


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def create() -> ResponseReturnValue:
    """A new programme."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        try:
            with transaction():
                slug = service.create_programme(current_actor(), form.spec()).slug
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The programme is made."), "success")
            return see_other(url_for("programmes.show", slug=slug))
    page = render_template("programmes/edit.html", form=form, programme=None)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/programmes/<slug>/edit", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def edit(slug: str) -> ResponseReturnValue:
    """Changes a programme; its address stays."""
    programme = queries.get_programme(slug)
    form = ProgrammeForm.of(programme)
    if form.validate_on_submit():
        try:
            with transaction():
                fresh = queries.get_programme(slug)
                spec = form.spec(is_invented=fresh.is_invented)
                service.change_programme(current_actor(), fresh, spec)
        except Invalid as fault:
            form.take_faults(fault)
        except DomainError as fault:
            form.form_errors.append(fault.message)
        else:
            flash(_("The programme is changed."), "success")
            return see_other(url_for("programmes.show", slug=slug))
    programme = queries.get_programme(slug)
    page = render_template("programmes/edit.html", form=form, programme=programme)
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/programmes/<slug>/tallies", methods=["GET", "POST"])
@requires(Permission.PROGRAMME_MANAGE)
def tallies(slug: str) -> ResponseReturnValue:
    """Counts without names, by partner and month; a month entered again is replaced."""
    programme = queries.get_programme(slug)
    form = TallyForm()
    form.offer(programme.partners)
    if form.validate_on_submit():
        try:
            with transaction():
                service.record_tally(
                    current_actor(),
                    queries.get_programme(slug),
                    form.partner.data or None,
                    form.month_on,
                    participants=form.participants.data or 0,
                    sessions=form.sessions.data or 0,
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The count is kept."), "success")
            return see_other(url_for("programmes.tallies", slug=slug))
    return _counts_page(queries.get_programme(slug), tally=form)


@blueprint.post("/programmes/<slug>/visits")
@requires(Permission.PROGRAMME_MANAGE)
def visit(slug: str) -> ResponseReturnValue:
    """One visit to a company."""
    form = VisitForm(prefix="visit-")
    if form.validate_on_submit() and form.visited_on.data:
        try:
            with transaction():
                service.add_visit(
                    current_actor(),
                    queries.get_programme(slug),
                    visited_on=form.visited_on.data,
                    participants=form.participants.data or 0,
                    company=form.company.data,
                    company_en=form.company_en.data,
                )
        except Invalid as fault:
            form.take_faults(fault)
        else:
            flash(_("The visit is kept."), "success")
            return see_other(url_for("programmes.tallies", slug=slug))
    return _counts_page(queries.get_programme(slug), visit=form)


def _counts_page(
    programme: Programme, *, tally: TallyForm | None = None, visit: VisitForm | None = None
) -> ResponseReturnValue:
    if tally is None:
        tally = TallyForm(formdata=None)
    tally.offer(programme.partners)
    page = render_template(
        "programmes/tallies.html",
        programme=programme,
        tallies=queries.list_tallies(programme.id),
        visits=queries.list_visits(programme.id),
        tally_form=tally,
        visit_form=visit or VisitForm(formdata=None, prefix="visit-"),
        has_visits=programme.outcome is Outcome.VISIT,
    )
    return page, 422 if request.method == "POST" else 200
