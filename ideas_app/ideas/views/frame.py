"""What all pages of ideas share: the blueprint, the address of an idea, how its author and number read.

Must not hold a view.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from flask import Blueprint
from flask.globals import _cv_request
from flask_babel import gettext as _

from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas import policy, queries, rules
from ideas_app.ideas.queries import IdeaRow
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.models import Outcome
from ideas_app.web.access import current_actor
from ideas_app.web.addresses import url_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea
    from ideas_app.programmes.models import Programme

blueprint = Blueprint("ideas", __name__)


class HasTitle(Protocol):
    """Anything that stands for an idea: the row, or a line of a list."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""


def idea_url(idea: HasTitle, **values: Any) -> str:
    """The address of an idea's page, quoted; `_anchor` and the like pass through."""
    present = _cv_request.get(None)
    if values or present is None:
        return _address(idea.id, idea.title, **values)
    # kept with the request: its page names it for search engines, for sharing, for other sites
    kept = present.__dict__
    known: tuple[int, str, str] = kept.get("idea_address") or (0, "", "")
    if known[0] != idea.id or known[1] != idea.title:
        known = kept["idea_address"] = (idea.id, idea.title, _address(idea.id, idea.title))
    return known[2]


@blueprint.app_template_global("idea_url")
def idea_link(idea: HasTitle, **values: Any) -> str:
    """The same as pages write it: with the letters of its title, which a browser quotes where it asks for it.

    A list has dozens of them, quoting Hangul takes as long as all else of an address, and makes three of one byte.
    """
    present = _cv_request.get(None)
    slug = rules.address_slug(idea.title)
    if values or not slug or present is None or present.request.root_path:
        return _address(idea.id, idea.title, **values)
    # nothing in it that HTML or an address would read otherwise: see `slugify`
    return _places(present.app) % (idea.id, slug)


def _address(idea_id: int, title: str, **values: Any) -> str:
    return url_for("pages.idea", idea_id=idea_id, slug=rules.address_slug(title) or None, **values)


@lru_cache(maxsize=8)
def _places(_app: Flask) -> str:
    """The address of an idea with places for its id and its slug."""
    return (
        url_for("pages.idea", idea_id=_ID, slug="slug")
        .replace(str(_ID), "%d")
        .replace("slug", "%s")
    )


_ID = 1_234_567_890


@blueprint.app_template_filter("author_name")
def author_name(idea: Idea | IdeaRow) -> str:
    """Who wrote an idea: the name on the paper, the nickname, or that somebody has left."""
    if idea.pen_name:
        return idea.pen_name
    if isinstance(idea, IdeaRow):
        return _("Former member") if idea.is_author_deleted else idea.nickname
    return _("Former member") if idea.author.deleted_at else idea.author.nickname


@blueprint.app_template_filter("shown_number")
def shown_number(idea: Idea | IdeaRow) -> str:
    """The number that people quote: `2026-017`."""
    if isinstance(idea, IdeaRow):
        return idea.number
    return rules.shown_number(idea.campaign.year, idea.number)


@blueprint.app_template_global("ideas_of_programme")
def ideas_of_programme(slug: str) -> list[IdeaRow]:
    """The newest listed ideas that grew out of a programme, for its page, which knows no ideas itself."""
    wanted = queries.Filters(programme=slug, sort=queries.Sort.NEW)
    return queries.list_filtered(wanted, limit=6).items


def get_readable(idea_id: int) -> Idea:
    """An idea that the present person may read; any other looks as if it did not exist."""
    idea = queries.get_idea(idea_id)
    if not policy.may_read(current_actor(), idea):
        raise NotFound("no_idea", _l("There is no such idea."))
    return idea


def programmes_for(
    actor: Actor, year: int, *, also: str | None = None
) -> tuple[Sequence[Programme], frozenset[str]]:
    """The programmes to choose from, own ones first, then this year's and last year's; and which are own.

    `also` is the slug of one that is chosen already. Counselling is never offered: nobody should learn who
    came for it.
    """
    own = programmes.programmes_of(actor.id) if actor.id is not None else frozenset()
    wanted = own | {also}
    near = [
        one
        for one in programmes.list_programmes()
        if one.outcome is not Outcome.COUNSELLING
        and (one.slug in wanted or year - 1 <= one.year <= year)
    ]
    return sorted(near, key=lambda one: one.slug not in own), own
