"""Why synonyms stay."""

from __future__ import annotations

from ideas_app.core.retaining import Reason, keep

keep(Reason.NO_PERSON, "synonym_group")
