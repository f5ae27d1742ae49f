"""Pictures that social networks show beside a link, at addresses that name their content.

What a card says is what a visitor may read: titles of listed ideas, supports where they are shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Response, redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.adapters.pictures.cards import draw_card
from ideas_app.answers import queries as answers
from ideas_app.answers.forms import DECISIONS
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import current_phase
from ideas_app.core import clock
from ideas_app.core.actor import VISITOR
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.exports.rules import word_of
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views.frame import shown_number
from ideas_app.opendata.rules import CardText, describe_card
from ideas_app.opendata.views.frame import blueprint, language, require_language
from ideas_app.votes import queries as votes
from ideas_app.web.access import public
from ideas_app.web.addresses import url_for
from ideas_app.web.i18n import format_day, localised, speaking
from ideas_app.web.templating import base_url, house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.answers.models import Answer
    from ideas_app.campaigns.models import Campaign
    from ideas_app.ideas.models import Idea

_KEPT = "public, max-age=31536000, immutable"


def _house() -> str:
    return f"{house_name('CITY_NAME')} {house_name('SITE_NAME')}"


def describe_site() -> CardText:
    """The card of every page that has none of its own."""
    said = _("Young people propose, choose together, and follow what the city answers and keeps.")
    return describe_card(house_name("CITY_NAME"), said, (), _house())


def describe_idea(idea: Idea) -> CardText:
    """The card of a listed idea, with its author's field and, where everybody sees it, the number of supports."""
    label = f"{word_of('state', idea.state.value)} · {localised(idea.field, 'name')}"
    count = idea.supports_count
    is_told = count > 0 and not votes.hides_totals(VISITOR, [idea.campaign])
    supports = (
        ngettext("%(num)s person supports this", "%(num)s people support this", count)
        if is_told
        else ""
    )
    facts = (supports, shown_number(idea))
    return describe_card(label, idea.title, facts, _house(), idea.field.key)


def describe_answer(idea: Idea, answer: Answer) -> CardText:
    """The card of an idea that the city has answered: the decision, by which department, when."""
    decision = dict(DECISIONS).get(answer.decision.value if answer.decision else "", "")
    label = _("Official answer: %(decision)s", decision=decision)
    facts = (answer.department, format_day(answer.answered_at))
    return describe_card(label, idea.title, facts, _house(), idea.field.key)


def describe_campaign(campaign: Campaign) -> CardText:
    """The card of a campaign: its phase and its title."""
    phase = current_phase(campaign.phases, clock.now())
    label = localised(phase, "title") if phase else str(campaign.year)
    return describe_card(label, localised(campaign, "title"), (), _house())


@lru_cache(maxsize=16)
def _site_card(_root: str, base: str, language: str, _city: str, _house: str) -> str:
    """By all that it is made of: each page without a card of its own asks for it."""
    path = url_for(
        "opendata.card", kind="site", number=0, lang=language, digest=describe_site().digest
    )
    return base + path


@blueprint.app_template_global("card_url")
def card_url(
    idea: Idea | None = None, answer: Answer | None = None, campaign: Campaign | None = None
) -> str:
    """The public address of the card of an idea, with its public answer if it has one, of a campaign, or of
    the site. Asks the database for nothing but what is hidden.
    """
    if idea is not None and idea.is_listed:
        is_answered = answer is not None and answer.answered_at is not None
        kind, number = "answers" if is_answered else "ideas", idea.id
        found = describe_answer(idea, answer) if answer and is_answered else describe_idea(idea)
        digest = found.digest
    elif campaign is not None:
        kind, number, digest = "campaigns", campaign.id, describe_campaign(campaign).digest
    else:
        return _site_card(
            request.root_path, base_url(), language(), house_name("CITY_NAME"), _house()
        )
    return base_url() + url_for(
        "opendata.card", kind=kind, number=number, lang=language(), digest=digest
    )


@blueprint.get("/cards/<kind>/<int:number>/<lang>/<digest>.png")
@public
def card(kind: str, number: int, lang: str, digest: str) -> ResponseReturnValue:
    """The picture. An address of something that reads differently now leads on to the present one."""
    with speaking(require_language(lang)):
        found = _describe(kind, number)
        present = url_for("opendata.card", kind=kind, number=number, lang=lang, digest=found.digest)
    if digest != found.digest:
        return redirect(present, 302)
    response = Response(_draw(found), content_type="image/png")
    response.headers["Cache-Control"] = _KEPT
    # pictures of links are fetched by the pages of others
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _describe(kind: str, number: int) -> CardText:
    """Raises `NotFound` for what is not public."""
    if kind == "site":
        return describe_site()
    if kind == "campaigns":
        return describe_campaign(campaigns.get_by_id(number))
    if kind not in {"ideas", "answers"}:
        raise NotFound("no_card", _l("There is no such picture."))
    idea = ideas.get_idea(number)
    answer = answers.find_of_idea(idea) if kind == "answers" else None
    if not idea.is_listed or (kind == "answers" and answer is None):
        raise NotFound("no_idea", _l("There is no such idea."))
    return describe_answer(idea, answer) if answer else describe_idea(idea)


@lru_cache(maxsize=256)
def _draw(card: CardText) -> bytes:
    """A link that goes round is fetched many times at once: what was drawn is not drawn again."""
    return draw_card(
        label=card.label,
        title=card.title,
        facts=card.facts,
        house=card.house,
        colour=card.colour,
    )
