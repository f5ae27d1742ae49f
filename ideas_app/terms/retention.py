"""Why the texts of the house stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.PROOF, "house_text")
keep(Reason.NO_PERSON, "policy_contact")
