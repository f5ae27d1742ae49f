"""Writing the city's answer, with the second pair of eyes where the campaign asks for one.

Must not decide anything: the desk's services do, as for its form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import fields

from ideas_app.answers import policy, queries, service
from ideas_app.answers.models import Decision
from ideas_app.answers.rules import AnswerContent, PromiseContent
from ideas_app.answers.rules.drafts import PROMISES_MAX
from ideas_app.api.fields import Choice, Day, Several, Whole, Words
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Body, Shape, one_of
from ideas_app.api.v1.answers import Answer, answer_shape
from ideas_app.core.errors import Conflict, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.ideas.views.frame import get_readable
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ideas_app.answers.models import Answer as AnswerEntity
    from ideas_app.answers.models import AnswerWork
    from ideas_app.core.actor import Actor

LONGEST = 8000


class PromiseBody(Body):
    """A dated step."""

    text = Words(most=400, required=True)
    due_on = Day(required=True)


class AnswerBody(Body):
    """An official answer. What is promised needs a date: `next_on`, or promises with their days."""

    decision = Choice(Decision, required=True)
    reason = Words(most=LONGEST, lines=True, required=True, metadata={"description": "Markdown."})
    department = Words(most=200, required=True)
    post = Words(most=200, required=True, metadata={"description": "The post that is responsible."})
    headline = Words(most=400, load_default="")
    next_on = Day(allow_none=True, metadata={"description": "When something is heard next."})
    promises = Several(fields.Nested(PromiseBody), most=PROMISES_MAX)
    version = Whole(
        least=0,
        metadata={
            "description": "Of the draft that you read: refused (409) where it is another by now. "
            "Needed to write over what a colleague began."
        },
    )
    alone = Words(
        most=400,
        load_default="",
        metadata={
            "description": "Administrators: why it cannot wait for a second pair of eyes. Public."
        },
    )


class AnswerWritten(Shape):
    """What became of it."""

    published = fields.Boolean(
        metadata={"description": "false: a colleague has to approve the draft first."}
    )
    version = fields.Integer(metadata={"description": "Of the draft, for the next change of it."})
    answer = one_of(
        Answer, metadata={"description": "As it is public: a draft does not stand in it."}
    )


@operation(
    "POST",
    "/ideas/<int:idea_id>/answers",
    access=Permission.ANSWER_WRITE,
    body=AnswerBody,
    answer=AnswerWritten,
    status=201,
    errors=(
        "no_idea", "no_answer", "no_draft", "draft_changed", "draft_begun", "family_split",
        "reason_missing", "department_missing", "post_missing", "date_missing", "date_past", "date_far",
        "text_missing", "not_a_date",
    ),
    example=Example(
        path={"idea_id": 130},
        body={
            "decision": "hard",
            "reason": "노선 조정은 운수 회사와의 협약을 넘어서 올해는 어렵습니다.",
            "department": "교통행정과",
            "post": "버스정책계장",
        },
    ),
)  # fmt: skip
def answer_idea(asked: Asked, idea_id: int) -> Any:
    """Answer an idea.

    Where the campaign asks for a second pair of eyes, it becomes a draft that waits for a colleague: `published`
    says so, and the same request goes through once it is approved. An answer to an idea of a family is the family's.
    A published answer is changed in the same way.
    """
    actor, given = current_actor(), asked.body
    answer = _owed(idea_id)
    work = service.save_draft(
        actor, answer, _content(given), version=_version(actor, answer, given.get("version"))
    )
    is_out = _go_on(actor, answer, work, given["alone"])
    return {
        "published": is_out,
        "version": queries.find_work(answer.id).version,
        "answer": answer_shape(queries.get_answer(answer.id)),
    }


def _owed(idea_id: int) -> AnswerEntity:
    """The answer whose clock runs, or ran, for the idea or its family."""
    answer = queries.find_of_idea(get_readable(idea_id), published=False)
    if answer is None:
        message = _l(
            "No answer is owed to this idea: it neither stands on a shortlist nor has enough supports."
        )
        raise NotFound("no_answer", message)
    return answer


def _version(actor: Actor, answer: AnswerEntity, version: int | None) -> int | None:
    """The version to write over. Raises `Conflict` for a colleague's draft that nobody says they have read."""
    work = queries.find_work(answer.id)
    if version is None and work.draft is not None and work.saved_by != actor.id:
        message = _l(
            "A colleague has begun this answer: version %(version)s of the draft. Read it at the desk, then name "
            "that version to write over it.",
            version=work.version,
        )
        raise Conflict("draft_begun", message)
    return version


def _go_on(actor: Actor, answer: AnswerEntity, work: AnswerWork, alone: str) -> bool:
    """Publishes, or asks for a second pair of eyes; whether it is published."""
    second = queries.needs_second(queries.get_row(answer.id).campaign)
    approved = policy.may_publish(actor, work, needs_second=second)
    # where nothing was changed, publishing says so; nobody is asked to look at nothing
    if work.draft is None or approved or (alone and policy.may_publish_alone(actor)):
        service.publish(actor, answer, reason=alone)
        return True
    service.ask_review(actor, answer)
    return False


def _content(given: Mapping[str, Any]) -> AnswerContent:
    return AnswerContent(
        decision=Decision(given["decision"]),
        reason=given["reason"],
        department=given["department"],
        post=given["post"],
        headline=given["headline"],
        next_on=given.get("next_on"),
        promises=tuple(
            PromiseContent(each["text"], each["due_on"]) for each in given.get("promises", ())
        ),
    )
