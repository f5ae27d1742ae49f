"""Files that staff asked for, and the centre's own form. Must not change anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import undefer

from ideas_app.core import clock
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.exports.models import DocumentTemplate, ExportFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.actor import Actor

LISTED = 12


def get_own_file(actor: Actor, address: str, *, with_content: bool = False) -> ExportFile:
    """The file at an address, for the person who asked for it, while it is kept.

    Raises `NotFound` for everybody else, staff or not, and after its time.
    """
    query = select(ExportFile).where(
        ExportFile.address == address,
        ExportFile.account_id == actor.id,
        ExportFile.until > clock.now(),
    )
    if with_content:
        query = query.options(undefer(ExportFile.content))
    found = session().scalar(query)
    if found is None:
        raise NotFound("no_file", _l("There is no such file, or its 24 hours are over."))
    return found


def find_file(file_id: int) -> ExportFile | None:
    """A file by its number, for the worker."""
    return session().get(ExportFile, file_id)


def list_own_files(actor: Actor) -> Sequence[ExportFile]:
    """What somebody asked for lately, newest first, without the contents."""
    query = select(ExportFile).where(ExportFile.account_id == actor.id)
    return session().scalars(query.order_by(ExportFile.id.desc()).limit(LISTED)).all()


def find_template() -> DocumentTemplate | None:
    """The centre's own form, or None."""
    query = select(DocumentTemplate).order_by(DocumentTemplate.id.desc()).limit(1)
    return session().scalar(query)


def template_content() -> bytes | None:
    """The centre's own form as a file, or None."""
    found = find_template()
    return found.content if found else None
