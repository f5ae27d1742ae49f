"""Making a file: open ones for everybody, working ones with names, a purpose and an entry in the log.

Must not know requests; the words of states and codes come in the language that is spoken at the time.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.formats.blocks import describe_table
from ideas_app.adapters.formats.csv import write_csv
from ideas_app.adapters.formats.json import write_json
from ideas_app.adapters.formats.pdf import write_pdf
from ideas_app.adapters.formats.xlsx import write_xlsx
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock
from ideas_app.core.text import slugify
from ideas_app.exports import policy, queries
from ideas_app.exports.rules import CONTENT_TYPES, Format, Kind, columns_of, word_of
from ideas_app.shortlists import queries as shortlists
from ideas_app.web.i18n import localised
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ideas_app.adapters.formats import Column, Language
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is wanted: a kind, of a campaign or a year, as which file, in which language, for whom."""

    kind: Kind
    format: Format
    lang: Language = "ko"
    campaign: Campaign | None = None
    year: int | None = None
    working: bool = False
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file."""

    name: str
    content_type: str
    content: bytes


def build(actor: Actor, request: ExportRequest) -> ExportFile:
    """Makes the file. A working file is logged with its purpose before it leaves.

    Raises `Refused` for those who may not, `Invalid` for a working file without a purpose, `NotFound` for a
    campaign without a published shortlist.
    """
    policy.may_export(actor, working=request.working).require()
    rows = [_worded(row) for row in _rows(request)]
    if request.working:
        subject = request.campaign.id if request.campaign else request.year
        audit.record(
            actor,
            Tag.EXPORT_MADE,
            "export",
            subject,
            reason=request.purpose,
            diff={"kind": request.kind.value, "format": request.format.value, "rows": len(rows)},
        )
    return ExportFile(_name(request), CONTENT_TYPES[request.format], _written(request, rows))


def _rows(request: ExportRequest) -> Iterator[dict[str, Any]]:
    if request.campaign is not None and request.kind is Kind.IDEAS:
        return queries.iterate_ideas(request.campaign, working=request.working)
    if request.campaign is not None and request.kind is Kind.SHORTLIST:
        return queries.iterate_shortlist(request.campaign, working=request.working)
    if request.year is not None and request.kind is Kind.PARTICIPATION:
        return queries.iterate_participation(request.year)
    if request.year is not None and request.kind is Kind.REPORT:
        return queries.iterate_report(request.year)
    msg = f"an export of {request.kind} needs its campaign or year"
    raise ValueError(msg)


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the words that people read in place of codes."""
    worded = {name: word_of(name, value) for name, value in row.items()}
    if "field" in worded:
        worded["field"] = localised(worded["field"], "name")
    return worded


def _title(request: ExportRequest) -> str:
    about = request.campaign.title if request.campaign else str(request.year)
    return f"{about} · {word_of('export', request.kind.value)}"


def _name(request: ExportRequest) -> str:
    """A file name that officials can file: what, of which campaign or year, data of which day."""
    about = request.campaign.slug if request.campaign else str(request.year)
    what = slugify(str(word_of("export", request.kind.value)))
    mark = "_working" if request.working else ""
    return f"{what}_{about}{mark}_{clock.today():%Y%m%d}.{request.format.value}"


def _written(request: ExportRequest, rows: list[dict[str, Any]]) -> bytes:
    columns = columns_of(request.kind, working=request.working)
    as_of = clock.today()
    if request.format is Format.CSV:
        return b"".join(write_csv(columns, rows, lang=request.lang, as_of=as_of))
    if request.format is Format.JSON:
        about = {"kind": request.kind.value, "title": _title(request)}
        return b"".join(write_json(columns, rows, lang=request.lang, as_of=as_of, about=about))
    notes = [request.purpose] if request.working else []
    if request.format is Format.PDF:
        return _printed(request, columns, rows, notes)
    target = io.BytesIO()
    write_xlsx(
        target, columns, rows, lang=request.lang, title=_title(request), as_of=as_of, notes=notes
    )
    return target.getvalue()


def _printed(
    request: ExportRequest,
    columns: tuple[Column, ...],
    rows: list[dict[str, Any]],
    notes: list[str],
) -> bytes:
    """An open shortlist as the document of its page, everything else as a table."""
    author = house_name("SITE_NAME")
    if request.kind is Kind.SHORTLIST and request.campaign and not request.working:
        round_ = shortlists.find_published(request.campaign.id)
        if round_ is not None:
            return write_pdf(shortlists.describe_round(round_, request.lang, author=author))
    return write_pdf(
        describe_table(
            columns,
            rows,
            lang=request.lang,
            title=_title(request),
            author=author,
            as_of=clock.today(),
            notes=notes,
        )
    )
