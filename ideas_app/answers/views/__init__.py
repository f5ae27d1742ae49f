"""Pages of answers: the public ledger, the officials' inbox, the screen on which they answer.

Must not hold rules or queries.
"""

from ideas_app.answers.views import (
    desk,
    hands,
    ledger,
    pictures,
    promises,
    reviews,
    templates,
    together,
    writing,
)
from ideas_app.answers.views.frame import blueprint

__all__ = [
    "blueprints",
    "desk",
    "hands",
    "ledger",
    "pictures",
    "promises",
    "reviews",
    "templates",
    "together",
    "writing",
]

blueprints = (blueprint,)
