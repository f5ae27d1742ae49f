"""The pages of open data and their files. Must not decide who may read what."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from ideas_app.core.errors import Conflict, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.opendata import policy, queries, service
from ideas_app.opendata.models import PRESENT
from ideas_app.opendata.rules import (
    LICENCES,
    TABLES,
    PackedFile,
    file_name,
    media_type_of,
    unpack,
)
from ideas_app.opendata.views.frame import as_download, blueprint, language
from ideas_app.web.access import current_actor, public, requires
from ideas_app.web.errors import see_other
from ideas_app.web.i18n import localised, speaking
from ideas_app.web.replicas import may_lag
from ideas_app.web.templating import base_url, house_name, setting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.core.verdict import Verdict
    from ideas_app.opendata.models import OpenBundle
    from ideas_app.opendata.rules import Licence, Table

PREVIEW = 5
"""Rows of a table that its page shows."""
WHOLE = "bundle.zip"
"""The name of the whole bundle among the addresses of its files."""


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as its page shows it: its two files, and its first lines, the header included."""

    table: Table
    sheet: PackedFile
    items: PackedFile
    lines: list[list[str]]


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle as lists show it."""

    bundle: OpenBundle
    files: list[PackedFile]
    verdict: Verdict

    @property
    def rows(self) -> int:
        """Rows of all its tables."""
        return sum(one.rows for one in self.files if one.path.startswith("csv/"))

    @property
    def tables(self) -> int:
        """How many tables it holds."""
        return sum(one.path.startswith("csv/") for one in self.files)


def _view(bundle: OpenBundle) -> BundleView:
    files = [PackedFile(**one) for one in bundle.files]
    is_kept = bundle.edition > PRESENT
    verdict = policy.may_hand_out(is_withheld=queries.is_withheld(bundle), is_kept=is_kept)
    return BundleView(bundle, files, verdict)


def _licence() -> Licence:
    return LICENCES[setting("OPEN_DATA_LICENCE")]


@blueprint.get("/data")
@public
@may_lag
def index() -> ResponseReturnValue:
    """Every campaign as data, and the editions that are kept."""
    lang = language()
    return render_template(
        "opendata/index.html",
        present=[_view(bundle) for bundle in queries.list_present(lang)],
        years=sorted({one.campaign.year for one in queries.list_archived(lang)}, reverse=True),
        licence=_licence(),
        provider=house_name("OPEN_DATA_PROVIDER"),
    )


@blueprint.get("/data/<int:year>")
@public
@may_lag
def year(year: int) -> ResponseReturnValue:
    """The editions of a year that are kept unchanged."""
    kept = queries.list_archived(language(), year)
    if not kept:
        raise NotFound("no_data", _l("No edition is kept of that year."))
    return render_template(
        "opendata/year.html", year=year, kept=[_view(one) for one in kept], licence=_licence()
    )


@blueprint.get("/data/<slug>")
@public
@may_lag
def show(slug: str) -> ResponseReturnValue:
    """The data of one campaign: each table with its meaning, its first rows and its files."""
    view = _view(queries.get_bundle(slug, language()))
    return render_template(
        "opendata/show.html",
        view=view,
        bundle=view.bundle,
        tables=_tables(view) if view.verdict else [],
        others=[one for one in view.files if not one.table],
        licence=_licence(),
        provider=house_name("OPEN_DATA_PROVIDER"),
        may_archive=policy.may_archive(current_actor()),
        described=_described(view),
    )


def _tables(view: BundleView) -> list[TableView]:
    by_path = {one.path: one for one in view.files}
    content = queries.read_content(view.bundle)
    found = []
    for table in TABLES:
        sheet, items = f"csv/{table.name}.csv", f"json/{table.name}.json"
        if sheet in by_path:
            found.append(
                TableView(table, by_path[sheet], by_path[items], _first(unpack(content, sheet)))
            )
    return found


def _first(sheet: bytes) -> list[list[str]]:
    """The first lines of a sheet."""
    text = io.StringIO(sheet.decode("utf-8-sig"), newline="")
    return list(islice(csv.reader(text), PREVIEW + 1))


def _described(view: BundleView) -> dict[str, object]:
    """The data set in the words of schema.org, for programs that look for data."""
    bundle, home = view.bundle, f"{base_url()}/data/{view.bundle.campaign.slug}"
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": localised(bundle.campaign, "title"),
        "description": _("Ideas, answers, promises and the shortlist of this campaign as data."),
        "url": home,
        "license": _licence().path,
        "inLanguage": bundle.lang,
        "dateModified": bundle.as_of.isoformat(),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": house_name("OPEN_DATA_PROVIDER")},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "application/zip",
                "contentUrl": f"{home}/{bundle.lang}/{WHOLE}",
                "sha256": bundle.digest,
            }
        ],
    }


@blueprint.get("/data/<slug>/<lang>/<path:file>")
@public
@may_lag
def present_file(slug: str, lang: str, file: str) -> ResponseReturnValue:
    """A file of the present data."""
    return _hand_out(queries.get_bundle(slug, lang), file)


@blueprint.get("/data/<int:year>/<slug>/<int:edition>/<lang>/<path:file>")
@public
@may_lag
def kept_file(year: int, slug: str, edition: int, lang: str, file: str) -> ResponseReturnValue:
    """A file of an edition that is kept."""
    bundle = queries.get_bundle(slug, lang, edition) if edition > PRESENT else None
    if bundle is None or bundle.campaign.year != year:
        raise NotFound("no_data", _l("There is no such data yet."))
    return _hand_out(bundle, file)


def _hand_out(bundle: OpenBundle, path: str) -> ResponseReturnValue:
    """A file of a bundle by its path in it. Raises `NotFound`, and `Conflict` while it is withheld."""
    view = _view(bundle)
    if not view.verdict:
        raise Conflict(view.verdict.code, view.verdict.reason)
    if path == WHOLE:
        content, name = queries.read_content(bundle), _saved_as(bundle, "zip")
        return as_download(content, name, "application/zip", bundle.digest)
    found = next((one for one in view.files if one.path == path), None)
    if found is None:
        raise NotFound("no_file", _l("There is no such file in this data."))
    content = unpack(queries.read_content(bundle), path)
    return as_download(content, _saved_as_part(bundle, found), media_type_of(path), found.digest)


def _saved_as(bundle: OpenBundle, ending: str, part: str = "") -> str:
    with speaking(bundle.lang):
        provider = house_name("OPEN_DATA_PROVIDER")
        return file_name(provider, localised(bundle.campaign, "title"), bundle.as_of, ending, part)


def _saved_as_part(bundle: OpenBundle, found: PackedFile) -> str:
    """A table is saved under its own title; other files keep the names by which programs know them."""
    table = next((one for one in TABLES if one.name == found.table), None)
    if table is None and found.path != "ballots.pb":
        return found.path
    lang: Language = "en" if bundle.lang == "en" else "ko"
    ending = found.path.rpartition(".")[2]
    return _saved_as(bundle, ending, table.title(lang) if table else "ballots")


@blueprint.post("/data/<slug>/archive")
@requires(Permission.CAMPAIGN_MANAGE)
def archive(slug: str) -> ResponseReturnValue:
    """Keeps the data of a campaign as it is now."""
    bundle = queries.get_bundle(slug, language())
    year = bundle.campaign.year
    try:
        edition = service.archive(current_actor(), bundle.campaign_id)
    except Conflict as fault:
        flash(str(fault.message), "error")
        return see_other(url_for("opendata.show", slug=slug))
    flash(_("Edition %(number)s is kept unchanged.", number=edition), "success")
    return see_other(url_for("opendata.year", year=year))
