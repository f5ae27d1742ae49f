"""Pages of voting: the support button's answer, the ballot in its steps, its preparation, paper ballots.

The ballot works without a script. Ticks travel in the body of forms only, never in an address. Must not
know how votes are counted.
"""

from __future__ import annotations

from ideas_app.votes.views import papers, preparing, reading, voting
from ideas_app.votes.views.frame import blueprint

__all__ = ("papers", "preparing", "reading", "voting")

blueprints = (blueprint,)
