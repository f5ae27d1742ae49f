"""Making a file: open ones for everybody, working ones with names, a purpose and an entry in the log.

Must not know requests; the words of states and codes come in the language that is spoken at the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Look, Tag
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock
from ideas_app.core.errors import Fault, Invalid, NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.text import slugify
from ideas_app.evaluations.rules import criteria_of
from ideas_app.exports import policy, queries
from ideas_app.exports.rules import (
    CONTENT_TYPES,
    WORKING_ONLY,
    Format,
    Kind,
    columns_of,
    ending_of,
    evaluation_columns,
    is_offered,
    word_of,
)
from ideas_app.exports.service.writing import Content, write_document, write_rows
from ideas_app.reports import queries as reports
from ideas_app.shortlists import policy as shortlist_policy
from ideas_app.shortlists import queries as shortlists
from ideas_app.web.i18n import format_instant, localised
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ideas_app.adapters.formats import Column, Language
    from ideas_app.adapters.formats.blocks import Document
    from ideas_app.adapters.formats.csv import Replacement
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.shortlists.models import Round


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
    """A finished file. `replaced`: what CP949 could not hold."""

    name: str
    content_type: str
    content: bytes
    rows: int = 0
    replaced: list[Replacement] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hex."""
        return sha256(self.content).hexdigest()


def build(actor: Actor, request: ExportRequest) -> ExportFile:
    """Makes the file and writes it to the log, within the caller's transaction.

    Raises `Refused` for those who may not, `Invalid` for a working file without a purpose and for a file
    that there is not, `NotFound` for a campaign without a published shortlist.
    """
    made = make(actor, request)
    log_working(actor, request, made.rows)
    if request.working:
        record_taken(actor, request.campaign, made.rows, made.digest, request.purpose)
    return made


def record_taken(
    actor: Actor, campaign: Campaign | None, rows: int, digest: str, purpose: str
) -> None:
    """Keeps in the access log that a working file left the house."""
    audit.record_look(
        actor,
        Look.EXPORT,
        [],
        whose="account",
        on=("campaign", campaign.id) if campaign else ("", None),
        reason=purpose,
        count=rows,
        digest=digest,
    )


def make(
    actor: Actor, request: ExportRequest, *, notice: Callable[[int], None] | None = None
) -> ExportFile:
    """Makes the file without a trace: `log_working` must follow before a working file leaves. It says in
    itself who took it, when and what for. `notice` is told how far it is, in per cent. Errors as `build`.
    """
    check(actor, request)
    rows = 0
    paper = _write_paper(actor, request)
    if paper is not None:
        content = Content(paper)
    else:
        if notice:
            # before a row is read: rows are written while they are read, and nobody may commit meanwhile
            notice(50)
        counted = _Counted(_worded(row) for row in _rows(actor, request))
        content = _write_table(actor, request, counted)
        rows = counted.number
    return ExportFile(
        name=_name(request),
        content_type=CONTENT_TYPES[request.format],
        content=content.data,
        rows=rows,
        replaced=content.replaced,
    )


