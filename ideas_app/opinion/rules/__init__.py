"""The arithmetic of the opinion map: votes in, places, groups (or why none) and figures out.

numpy and the standard library only; the same votes give the same figures, because seeds come from
the votes' digest and what is returned is rounded. Must not know Flask, the database, the clock or
who the people are.

Sources: Small, Bjorkegren, Erkkilä, Shaw, Megill, "Polis: Scaling deliberation by mapping high
dimensional opinion spaces", Recerca 26 (2), 2021, doi 10.6035/recerca.5516; the formulas of the
figures as in Polis' `math/` and in red-dwarf, its account in Python.
"""

from ideas_app.opinion.rules.errors import MapError
from ideas_app.opinion.rules.files import Matrix, read_matrix
from ideas_app.opinion.rules.mapping import (
    MIN_CLUSTERED,
    MIN_VOTES,
    RUNS,
    Group,
    Map,
    WhyNone,
    opinion_map,
)
from ideas_app.opinion.rules.picture import MIN_CELL, Cell, Picture, draw
from ideas_app.opinion.rules.plain import public_plain, to_plain
from ideas_app.opinion.rules.statistics import AGREE, IdeaLine, Notable, Share, priority
from ideas_app.opinion.rules.votes import Votes

__all__ = [
    "AGREE",
    "MIN_CELL",
    "MIN_CLUSTERED",
    "MIN_VOTES",
    "RUNS",
    "Cell",
    "Group",
    "IdeaLine",
    "Map",
    "MapError",
    "Matrix",
    "Notable",
    "Picture",
    "Share",
    "Votes",
    "WhyNone",
    "draw",
    "opinion_map",
    "priority",
    "public_plain",
    "read_matrix",
    "to_plain",
]
