"""Asking for a shortlist. A worker counts it; changing, signing and publishing it are for people, on pages.

Must not count.
"""

from __future__ import annotations

from typing import Any

from ideas_app.api.fields import Choice, Whole
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body
from ideas_app.api.v1.shortlists import Shortlist, shortlist_shape
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.permissions import Permission
from ideas_app.shortlists import queries, service
from ideas_app.shortlists.models import Source
from ideas_app.shortlists.rules import Completion, Rule
from ideas_app.web.access import current_actor
from ideas_app.web.email import link

SEATS_MOST = 1000


class RoundBody(Body):
    """What is to be counted; what is left out the campaign's rules say."""

    seats = Whole(most=SEATS_MOST)
    rule = Choice(Rule)
    completion = Choice(
        Completion, metadata={"description": "For seats that equal shares leave over (`mes`)."}
    )
    source = Choice(Source, metadata={"description": "The ballot or the supports."})
    min_approval_percent = Whole(least=0, most=100)


@operation(
    "POST",
    "/campaigns/<slug>/shortlists",
    access=Permission.SHORTLIST_COMPUTE,
    body=RoundBody,
    answer=Shortlist,
    status=202,
    errors=("no_campaign", "still_open", "k_out_of_range", "no_entries"),
    example=Example(
        path={"slug": "ideas-2025"}, body={"seats": 15, "rule": "mes", "source": "ballot"}
    ),
)
def ask_shortlist(asked: Asked, slug: str) -> Any:
    """Ask for a shortlist.

    Only after the last vote that counts. The worker counts it: read it at `Location` until its `state` is no longer
    `asked`. Two people sign a list on its page before it can be published.
    """
    campaign = campaigns.get_campaign(slug)
    question = service.question_of(campaign, **asked.body)
    made = service.ask_round(current_actor(), campaign, question)
    where = {"Location": link("api.get_shortlist", round_id=made.id)}
    return shortlist_shape(queries.get_round(made.id)), 202, where
