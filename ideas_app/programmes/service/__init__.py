"""Everything that can happen to programmes and to the rosters of who took part."""

from __future__ import annotations

from ideas_app.programmes.service.certificates import check_certificate, issue_certificate
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
    unmask_participant,
)
from ideas_app.programmes.service.meetings import (
    add_meeting,
    close_code,
    note_presence,
    open_code,
    remove_meeting,
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
    "CheckIn",
    "Choice",
    "FiguresLine",
    "Given",
    "ImportReport",
    "ProgrammeSpec",
    "ReadRoster",
    "ReportLine",
    "RosterRefused",
    "accept_claim",
    "add_meeting",
    "add_visit",
    "ask_centre",
    "change_programme",
    "check_certificate",
    "check_in",
    "claim_by_email",
    "close_code",
    "create_programme",
    "find_meeting_of_code",
    "forget_claims",
    "guess_choice",
    "import_roster",
    "issue_certificate",
    "link_person",
    "note_presence",
    "open_code",
    "preview_roster",
    "read_participants",
    "read_roster",
    "record_tally",
    "recount",
    "refuse_claim",
    "remove_meeting",
    "store_roster",
    "undo_import",
    "unlink_account",
    "unlink_person",
    "unmask_participant",
    "withdraw_claim",
)
