"""Publishing several drafts in one act: all of them, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers.service.hands import some
from ideas_app.answers.service.timed import schedule
from ideas_app.answers.service.writing import publish
from ideas_app.core.errors import Conflict, Fault, Invalid, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ideas_app.core.actor import Actor


def publish_many(
    actor: Actor, answer_ids: Sequence[int], *, reason: str | None = "", at: datetime | None = None
) -> list[int]:
    """Publishes the drafts of several answers, or sets one time for them: all or none. Their ids.

    Raises `Invalid` with one fault an answer that stands in the way (field `answer-<id>`), beside those that
    are about the act itself; the caller undoes its transaction then.
    """
    faults: list[Fault] = []
    found = some(answer_ids)
    for answer in found:
        try:
            if at is None:
                publish(actor, answer, reason=reason)
            else:
                schedule(actor, answer, at)
        except Invalid as invalid:
            own = [fault for fault in invalid.faults if fault.field in {"alone", "at"}]
            if own:
                raise Invalid(*own) from invalid
            faults.append(Fault(f"answer-{answer.id}", invalid.code, invalid.message))
        except (Refused, Conflict) as refused:
            faults.append(Fault(f"answer-{answer.id}", refused.code, refused.message))
    if faults:
        raise Invalid(*faults)
    return [answer.id for answer in found]
