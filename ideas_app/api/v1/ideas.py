"""Ideas: the list with its search, one idea, ideas like a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.answers import queries as answers
from ideas_app.api.fields import Choice, Instant, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.paging import give_out, take_in
from ideas_app.api.shapes import Paged, Query, Shape, address, many_of, one_of, page_of
from ideas_app.api.v1.addresses import idea_address
from ideas_app.api.v1.answers import Answer, answer_shape
from ideas_app.api.v1.campaigns import Field
from ideas_app.api.v1.verdicts import May, verdict
from ideas_app.campaigns import queries as campaigns
from ideas_app.comments import policy as comment_policy
from ideas_app.core import clock
from ideas_app.core.permissions import Permission
from ideas_app.ideas import policy, queries
from ideas_app.ideas.models import RejectCode, State
from ideas_app.ideas.queries import STATE_GROUPS, TELLING, Filters, Sort
from ideas_app.ideas.rules import revision_of, shown_number
from ideas_app.ideas.views.frame import author_name, get_readable
from ideas_app.votes import policy as vote_policy
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor
from ideas_app.web.limits import get_remote_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea as IdeaEntity
    from ideas_app.ideas.queries import IdeaRow

SIMILAR_MOST = 10


class FamilyBrief(Shape):
    """The family that an idea was joined to."""

    id = fields.Integer()
    title = fields.String()
    supports = fields.Integer(
        allow_none=True, metadata={"description": "Distinct people over all of its ideas."}
    )


class IdeaSummary(Shape):
    """An idea in a list."""

    id = fields.Integer()
    number = fields.String(metadata={"description": "As people quote it: `2026-017`."})
    url = address(metadata={"description": "Its page."})
    title = fields.String()
    excerpt = fields.String(metadata={"description": "The beginning of why it is needed."})
    state = fields.String(metadata={"enum": [each.value for each in State]})
    field = one_of(Field)
    campaign = fields.String(metadata={"description": "Slug."})
    programme = fields.String(
        allow_none=True, metadata={"description": "Slug of the programme it grew out of."}
    )
    family = one_of(FamilyBrief, allow_none=True)
    author = fields.String(metadata={"description": "Nickname, as on the page."})
    neighbourhood = fields.String(allow_none=True)
    supports = fields.Integer(
        allow_none=True,
        metadata={"description": "null while supports are the votes and you have given none."},
    )
    supported = fields.Boolean(
        allow_none=True, metadata={"description": "By you; null without a token."}
    )
    comments = fields.Integer()
    readers = fields.Integer()
    published_at = Instant(allow_none=True)
    active_at = Instant(metadata={"description": "When anything public last happened to it."})


class Mays(Shape):
    """What you may do with an idea now, and why not."""

    support = one_of(May)
    comment = one_of(May)
    edit = one_of(May)
    withdraw = one_of(May)


class Idea(IdeaSummary):
    """One idea, whole."""

    why = fields.String(
        allow_none=True, metadata={"description": "Markdown; null where it was taken back."}
    )
    how = fields.String(allow_none=True)
    version = fields.Integer()
    revision = fields.String(
        allow_none=True,
        metadata={"description": "Stands for the texts as they are: send it along with a change."},
    )
    submitted_at = Instant()
    edited_at = Instant(allow_none=True)
    code = fields.String(
        allow_none=True,
        metadata={
            "description": "Why it is not published.",
            "enum": [*(each.value for each in RejectCode), None],
        },
    )
    reason = fields.String(
        allow_none=True,
        metadata={"description": "What its author was told; for the author and moderators."},
    )
    answer = one_of(
        Answer,
        allow_none=True,
        metadata={"description": "The city's, to it or to its family; null where none is owed."},
    )
    may = one_of(Mays)


IdeaList = page_of(IdeaSummary, "IdeaList")


class IdeaQuery(Paged):
    """What the list is asked for."""

    q = Words(most=80, metadata={"description": "Words to search for, as on the page."})
    campaign = Words(most=80, metadata={"description": "Slug."})
    field = Words(most=20, metadata={"description": "Key of a field."})
    state = Choice(list(STATE_GROUPS), metadata={"description": "Left out: every listed idea."})
    programme = Words(most=80, metadata={"description": "Slug, or `any`."})
    sort = Choice(
        Sort,
        metadata={
            "description": "Left out: the best match first with `q`, else `new`. Orders that tell "
            "supports are `mixed` while supports are hidden from you."
        },
    )


class SimilarQuery(Query):
    """A text to compare with."""

    title = Words(most=200, required=True)
    campaign = Words(most=80, metadata={"description": "Slug; left out: all of them."})


class Likeness(Shape):
    """An idea that resembles the text."""

    idea = one_of(IdeaSummary)
    thousandths = fields.Integer(
        metadata={"description": "How much of the text it shares, weighed, in thousandths."}
    )
    words = fields.List(fields.String(), metadata={"description": "Pieces of the title it holds."})


class SimilarIdeas(Shape):
    """Ideas that resemble a text, the closest first."""

    items = many_of(Likeness)
    next = fields.String(allow_none=True, metadata={"description": "Always null."})


@operation(
    "GET",
    "/ideas",
    query=IdeaQuery,
    answer=IdeaList,
    errors=("not_one_of",),
    example=Example(query={"campaign": "ideas-2025", "sort": "supported", "limit": 2}),
)
def list_ideas(asked: Asked) -> Any:
    """List and search ideas.

    The same search and the same orders as the page. An unknown campaign, field or programme gives an empty list.
    """
    actor = current_actor()
    query = asked.query
    everything = campaigns.list_campaigns()
    in_view = [one for one in everything if query.get("campaign") in {None, one.slug}]
    is_hidden = votes.hides_totals(actor, in_view)
    words = query.get("q", "")
    sort = Sort(query.get("sort") or (Sort.MIXED if words else Sort.NEW))
    filters = Filters(
        **{name: query.get(name) for name in ("campaign", "field", "state", "programme")},
        q=words,
        sort=Sort.MIXED if is_hidden and sort in TELLING else sort,
    )
    after = take_in(asked.cursor, of=asked.list_name)
    found = queries.list_filtered(
        filters,
        seed=queries.mixed_seed(actor.id, get_remote_address()),
        limit=asked.limit,
        after=after,
    )
    items = rows_shape(actor, found.items, is_hidden=is_hidden)
    return {"items": items, "next": give_out(found.next, of=asked.list_name)}


@operation(
    "GET",
    "/ideas/similar",
    query=SimilarQuery,
    answer=SimilarIdeas,
    errors=("no_campaign", "required"),
    example=Example(query={"title": "버스 막차를 늦춰 주세요", "campaign": "ideas-2025"}),
)
def similar_ideas(asked: Asked) -> Any:
    """Find ideas like a title.

    Before sending one: somebody may have had it. It decides nothing.
    """
    actor = current_actor()
    slug = asked.query.get("campaign")
    campaign = campaigns.get_campaign(slug) if slug else None
    found = queries.find_similar(
        asked.query["title"], campaign=campaign, actor=actor, limit=SIMILAR_MOST
    )
    is_hidden = votes.hides_totals(actor, [campaign] if campaign else campaigns.list_campaigns())
    shaped = rows_shape(actor, [each.row for each in found], is_hidden=is_hidden)
    return {
        "items": [
            {"idea": row, "thousandths": each.thousandths, "words": each.words}
            for each, row in zip(found, shaped, strict=True)
        ],
        "next": None,
    }


@operation(
    "GET",
    "/ideas/<int:idea_id>",
    answer=Idea,
    errors=("no_idea",),
    example=Example(path={"idea_id": 1}),
)
def get_idea(asked: Asked, idea_id: int) -> Any:
    """Read an idea.

    Whole, with what you may do with it. One that is not public is there for its author and moderators only.
    """
    del asked
    return idea_shape(current_actor(), get_readable(idea_id))


def rows_shape(actor: Actor, rows: Collection[IdeaRow], *, is_hidden: bool) -> list[dict[str, Any]]:
    """Lines of a list in their shape. One statement, and only for somebody with a token."""
    supported = votes.supported_ids(actor.id, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "number": row.number,
            "url": idea_address(row.id, row.title),
            "title": row.title,
            "excerpt": row.excerpt,
            "state": row.state.value,
            "field": {
                "key": row.field_key,
                "name": row.field_name,
                "name_en": row.field_name_en,
            },
            "campaign": row.campaign_slug,
            "programme": row.programme_slug,
            "family": _family(
                row.family_id, row.family_title, row.family_supports, is_hidden=is_hidden
            ),
            "author": author_name(row),
            "neighbourhood": None if row.state is State.WITHDRAWN else row.neighbourhood,
            "supports": None if is_hidden else row.supports_count,
            "supported": row.id in supported if actor.is_signed_in else None,
            "comments": row.comments_count,
            "readers": row.readers_count,
            "published_at": row.published_at,
            "active_at": row.active_at,
        }
        for row in rows
    ]


def idea_shape(actor: Actor, idea: IdeaEntity) -> dict[str, Any]:
    """An idea, as `queries.get_idea` loads it, in its shape."""
    now = clock.now()
    is_hidden = votes.hides_totals(actor, [idea.campaign])
    family = idea.family if idea.family and idea.family.split_at is None else None
    has_text = bool(policy.may_read_text(actor, idea))
    answer = answers.find_of_idea(idea, published=False)
    is_told = policy.is_author(actor, idea) or actor.has(Permission.IDEA_MODERATE)
    return {
        "id": idea.id,
        "number": shown_number(idea.campaign.year, idea.number),
        "url": idea_address(idea.id, idea.title),
        "title": idea.title,
        "excerpt": idea.why[:160] if has_text else "",
        "state": idea.state.value,
        "field": idea.field,
        "campaign": idea.campaign.slug,
        "programme": idea.programme.slug if idea.programme else None,
        "family": _family(family.id, family.title, family.supports_count, is_hidden=is_hidden)
        if family
        else None,
        "author": author_name(idea),
        "neighbourhood": idea.neighbourhood if has_text else None,
        "supports": None if is_hidden else idea.supports_count,
        "supported": idea.id in votes.supported_ids(actor.id, [idea.id])
        if actor.is_signed_in
        else None,
        "comments": idea.comments_count,
        "readers": idea.readers_count,
        "published_at": idea.published_at,
        "active_at": idea.active_at,
        "why": idea.why if has_text else None,
        "how": idea.how if has_text else None,
        "version": idea.version,
        "revision": revision_of(idea.version, idea.title, idea.why, idea.how) if has_text else None,
        "submitted_at": idea.submitted_at,
        "edited_at": idea.edited_at,
        "code": idea.code.value if idea.code else None,
        "reason": idea.state_reason if is_told else None,
        "answer": answer_shape(answer) if answer else None,
        "may": {
            "support": verdict(
                vote_policy.may_support(
                    actor, idea, now=now, took_part=votes.programmes_of(actor, idea.campaign)
                )
            ),
            "comment": verdict(comment_policy.may_comment(actor, idea, now=now)),
            "edit": verdict(policy.may_edit(actor, idea, now=now)),
            "withdraw": verdict(policy.may_withdraw(actor, idea, now=now)),
        },
    }


def _family(
    family_id: int | None, title: str | None, supports: int | None, *, is_hidden: bool
) -> dict[str, Any] | None:
    if family_id is None:
        return None
    return {"id": family_id, "title": title, "supports": None if is_hidden else supports}
