"""Typing errors mended for an author: small, visible as a difference, told. Must not judge what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import outbox
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import service as ideas
from ideas_app.ideas.rules import IdeaContent
from ideas_app.moderation import policy
from ideas_app.moderation.events import IdeaFixed
from ideas_app.moderation.rules import Item, is_typo_fix
from ideas_app.moderation.service.gates import hold, require
from ideas_app.moderation.service.locks import require_lock
from ideas_app.moderation.service.undo import undoable

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea

_TEXTS = ("title", "why", "how")


def check_fix(idea: Idea, title: str, why: str, how: str) -> IdeaContent:
    """The content that a fix would leave; field, programme and place stay.

    Raises `Invalid` where nothing changes, or more than typing errors (fields `title`, `why`, `how`).
    """
    programme = idea.programme.slug if idea.programme else None
    content = IdeaContent(title, why, idea.field.key, how, programme, idea.neighbourhood).cleaned()
    pairs = {name: (getattr(idea, name), getattr(content, name)) for name in _TEXTS}
    if all(before == after for before, after in pairs.values()):
        raise Invalid(Fault("title", "nothing_changed", _l("Nothing is different yet.")))
    message = _l(
        "That is more than typing errors. Return the idea to its author and say what to mend."
    )
    faults = [
        Fault(name, "too_much_changed", message)
        for name, (before, after) in pairs.items()
        if not is_typo_fix(before, after)
    ]
    if faults:
        raise Invalid(*faults)
    return content


def fix_typos(actor: Actor, idea: Idea, title: str, why: str, how: str) -> None:
    """Mends typing errors in somebody else's idea: a new version marked as the centre's, its author told.

    `idea` comes from `ideas.queries.get_idea`. Raises `Refused`, `Conflict`, `Invalid`.
    """
    policy.may_moderate(actor).require()
    hold(idea)
    require(policy.may_fix(actor, idea))
    require_lock(actor, Item.IDEA, idea.id)
    content = check_fix(idea, title, why, how)
    with undoable(actor, "fix", idea.id, idea):
        ideas.fix_text(actor, idea, content)
        outbox.publish(IdeaFixed(idea.id, idea.version))
