"""One's own ballot: its lines, one's ticks, casting it.

Nothing here tells what others voted: no line carries a number of votes, before the close or after it. Must not
know what is computed from ballots.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.fields import Instant, Several, Whole
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body, Shape, address, many_of, one_of
from ideas_app.api.v1.acts_ideas import OF_PERSON
from ideas_app.api.v1.campaigns import Field
from ideas_app.api.v1.verdicts import May, verdict
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.permissions import Permission
from ideas_app.votes import policy, queries, service
from ideas_app.votes.rules import Bounds, voter_order
from ideas_app.votes.views.frame import ballot_phase, has_begun
from ideas_app.web.access import current_actor
from ideas_app.web.email import link

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.verdict import Verdict
    from ideas_app.votes.models import Ballot as BallotEntity
    from ideas_app.votes.queries import Entry

TICKS_MOST = 200


class BallotLine(Shape):
    """A line of the ballot. Nothing in it depends on votes."""

    idea = fields.Integer(
        metadata={"description": "What names it in `ideas`: the idea, or the family's first one."}
    )
    family = fields.Integer(allow_none=True)
    url = address(
        allow_none=True, metadata={"description": "null where it was taken off the ballot since."}
    )
    title = fields.String()
    summary = fields.String()
    field = one_of(Field, allow_none=True)
    may_tick = fields.Boolean(
        metadata={"description": "false for what you wrote and for what was taken off since."}
    )


class Ballot(Shape):
    """One's own ballot. The order of lines is the voter's own, so that no idea gains by its place."""

    campaign = fields.String(metadata={"description": "Slug."})
    may = one_of(May, metadata={"description": "Whether you may vote now, and why not."})
    closes_at = Instant(allow_none=True)
    least = fields.Integer(metadata={"description": "So many ticks are needed."})
    most = fields.Integer(metadata={"description": "So many ticks fit."})
    lines = many_of(BallotLine, metadata={"description": "Empty before the ballot opens."})
    ideas = fields.List(fields.Integer(), metadata={"description": "What your cast ballot ticks."})
    draft = fields.List(
        fields.Integer(),
        allow_none=True,
        metadata={"description": "Ticks kept on the page and not cast: they do not count."},
    )
    cast_at = Instant(allow_none=True, metadata={"description": "null: you have not voted."})


class Ticks(Body):
    """All ticks of the ballot: they take the place of earlier ones."""

    ideas = Several(Whole(), most=TICKS_MOST, required=True)


@operation(
    "GET",
    "/campaigns/<slug>/ballot",
    access=Permission.BALLOT_CAST,
    answer=Ballot,
    errors=("no_campaign",),
    example=Example(path={"slug": "ideas-2025"}),
)
def get_ballot(asked: Asked, slug: str) -> Any:
    """Read one's own ballot.

    Its lines, how many ticks fit, and what you ticked. It tells nobody else's votes, at no time.
    """
    del asked
    actor, campaign = current_actor(), campaigns.get_campaign(slug)
    if _may(campaign) and queries.find_ballot(actor.id, campaign) is None:
        # as on the page: the order of lines is drawn at the first look
        with transaction():
            service.open_ballot(actor, campaigns.get_campaign(slug))
        campaign = campaigns.get_campaign(slug)
    return _shape(campaign)


@operation(
    "PUT",
    "/campaigns/<slug>/ballot",
    access=Permission.BALLOT_CAST,
    body=Ticks,
    answer=Ballot,
    errors=(
        "no_campaign", "closed", "voted_on_paper", "not_on_ballot", "too_many", "too_few", *OF_PERSON,
    ),
    example=Example(path={"slug": "ideas-2026"}, body={"ideas": [121, 126, 133, 140, 148]}),
)  # fmt: skip
def cast_ballot(asked: Asked, slug: str) -> Any:
    """Cast one's ballot.

    As often as wanted until the close: the last one counts. Nothing is cast where one tick is not good.
    """
    campaign = campaigns.get_campaign(slug)
    picked = _entries(asked.body["ideas"], queries.list_entries(campaign))
    try:
        service.cast_ballot(current_actor(), campaign, picked)
    except Invalid as invalid:
        renamed = (Fault("ideas", each.code, each.message) for each in invalid.faults)
        raise Invalid(*renamed) from None
    return _shape(campaigns.get_campaign(slug))


def _entries(idea_ids: Sequence[int], lines: Collection[Entry]) -> list[int]:
    """The lines that these ideas name; an id that names none stands for a line that is not there."""
    by_idea = {line.page_id: line.id for line in lines}
    return [by_idea.get(idea_id, -idea_id) for idea_id in idea_ids]


def _may(campaign: Campaign) -> Verdict:
    actor = current_actor()
    return policy.may_cast(
        actor,
        campaign,
        now=clock.now(),
        took_part=queries.programmes_of(actor, campaign),
        on_paper=queries.has_voted_on_paper(actor.id, campaign),
    )


def _shape(campaign: Campaign) -> dict[str, Any]:
    actor, phase = current_actor(), ballot_phase(campaign)
    own = queries.find_ballot(actor.id, campaign)
    lines = queries.list_entries(campaign) if has_begun(campaign) else []
    open_lines = queries.open_lines(actor, lines)
    rules = rules_of(campaign)
    bounds = (
        Bounds.of(rules, len(open_lines)) if lines else Bounds(rules.ballot_min, rules.ballot_max)
    )
    ideas = {line.id: line.page_id for line in lines}
    return {
        "campaign": campaign.slug,
        "may": verdict(_may(campaign)),
        "closes_at": phase.ends_at if phase else None,
        "least": bounds.least,
        "most": bounds.most,
        "lines": [
            _line(line, may_tick=line.id in open_lines)
            for line in voter_order(own.pseudonym if own else campaign.slug, lines)
        ],
        "ideas": _named(queries.picks_of(own), ideas),
        "draft": _draft(own, ideas),
        "cast_at": own.cast_at if own else None,
    }


def _line(line: Entry, *, may_tick: bool) -> dict[str, Any]:
    return {
        "idea": line.page_id,
        "family": line.family_id,
        "url": link("pages.idea", idea_id=line.page_id) if line.is_standing else None,
        "title": line.title,
        "summary": line.summary,
        "field": line.field,
        "may_tick": may_tick,
    }


def _draft(own: BallotEntity | None, ideas: dict[int, int]) -> list[int] | None:
    return None if own is None or own.draft is None else _named(own.draft, ideas)


def _named(entry_ids: Collection[int], ideas: dict[int, int]) -> list[int]:
    return sorted(ideas[each] for each in entry_ids if each in ideas)
