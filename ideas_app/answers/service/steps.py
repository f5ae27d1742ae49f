"""Steps on the way of a promise, who keeps it, and what is told when its day comes or passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.events import PromiseDue, PromiseProgressed, PromiseSilent
from ideas_app.answers.models import Promise, PromiseStep
from ideas_app.answers.rules.promises import step_faults
from ideas_app.answers.service.pictures import hang
from ideas_app.answers.service.promises import promised_for
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.answers.models import PromisePicture
    from ideas_app.core.actor import Actor


def report_step(
    actor: Actor,
    promise: Promise,
    what_happened: str,
    percent: int | None,
    pictures: Sequence[PromisePicture] = (),
) -> PromiseStep:
    """Reports a step on the way, public at once: what was done, how much of the whole (0 to 100), pictures.

    The promise itself stays as it stands: 100 per cent is no word that it was kept. Raises `Refused` for
    a closed promise, `Invalid` for a missing sentence or a number out of range.
    """
    session().refresh(promise, with_for_update=True)
    policy.may_change_promise(actor, promise).require()
    faults = step_faults(what_happened, percent)
    if faults:
        raise Invalid(*faults)
    step = PromiseStep(
        promise_id=promise.id,
        text=text.normalise(what_happened),
        percent=percent,
        promised_for=promised_for(promise),
        made_at=clock.now(),
        made_by=actor.id,
    )
    session().add(step)
    hang(step, pictures)
    diff = {"step": step.id, "percent": percent, "pictures": len(pictures)}
    audit.record(actor, Tag.PROMISE_PROGRESSED, "promise", promise.id, diff=diff)
    outbox.publish(PromiseProgressed(step.id))
    return step


def pass_promise_on(actor: Actor, promise: Promise, department: str, post: str) -> Promise:
    """Says who keeps a promise; both empty gives it back to the department that answered.

    Raises `Refused` for a closed promise, `Invalid` for a post without a department, or too long a name.
    """
    session().refresh(promise, with_for_update=True)
    policy.may_change_promise(actor, promise).require()
    names = {"department": text.one_line(department), "post": text.one_line(post)}
    faults = [
        Fault(name, "too_long", _l("Too long: at most %(most)s characters.", most=80))
        for name, value in names.items()
        if len(value) > 80
    ]
    if names["post"] and not names["department"]:
        faults.append(Fault("department", "missing", _l("Name the department of this post.")))
    if faults:
        raise Invalid(*faults)
    diff = {name: [getattr(promise, name), value] for name, value in names.items()}
    promise.department, promise.post = names["department"], names["post"]
    audit.record(actor, Tag.PROMISE_PASSED_ON, "promise", promise.id, diff=diff)
    return promise


def mind_promises() -> int:
    """Tells, once for each day promised, that it has come and that it passed without a word; how often.

    Idempotent: what was told stands at the promise. Answers that nobody may read any more tell nothing.
    """
    told = 0
    today = clock.today()
    for promise in queries.hold_promises_to_mind(today):
        day = promised_for(promise)
        if promise.asked_for != day:
            promise.asked_for = day
            outbox.publish(PromiseDue(promise.id))
            told += 1
        if day < today and promise.silent_for != day:
            promise.silent_for = day
            outbox.publish(PromiseSilent(promise.id))
            told += 1
    session().flush()
    return told
