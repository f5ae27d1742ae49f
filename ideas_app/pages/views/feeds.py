"""Atom feeds (RFC 4287): new ideas and answers, of all or of one campaign or field; the steps of one idea.

Public things only; longer feeds go on in pages (RFC 5005).

Entries are named by `tag:` addresses (RFC 4151), which stay the same when a title or an address changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext as _

from ideas_app.answers import queries as answers
from ideas_app.answers.forms import DECISIONS
from ideas_app.campaigns import queries as campaigns
from ideas_app.core import text
from ideas_app.core.actor import VISITOR
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.views.frame import author_name, idea_url
from ideas_app.pages import queries
from ideas_app.pages.views.past import tell_past
from ideas_app.web.access import public
from ideas_app.web.email import link
from ideas_app.web.i18n import LOCALES, localised
from ideas_app.web.replicas import may_lag
from ideas_app.web.templating import base_url, house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.answers.queries import AnswerRow
    from ideas_app.core.paging import Page
    from ideas_app.ideas.models import Idea
    from ideas_app.pages.rules import Moment

blueprint = Blueprint("feeds", __name__)

NAMED_SINCE = 2025
"""The year in which the `tag:` addresses were first given out; it never changes."""
BEGINNING = datetime(NAMED_SINCE, 1, 1, tzinfo=UTC)
"""When a feed without entries was changed last."""
EXCERPT = 300
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in plain texts; `name` is its path within the `tag:` addresses."""

    name: str
    title: str
    address: str
    updated: datetime
    published: datetime
    author: str
    summary: str
    topic: str = ""
    html: str = ""
    """The whole text, as the page shows it: sanitised when it was written."""


@blueprint.get("/feeds/ideas.atom", endpoint="ideas")
@public
@may_lag
def new_ideas() -> ResponseReturnValue:
    """The ideas published last."""
    page = queries.list_newest_published(after=_after(), limit=queries.FEED)
    return _feed_of_ideas("ideas", _("New ideas"), link("pages.ideas"), page)


@blueprint.get("/feeds/campaigns/<slug>.atom")
@public
@may_lag
def campaign(slug: str) -> ResponseReturnValue:
    """The ideas of a campaign."""
    found = campaigns.get_campaign(slug)
    page = queries.list_newest_published(campaign=slug, after=_after(), limit=queries.FEED)
    address = link("campaigns.show", slug=slug)
    return _feed_of_ideas(f"campaigns/{slug}", localised(found, "title"), address, page)


@blueprint.get("/feeds/fields/<key>.atom")
@public
@may_lag
def field(key: str) -> ResponseReturnValue:
    """The ideas of a field, over all campaigns."""
    if not queries.has_field(key):
        raise NotFound("no_field", _l("There is no such field."))
    page = queries.list_newest_published(field=key, after=_after(), limit=queries.FEED)
    names = {one.key: localised(one, "name") for one in queries.list_fields(None)}
    return _feed_of_ideas(f"fields/{key}", names[key], link("pages.ideas", field=key), page)


@blueprint.get("/feeds/answers.atom", endpoint="answers")
@public
@may_lag
def new_answers() -> ResponseReturnValue:
    """The city's answers, newest first."""
    page = answers.list_public(limit=queries.FEED, after=_after())
    entries = [_answer_entry(row) for row in page]
    address = link("answers.index")
    return _feed("answers", _("Answers of the city"), address, entries, more=page.next)


@blueprint.get("/feeds/campaigns/<slug>/answers.atom")
@public
@may_lag
def campaign_answers(slug: str) -> ResponseReturnValue:
    """The city's answers to the ideas of a campaign."""
    found = campaigns.get_campaign(slug)
    chosen = answers.LedgerFilter(campaign=slug)
    page = answers.list_public(chosen, limit=queries.FEED, after=_after())
    entries = [_answer_entry(row) for row in page]
    title = f"{_('Answers of the city')}: {localised(found, 'title')}"
    address = link("answers.index", campaign=slug)
    return _feed(f"campaigns/{slug}/answers", title, address, entries, more=page.next)


