"""Why supports and ballots stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.WITH_ACCOUNT, "support")
# who cast which ballot is cut 30 days after the list is confirmed: `service.unlinking`
keep(Reason.RECORD, "ballot", "ballot_choice", "ballot_entry", "paper_ballot")
keep(Reason.RECORD, "set_aside", "aside_support", "family_leaver")
keep(Reason.PROOF, "ballot_unlinking")
