"""Whose turn it is: an answer is taken, given to a colleague, passed on to a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.events import AnswerAssigned
from ideas_app.answers.rules.desk import TOGETHER_MAX
from ideas_app.answers.rules.drafts import LINE_MAX
from ideas_app.answers.service.drafts import hold_work
from ideas_app.answers.service.reviews import checked_word
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import outbox, text
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.answers.models import Answer, AnswerWork
    from ideas_app.core.actor import Actor


def assign(actor: Actor, answer: Answer, account_id: int, word: str = "") -> AnswerWork:
    """Gives an answer to somebody who may answer, oneself included; their department has it then.

    A colleague is told, oneself is not. Raises `Refused`, `NotFound` for somebody who does not answer here.
    """
    policy.may_write(actor).require()
    colleague = queries.get_colleague(account_id)
    work = hold_work(answer)
    if work.assignee_id == colleague.id:
        return work
    diff = {"to": colleague.id, "from": work.assignee_id}
    work.assignee_id = colleague.id
    work.department = colleague.department or work.department
    word = checked_word(word) if word.strip() else ""
    audit.record(actor, Tag.ANSWER_ASSIGNED, "answer", answer.id, reason=word, diff=diff)
    if colleague.id != actor.id:
        outbox.publish(AnswerAssigned(answer.id, colleague.id))
    return work


def pass_on(actor: Actor, answer: Answer, department: str, word: str) -> AnswerWork:
    """Passes an answer on to a department with a word on why; it is nobody's there until somebody takes it.

    The clock goes on: passing on gives no more time. Raises `Refused`, `Invalid` (fields `department`, `word`).
    """
    policy.may_write(actor).require()
    department = text.one_line(department)
    if not department:
        raise Invalid(Fault("department", "missing", _l("Name the department.")))
    if len(department) > LINE_MAX["department"]:
        message = _l("Too long: at most %(most)s characters.", most=LINE_MAX["department"])
        raise Invalid(Fault("department", "too_long", message))
    word = checked_word(word)
    work = hold_work(answer)
    diff = {"towards": department, "from": [work.department, work.assignee_id]}
    work.department, work.assignee_id = department, None
    audit.record(actor, Tag.ANSWER_PASSED_ON, "answer", answer.id, reason=word, diff=diff)
    outbox.publish(AnswerAssigned(answer.id, None))
    return work


def assign_many(
    actor: Actor, answer_ids: Sequence[int], account_id: int, word: str = ""
) -> list[AnswerWork]:
    """Gives several answers to one person, all or none. Raises as `assign`, `Invalid` for too many."""
    return [assign(actor, answer, account_id, word) for answer in some(answer_ids)]


def pass_on_many(
    actor: Actor, answer_ids: Sequence[int], department: str, word: str
) -> list[AnswerWork]:
    """Passes several answers on, all or none. Raises as `pass_on`, `Invalid` for too many."""
    return [pass_on(actor, answer, department, word) for answer in some(answer_ids)]


def some(answer_ids: Sequence[int]) -> list[Answer]:
    """The answers that one act is about, in a fixed order, so that two acts never wait for one another.

    Raises `NotFound`, and `Invalid` for none or too many.
    """
    wanted = sorted(set(answer_ids))
    if not 1 <= len(wanted) <= TOGETHER_MAX:
        message = _l("Tick between 1 and %(most)s answers.", most=TOGETHER_MAX)
        raise Invalid(Fault("ids", "number", message))
    return [queries.get_answer(answer_id) for answer_id in wanted]
