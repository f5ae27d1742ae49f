"""What the room keeps of people: who published a text, by number only."""

from __future__ import annotations

from ideas_app.core.personal import Room, Trace, declare

declare(
    Room("terms", traces=(Trace(("house_text.published_by",), "which staff published the text"),))
)
