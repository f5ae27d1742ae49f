"""The centre's programmes. Figures about fewer than five people are null, as on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.fields import Whole
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Query, Shape, address, many_of, page_of
from ideas_app.programmes import queries
from ideas_app.programmes.models import Outcome
from ideas_app.programmes.policy import MIN_CELL
from ideas_app.web.email import link

if TYPE_CHECKING:
    from ideas_app.programmes.models import Programme as ProgrammeEntity
    from ideas_app.programmes.queries import Figures


class Partner(Shape):
    """Who runs a programme with the centre."""

    name = fields.String()
    name_en = fields.String()


class Visit(Shape):
    """A visit to a company."""

    on = fields.Date()
    company = fields.String(allow_none=True)
    company_en = fields.String(allow_none=True)
    participants = fields.Integer(allow_none=True)


class ProgrammeSummary(Shape):
    """A programme of one year."""

    slug = fields.String()
    url = address()
    title = fields.String()
    title_en = fields.String()
    year = fields.Integer()
    category = fields.String()
    status = fields.String(metadata={"enum": ["planned", "open", "closed"]})
    starts_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    outcome = fields.String(metadata={"enum": [each.value for each in Outcome]})
    certificate = fields.String(allow_none=True)
    certificate_en = fields.String(allow_none=True)
    partners = many_of(Partner)
    participations = fields.Integer(
        allow_none=True, metadata={"description": "null where fewer than five."}
    )
    certified = fields.Integer(allow_none=True)
    meetings = fields.Integer(allow_none=True)


class Programme(ProgrammeSummary):
    """One programme with what it is and its visits."""

    description = fields.String()
    description_en = fields.String()
    visits = many_of(Visit)


ProgrammeList = page_of(ProgrammeSummary, "ProgrammeList")


class ProgrammeQuery(Query):
    """Of which year."""

    year = Whole(least=2000, most=2100, in_address=True)


@operation(
    "GET",
    "/programmes",
    query=ProgrammeQuery,
    answer=ProgrammeList,
    errors=("out_of_range", "not_a_number"),
    example=Example(query={"year": 2025}),
)
def list_programmes(asked: Asked) -> Any:
    """List programmes.

    Of one year or of all, the newest year first, on one page.
    """
    found = queries.list_programmes(asked.query.get("year"))
    figures = queries.figures_of(each.id for each in found)
    return {"items": [_summary(each, figures[each.id]) for each in found], "next": None}


@operation(
    "GET",
    "/programmes/<slug>",
    answer=Programme,
    errors=("no_programme",),
    example=Example(path={"slug": "battery-evaluator"}),
)
def get_programme(asked: Asked, slug: str) -> Any:
    """Read a programme."""
    del asked
    programme = queries.get_programme(slug)
    visits = queries.list_visits(programme.id)
    people = queries.suppressed([each.participants for each in visits])
    return {
        **_summary(programme, queries.figures_of([programme.id])[programme.id]),
        "description": programme.description,
        "description_en": programme.description_en,
        "visits": [
            {
                "on": visit.visited_on,
                "company": visit.company,
                "company_en": visit.company_en,
                "participants": number,
            }
            for visit, number in zip(visits, people, strict=True)
        ],
    }


def _summary(programme: ProgrammeEntity, figures: Figures) -> dict[str, Any]:
    names = (
        *("slug", "title", "title_en", "year", "category", "status", "starts_on", "ends_on"),
        *("certificate", "certificate_en", "partners"),
    )
    is_run = programme.status != "planned"
    return {
        **{name: getattr(programme, name) for name in names},
        "url": link("programmes.show", slug=programme.slug),
        "outcome": programme.outcome.value,
        "participations": figures.public_participations if is_run else None,
        "certified": figures.public_certified if programme.certificate else None,
        "meetings": figures.sessions if figures.sessions >= MIN_CELL else None,
    }
