"""Shortlists: the rounds, what each elected and why, the ballots to count again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from marshmallow import fields

from ideas_app.api.fields import Instant
from ideas_app.api.operation import Asked, Example, operation
from ideas_app.api.shapes import Shape, address, many_of, one_of, page_of
from ideas_app.campaigns import queries as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.core.db import transaction
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.shortlists import policy, queries, service
from ideas_app.shortlists.models import RoundState, Source
from ideas_app.shortlists.views.frame import readable
from ideas_app.web.access import current_actor
from ideas_app.web.email import link

if TYPE_CHECKING:
    from ideas_app.campaigns.models import Campaign
    from ideas_app.shortlists.models import Round
    from ideas_app.shortlists.queries import Figures, RoundPage, Shown

_WAITING = frozenset({RoundState.ASKED, RoundState.FAILED})


class ShortlistSummary(Shape):
    """A round in the list."""

    id = fields.Integer()
    url = address()
    campaign = fields.String(metadata={"description": "Slug."})
    state = fields.String(metadata={"enum": [each.value for each in RoundState]})
    rule = fields.String()
    completion = fields.String()
    source = fields.String(metadata={"enum": [each.value for each in Source]})
    seats = fields.Integer()
    ballots = fields.Integer(metadata={"description": "Counted, without empty ones."})
    empty = fields.Integer()
    computed_at = Instant()
    published_at = Instant(allow_none=True)


class Entry(Shape):
    """A place of the list, as it is public: the computed list with the changes by hand."""

    rank = fields.Integer()
    project = fields.String(metadata={"description": "Its id in the ballot file: `i17`, `f3`."})
    idea = fields.Integer(allow_none=True)
    family = fields.Integer(allow_none=True)
    title = fields.String(metadata={"description": "As it stood at the vote."})
    approvals = fields.Integer()
    computed_rank = fields.Integer(
        allow_none=True, metadata={"description": "null where people put it on the list."}
    )
    top_rank = fields.Integer(
        allow_none=True, metadata={"description": "Its place by most approvals; null: it has none."}
    )


class Change(Shape):
    """A change by hand, with its public reason."""

    kind = fields.String(metadata={"enum": ["in", "out"]})
    project = fields.String()
    title = fields.String()
    reason = fields.String()
    made_at = Instant()


class ListFigures(Shape):
    """What a list gives to the voters."""

    covered = fields.Integer(metadata={"description": "Voters with an idea of theirs on it."})
    voters = fields.Integer()
    mean = fields.Float(metadata={"description": "Ideas of theirs on it, on average."})
    jr = fields.Boolean(metadata={"description": "Justified representation holds."})
    ejr_plus = fields.Boolean(metadata={"description": "EJR+ holds."})


class Shortlist(ShortlistSummary):
    """A counted round. `entries` is empty while it waits to be counted."""

    digest = fields.String(metadata={"description": "SHA-256 of the ballot file; empty: none yet."})
    list_digest = fields.String(
        allow_none=True, metadata={"description": "SHA-256 of the list that two people signed."}
    )
    entries = many_of(Entry)
    changes = many_of(Change)
    figures = one_of(ListFigures, allow_none=True)
    plain_top = one_of(
        ListFigures,
        allow_none=True,
        metadata={"description": "The same of the plain list of most approvals."},
    )
    ballots_url = address(
        allow_none=True, metadata={"description": "The ballot file; null where it is not public."}
    )


ShortlistList = page_of(ShortlistSummary, "ShortlistList")


@operation("GET", "/shortlists", answer=ShortlistList)
def list_shortlists(asked: Asked) -> Any:
    """List the published shortlists.

    The newest first, on one page.
    """
    del asked
    rows = queries.list_rounds(published_only=True)
    return {"items": [_summary(each.round, each.campaign) for each in rows], "next": None}


@operation(
    "GET",
    "/shortlists/<int:round_id>",
    answer=Shortlist,
    errors=("no_round",),
    example=Example(path={"round_id": 1}),
)
def get_shortlist(asked: Asked, round_id: int) -> Any:
    """Read a shortlist.

    The places in their order, the changes by hand with their reasons, and what the list gives to the voters beside
    the plain list of most approvals. Before it is published it is there for staff only.
    """
    del asked
    return shortlist_shape(readable(round_id))


@operation(
    "GET",
    "/shortlists/<int:round_id>/ballots.pb",
    kind="text/plain",
    errors=("no_round", "not_counted", "too_few_ballots"),
    example=Example(path={"round_id": 1}),
)
def get_ballots(asked: Asked, round_id: int) -> Any:
    """Download the ballots.

    A Pabulib file of anonymous ballots, from which anybody can count again. Of a small round only its named
    auditors get it, and it is noted.
    """
    del asked
    actor, round_ = current_actor(), readable(round_id)
    if not round_.digest:
        raise NotFound("not_counted", _l("This round has not been counted."))
    least = rules_of(campaigns.get_by_id(round_.campaign_id)).published_ballots_min
    is_auditor = queries.is_auditor(actor, round_)
    policy.may_download_ballots(actor, round_, published_min=least, is_auditor=is_auditor).require()
    written, is_small = round_.snapshot, round_.ballots < least
    if is_small:
        with transaction():
            service.note_reading(actor, queries.get_round(round_id))
    return Response(written, content_type="text/plain; charset=utf-8")


def shortlist_shape(round_: Round) -> dict[str, Any]:
    """A round that the reader may see, in its shape."""
    campaign = campaigns.get_by_id(round_.campaign_id)
    told = {
        **_summary(round_, campaign),
        "digest": round_.digest,
        "list_digest": round_.list_digest,
        "entries": [],
        "changes": [],
        "figures": None,
        "plain_top": None,
        "ballots_url": None,
    }
    if round_.state in _WAITING:
        return told
    shown = queries.read_page(round_)
    may = policy.may_download_ballots(
        current_actor(),
        round_,
        published_min=rules_of(campaign).published_ballots_min,
        is_auditor=queries.is_auditor(current_actor(), round_),
    )
    return {
        **told,
        "entries": [_entry(place, each) for place, each in enumerate(shown.final, start=1)],
        "changes": _changes(shown),
        "figures": _figures(shown.ours),
        "plain_top": _figures(shown.plain),
        "ballots_url": link("api.get_ballots", round_id=round_.id) if may else None,
    }


def _summary(round_: Round, campaign: Campaign) -> dict[str, Any]:
    names = ("id", "rule", "completion", "seats", "ballots", "empty", "computed_at", "published_at")
    return {
        **{name: getattr(round_, name) for name in names},
        "url": link("shortlists.show", round_id=round_.id),
        "campaign": campaign.slug,
        "state": round_.state.value,
        "source": round_.source.value,
    }


def _entry(place: int, shown: Shown) -> dict[str, Any]:
    entry = shown.entry
    return {
        "rank": place,
        "project": entry.project,
        "idea": entry.idea_id,
        "family": entry.family_id,
        "title": str(shown.title),
        "approvals": entry.approvals,
        "computed_rank": entry.rank,
        "top_rank": entry.top_rank,
    }


def _changes(shown: RoundPage) -> list[dict[str, Any]]:
    return [
        {
            "kind": "out" if each.is_out else "in",
            "project": each.shown.entry.project,
            "title": str(each.shown.title),
            "reason": each.reason,
            "made_at": each.made_at,
        }
        for each in shown.changes
    ]


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "covered": figures.covered,
        "voters": figures.n,
        "mean": round(float(figures.mean), 4),
        "jr": figures.jr,
        "ejr_plus": figures.ejr_plus,
    }
