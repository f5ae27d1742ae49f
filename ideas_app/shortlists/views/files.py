"""What can be taken along to count again: the ballots, the signed list, the counting program."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Response

from ideas_app.adapters.formats.pdf import write_pdf
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists import policy, queries, service
from ideas_app.shortlists.rules import verifier_source
from ideas_app.shortlists.views.frame import blueprint, readable
from ideas_app.web.access import current_actor, public
from ideas_app.web.i18n import locale_code
from ideas_app.web.replicas import may_lag
from ideas_app.web.templating import house_name

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from ideas_app.adapters.formats import Language
    from ideas_app.shortlists.models import Round


@blueprint.get("/shortlists/<int:round_id>/ballots.pb")
@public
@may_lag
def ballots(round_id: int) -> ResponseReturnValue:
    """The anonymous ballots, from which anybody can count again; of a small round for its auditors,
    and then it is noted.
    """
    actor, round_ = current_actor(), _counted(round_id)
    least = rules_of(campaigns.get_by_id(round_.campaign_id)).published_ballots_min
    is_auditor = queries.is_auditor(actor, round_)
    policy.may_download_ballots(actor, round_, published_min=least, is_auditor=is_auditor).require()
    text, name, digest = round_.snapshot, f"{round_.lot}-{round_.id}.pb", round_.digest
    if round_.ballots < least:
        with transaction():
            service.note_reading(actor, queries.get_round(round_id))
    return _file(text.encode(), name, "text/plain; charset=utf-8", digest=digest)


@blueprint.get("/shortlists/<int:round_id>/list.json")
@public
@may_lag
def list_text(round_id: int) -> ResponseReturnValue:
    """The list with its changes and reasons: the very bytes whose digest two people signed."""
    round_ = _counted(round_id)
    name = f"{round_.lot}-{round_.id}-list.json"
    digest = queries.seal_of(round_)
    return _file(
        queries.list_text_of(round_), name, "application/json; charset=utf-8", digest=digest
    )


@blueprint.get("/shortlists/recount.py")
@public
def verifier() -> ResponseReturnValue:
    """The counting program: one file for a bare Python, made of the very arithmetic that counts here."""
    source = verifier_source().encode()
    digest = sha256(source).hexdigest()
    return _file(source, "recount.py", "text/x-python; charset=utf-8", digest=digest)


@blueprint.get("/shortlists/<int:round_id>/shortlist.pdf")
@public
@may_lag
def pdf(round_id: int) -> ResponseReturnValue:
    """The page as a document, for the council's papers."""
    round_ = _counted(round_id)
    author = house_name("SITE_NAME")
    content = write_pdf(queries.describe_round(round_, _language(), author=author))
    name = f"{round_.lot}-{round_.id}.pdf"
    return _file(content, name, "application/pdf", digest=sha256(content).hexdigest())


def _language() -> Language:
    return "en" if locale_code() == "en" else "ko"


def _counted(round_id: int) -> Round:
    round_ = readable(round_id)
    if not round_.digest:
        raise NotFound("not_counted", _l("This round has not been counted."))
    return round_


def _file(content: bytes, name: str, kind: str, *, digest: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(digest)
    return response
