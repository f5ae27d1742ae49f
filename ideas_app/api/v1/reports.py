"""The year's report: figures recounted from the records, with what each counts. What is about fewer than five
people, or would give such a figure away, is null, as on the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Shape, address, many_of
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.reports import queries
from ideas_app.reports.rules import DEFINITIONS, NAMES
from ideas_app.web.email import link

if TYPE_CHECKING:
    from ideas_app.reports.rules import Outcomes


class Figure(Shape):
    """One figure."""

    key = fields.String(metadata={"enum": list(DEFINITIONS)})
    name = fields.String()
    value = fields.Integer(allow_none=True)
    definition = fields.String(metadata={"description": "What it counts."})


class ReportProgramme(Shape):
    """A programme in the year's table."""

    slug = fields.String()
    title = fields.String()
    title_en = fields.String()
    category = fields.String()
    participations = fields.Integer(allow_none=True)
    records = fields.Integer(allow_none=True, metadata={"description": "With a name."})
    tallied = fields.Integer(allow_none=True, metadata={"description": "Counted without names."})
    certified = fields.Integer(allow_none=True)
    sessions = fields.Integer(allow_none=True)


class ReportCertificate(Shape):
    """A kind of certificate."""

    name = fields.String()
    name_en = fields.String()
    certified = fields.Integer(allow_none=True)


class ReportField(Shape):
    """How far the ideas of one field came."""

    key = fields.String()
    name = fields.String()
    name_en = fields.String()
    submitted = fields.Integer()
    published = fields.Integer()
    on_ballot = fields.Integer()
    shortlisted = fields.Integer()
    answered = fields.Integer()
    done = fields.Integer()


class ReportDepartment(Shape):
    """Answers of one department to shortlisted entries."""

    name = fields.String()
    answered = fields.Integer()
    on_time = fields.Integer()


class Report(Shape):
    """One year."""

    year = fields.Integer()
    url = address()
    figures = many_of(Figure)
    programmes = many_of(ReportProgramme)
    certificates = many_of(ReportCertificate)
    sessions_by_quarter = fields.List(fields.Integer(allow_none=True))
    ideas_by_field = many_of(ReportField)
    answers_by_department = many_of(ReportDepartment)
    input_digest = fields.String(
        metadata={"description": "SHA-256 of what was counted: the same records give the same."}
    )


@operation(
    "GET",
    "/reports/<int:year>",
    answer=Report,
    errors=("no_report",),
    example=Example(path={"year": 2025}),
)
def get_report(asked: Asked, year: int) -> Any:
    """Read the report of a year."""
    del asked
    found = queries.find_outcomes(year)
    if found is None:
        raise NotFound("no_report", _l("There is no report for that year."))
    return {
        "year": year,
        "url": link("reports.show", year=year),
        "figures": [
            {
                "key": key,
                "name": str(NAMES[key]),
                "value": found.public(key),
                "definition": str(definition),
            }
            for key, definition in DEFINITIONS.items()
        ],
        "programmes": _programmes(found),
        "certificates": [
            {
                "name": each.name,
                "name_en": each.name_en,
                "certified": found.public_cell("kind", each.name),
            }
            for each in found.certificates
        ],
        "sessions_by_quarter": [
            found.public_cell("quarter", str(number)) for number in range(1, 5)
        ],
        "ideas_by_field": found.ideas_by_field,
        "answers_by_department": found.answers_by_department,
        "input_digest": found.input_digest,
    }


def _programmes(found: Outcomes) -> list[dict[str, Any]]:
    cells = {"participations": "programme"} | {
        name: name for name in ("records", "tallied", "certified", "sessions")
    }
    return [
        {
            **{name: getattr(line, name) for name in ("slug", "title", "title_en", "category")},
            **{name: found.public_cell(cell, line.slug) for name, cell in cells.items()},
        }
        for line in found.per_programme
    ]
