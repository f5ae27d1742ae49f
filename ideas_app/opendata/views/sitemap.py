"""The sitemap: an index, one page of the site's own addresses, and pages of ideas. Public things only.

Source: sitemaps.org, and `xhtml:link` for the same page in the other language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, render_template, request, url_for

from ideas_app.campaigns import queries as campaigns
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.rules import address_slug
from ideas_app.opendata import queries
from ideas_app.opendata.views.frame import blueprint
from ideas_app.programmes import queries as programmes
from ideas_app.reports import queries as reports
from ideas_app.web.access import public
from ideas_app.web.replicas import may_lag
from ideas_app.web.templating import base_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask.typing import ResponseReturnValue

_ALWAYS = (
    "/", "/ideas", "/answers", "/programmes", "/shortlists", "/statistics", "/data", "/ballot",
    "/audit", "/privacy", "/terms", "/rules", "/accessibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An address within the site, and when what stands there changed last, if that is known."""

    path: str
    changed: datetime | None = None


@blueprint.get("/sitemap.xml")
@public
@may_lag
def sitemap() -> ResponseReturnValue:
    """The index: which sitemaps there are."""
    pages = range(1, queries.count_idea_pages() + 1)
    places = [url_for("opendata.sitemap_pages")]
    places += [url_for("opendata.sitemap_ideas", page=page) for page in pages]
    return _xml("opendata/sitemap_index.xml", places=places)


@blueprint.get("/sitemaps/pages.xml")
@public
@may_lag
def sitemap_pages() -> ResponseReturnValue:
    """The site's own pages: campaigns, programmes, shortlists, reports, data."""
    return _xml("opendata/sitemap.xml", places=list(_pages()))


def _pages() -> Iterator[Place]:
    yield from (Place(path) for path in _ALWAYS)
    yield Place(url_for("answers.index", by="promises"))
    for campaign in campaigns.list_campaigns():
        yield Place(url_for("campaigns.show", slug=campaign.slug))
    for programme in programmes.list_programmes():
        yield Place(url_for("programmes.show", slug=programme.slug))
    for row in queries.list_published_rounds():
        changed = row.round.published_at
        yield Place(url_for("shortlists.show", round_id=row.round.id), changed)
    for year in reports.list_years():
        yield Place(url_for("reports.show", year=year))
    for bundle in queries.list_present("ko"):
        yield Place(url_for("opendata.show", slug=bundle.campaign.slug), bundle.made_at)
    for year in sorted({one.campaign.year for one in queries.list_archived("ko")}):
        yield Place(url_for("opendata.year", year=year))


@blueprint.get("/sitemaps/ideas-<int:page>.xml")
@public
@may_lag
def sitemap_ideas(page: int) -> ResponseReturnValue:
    """The listed ideas whose ids lie in the range of a page."""
    if not 1 <= page <= queries.count_idea_pages():
        raise NotFound("no_sitemap", _l("There is no such page."))
    places = [
        Place(url_for("pages.idea", idea_id=idea_id, slug=address_slug(title) or None), changed)
        for idea_id, title, changed in queries.list_ideas_of_page(page)
    ]
    return _xml("opendata/sitemap.xml", places=places)


@blueprint.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What search engines leave alone, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _CLOSED)]
    lines += ["", f"Sitemap: {base_url()}{url_for('opendata.sitemap')}"]
    return "\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}


_CLOSED = (
    *("/me", "/moderation", "/desk", "/rosters", "/exports", "/admin", "/workspace"),
    *("/login", "/register", "/reset", "/ideas/new", "/ideas/check", "/embed/"),
)


def _xml(template: str, **values: object) -> ResponseReturnValue:
    response = Response(
        render_template(template, base=base_url(), **values),
        content_type="application/xml; charset=utf-8",
    )
    response.add_etag()
    return response.make_conditional(request)
