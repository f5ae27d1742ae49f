"""Everything that can happen to programmes and to the rosters of who took part."""

from __future__ import annotations

from ideas_app.accounts.rules import LINK_CONSENT
from ideas_app.programmes.service.certificates import (
    check_certificate,
    issue_certificate,
    issue_year,
)
from ideas_app.programmes.service.claiming import (
    CheckIn,
    Given,
    accept_claim,
    ask_centre,
    check_in,
    find_meeting_of_code,
    forget_claims,
    refuse_claim,
    withdraw_claim,
)
from ideas_app.programmes.service.importing import (
    import_roster,
    preview_roster,
    store_roster,
)
from ideas_app.programmes.service.linking import (
    claim_by_email,
    link_person,
    unlink_account,
    unlink_person,
)
from ideas_app.programmes.service.listing import AttendanceFile, export_attendance
from ideas_app.programmes.service.managing import (
    ProgrammeSpec,
    add_visit,
    change_programme,
    create_programme,
    read_participants,
    record_tally,
    recount,
    unmask_participant,
)
from ideas_app.programmes.service.meetings import (
    add_meeting,
    change_meeting,
    close_code,
    mark_present,
    note_presence,
    open_code,
    remove_meeting,
)
from ideas_app.programmes.service.reading import (
    Choice,
    ReadRoster,
    check_file,
    guess_choice,
    read_roster,
)
from ideas_app.programmes.service.reporting import (
    FiguresLine,
    ImportReport,
    ReportLine,
    RosterRefused,
)
from ideas_app.programmes.service.snapshot import read_snapshot
from ideas_app.programmes.service.undoing import undo_import
from ideas_app.programmes.service.uploads import Stage, Upload
from ideas_app.programmes.service.waiting import (
    decisions_of,
    read_upload,
    tell_stored,
    work_on,
)

__all__ = (
    "LINK_CONSENT",
    "AttendanceFile",
    "CheckIn",
    "Choice",
    "FiguresLine",
    "Given",
    "ImportReport",
    "ProgrammeSpec",
    "ReadRoster",
    "ReportLine",
    "RosterRefused",
    "Stage",
    "Upload",
    "accept_claim",
    "add_meeting",
    "add_visit",
    "ask_centre",
    "change_meeting",
    "change_programme",
    "check_certificate",
    "check_file",
    "check_in",
    "claim_by_email",
    "close_code",
    "create_programme",
    "decisions_of",
    "export_attendance",
    "find_meeting_of_code",
    "forget_claims",
    "guess_choice",
    "import_roster",
    "issue_certificate",
    "issue_year",
    "link_person",
    "mark_present",
    "note_presence",
    "open_code",
    "preview_roster",
    "read_participants",
    "read_roster",
    "read_snapshot",
    "read_upload",
    "record_tally",
    "recount",
    "refuse_claim",
    "remove_meeting",
    "store_roster",
    "tell_stored",
    "undo_import",
    "unlink_account",
    "unlink_person",
    "unmask_participant",
    "withdraw_claim",
    "work_on",
)
