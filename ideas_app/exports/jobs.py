"""What follows later: long files, and the end of files after a day. Must not decide anything itself."""

from __future__ import annotations

from ideas_app.core import housekeeping, outbox
from ideas_app.exports import service
from ideas_app.exports.events import ExportAsked


@outbox.handles(ExportAsked, outside=True)
def make(event: ExportAsked) -> None:
    """Makes a file without holding up votes. Running twice makes it once."""
    service.make_asked(event.file_id)


@housekeeping.hourly
def forget_old_files() -> None:
    """After a day a file's content goes, after thirty more the line in its owner's list."""
    service.forget_old_files()
