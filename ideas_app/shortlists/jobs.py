"""What follows later: the analysis of a computed list, which takes too long for a request.

Must not decide anything itself.
"""

from __future__ import annotations

from ideas_app.core import outbox
from ideas_app.shortlists import service
from ideas_app.shortlists.events import RoundComputed


@outbox.handles(RoundComputed, outside=True)
def analyse(event: RoundComputed) -> None:
    """Analyses the list without holding up votes. Running twice changes nothing."""
    service.analyse_round(event.round_id)
