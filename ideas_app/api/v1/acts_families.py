"""Families: joining ideas under a common text, and taking them apart again. Supports stay where they were given.

Must not decide anything: the desk's services do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ideas_app.api.fields import Several, Whole, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body
from ideas_app.api.v1.families import Family, family_shape
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries as ideas
from ideas_app.moderation import queries, service
from ideas_app.web.access import current_actor
from ideas_app.web.email import link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.ideas.models import Idea

MEMBERS_MOST = 50


class FamilyBody(Body):
    """Ideas to be joined, and under what."""

    ideas = Several(Whole(), most=MEMBERS_MOST, required=True)
    title = Words(most=400, required=True)
    text = Words(
        most=8000,
        lines=True,
        required=True,
        metadata={"description": "The common text. Markdown."},
    )
    reason = Words(
        most=2000, lines=True, required=True, metadata={"description": "Public, told to authors."}
    )


class SplitBody(Body):
    """Why a family is taken apart."""

    reason = Words(
        most=2000, lines=True, required=True, metadata={"description": "Public, told to authors."}
    )


@operation(
    "POST",
    "/families",
    access=Permission.IDEA_MODERATE,
    body=FamilyBody,
    answer=Family,
    status=201,
    errors=(
        "own", "not_published", "in_a_family", "too_few", "other_campaign", "unknown_idea",
        "title_missing", "text_missing", "reason_missing", "too_short",
    ),
    example=Example(
        body={
            "ideas": [143, 144],
            "title": "산단 통근버스를 함께 타는 노선으로",
            "text": "여러 회사가 함께 쓰는 통근버스를 만듭니다.",
            "reason": "두 제안이 바라는 바가 같습니다.",
        }
    ),
)  # fmt: skip
def form_family(asked: Asked) -> Any:
    """Join ideas into a family.

    Two or more published ideas of one campaign. The authors are told and may object; the total counts people once.
    """
    given = asked.body
    family = service.form_family(
        current_actor(), _members(given["ideas"]), given["title"], given["text"], given["reason"]
    )
    where = {"Location": link("api.get_family", family_id=family.id)}
    return family_shape(family.id), 201, where


@operation(
    "DELETE",
    "/families/<int:family_id>",
    access=Permission.IDEA_MODERATE,
    body=SplitBody,
    answer=Family,
    errors=("no_family", "own", "family_split", "family_fixed", "reason_missing"),
    example=Example(path={"family_id": 10}, body={"reason": "두 글쓴이의 요청으로 나눕니다."}),
)
def split_family(asked: Asked, family_id: int) -> Any:
    """Take a family apart.

    Every idea stands alone again with its own supports; the family stays as a record of what was. Until the
    family was put to the vote or answered.
    """
    try:
        family = queries.get_family(family_id)
    except NotFound:
        raise NotFound("no_family", _l("There is no such family.")) from None
    service.split_family(current_actor(), family, asked.body["reason"])
    return family_shape(family_id)


def _members(idea_ids: Sequence[int]) -> list[Idea]:
    """The ideas, each once. Raises `Invalid` at the place of each id that is none."""
    found, faults = [], []
    for place, idea_id in enumerate(idea_ids):
        try:
            found.append(ideas.get_idea(idea_id))
        except NotFound as fault:
            faults.append(Fault(f"ideas.{place}", "unknown_idea", fault.message))
    if faults:
        raise Invalid(*faults)
    return found
