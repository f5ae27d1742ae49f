"""Families that are being prepared: kept for all moderators, joined by nobody yet, told to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.moderation import policy
from ideas_app.moderation.models import FamilyDraft
from ideas_app.moderation.rules import FAMILY_TEXT_MAX, REASON_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea

_TITLE_MAX = 200


def keep_draft(
    actor: Actor,
    ideas: Sequence[Idea],
    title: str,
    common_text: str,
    reason: str,
    *,
    draft: FamilyDraft | None = None,
) -> FamilyDraft:
    """Keeps what was typed so far, in a new draft or in place of an earlier one; nothing but the
    ideas need be there.

    Raises `Refused`, `Invalid` (`ideas`, and what is too long).
    """
    policy.may_moderate(actor).require()
    if not ideas:
        raise Invalid(Fault("ideas", "too_few", _l("Name at least one idea.")))
    if draft is None:
        draft = FamilyDraft(campaign_id=ideas[0].campaign_id)
        session().add(draft)
    draft.campaign_id = ideas[0].campaign_id
    draft.idea_ids = [idea.id for idea in ideas]
    draft.title = _fitting("title", text.one_line(title), _TITLE_MAX)
    draft.text = _fitting("text", text.normalise(common_text), FAMILY_TEXT_MAX)
    draft.reason = _fitting("reason", text.normalise(reason), REASON_MAX)
    draft.edited_by, draft.edited_at = actor.id, clock.now()
    session().flush()
    return draft


def drop_draft(actor: Actor, draft: FamilyDraft) -> None:
    """Throws a draft away. Raises `Refused`."""
    policy.may_moderate(actor).require()
    session().delete(draft)
    session().flush()


def _fitting(field: str, value: str, most: int) -> str:
    over = text.length(value) - most
    if over > 0:
        message = _l(
            "Too long by %(over)s: at most %(most)s characters fit here.", over=over, most=most
        )
        raise Invalid(Fault(field, "too_long", message))
    return value
