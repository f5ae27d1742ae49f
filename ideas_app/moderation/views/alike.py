"""The page of alike ideas: proposals, and what a moderator says of them. Nothing is joined here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.db import transaction
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.core.permissions import Permission
from ideas_app.ideas.models import State
from ideas_app.ideas.rules import shown_number
from ideas_app.moderation import queries, rules, service
from ideas_app.moderation.queries import AlikeFilters
from ideas_app.moderation.views.frame import blueprint
from ideas_app.web.access import current_actor, requires
from ideas_app.web.errors import see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

CLOSENESS = {
    "wide": (queries.LEAST, lazy_pgettext("likeness", "Wide")),
    "": (rules.ALIKE, lazy_pgettext("likeness", "Usual")),
    "near": (2 * rules.ALIKE, lazy_pgettext("likeness", "Close")),
}


@blueprint.get("/moderation/families/clusters")
@requires(Permission.IDEA_MODERATE)
def clusters() -> ResponseReturnValue:
    """The largest groups of alike ideas in a campaign."""
    return _render()


@blueprint.post("/moderation/families/clusters")
@requires(Permission.IDEA_MODERATE)
def decide_cluster() -> ResponseReturnValue:
    """What is to be done with the ticked ones: make a family, set apart, put off, bring back."""
    act, keys = request.form.get("act", ""), request.form.getlist("key")
    try:
        if act == "family":
            return _to_family(keys)
        with transaction():
            campaign = campaigns.get_campaign(_filters().campaign)
            if act == "back":
                service.bring_back(current_actor(), campaign, *[*keys, "", ""][:2])
                said = _("The two may come up together again.")
            else:
                service.set_apart(current_actor(), campaign, keys, for_now=act == "later")
                said = _told_apart(len(keys))
                if act == "later":
                    said = _("They come up again in %(days)s days.", days=service.LATER_DAYS)
        flash(said, "success")
    except Invalid as invalid:
        return _render(invalid.faults[0]), 422
    return see_other(_address(show="apart" if act == "back" else None))


def _told_apart(count: int) -> str:
    return str(
        ngettext(
            "%(num)s idea is kept apart. You can bring the pair back.",
            "%(num)s ideas are kept apart: they will not come up together again. You can bring them back.",
            count,
        )
    )


def _to_family(keys: list[str]) -> ResponseReturnValue:
    """To the form that joins them, or adds them to the one family among them.

    Raises `Invalid` (`key`): too few that can be joined, or two families.
    """
    campaign = campaigns.get_campaign(_filters().campaign)
    ideas, families = queries.list_by_keys(queries.list_known_keys(campaign.id, keys))
    ready = [idea for idea in ideas if idea.state is State.PUBLISHED and idea.family_id is None]
    numbers = ", ".join(shown_number(campaign.year, idea.number) for idea in ready)
    waiting = len(ideas) - len(ready)
    if len(families) > 1:
        message = _l("Two families are not joined: split one first, then add its ideas.")
        raise Invalid(Fault("key", "two_families", message))
    if len(ready) + len(families) < 2:
        message = _l("Tick two published ideas or more. What waits at the desk is published first.")
        raise Invalid(Fault("key", "too_few", message))
    if waiting:
        said = ngettext(
            "%(num)s idea still waits at the desk and was left out: publish it first.",
            "%(num)s ideas still wait at the desk and were left out: publish them first.",
            waiting,
        )
        flash(said, "warning")
    if families:
        return see_other(
            url_for("moderation.manage_family", family_id=families[0].id, numbers=numbers)
        )
    return see_other(url_for("moderation.families", campaign=campaign.slug, numbers=numbers))


def _filters() -> AlikeFilters:
    """What the address asks for; the newest campaign where it names none that is known."""
    known = [slug for slug, *_rest in queries.list_campaigns()]
    wanted = request.args.get("campaign", "")
    return AlikeFilters(
        campaign=wanted if wanted in known else (known[0] if known else ""),
        field=request.args.get("field", "")[:40],
        least=CLOSENESS.get(request.args.get("close", ""), CLOSENESS[""])[0],
        with_new="new" in request.args,
    )


def _address(**more: Any) -> str:
    kept = {
        name: request.args[name]
        for name in ("campaign", "field", "close", "new")
        if name in request.args
    }
    return url_for("moderation.clusters", **{**kept, **more})


def _render(fault: Fault | None = None) -> str:
    filters = _filters()
    is_apart = request.args.get("show") == "apart"
    groups, total = ([], 0) if is_apart else queries.list_alike(filters)
    return render_template(
        "moderation/clusters.html",
        groups=groups,
        total=total,
        apart=queries.list_apart(filters.campaign),
        is_apart=is_apart,
        filters=filters,
        fault=fault,
        campaigns=queries.list_campaigns(),
        fields=queries.list_fields(filters.campaign),
        closeness=CLOSENESS,
        close=request.args.get("close", ""),
        compared=queries.COMPARED,
        address=_address,
    )