def _after() -> str | None:
    return request.args.get("after")


def _feed_of_ideas(name: str, title: str, address: str, page: Page[Idea]) -> ResponseReturnValue:
    return _feed(name, title, address, [_idea_entry(idea) for idea in page], more=page.next)


@blueprint.get("/feeds/ideas/<int:idea_id>.atom")
@public
@may_lag
def idea(idea_id: int) -> ResponseReturnValue:
    """The public steps of one listed idea; any other looks as if it did not exist."""
    opened = queries.read_idea(idea_id)
    found = opened.idea
    if not found.is_listed:
        raise NotFound("no_idea", _l("There is no such idea."))
    past = tell_past(VISITOR, opened, *answers.find_with_trails(found))
    entries = [_moment_entry(found, moment) for moment in past["timeline"][: queries.FEED]]
    return _feed(f"ideas/{found.id}", found.title, _address(found), entries)


def _address(found: Idea, anchor: str = "") -> str:
    return base_url() + idea_url(found, _anchor=anchor or None)


def _idea_entry(found: Idea) -> Entry:
    published = found.published_at or found.submitted_at
    return Entry(
        name=f"ideas/{found.id}",
        title=found.title,
        address=_address(found),
        updated=max(published, found.edited_at or published),
        published=published,
        author=author_name(found),
        summary=text.shorten(found.why, EXCERPT),
        html=found.why_html + (found.how_html or ""),
        topic=localised(found.field, "name"),
    )


def _answer_entry(row: AnswerRow) -> Entry:
    answer = row.answer
    answered = answer.answered_at or BEGINNING
    decision = dict(DECISIONS).get(answer.decision.value if answer.decision else "", "")
    return Entry(
        name=f"answers/{answer.id}",
        title=f"{decision}: {row.title}",
        address=_address(row.idea, "answer"),
        updated=answer.changed_at or answered,
        published=answered,
        author=f"{house_name('CITY_NAME')} {answer.department}",
        summary=text.shorten(answer.reason, EXCERPT),
        html=answer.reason_html,
        topic=localised(row.field, "name"),
    )


def _moment_entry(found: Idea, moment: Moment) -> Entry:
    leads, number = moment.leads_to or ("", 0)
    anchor = f"p-{number}" if leads == "promise" else "answer" if moment.kind == "answered" else ""
    stamp = int(moment.at.timestamp())
    note = f"{moment.note}" if moment.note else ""
    return Entry(
        name=f"ideas/{found.id}/{moment.kind}-{stamp}{f'-{number}' if number else ''}",
        title=f"{moment.title}: {found.title}",
        address=_address(found, anchor),
        updated=moment.at,
        published=moment.at,
        author=house_name("SITE_NAME"),
        summary=text.shorten(" ".join(filter(None, (moment.words, note))), EXCERPT),
    )


def _feed(
    name: str, title: str, address: str, entries: list[Entry], *, more: str | None = None
) -> ResponseReturnValue:
    """The answer: 304 for a reader that has it already. `more`: where the next page begins (RFC 5005)."""
    host = urlsplit(base_url()).hostname
    xml = render_template(
        "feeds/atom.xml",
        tag=f"tag:{host},{NAMED_SINCE}:/",
        name=name,
        title=title,
        address=address,
        base=base_url(),
        own_address=_own_address(_after()),
        first_address=_own_address(None) if _after() else "",
        next_address=_own_address(more) if more else "",
        updated=max((entry.updated for entry in entries), default=BEGINNING),
        entries=entries,
    )
    response = make_response(_NOT_XML.sub("", xml))
    response.content_type = "application/atom+xml; charset=utf-8"
    response.add_etag()
    return response.make_conditional(request)


def _own_address(after: str | None) -> str:
    """The public address of this feed, at a page, in the language that was asked for by name."""
    wanted = {"after": after, "lang": request.args.get("lang") if _speaks_by_name() else None}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return base_url() + quote(request.path) + (f"?{query}" if query else "")


def _speaks_by_name() -> bool:
    return request.args.get("lang") in LOCALES
