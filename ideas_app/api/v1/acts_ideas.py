"""What people do with ideas: sending, changing, taking back, supporting, following, flagging.

The services of the pages do it, by the same rules. Must not decide anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.api.fields import Choice, Instant, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body, Shape
from ideas_app.api.v1.ideas import Idea, idea_shape
from ideas_app.campaigns import queries as campaigns
from ideas_app.core.permissions import Permission
from ideas_app.ideas import queries, service
from ideas_app.ideas.rules import IdeaContent
from ideas_app.ideas.views.frame import get_readable
from ideas_app.moderation import service as moderation
from ideas_app.moderation.rules import FLAG_NOTE_MAX, FlagCode
from ideas_app.votes import queries as votes
from ideas_app.votes import service as votes_service
from ideas_app.web.access import current_actor
from ideas_app.web.email import link

if TYPE_CHECKING:
    from ideas_app.ideas.models import Idea as IdeaEntity
    from ideas_app.moderation.models import Flag as FlagEntity
    from ideas_app.votes.service import Supported

LONGEST = 20_000
"""Characters of a text that are read at all, as in a draft of the page; the campaign's own limits are shorter."""

OF_TEXT = (
    "title_empty", "title_short", "title_long", "why_empty", "why_long", "how_long", "unknown_field",
    "neighbourhood_long", "resident_number", "unknown_programme", "counselling",
)  # fmt: skip
OF_PERSON = ("not_verified", "age", "tie", "not_a_participant", "staff")
"""Why a campaign does not count somebody's voice."""
_FIELD = {"description": "Key of one of the campaign's fields."}
_PROGRAMME = {"description": "Slug of the programme that it grew out of."}
_OF_OTHERS = Example(path={"idea_id": 149})


class IdeaDraft(Body):
    """A new idea. What counts as too long the campaign says: `rules` of the campaign."""

    campaign = Words(most=80, required=True, metadata={"description": "Slug."})
    title = Words(most=400, required=True)
    why = Words(
        most=LONGEST,
        lines=True,
        required=True,
        metadata={"description": "Why it is needed, and for whom. Markdown."},
    )
    how = Words(
        most=LONGEST, lines=True, metadata={"description": "How it could change. Markdown."}
    )
    field = Words(most=40, required=True, metadata=_FIELD)
    programme = Words(most=80, allow_none=True, metadata=_PROGRAMME)
    neighbourhood = Words(most=80, allow_none=True)


class IdeaChange(Body):
    """What is to change; what is left out stays."""

    title = Words(most=400)
    why = Words(most=LONGEST, lines=True)
    how = Words(most=LONGEST, lines=True)
    field = Words(most=40, metadata=_FIELD)
    programme = Words(most=80, allow_none=True, metadata=_PROGRAMME)
    neighbourhood = Words(most=80, allow_none=True)
    revision = Words(
        most=40,
        metadata={
            "description": "`revision` of the idea as it was read: refused (409) where the text changed since."
        },
    )


class Supports(Shape):
    """How an idea stands after a support was given or taken back."""

    supports = fields.Integer(
        allow_none=True,
        metadata={"description": "null while supports are the votes and you have given none."},
    )
    supported = fields.Boolean(metadata={"description": "By you."})


class Following(Shape):
    """Whether you hear of each step of an idea."""

    following = fields.Boolean()


class FlagBody(Body):
    """Why a moderator should look at it."""

    code = Choice(FlagCode, required=True)
    note = Words(most=FLAG_NOTE_MAX, metadata={"description": "For the moderators only."})


class Flag(Shape):
    """A flag, as whoever raised it may know it."""

    id = fields.Integer()
    idea = fields.Integer(allow_none=True)
    comment = fields.Integer(allow_none=True)
    code = fields.String(metadata={"enum": [each.value for each in FlagCode]})
    note = fields.String()
    raised_at = Instant()


@operation(
    "POST",
    "/ideas",
    access=Permission.IDEA_SUBMIT,
    body=IdeaDraft,
    answer=Idea,
    status=201,
    errors=(
        "no_campaign", "closed", "not_yet_open", "not_in_campaign", "not_verified", "newcomer_link",
        "newcomer_ideas", "ideas_per_day", *OF_TEXT,
    ),
    example=Example(
        body={
            "campaign": "ideas-2026",
            "title": "산단 버스 막차를 밤 열한 시 반까지 늦춰 주세요",
            "why": "야간 근무가 끝나면 버스가 없어 택시를 타야 해요.",
            "how": "금요일과 토요일만이라도 한 시간 늦춰 주세요.",
            "field": "move",
        }
    ),
)  # fmt: skip
def submit_idea(asked: Asked) -> Any:
    """Send an idea.

    It goes to the moderators' desk and is public once they publish it: `state` tells. The token's person is its
    author. Ask for similar ideas first: somebody may have had it.
    """
    actor, given = current_actor(), asked.body
    campaign = campaigns.get_held(given["campaign"])
    made = service.submit(actor, campaign, content_of(given), is_held=True)
    answer = idea_shape(actor, queries.get_idea(made.id))
    return answer, 201, {"Location": link("api.get_idea", idea_id=made.id)}


