"""What exports keep of people: the files that staff asked for, which may name others for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Column, Holding, Room, Trace, declare
from ideas_app.exports import service
from ideas_app.exports.models import ExportFile

if TYPE_CHECKING:
    from ideas_app.core.personal import Leaving, Rows


def read_files(account_id: int) -> Rows:
    """The files that the person asked for at the desk; their contents are not repeated here."""
    query = select(ExportFile).where(ExportFile.account_id == account_id).order_by(ExportFile.id)
    for file in session().scalars(query):
        names = ("kind", "format", "purpose", "is_working", "rows", "asked_at", "until")
        yield {name: getattr(file, name) for name in names}


def forget(leaving: Leaving) -> None:
    """The person's own files go, and every kept file that may name them."""
    service.forget_person(leaving.account_id)


declare(
    Room(
        "exports",
        holdings=(
            Holding(
                key="files",
                title=_l("Files you asked for at the desk"),
                columns=(
                    Column("kind", _l("Kind")),
                    Column("format", _l("Format")),
                    Column("purpose", _l("Purpose")),
                    Column("is_working", _l("Working file"), "bool"),
                    Column("rows", _l("Rows"), "int"),
                    Column("asked_at", _l("Asked"), "datetime"),
                    Column("until", _l("Kept until"), "datetime"),
                ),
                read=read_files,
                kept=_l("The content a day, the line some days longer."),
                leaving=_l("Deleted at once. Files of staff that may name you are deleted too."),
                places=("export_file.account_id",),
            ),
        ),
        traces=(Trace(("document_template.uploaded_by",), "which staff did the work"),),
        forget=forget,
    )
)
