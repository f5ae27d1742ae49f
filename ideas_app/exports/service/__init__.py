"""Making files, keeping them for those who asked, and the centre's own form for documents."""

from __future__ import annotations

from ideas_app.exports.service.keeping import (
    ask_file,
    forget_old_files,
    forget_person,
    make_asked,
    note_taken,
)
from ideas_app.exports.service.making import (
    ExportFile,
    ExportRequest,
    build,
    describe_year,
    make,
)
from ideas_app.exports.service.template import remove_template, set_template
from ideas_app.exports.service.writing import write_document

__all__ = [
    "ExportFile",
    "ExportRequest",
    "ask_file",
    "build",
    "describe_year",
    "forget_old_files",
    "forget_person",
    "make",
    "make_asked",
    "note_taken",
    "remove_template",
    "set_template",
    "write_document",
]
