"""The operations of version 1, a module for each feature: `<feature>` reads, `acts_<feature>` changes.

A module becomes part of the API by being imported here.
"""

from ideas_app.api.v1 import (
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
