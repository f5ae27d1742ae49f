"""One idea as a small card in the pages of others: static, without script, cookie or form.

What stands in it is what a visitor may read. The language is part of the address, because a frame must neither
set nor read a cookie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, jsonify, make_response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from ideas_app.answers import queries as answers
from ideas_app.core.actor import VISITOR
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views.frame import author_name, idea_url
from ideas_app.opendata.views.cards import card_url
from ideas_app.opendata.views.frame import blueprint, language, require_language
from ideas_app.votes import queries as votes
from ideas_app.web.access import public
from ideas_app.web.addresses import url_for
from ideas_app.web.i18n import speaking
from ideas_app.web.replicas import may_lag
from ideas_app.web.security import open_to_frames
from ideas_app.web.templating import base_url, house_name, setting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.ideas.models import Idea

WIDTH, HEIGHT = 480, 300
"""Of the frame, in CSS pixels: long titles fit at 320 pixels of width, too."""


def _get_listed(idea_id: int) -> Idea:
    found = ideas.get_idea(idea_id)
    if not found.is_listed:
        raise NotFound("no_idea", _l("There is no such idea."))
    return found


@blueprint.get("/embed/ideas/<int:idea_id>")
@blueprint.get("/embed/ideas/<int:idea_id>/<lang>")
@public
@may_lag
def embed(idea_id: int, lang: str = "") -> ResponseReturnValue:
    """The card of a listed idea. Anybody may show it in a frame."""
    found = _get_listed(idea_id)
    with speaking(require_language(lang or setting("DEFAULT_LOCALE"))):
        page = render_template(
            "opendata/embed.html",
            idea=found,
            address=_public_address(found),
            answer=answers.find_of_idea(found),
            totals_hidden=votes.hides_totals(VISITOR, [found.campaign]),
        )
    response = make_response(page)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    return open_to_frames(response).make_conditional(request)


def _public_address(idea: Idea) -> str:
    return base_url() + idea_url(idea)


@blueprint.app_template_global("embed_code")
def embed_code(idea: Idea) -> str:
    """The HTML that somebody copies into a page of their own."""
    source = base_url() + url_for("opendata.embed", idea_id=idea.id, lang=language())
    return (
        f'<iframe src="{escape(source)}" title="{escape(idea.title)}" width="{WIDTH}" height="{HEIGHT}" loading="lazy" '
        'referrerpolicy="no-referrer" style="max-width:100%;border:0"></iframe>'
    )


@blueprint.app_template_global("oembed_url")
def oembed_url(idea: Idea) -> str:
    """Where programs that show links ask what to show of an idea."""
    return base_url() + url_for("opendata.oembed", url=_public_address(idea))


@blueprint.app_template_global("short_address")
def short_address(idea: Idea) -> str:
    """The address of an idea that can be read out and typed: its number leads on to the page."""
    return base_url() + url_for("pages.idea", idea_id=idea.id)


@blueprint.get("/oembed")
@public
@may_lag
def oembed() -> ResponseReturnValue:
    """What to show of the page of an idea (oembed.com, JSON only)."""
    if request.args.get("format", "json") != "json":
        return jsonify(error="Only format=json is offered."), 501
    found = _get_listed(_idea_of(request.args.get("url", "")))
    width = min(request.args.get("maxwidth", WIDTH, type=int) or WIDTH, WIDTH)
    return jsonify(
        version="1.0",
        type="rich",
        title=found.title,
        author_name=author_name(found),
        provider_name=house_name("SITE_NAME"),
        provider_url=base_url(),
        cache_age=300,
        html=embed_code(found),
        width=max(width, 0),
        height=HEIGHT,
        thumbnail_url=card_url(idea=found, answer=answers.find_of_idea(found)),
        thumbnail_width=1200,
        thumbnail_height=630,
    )


def _idea_of(address: str) -> int:
    """The id of the idea whose page an address of this site names. Raises `Invalid` and `NotFound`."""
    parts, own = urlsplit(address[:2000]), urlsplit(base_url())
    if not address or parts.netloc != own.netloc:
        message = _l("Give the address of a page of an idea on this site as url=.")
        raise Invalid(Fault("url", "foreign_address", message))
    adapter = current_app.url_map.bind(own.netloc)
    try:
        endpoint, values = adapter.match(parts.path, method="GET")
    except HTTPException as fault:
        raise NotFound("no_idea", _l("There is no such idea.")) from fault
    if endpoint != "pages.idea":
        raise NotFound("no_idea", _l("There is no such idea."))
    return int(values["idea_id"])
