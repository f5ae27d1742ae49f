"""What all pages of the desk share: the list on the left, its filters, the way to the next item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from ideas_app.core.i18n import lazy_pgettext
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import diff
from ideas_app.moderation import queries
from ideas_app.moderation.queries import Filters, Tab

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.ideas.rules import Piece

blueprint = Blueprint("moderation", __name__)

_TAB_NAMES = {
    Tab.NEW: lazy_pgettext("desk", "New"),
    Tab.FLAGS: lazy_pgettext("desk", "Flags"),
    Tab.APPEALS: lazy_pgettext("desk", "Appeals"),
    Tab.RETURNED: lazy_pgettext("desk", "Being mended"),
    Tab.HIDDEN: lazy_pgettext("desk", "Hidden"),
}
_HOT = frozenset({Tab.FLAGS, Tab.APPEALS})


def present_filters() -> Filters:
    """The filters in this address."""
    return Filters.of(request.args)


def address_of(filters: Filters, key: int) -> str:
    """Where a row of the list is worked on, filters kept; `key` is the row's."""
    if filters.tab is Tab.FLAGS:
        return url_for("moderation.flag", flag_id=key, **filters.values())
    if filters.tab is Tab.APPEALS:
        return url_for("moderation.settle_appeal", appeal_id=key, **filters.values())
    return url_for("moderation.item", idea_id=key, **filters.values())


def next_address(filters: Filters, since_at: datetime, key: int) -> str:
    """Where to go after a thing was decided: what waits next under the same filters."""
    found = queries.find_next(filters, since_at, key)
    if found is None:
        return url_for("moderation.index", **filters.values())
    return address_of(filters, found)


def filters_for(idea: Idea) -> Filters:
    """The present filters, on the tab in which an idea of this state stands."""
    filters = present_filters()
    tabs = {State.RETURNED: Tab.RETURNED, State.HIDDEN: Tab.HIDDEN}
    return Filters(tabs.get(idea.state, Tab.NEW), filters.campaign, filters.field, filters.after)


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
    queue = values.pop("queue", None) or queries.list_queue(filters)
    waiting = queries.count_waiting()
    return render_template(
        template,
        queue=queue,
        filters=filters,
        current=current,
        totals=waiting,
        tabs=[
            (
                _TAB_NAMES[tab],
                url_for("moderation.index", **filters.values(tab=_tab_value(tab))),
                tab is filters.tab,
                getattr(waiting, tab.value),
                tab in _HOT and getattr(waiting, tab.value) > 0,
            )
            for tab in Tab
        ],
        campaigns=queries.list_campaigns(),
        fields=queries.list_fields(filters.campaign),
        address_of=address_of,
        **values,
    )


def _tab_value(tab: Tab) -> str:
    return "" if tab is Tab.NEW else tab.value
