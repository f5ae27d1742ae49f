"""Reads that compose several features for one screen. Must not change anything, nor decide who may see what."""

from __future__ import annotations

from ideas_app.pages.queries.idea import OpenIdea, list_told, read_idea
from ideas_app.pages.queries.lists import (
    FEED,
    Offer,
    OwnBallot,
    Pulse,
    Tide,
    count_in_states,
    count_people,
    has_field,
    is_open,
    last_offer,
    list_ballots_of,
    list_fields,
    list_newest_published,
    offer_of,
    pulse_of,
    tide_of,
    titles_of,
)
from ideas_app.pages.queries.people import acts_by_person, find_wrong_people

__all__ = [
    "FEED",
    "Offer",
    "OpenIdea",
    "OwnBallot",
    "Pulse",
    "Tide",
    "acts_by_person",
    "count_in_states",
    "count_people",
    "find_wrong_people",
    "has_field",
    "is_open",
    "last_offer",
    "list_ballots_of",
    "list_fields",
    "list_newest_published",
    "list_told",
    "offer_of",
    "pulse_of",
    "read_idea",
    "tide_of",
    "titles_of",
]
