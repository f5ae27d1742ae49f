"""What follows later: the count that was asked for, its analysis and its charts: too long for a request.

Must not decide anything itself.
"""

from __future__ import annotations

from ideas_app.core import outbox
from ideas_app.shortlists import service
from ideas_app.shortlists.events import RoundAsked, RoundComputed


@outbox.handles(RoundAsked, outside=True)
def count(event: RoundAsked) -> None:
    """Counts what was asked without holding up votes. Running twice changes nothing."""
    service.count_round(event.round_id)


@outbox.handles(RoundComputed, outside=True)
def analyse(event: RoundComputed) -> None:
    """Analyses the list without holding up votes, then draws its charts. Running twice changes nothing."""
    service.analyse_round(event.round_id)
    service.draw_round(event.round_id)
