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
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import ReadingAnswer
    from ideas_app.moderation.queries import FamilyView
    from ideas_app.pages.queries import OpenIdea


@blueprint.get("/ideas/<int:idea_id>")
@blueprint.get("/ideas/<int:idea_id>-<slug>")
@public
@may_lag
def idea(idea_id: int, slug: str = "") -> ResponseReturnValue:
    """One idea. A stale address leads on to the present one; a signed-in reader is counted once."""
    actor = current_actor()
    found = queries.read_idea(idea_id, actor.id, with_talk=True)
    if not idea_policy.may_read(actor, found.idea):
        raise NotFound("no_idea", _l("There is no such idea."))
    if slug != address_slug(found.idea.title):
        # not 301: a title may change back, and a browser that remembers both would go in circles
        return redirect(idea_url(found.idea, **request.args.to_dict()), 302)
    if _is_first_look(actor, found):
        with transaction():
            ideas_service.note_reading(actor, found.idea)
        found = queries.read_idea(idea_id, actor.id, with_talk=True)
    return render_template(
        "pages/idea.html", idea=found.idea, **_around(actor, found), **_own(actor, found)
    )


def _is_first_look(actor: Actor, found: OpenIdea) -> bool:
    if actor.id is None or idea_policy.is_author(actor, found.idea):
        return False
    return not found.has_read


def _around(actor: Actor, found: OpenIdea) -> dict[str, Any]:
    """What everybody is shown beside the text."""
    now, idea = clock.now(), found.idea
    rules = rules_of(idea.campaign)
    answer, trails = answers.find_with_trails(idea) if found.is_asked_of_city else (None, {})
    took_part = votes.programmes_of(actor, idea.campaign)
    family = moderation.find_family_of(idea)
    return {
        **tell_past(actor, found, answer, trails),
        "may_read_text": idea_policy.may_read_text(actor, idea),
        "supported": found.supports,
        "may_support": vote_policy.may_support(actor, idea, now=now, took_part=took_part),
        **_talk(found, family),
        "may_comment": comment_policy.may_comment(actor, idea, now=now),
        "comment_rules": rules,
        "rules": rules,
        "family": family,
        "answer": answer,
        "steps": steps_of(
            idea,
            rules,
            find_phase(idea.campaign, Activity.BALLOT),
            answer.answered_at if answer else None,
        ),
        "gathering": is_open(idea.campaign, Activity.SUPPORT, now),
        "participants": found.participants,
        "words": REJECT_WORDS,
    }


def _talk(found: OpenIdea, family: FamilyView | None) -> dict[str, Any]:
    """What people say: of a family all together, each comment with where it was written."""
    idea = found.idea
    mates = [member.idea for member in family.readable] if family else []
    together = {mate.id: mate for mate in mates} if len(mates) > 1 else {}
    everything = together | {idea.id: idea}
    talk_count = sum(each.comments_count for each in everything.values())
    return {
        "thread": comments.list_together(list(everything), expected=talk_count, lines=found.lines),
        "origins": together,
        "talk_count": talk_count,
    }


def _own(actor: Actor, found: OpenIdea) -> dict[str, Any]:
    """What depends on who reads: the author's own acts, following."""
    now, idea = clock.now(), found.idea
    is_author = idea_policy.is_author(actor, idea)
    appeal_until = moderation_policy.appeal_until(idea) if is_author else None
    return {
        "aside": vote_policy.not_set_aside(is_aside=found.is_aside).reason,
        "reading_said": _said(found, now),
        "is_author": is_author,
        "follows": found.follows,
        "edit": idea_policy.may_edit(actor, idea, now=now),
        "withdraw": idea_policy.may_withdraw(actor, idea, now=now),
        "mend_until": moderation_policy.mend_until(idea) if is_author else None,
        "appeal_until": appeal_until if appeal_until and appeal_until >= clock.today() else None,
    }


def _said(found: OpenIdea, now: datetime) -> ReadingAnswer | None:
    """What the reader said in the reading stack, while it can still be changed."""
    is_told = found.said is not None and is_open(found.idea.campaign, Activity.SUPPORT, now)
    return found.said if is_told else None
