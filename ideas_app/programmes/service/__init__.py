"""Everything that can happen to programmes and to the rosters of who took part."""

from __future__ import annotations

from ideas_app.programmes.service.importing import (
    import_roster,
    preview_roster,
    store_roster,
)
from ideas_app.programmes.service.linking import (
    LINK_CONSENT,
    claim_by_email,
    link_person,
    unlink_account,
    unlink_person,
)
from ideas_app.programmes.service.managing import (
    ProgrammeSpec,
    add_visit,
    change_programme,
    create_programme,
    read_participants,
    record_tally,
    recount,
)
from ideas_app.programmes.service.reading import Choice, ReadRoster, guess_choice, read_roster
from ideas_app.programmes.service.reporting import (
    FiguresLine,
    ImportReport,
    ReportLine,
    RosterRefused,
)
from ideas_app.programmes.service.undoing import undo_import

__all__ = (
    "LINK_CONSENT",
    "Choice",
    "FiguresLine",
    "ImportReport",
    "ProgrammeSpec",
    "ReadRoster",
    "ReportLine",
    "RosterRefused",
    "add_visit",
    "change_programme",
    "claim_by_email",
    "create_programme",
    "guess_choice",
    "import_roster",
    "link_person",
    "preview_roster",
    "read_participants",
    "read_roster",
    "record_tally",
    "recount",
    "store_roster",
    "undo_import",
    "unlink_account",
    "unlink_person",
)
