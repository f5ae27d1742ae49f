"""What all pages of the desk share: the list on the left, its filters, the way to the next item, who has
what open, and what can still be taken back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import diff
from ideas_app.moderation import queries, service
from ideas_app.moderation.queries import Filters, Tab, Whose
from ideas_app.moderation.rules import UNDO_FOR, UNDO_WORDS, Band, Item
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.ideas.rules import Piece
    from ideas_app.moderation.queries import LockView

blueprint = Blueprint("moderation", __name__)

_TAB_NAMES = {
    Tab.NEW: lazy_pgettext("desk", "New"),
    Tab.FLAGS: lazy_pgettext("desk", "Flags"),
    Tab.APPEALS: lazy_pgettext("desk", "Appeals"),
    Tab.COMMENTS: lazy_pgettext("desk", "Comments"),
    Tab.RETURNED: lazy_pgettext("desk", "Being mended"),
    Tab.HIDDEN: lazy_pgettext("desk", "Hidden"),
}
_HOT = frozenset({Tab.FLAGS, Tab.APPEALS})
_BAND_NAMES = {
    Band.LATE: _l("Past the target"),
    Band.DUE: _l("Due today"),
    Band.FRESH: _l("Still within the target"),
}
_WHOSE_NAMES = {Whose.OWN: _l("Open with me"), Whose.FREE: _l("Not open with others")}


def present_filters() -> Filters:
    """The filters in this address."""
    return Filters.of(request.args)


def address_of(filters: Filters, key: int) -> str:
    """Where a row of the list is worked on, filters kept; `key` is the row's."""
    if filters.item is Item.FLAG:
        return url_for("moderation.flag", flag_id=key, **filters.values())
    if filters.item is Item.APPEAL:
        return url_for("moderation.settle_appeal", appeal_id=key, **filters.values())
    return url_for("moderation.item", idea_id=key, **filters.values())


def next_address(filters: Filters, since_at: datetime, key: int) -> str:
    """Where to go after a thing was decided: what waits next under the same filters and is nobody else's."""
    found = queries.find_next(filters, since_at, key, actor_id=current_actor().id)
    if found is None:
        return url_for("moderation.index", **filters.values())
    return address_of(filters, found)


def on_tab(tab: Tab) -> Filters:
    """The present filters, on another list."""
    return replace(present_filters(), tab=tab, after="")


def filters_for(idea: Idea) -> Filters:
    """The present filters, on the tab in which an idea of this state stands."""
    tabs = {State.RETURNED: Tab.RETURNED, State.HIDDEN: Tab.HIDDEN}
    return replace(present_filters(), tab=tabs.get(idea.state, Tab.NEW))


def hold(item: Item, thing_id: int) -> LockView | None:
    """Opens an item for who looks, where nobody else has it; who has it then. Before anything is read."""
    with transaction():
        service.open_item(current_actor(), item, thing_id)
    return queries.find_lock(item, thing_id)


def own_text(idea: Idea) -> str:
    """An idea's text as one, to be compared with a family's."""
    return f"{idea.why}\n\n{idea.how}".strip()


def differences(idea: Idea, title: str, text: str) -> tuple[list[Piece], list[Piece]]:
    """How a common title and text differ from a member's: what is new, what is missing.

    What is not written yet differs in nothing.
    """
    own = own_text(idea)
    return diff(idea.title, title or idea.title), diff(own, text or own)


def render_desk(template: str, filters: Filters, current: int | None, **values: Any) -> str:
    """A page of the desk around the list; `current` is the key of the row that is open."""
    actor = current_actor()
    queue = values.pop("queue", None) or queries.list_queue(filters, actor_id=actor.id)
    waiting = queries.count_waiting()
    return render_template(
        template,
        queue=queue,
        filters=filters,
        current=current,
        totals=waiting,
        tabs=[_tab(tab, filters, getattr(waiting, tab.value)) for tab in Tab],
        campaigns=queries.list_campaigns(),
        fields=queries.list_fields(filters.campaign),
        band_choices=_BAND_NAMES,
        whose_choices=_WHOSE_NAMES,
        address_of=address_of,
        item=filters.item,
        done_today=queries.count_done_today(actor),
        toast=_toast(),
        **values,
    )


def _tab(tab: Tab, filters: Filters, count: int) -> tuple[Any, str, bool, int, bool]:
    address = url_for("moderation.index", **filters.values(tab="" if tab is Tab.NEW else tab.value))
    return _TAB_NAMES[tab], address, tab is filters.tab, count, tab in _HOT and count > 0


def _toast() -> dict[str, Any] | None:
    """What the present moderator can still take back: in words, and for how many seconds."""
    found = queries.find_undoable(current_actor())
    if found is None:
        return None
    act, number = found
    left = (act.until - clock.now()).total_seconds()
    return {
        "id": act.id,
        "number": number,
        "idea": queries.find_number(act.idea_id),
        "words": UNDO_WORDS[act.verb],
        "seconds": max(1, min(round(left), round(UNDO_FOR.total_seconds()))),
    }
