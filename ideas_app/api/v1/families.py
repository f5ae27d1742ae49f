"""Families: ideas joined under a common text."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from ideas_app.api.fields import Instant
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Shape, address, many_of
from ideas_app.api.v1.addresses import idea_address
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import shown_number
from ideas_app.moderation import queries
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor
from ideas_app.web.email import link


class Member(Shape):
    """An idea of a family that everybody may read."""

    id = fields.Integer()
    number = fields.String()
    url = address()
    title = fields.String()
    author = fields.String(metadata={"description": "Nickname, as on the page."})
    supports = fields.Integer(allow_none=True)


class Family(Shape):
    """Two or more ideas under a common text. Supports stay with the ideas; the total counts people once."""

    id = fields.Integer()
    url = address()
    campaign = fields.String(metadata={"description": "Slug."})
    title = fields.String()
    text = fields.String()
    reason = fields.String(metadata={"description": "Why they were joined."})
    formed_at = Instant()
    objection_until = Instant(metadata={"description": "Until when its authors can object."})
    split_at = Instant(allow_none=True)
    split_reason = fields.String(allow_none=True)
    supports = fields.Integer(
        allow_none=True,
        metadata={"description": "Distinct people; null while supports are hidden from you."},
    )
    ideas = many_of(Member)


@operation(
    "GET",
    "/families/<int:family_id>",
    answer=Family,
    errors=("no_family",),
    example=Example(path={"family_id": 1}),
)
def get_family(asked: Asked, family_id: int) -> Any:
    """Read a family.

    Also one that was split: it says when and why, and names the ideas it had.
    """
    del asked
    return family_shape(family_id)


def family_shape(family_id: int) -> dict[str, Any]:
    """A family in its shape. Raises `NotFound`."""
    try:
        view = queries.view_family(family_id)
    except NotFound:
        raise NotFound("no_family", _l("There is no such family.")) from None
    family = view.family
    campaign = campaigns.get_by_id(family.campaign_id)
    is_hidden = votes.hides_totals(current_actor(), [campaign])
    return {
        "id": family.id,
        "url": link("moderation.family", family_id=family.id),
        "campaign": campaign.slug,
        **{
            name: getattr(family, name)
            for name in ("title", "text", "reason", "formed_at", "objection_until")
        },
        "split_at": family.split_at,
        "split_reason": family.split_reason,
        "supports": None if is_hidden else family.supports_count,
        "ideas": [
            {
                "id": each.idea.id,
                "number": shown_number(view.year, each.idea.number),
                "url": idea_address(each.idea.id, each.idea.title),
                "title": each.idea.title,
                "author": str(each.nickname),
                "supports": None if is_hidden else each.idea.supports_count,
            }
            for each in view.readable
        ],
    }