@operation(
    "PATCH",
    "/ideas/<int:idea_id>",
    access=Permission.IDEA_SUBMIT,
    body=IdeaChange,
    answer=Idea,
    errors=(
        "no_idea", "not_author", "too_late", "withdrawn", "hidden", "on_ballot", "settled",
        "changed_meanwhile", *OF_TEXT,
    ),
    example=Example(path={"idea_id": 154}, body={"how": "우선 금요일과 토요일에만 늦춰 주세요."}),
)  # fmt: skip
def change_idea(asked: Asked, idea_id: int) -> Any:
    """Change one's own idea.

    Until it stands on a ballot or is answered. A change long after publication makes a new version, which everybody
    can compare; a returned idea goes back to the desk. Send `revision`, and no other change is lost.
    """
    actor, given = current_actor(), asked.body
    idea = get_readable(idea_id)
    wanted = content_of({**_texts_of(idea), **given})
    service.edit(actor, idea, wanted, seen=given.get("revision"))
    return idea_shape(actor, queries.get_idea(idea_id))


@operation(
    "DELETE",
    "/ideas/<int:idea_id>",
    access=Permission.IDEA_SUBMIT,
    answer=Idea,
    errors=("no_idea", "not_author", "withdrawn", "hidden", "answered", "state"),
    example=Example(path={"idea_id": 154}),
)
def take_idea_back(asked: Asked, idea_id: int) -> Any:
    """Take one's own idea back.

    Before the official answer. Its page stays and says so; its text is gone for others.
    """
    del asked
    actor = current_actor()
    service.withdraw(actor, get_readable(idea_id))
    return idea_shape(actor, queries.get_idea(idea_id))


@operation(
    "PUT",
    "/ideas/<int:idea_id>/support",
    access=Permission.IDEA_SUPPORT,
    answer=Supports,
    errors=(
        "own_idea", "closed", "not_open_for_support", "set_aside", "changed_meanwhile", *OF_PERSON,
    ),
    example=_OF_OTHERS,
)  # fmt: skip
def give_support(asked: Asked, idea_id: int) -> Any:
    """Support an idea.

    Once a person, whatever the number of requests; it can be taken back as long as supporting is open.
    """
    del asked
    done = votes_service.give_support(current_actor(), idea_id, is_last=True)
    return _supports(done, is_given=True)


@operation(
    "DELETE",
    "/ideas/<int:idea_id>/support",
    access=Permission.IDEA_SUPPORT,
    answer=Supports,
    errors=("closed", "changed_meanwhile"),
    example=_OF_OTHERS,
)
def take_support_back(asked: Asked, idea_id: int) -> Any:
    """Take a support back.

    Without one, nothing changes.
    """
    del asked
    return _supports(votes_service.take_support_back(current_actor(), idea_id), is_given=False)


@operation(
    "PUT",
    "/ideas/<int:idea_id>/follow",
    access=Permission.IDEA_FOLLOW,
    answer=Following,
    errors=("no_idea",),
    example=_OF_OTHERS,
)
def follow_idea(asked: Asked, idea_id: int) -> Any:
    """Follow an idea.

    You hear of each step of it, by the ways you chose in your settings.
    """
    del asked
    service.follow(current_actor(), get_readable(idea_id))
    return {"following": True}


@operation(
    "DELETE",
    "/ideas/<int:idea_id>/follow",
    access=Permission.IDEA_FOLLOW,
    answer=Following,
    errors=("no_idea",),
    example=_OF_OTHERS,
)
def unfollow_idea(asked: Asked, idea_id: int) -> Any:
    """Follow an idea no longer."""
    del asked
    service.unfollow(current_actor(), get_readable(idea_id))
    return {"following": False}


@operation(
    "POST",
    "/ideas/<int:idea_id>/flags",
    access=Permission.FLAG_RAISE,
    body=FlagBody,
    answer=Flag,
    status=201,
    errors=("no_idea", "own", "already_flagged"),
    example=Example(
        path={"idea_id": 149}, body={"code": "other", "note": "같은 글이 두 번 있어요."}
    ),
)
def flag_idea(asked: Asked, idea_id: int) -> Any:
    """Flag an idea.

    A moderator looks at it; once a person. Nobody but the moderators learns who flagged it.
    """
    idea, given = get_readable(idea_id), asked.body
    raised = moderation.raise_flag(current_actor(), idea, given["code"], given.get("note", ""))
    return flag_shape(raised)


def flag_shape(flag: FlagEntity) -> dict[str, Any]:
    """A flag in its shape."""
    return {
        "id": flag.id,
        "idea": flag.idea_id,
        "comment": flag.comment_id,
        "code": flag.code,
        "note": flag.note,
        "raised_at": flag.raised_at,
    }


def content_of(given: dict[str, Any] | Any) -> IdeaContent:
    """What a program sent, as the service takes it."""
    return IdeaContent(
        title=given["title"],
        why=given["why"],
        how=given.get("how", ""),
        field=given["field"],
        programme=given.get("programme"),
        neighbourhood=given.get("neighbourhood"),
    )


def _texts_of(idea: IdeaEntity) -> dict[str, Any]:
    return {
        "title": idea.title,
        "why": idea.why,
        "how": idea.how,
        "field": idea.field.key,
        "programme": idea.programme.slug if idea.programme else None,
        "neighbourhood": idea.neighbourhood,
    }


def _supports(done: Supported, *, is_given: bool) -> dict[str, Any]:
    """Hidden exactly where the page hides the number; a reader who has just given one sees it."""
    is_hidden = not is_given and votes.hides_totals(current_actor(), [done.case.campaign])
    return {"supports": None if is_hidden else done.supports, "supported": is_given}
