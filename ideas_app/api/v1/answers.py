"""The city's answers with their promises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.answers import queries
from ideas_app.answers.models import Decision
from ideas_app.answers.rules import Standing, Timing
from ideas_app.api.fields import Choice, Instant, Whole, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.paging import page, take_in
from ideas_app.api.shapes import Paged, Shape, address, many_of, page_of
from ideas_app.api.v1.addresses import idea_address

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer as AnswerEntity
    from ideas_app.answers.models import Promise as PromiseEntity
    from ideas_app.answers.queries import AnswerRow


class Promise(Shape):
    """A dated step that the city promised."""

    id = fields.Integer()
    text = fields.String()
    due_on = fields.Date()
    moved_to = fields.Date(allow_none=True)
    standing = fields.String(
        metadata={
            "enum": [each.value for each in Standing],
            "description": "`silent`: the day passed without a word.",
        }
    )
    what_happened = fields.String()
    department = fields.String(
        metadata={"description": "Who keeps it, where that is another department; else empty."}
    )


class Answer(Shape):
    """The city's answer, or its clock while it is owed: until then decision and reason are null."""

    id = fields.Integer()
    received_on = fields.Date()
    due_on = fields.Date()
    extended_to = fields.Date(allow_none=True)
    extension_reason = fields.String(allow_none=True)
    timing = fields.String(metadata={"enum": [each.value for each in Timing]})
    answered_at = Instant(allow_none=True)
    changed_at = Instant(allow_none=True)
    decision = fields.String(
        allow_none=True, metadata={"enum": [*(each.value for each in Decision), None]}
    )
    headline = fields.String(allow_none=True)
    reason = fields.String(allow_none=True, metadata={"description": "Markdown."})
    department = fields.String(allow_none=True)
    post = fields.String(allow_none=True)
    next_on = fields.Date(
        allow_none=True, metadata={"description": "When something will be heard next."}
    )
    promises = many_of(Promise)


class AnswerInList(Answer):
    """A published answer with what it answers."""

    idea = fields.Integer(
        metadata={"description": "The idea, or the first listed one of the family."}
    )
    family = fields.Integer(allow_none=True)
    title = fields.String()
    url = address()
    campaign = fields.String(metadata={"description": "Slug."})


AnswerList = page_of(AnswerInList, "AnswerList")


class AnswerQuery(Paged):
    """Which answers."""

    campaign = Words(most=80, metadata={"description": "Slug."})
    field = Words(most=20, metadata={"description": "Key of a field."})
    decision = Choice(Decision)
    year = Whole(least=2000, most=2100, in_address=True)


@operation(
    "GET",
    "/answers",
    query=AnswerQuery,
    answer=AnswerList,
    errors=("not_one_of",),
    example=Example(query={"limit": 1}),
)
def list_answers(asked: Asked) -> Any:
    """List the city's answers.

    Published ones, newest first.
    """
    decision = asked.query.get("decision")
    chosen = queries.LedgerFilter(
        decision=Decision(decision) if decision else None,
        campaign=asked.query.get("campaign"),
        field=asked.query.get("field"),
        year=asked.query.get("year"),
    )
    after = take_in(asked.cursor, of=asked.list_name)
    found = queries.list_public(chosen, after=after, limit=asked.limit)
    return page(found, _row, of=asked.list_name)


def _row(row: AnswerRow) -> dict[str, Any]:
    return {
        **answer_shape(row.answer),
        "idea": row.idea.id,
        "family": row.answer.family_id,
        "title": row.title,
        "url": idea_address(row.idea.id, row.idea.title),
        "campaign": row.campaign.slug,
    }


def answer_shape(answer: AnswerEntity) -> dict[str, Any]:
    """An answer with its promises in its shape; what is not published yet stays with the desk."""
    told = {
        name: getattr(answer, name) if answer.answered_at else None
        for name in ("headline", "reason", "department", "post", "next_on", "changed_at")
    }
    is_out = answer.answered_at is not None
    return {
        **told,
        "id": answer.id,
        "received_on": answer.received_on,
        "due_on": answer.due_on,
        "extended_to": answer.extended_to,
        "extension_reason": answer.extension_reason,
        "timing": queries.timing(answer).value,
        "answered_at": answer.answered_at,
        "decision": answer.decision.value if is_out and answer.decision else None,
        "promises": [_promise(each) for each in answer.promises] if is_out else [],
    }


def _promise(promise: PromiseEntity) -> dict[str, Any]:
    return {
        "id": promise.id,
        "text": promise.text,
        "due_on": promise.due_on,
        "moved_to": promise.moved_to,
        "standing": queries.standing(promise).value,
        "what_happened": promise.what_happened,
        "department": promise.department,
    }
