"""The verbs of ideas: keeping a draft, sending, changing, taking back, following, paper; the change of state.

Must not know votes, comments or decisions. Decisions of the desk call `change_state`.
"""

from __future__ import annotations

from ideas_app.ideas.service.drafts import drop_draft, find_own_draft, save_draft, take_draft
from ideas_app.ideas.service.leaving import (
    count_readings,
    does_go,
    forget_author,
    forget_readings,
    list_own,
)
from ideas_app.ideas.service.life import (
    change_state,
    edit,
    fix_text,
    put_back,
    submit,
    withdraw,
)
from ideas_app.ideas.service.orders import place_in_orders, recount
from ideas_app.ideas.service.papers import PaperReport, enter_sheet, import_papers
from ideas_app.ideas.service.readers import follow, note_reading, set_reading_answer, unfollow

__all__ = [
    "PaperReport",
    "change_state",
    "count_readings",
    "does_go",
    "drop_draft",
    "edit",
    "enter_sheet",
    "find_own_draft",
    "fix_text",
    "follow",
    "forget_author",
    "forget_readings",
    "import_papers",
    "list_own",
    "note_reading",
    "place_in_orders",
    "put_back",
    "recount",
    "save_draft",
    "set_reading_answer",
    "submit",
    "take_draft",
    "unfollow",
    "withdraw",
]
