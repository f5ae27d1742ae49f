"""The operations of version 1, a module for each feature: `<feature>` reads, `acts_<feature>` changes.

A module becomes part of the API by being imported here.
"""

from ideas_app.api.v1 import (
    acts_answers,
    acts_ballots,
    acts_comments,
    acts_desk,
    acts_families,
    acts_ideas,
    acts_shortlists,
    answers,
    campaigns,
    comments,
    families,
    ideas,
    me,
    programmes,
    reports,
    shortlists,
)

__all__ = [
    "acts_answers",
    "acts_ballots",
    "acts_comments",
    "acts_desk",
    "acts_families",
    "acts_ideas",
    "acts_shortlists",
    "answers",
    "campaigns",
    "comments",
    "families",
    "ideas",
    "me",
    "programmes",
    "reports",
    "shortlists",
]
