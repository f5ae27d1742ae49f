"""The centre's own form for HWPX documents. Must not know how a document is written into it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete

from ideas_app.adapters.formats.hwpx import BODY
from ideas_app.adapters.formats.templates import TemplateError, check_template
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.exports import policy
from ideas_app.exports.models import DocumentTemplate

if TYPE_CHECKING:
    from flask_babel import LazyString

    from ideas_app.core.actor import Actor


def set_template(actor: Actor, name: str, data: bytes) -> DocumentTemplate:
    """Takes a form in place of the one before. Raises `Refused`, and `Invalid` with the reason for a file
    that cannot be one.
    """
    policy.may_set_template(actor).require()
    try:
        check_template(data)
    except TemplateError as fault:
        raise Invalid(Fault("file", fault.code, _say(fault))) from fault
    session().execute(delete(DocumentTemplate))
    template = DocumentTemplate(
        name=name[:200],
        content=data,
        digest=sha256(data).hexdigest(),
        size=len(data),
        uploaded_by=actor.id,
        uploaded_at=clock.now(),
    )
    session().add(template)
    session().flush()
    audit.record(
        actor, Tag.EXPORT_TEMPLATE_SET, "template", template.id, diff={"digest": template.digest}
    )
    return template


def remove_template(actor: Actor) -> None:
    """Goes back to the plain form. Raises `Refused`."""
    policy.may_set_template(actor).require()
    session().execute(delete(DocumentTemplate))
    audit.record(actor, Tag.EXPORT_TEMPLATE_REMOVED, "template", None)


def _say(fault: TemplateError) -> LazyString:
    words = {
        "empty_file": _l("The file is empty. Choose a .hwpx file."),
        "old_hwp": _l("This is an old .hwp file. Save it as .hwpx in Hangul and choose that one."),
        "encrypted": _l("The file has a password. Save it without one and choose it again."),
        "doctype": _l("The file fetches other files, so it is not taken. Save it anew in Hangul."),
        "no_body": _l(
            "The file has no place for the text. Write %(word)s into a paragraph of its own.",
            word=BODY,
        ),
    }
    if fault.code in {"file_too_large", "unpacks_too_large"}:
        return _l(
            "The file is too large: at most %(limit)s MB. Make its pictures smaller.",
            limit=fault.limit,
        )
    return words.get(
        fault.code, _l("This is no .hwpx file that can be read. Save it anew in Hangul.")
    )
