"""One idea at the desk with what helps to judge it, and the answer to a decision about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for

from ideas_app.audit.rules import Look
from ideas_app.audit.service import record_look
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Conflict, Invalid
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views import idea_url
from ideas_app.moderation import policy, queries, rules, service
from ideas_app.moderation.forms import NoteForm
from ideas_app.moderation.rules import Decision, Item
from ideas_app.moderation.views.frame import filters_for, hold, next_address, render_desk
from ideas_app.web.access import current_actor
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import LOCALES, speaking

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea
    from ideas_app.moderation.queries import Filters
    from ideas_app.web.baseform import BaseForm


def decision_page(
    idea_id: int,
    form: BaseForm,
    template: str,
    act: Callable[[Actor, Idea], object],
    *,
    prefill: Callable[[Idea], None] | None = None,
) -> ResponseReturnValue:
    """The form of a decision and its answer; taking the idea over from here keeps what was typed."""
    if request.form.get("take"):
        with transaction():
            service.take_over(current_actor(), Item.IDEA, idea_id)
        return render_form(template, idea_id, form, status=200)
    if form.validate_on_submit():
        return decide(idea_id, act, form=form, template=template)
    if request.method == "GET" and prefill is not None:
        prefill(ideas.get_idea(idea_id))
    return render_form(template, idea_id, form)


def decide(
    idea_id: int,
    act: Callable[[Actor, Idea], object],
    *,
    form: BaseForm | None = None,
    template: str = "",
) -> ResponseReturnValue:
    """Runs a decision and goes on to what waits next, with the filters kept; or stays, where that was asked."""
    try:
        with transaction():
            idea = ideas.get_idea(idea_id)
            filters, since_at = filters_for(idea), queries.waits_since(idea)
            act(current_actor(), idea)
    except Invalid as invalid:
        assert form is not None  # noqa: S101  # only decisions with a form can be incomplete
        form.take_faults(invalid)
        return render_form(template, idea_id, form)
    except Conflict as conflict:
        if conflict.code == "locked":
            return _locked(idea_id, filters, conflict, form, template)
        flash(str(conflict.message), "warning")
    if request.form.get("stay"):
        return see_other(url_for("moderation.item", idea_id=idea_id, **filters.values()))
    return see_other(next_address(filters, since_at, idea_id))


def _locked(
    idea_id: int, filters: Filters, conflict: Conflict, form: BaseForm | None, template: str
) -> ResponseReturnValue:
    """Somebody else has it open: said where it happened, what was typed is kept."""
    if form is None:
        flash(str(conflict.message), "warning")
        return see_other(url_for("moderation.item", idea_id=idea_id, **filters.values()))
    form.form_errors.append(conflict.message)
    return render_form(template, idea_id, form, status=409)


def render_form(
    template: str, idea_id: int, form: BaseForm, *, status: int | None = None, **values: Any
) -> ResponseReturnValue:
    """The form of a decision in the place of the text; 422 when it was sent and has to be mended."""
    page = render_idea(template, idea_id, form=form, **values)
    return page, status or (422 if form.is_submitted() else 200)


def render_idea(template: str, idea_id: int, *, note: NoteForm | None = None, **values: Any) -> str:
    """A page of the desk about one idea, which is open for who looks from then on."""
    ideas.get_idea(idea_id)  # a lock on nothing would be left behind
    lock = hold(Item.IDEA, idea_id)
    _note_look(idea_id)
    idea = ideas.get_idea(idea_id)
    now, actor = clock.now(), current_actor()
    similar = queries.list_similar(idea, actor)
    published = queries.count_published_of(idea.author_id)
    return render_desk(
        template,
        filters_for(idea),
        idea.id,
        idea=idea,
        lock=lock,
        number=queries.shown_number(idea),
        address=idea_url(idea),
        row=queries.row_of(idea),
        verdicts={
            decision.value: policy.may_decide(actor, idea, decision, now=now)
            for decision in Decision
        }
        | {"fix": policy.may_fix(actor, idea)},
        may_trust=policy.may_trust(actor, idea.author, published=published, now=now),
        mend_until=policy.mend_until(idea),
        appeal_until=policy.appeal_until(idea),
        checks=rules.checks_of(
            idea.title, idea.why, idea.how, earlier=ideas.list_texts_of(idea.author_id, but=idea.id)
        ),
        acts=queries.list_acts(idea.id),
        notes=queries.list_notes(idea.id),
        colleagues=queries.list_colleagues(but=actor.id).values(),
        note=note or NoteForm(formdata=None),
        past=[] if idea.pen_name else queries.list_past_of_author(idea.author_id, but=idea.id),
        facts=queries.facts_of_author(idea.author_id),
        similar=similar,
        shared={row.id: _shared(idea, f"{row.title} {row.excerpt}") for row in similar},
        act_words=rules.ACT_WORDS,
        words=rules.REJECT_WORDS,
        language=language_of(idea),
        campaign_rules=rules_of(idea.campaign),
        **{"other_id": None, "changes": None, **values},
    )


def _note_look(idea_id: int) -> None:
    """Beside an idea stands what its author did before: that is data of a person, so the look is kept."""
    with transaction():
        idea = ideas.get_idea(idea_id)
        if not idea.pen_name:
            record_look(
                current_actor(),
                Look.AUTHOR,
                [idea.author_id],
                whose="account",
                on=("idea", idea_id),
            )


def _shared(idea: Idea, other: str) -> list[str]:
    return rules.shared_words(f"{idea.title} {idea.why}", other)


def language_of(idea: Idea) -> str:
    """The language in which the author is written to: the address's choice, else the author's own."""
    wanted = request.args.get("speak") or idea.author.locale
    return wanted if wanted in LOCALES else LOCALES[0]


def in_language_of(idea: Idea, words: LazyString) -> str:
    """A standard text for the author."""
    with speaking(language_of(idea)):
        return str(words)
