"""What is asked of me, what I asked of others, how far each idea is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template, request

from ideas_app.core.permissions import Permission
from ideas_app.evaluations import policy, queries
from ideas_app.evaluations.queries import State
from ideas_app.evaluations.views.frame import blueprint
from ideas_app.web.access import current_actor, requires

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

TABS = ("mine", "asked", "all")


@blueprint.get("/desk/evaluations")
@requires(Permission.EVALUATION_GIVE)
def index() -> ResponseReturnValue:
    """The filters stand in the address: `tab`, `state`, `campaign`."""
    actor = current_actor()
    tab = request.args.get("tab", "mine")
    tab = tab if tab in TABS else "mine"
    state, campaign = _state(), request.args.get("campaign", "")
    rows: list[Any]
    if tab == "all":
        rows = list(queries.list_subjects(state, campaign))
    else:
        listed = queries.list_own if tab == "mine" else queries.list_asked
        rows = list(listed(actor.id, state, campaign))
    return render_template(
        "evaluations/index.html",
        tab=tab,
        state=state.value,
        campaign=campaign,
        campaigns=queries.list_campaigns(),
        rows=rows,
        may_ask=policy.may_ask(actor),
    )


def _state() -> State:
    value = request.args.get("state", "")
    return State(value) if value in set(State) else State.WAITING
