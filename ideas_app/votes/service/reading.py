"""What a reader of the stack says of an idea: supports it, is not sure, or passes on. Exact under double clicks.

Must not know how ideas are dealt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import clock
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import ReadingAnswer
from ideas_app.votes import policy, queries
from ideas_app.votes.rules import Said
from ideas_app.votes.service.gates import hold, require
from ideas_app.votes.service.supports import give_support, take_support_back

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


def answer_reading(actor: Actor, idea: Idea, said: Said) -> bool:
    """Counts the person among the idea's readers and keeps what they say, in place of what they said before.

    A support goes through `give_support`; "not sure" and passing on take a support back. Whether it is
    the person's first answer to the idea. Raises `Refused`, `Conflict` after the close, `NotFound`.
    """
    hold(actor, idea.id)
    now = clock.now()
    if said is Said.PASSED:
        require(policy.may_pass(actor, idea, now=now))
    else:
        took_part = queries.programmes_of(actor, idea.campaign)
        require(policy.may_say_unsure(actor, idea, now=now, took_part=took_part))
    is_aside, before = queries.standing_of(actor.id, idea.id)
    require(policy.not_set_aside(is_aside=is_aside))
    supports = bool(queries.supported_ids(actor.id, [idea.id]))
    ideas.note_reading(actor, idea)
    if said is Said.SUPPORT:
        give_support(actor, idea.id)
    else:
        if supports:
            take_support_back(actor, idea.id)
        ideas.set_reading_answer(actor, idea.id, ReadingAnswer(said.value))
    return not supports and before is None
