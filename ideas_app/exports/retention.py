"""Files that were asked for go after a day, their lines after a month: `service.forget_old_files`."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.SHORT, "export_file")
keep(Reason.NO_PERSON, "document_template")
