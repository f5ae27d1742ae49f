"""The texts of the house as everybody reads them: the version in force, and those before and to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from ideas_app.terms import queries, rules
from ideas_app.terms.models import TextKind
from ideas_app.terms.views.frame import as_html, blueprint
from ideas_app.web.access import public
from ideas_app.web.i18n import locale_code

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.terms.models import HouseText


def _page(kind: TextKind, text: HouseText) -> str:
    versions = queries.list_versions(kind)
    before = next((one for one in versions if one.version < text.version), None)
    return render_template(
        "terms/text.html",
        heading=rules.TITLES[kind],
        kind=kind,
        text=text,
        html=as_html(queries.filled(text)),
        note=text.note_ko if locale_code() == "ko" else text.note_en,
        until=queries.until_of(text, versions),
        coming=queries.find_coming(kind),
        versions=versions,
        changes=_changes(before, text) if before else [],
    )


def _changes(before: HouseText, text: HouseText) -> list[tuple[str, str]]:
    if locale_code() == "ko":
        return rules.changes(before.body_ko, text.body_ko)
    return rules.changes(before.body_en, text.body_en)


def _current(kind: TextKind) -> str:
    return _page(kind, queries.get_in_force(kind))


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """How personal data is handled."""
    return _current(TextKind.PRIVACY)


@blueprint.get("/terms", endpoint="terms")
@public
def terms_of_use() -> ResponseReturnValue:
    """The terms of use."""
    return _current(TextKind.TERMS)


@blueprint.get("/rules", endpoint="rules")
@public
def house_rules() -> ResponseReturnValue:
    """How the centre decides."""
    return _current(TextKind.RULES)


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """How the site can be used by everybody."""
    return _current(TextKind.ACCESSIBILITY)


@blueprint.get("/texts/<kind>/<int:version>")
@public
def version(kind: str, version: int) -> ResponseReturnValue:
    """One version of a text, with what it changed."""
    found = queries.kind_of(kind)
    return _page(found, queries.get_version(found, version))
