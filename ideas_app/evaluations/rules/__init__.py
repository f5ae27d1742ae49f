"""What is scored, how far scores lie apart, what a finished evaluation needs, how one stands. Pure.

Must not know the database, the clock or who asks.
"""

from ideas_app.evaluations.rules.criteria import (
    ANCHORED,
    SCORES,
    USUAL,
    Criterion,
    criteria_of,
    faults_of_scores,
)
from ideas_app.evaluations.rules.findings import (
    DEPARTMENT_MOST,
    NOTE_MOST,
    PARTS,
    REASON_LEAST,
    REASON_MOST,
    Findings,
    faults_of,
    parts_apart,
)
from ideas_app.evaluations.rules.spread import GAP, Spread, spread_of
from ideas_app.evaluations.rules.standing import Standing, Tally, standing_of, tally_of
from ideas_app.evaluations.rules.words import PART_NAMES, WORDS, word_of

__all__ = [
    "ANCHORED",
    "DEPARTMENT_MOST",
    "GAP",
    "NOTE_MOST",
    "PARTS",
    "PART_NAMES",
    "REASON_LEAST",
    "REASON_MOST",
    "SCORES",
    "USUAL",
    "WORDS",
    "Criterion",
    "Findings",
    "Spread",
    "Standing",
    "Tally",
    "criteria_of",
    "faults_of",
    "faults_of_scores",
    "parts_apart",
    "spread_of",
    "standing_of",
    "tally_of",
    "word_of",
]
