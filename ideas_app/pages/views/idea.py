"""The page of one idea: what it says, what one can do now, what the city answered, what people say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request

from ideas_app.answers import queries as answers
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.policy import is_open
from ideas_app.campaigns.rules import rules_of
from ideas_app.comments import policy as comment_policy
from ideas_app.comments import queries as comments
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import policy as idea_policy
from ideas_app.ideas import queries as ideas
from ideas_app.ideas import service as ideas_service
from ideas_app.ideas.rules import address_slug
from ideas_app.ideas.views import idea_url
from ideas_app.moderation import policy as moderation_policy
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.rules import REJECT_WORDS
from ideas_app.pages import queries
from ideas_app.pages.rules import steps_of
from ideas_app.pages.views.frame import blueprint, find_phase
from ideas_app.pages.views.past import tell_past
from ideas_app.votes import policy as vote_policy
from ideas_app.votes import queries as votes
from ideas_app.web.access import current_actor, public
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea


@blueprint.get("/ideas/<int:idea_id>")
@blueprint.get("/ideas/<int:idea_id>-<slug>")
@public
@may_lag
def idea(idea_id: int, slug: str = "") -> ResponseReturnValue:
    """One idea. A stale address leads on to the present one; a signed-in reader is counted once."""
    actor = current_actor()
    found = ideas.get_idea(idea_id)
    if not idea_policy.may_read(actor, found):
        raise NotFound("no_idea", _l("There is no such idea."))
    if slug != address_slug(found.title):
        # not 301: a title may change back, and a browser that remembers both would go in circles
        return redirect(idea_url(found, **request.args.to_dict()), 302)
    if _is_first_look(actor, found):
        with transaction():
            ideas_service.note_reading(actor, ideas.get_idea(idea_id))
        found = ideas.get_idea(idea_id)
    return render_template(
        "pages/idea.html", idea=found, **_around(actor, found), **_own(actor, found)
    )


def _is_first_look(actor: Actor, found: Idea) -> bool:
    if actor.id is None or idea_policy.is_author(actor, found):
        return False
    return not ideas.has_read(found.id, actor.id)


def _around(actor: Actor, found: Idea) -> dict[str, Any]:
    """What everybody is shown beside the text."""
    now = clock.now()
    rules = rules_of(found.campaign)
    answer = answers.find_of_idea(found, published=False)
    answered_at = answer.answered_at if answer else None
    took_part = votes.programmes_of(actor, found.campaign)
    ballot = find_phase(found.campaign, Activity.BALLOT)
    return {
        **tell_past(actor, found, answer),
        "may_read_text": idea_policy.may_read_text(actor, found),
        "supported": found.id in votes.supported_ids(actor.id, [found.id]),
        "may_support": vote_policy.may_support(actor, found, now=now, took_part=took_part),
        **_talk(found),
        "may_comment": comment_policy.may_comment(actor, found, now=now),
        "comment_rules": rules,
        "rules": rules,
        "family": moderation.find_family_of(found),
        "answer": answer,
        "steps": steps_of(found, rules, ballot, answered_at),
        "gathering": is_open(found.campaign, Activity.SUPPORT, now),
        "participants": queries.count_supporting_participants(found),
        "words": REJECT_WORDS,
    }


def _talk(found: Idea) -> dict[str, Any]:
    """What people say: of a family all together, each comment with where it was written."""
    mates = ideas.list_mates(found)
    together = {mate.id: mate for mate in mates} if len(mates) > 1 else {}
    return {
        "thread": comments.list_together(list(together | {found.id: found})),
        "origins": together,
        "talk_count": sum(mate.comments_count for mate in (together | {found.id: found}).values()),
    }


def _own(actor: Actor, found: Idea) -> dict[str, Any]:
    """What depends on who reads: the author's own acts, following."""
    now = clock.now()
    is_author = idea_policy.is_author(actor, found)
    appeal_until = moderation_policy.appeal_until(found) if is_author else None
    is_aside, answer = votes.standing_of(actor.id, found.id) if actor.id else (False, None)
    return {
        "aside": vote_policy.not_set_aside(is_aside=is_aside).reason,
        "reading_said": answer if is_open(found.campaign, Activity.SUPPORT, now) else None,
        "is_author": is_author,
        "follows": bool(actor.id and ideas.is_following(found.id, actor.id)),
        "edit": idea_policy.may_edit(actor, found, now=now),
        "withdraw": idea_policy.may_withdraw(actor, found, now=now),
        "mend_until": moderation_policy.mend_until(found) if is_author else None,
        "appeal_until": appeal_until if appeal_until and appeal_until >= clock.today() else None,
    }
