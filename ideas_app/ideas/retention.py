"""Why ideas stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.RECORD, "family", "idea", "revision")
keep(Reason.NO_PERSON, "idea_tally", "idea_day")
# goes with the last act that it counts, which the database sees to
keep(Reason.WITH_PARENT, "partaker")
# drafts that nobody signed in for go after 30 days: `jobs.forget_stray_drafts`
keep(Reason.WITH_ACCOUNT, "draft", "follow", "reading")
