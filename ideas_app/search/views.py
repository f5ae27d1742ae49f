"""The page of what was found beside the ideas, and the moderators' page of synonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid
from ideas_app.core.permissions import Permission
from ideas_app.search import queries, service
from ideas_app.search.forms import GroupForm
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other
from ideas_app.web.replicas import may_lag

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@public
@may_lag
def elsewhere() -> ResponseReturnValue:
    """Programmes, answers and comments that answer a query; the ideas stand on the list."""
    query = request.args.get("q", "").replace("\x00", "").strip()[:80]
    found = queries.find_elsewhere(query) if query else None
    return render_template("search/elsewhere.html", q=query, found=found)


def _page(form: GroupForm, status: int = 200, wrong: int | None = None) -> ResponseReturnValue:
    page = render_template(
        "search/synonyms.html", form=form, groups=queries.list_groups(), wrong=wrong
    )
    return page, status


@blueprint.get("/moderation/synonyms")
@requires(Permission.IDEA_MODERATE)
def synonyms() -> ResponseReturnValue:
    """The groups of words that mean the same, each in a field of its own."""
    return _page(GroupForm())


@blueprint.post("/moderation/synonyms")
@requires(Permission.IDEA_MODERATE)
def add_synonyms() -> ResponseReturnValue:
    """Adds a group."""
    form = GroupForm()
    try:
        with transaction():
            service.save_group(current_actor(), form.words.data or "")
    except Invalid as invalid:
        form.take_faults(invalid)
        return _page(form, 422)
    flash(_("Added. The next search heeds it."), "success")
    return see_other(url_for("search.synonyms"))


@blueprint.post("/moderation/synonyms/<int:group_id>")
@requires(Permission.IDEA_MODERATE)
def change_synonyms(group_id: int) -> ResponseReturnValue:
    """Changes a group, or takes it away where the button says so."""
    form = GroupForm()
    try:
        with transaction():
            group = queries.get_group(group_id)
            if "remove" in request.form:
                service.remove_group(current_actor(), group)
            else:
                service.save_group(current_actor(), form.words.data or "", group)
    except Invalid as invalid:
        form.take_faults(invalid)
        return _page(form, 422, group_id)
    flash(_("Saved. The next search heeds it."), "success")
    return see_other(url_for("search.synonyms", _anchor="groups"))


blueprints = (blueprint,)
