"""A page to hang up: an idea or a campaign with a QR code, as a PDF for everybody. Must not know typst."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from ideas_app.adapters import qr
from ideas_app.adapters.formats.pdf import Poster, write_poster
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.models import Activity
from ideas_app.campaigns.rules import current_phase, open_activities
from ideas_app.core import clock, text
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import queries as ideas
from ideas_app.ideas.views.frame import shown_number
from ideas_app.opendata.rules import file_name
from ideas_app.opendata.views.embed import short_address
from ideas_app.opendata.views.frame import as_download, blueprint, language
from ideas_app.web.access import public
from ideas_app.web.i18n import localised
from ideas_app.web.templating import base_url, house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.campaigns.models import Campaign

EXCERPT = 140
"""Characters of an idea's reason that fit without making the title small."""


@blueprint.get("/posters/ideas/<int:idea_id>.pdf")
@public
def idea_poster(idea_id: int) -> ResponseReturnValue:
    """A listed idea as a poster."""
    found = ideas.get_idea(idea_id)
    if not found.is_listed:
        raise NotFound("no_idea", _l("There is no such idea."))
    is_open = Activity.SUPPORT in open_activities(found.campaign.phases, clock.now())
    call = _("Point your camera here, read it and support it.")
    return _poster(
        label=f"{localised(found.field, 'name')} · {shown_number(found)}",
        title=found.title,
        said=text.shorten(" ".join(found.why.split()), EXCERPT),
        call=call if is_open else _("Point your camera here and see what became of it."),
        address=short_address(found),
    )


@blueprint.get("/posters/campaigns/<slug>.pdf")
@public
def campaign_poster(slug: str) -> ResponseReturnValue:
    """A campaign as a poster: it asks for what is open now."""
    found = campaigns.get_campaign(slug)
    phase = current_phase(found.phases, clock.now())
    return _poster(
        label=localised(phase, "title") if phase else str(found.year),
        title=localised(found, "title"),
        said=text.shorten(" ".join(localised(found, "text").split()), EXCERPT),
        call=_call(found),
        address=base_url() + url_for("campaigns.show", slug=found.slug),
    )


def _call(campaign: Campaign) -> str:
    """What to do, in one sentence."""
    opened = open_activities(campaign.phases, clock.now())
    if Activity.SUBMIT in opened:
        return str(_("Point your camera here and write your idea."))
    if Activity.BALLOT in opened:
        return str(_("Point your camera here and vote."))
    return str(_("Point your camera here and read the ideas and answers."))


def _poster(*, label: str, title: str, said: str, call: str, address: str) -> ResponseReturnValue:
    centre = _("%(city)s Youth Centre", city=house_name("CITY_NAME"))
    today = clock.today()
    poster = Poster(
        lang=language(),
        label=label,
        title=title,
        text=said,
        call=call,
        address=address.split("://", 1)[-1],
        qr=qr.draw_file(address),
        qr_alt=_("QR code that leads to %(address)s", address=address),
        house=centre,
        note=house_name("SITE_NAME"),
        as_of=today,
    )
    name = file_name(centre, title[:40], today, "pdf")
    content = write_poster(poster)
    return as_download(content, name, "application/pdf", sha256(content).hexdigest())