class _Counted:
    """Rows that can be gone through once, and how many there were: memory does not grow with them."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.number += 1
            yield row


def log_working(actor: Actor, request: ExportRequest, rows: int) -> None:
    """Writes a working file with its purpose to the log."""
    if request.working:
        audit.record(
            actor,
            Tag.EXPORT_MADE,
            "export",
            request.campaign.id if request.campaign else request.year,
            reason=request.purpose,
            diff={"kind": request.kind.value, "format": request.format.value, "rows": rows},
        )


def check(actor: Actor, request: ExportRequest) -> None:
    """Raises what `build` would raise before it reads a row."""
    policy.may_export(actor, working=request.working).require()
    if request.working and not request.purpose.strip():
        message = _l("Say what the file is for: a working file is logged with its purpose.")
        raise Invalid(Fault("purpose", "purpose_missing", message))
    if request.kind in WORKING_ONLY and not request.working:
        message = _l(
            "Of these there is no open file: choose the working one and say what it is for."
        )
        raise Invalid(Fault("choice", "working_only", message))
    if not is_offered(request.kind, request.format, working=request.working):
        message = _l("There is no such file. Choose another kind of file.")
        raise Invalid(Fault("format", "not_offered", message))
    if request.kind in {Kind.SHORTLIST, Kind.SHEETS, Kind.BALLOTS}:
        _round_of(request)


def count_rows(request: ExportRequest) -> int:
    """How many rows the file will have, as far as it is known without reading them."""
    if request.kind is Kind.IDEAS and request.campaign is not None:
        return queries.count_ideas(request.campaign, working=request.working)
    return 0


def mark_of(actor: Actor, request: ExportRequest) -> str:
    """What a working file says about itself; empty for an open one."""
    if not request.working:
        return ""
    return f"{actor.nickname} · {format_instant(clock.now())} · {request.purpose.strip()}"


def _rows(actor: Actor, request: ExportRequest) -> Iterator[dict[str, Any]]:
    if request.campaign is not None and request.kind is Kind.EVALUATIONS:
        return queries.iterate_evaluations(actor, request.campaign)
    if request.campaign is not None and request.kind is Kind.IDEAS:
        return queries.iterate_ideas(request.campaign, working=request.working)
    if request.campaign is not None and request.kind is Kind.SHORTLIST:
        return queries.iterate_shortlist(
            request.campaign, _round_of(request), working=request.working
        )
    if request.kind is Kind.BALLOTS:
        return queries.iterate_ballots(_round_of(request))
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
    return f"{what}_{about}{mark}_{clock.today():%Y%m%d}.{ending_of(request.format)}"


def _round_of(request: ExportRequest) -> Round:
    round_ = shortlists.find_published(request.campaign.id) if request.campaign else None
    if round_ is None:
        raise NotFound("no_shortlist", _l("This campaign has no published shortlist yet."))
    return round_


def _write_paper(actor: Actor, request: ExportRequest) -> bytes | None:
    """The ballots themselves, or the document of a page; None for what is a table of rows."""
    if request.format is Format.PB:
        return _ballots_of(actor, request)
    if request.format in {Format.PDF, Format.HWPX}:
        document = _describe(request)
        if document is not None:
            return write_document(document, request.format)
    return None


def _write_table(actor: Actor, request: ExportRequest, rows: Iterable[dict[str, Any]]) -> Content:
    return write_rows(
        request.format,
        _columns(request),
        rows,
        lang=request.lang,
        title=_title(request),
        kind=request.kind.value,
        mark=mark_of(actor, request),
    )


def _columns(request: ExportRequest) -> tuple[Column, ...]:
    if request.kind is Kind.EVALUATIONS and request.campaign is not None:
        return evaluation_columns(criteria_of(rules_of(request.campaign).evaluation_criteria))
    return columns_of(request.kind, working=request.working)


def _ballots_of(actor: Actor, request: ExportRequest) -> bytes:
    """The anonymous ballots of a published round, where there are enough of them to be a public file."""
    round_ = _round_of(request)
    if request.campaign is not None and not actor.is_system:
        least = rules_of(request.campaign).published_ballots_min
        shortlist_policy.may_download_ballots(
            actor, round_, published_min=least, is_auditor=False
        ).require()
    return round_.snapshot.encode()


def _describe(request: ExportRequest) -> Document | None:
    """The document of a page for an open file that has one; None for what is a plain table."""
    author = house_name("SITE_NAME")
    campaign = request.campaign
    if request.kind is Kind.REPORT and request.year:
        return describe_year(request.year, request.lang)
    if campaign is None or request.working:
        return None
    if request.kind is Kind.SHORTLIST:
        return shortlists.describe_round(_round_of(request), request.lang, author=author)
    if request.kind is Kind.BALLOTS:
        return queries.describe_ballots(_round_of(request), campaign, request.lang)
    if request.kind is Kind.SHEETS:
        elected = shortlists.list_elected(_round_of(request))
        found = queries.list_sheet_ideas(elected)
        return queries.describe_sheets(found, campaign, request.lang)
    return None


def describe_year(year: int, lang: Language) -> Document:
    """The report of a year as a document, with the charts of its last count if no record changed since."""
    found = reports.outcomes(year)
    return reports.describe_report(
        found,
        reports.find_outcomes(year - 1),
        reports.find_pictures(found, lang),
        reports.list_moved_since(found),
        lang=lang,
        author=house_name("SITE_NAME"),
    )
