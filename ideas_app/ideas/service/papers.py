"""Ideas from paper and from before, entered for the centre and published at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ideas_app.accounts import queries as accounts
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.permissions import Permission
from ideas_app.core.verdict import ALLOWED, Verdict, refuse
from ideas_app.ideas import queries
from ideas_app.ideas.models import State
from ideas_app.ideas.rules import on_paper, sheet_faults
from ideas_app.ideas.service.life import build, change_state, keep_version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.actor import Actor
    from ideas_app.ideas.models import Idea
    from ideas_app.ideas.rules import PaperIdea, SheetSource

_NOON = 12
"""The hour at which a sheet of paper counts as received: only its day is known."""


@dataclass(frozen=True, slots=True)
class PaperReport:
    """How many sheets came in anew, and how many the campaign had already."""

    new: int
    same: int


def import_papers(
    actor: Actor,
    campaign: Campaign,
    papers: Iterable[PaperIdea],
    keeper: Account,
    *,
    dry_run: bool = False,
) -> PaperReport:
    """Enters paper ideas, published, under the names on the paper; a dry run only counts.

    `keeper` is the staff account that stands behind them; it does not become their author. A sheet that
    the campaign has (same title, name and day) is passed over. Phases are not asked: paper comes
    before, during and after. Raises `Refused`.
    """
    _may_enter(actor).require()
    first = queries.next_number(campaign.id)
    known = queries.list_paper_keys(campaign.id)
    new: list[PaperIdea] = []
    same = 0
    for paper in papers:
        if paper.key in known:
            same += 1
        else:
            known.add(paper.key)
            new.append(paper)
    if not dry_run:
        for number, paper in enumerate(new, start=first):
            _enter(actor, campaign, paper, keeper, number)
    return PaperReport(len(new), same)


def enter_sheet(
    actor: Actor,
    campaign: Campaign,
    paper: PaperIdea,
    source: SheetSource,
    *,
    has_consented: bool,
    consent_note: str = "",
) -> Idea:
    """Enters one idea that came on paper, by phone or at an event, by the rules of `import_papers`.

    Published at once under the name on the sheet, or that of the event. That the person agreed to it, and
    how, stands in the log; nothing else of them is kept. Raises `Refused`, `Invalid` with every fault.
    """
    _may_enter(actor).require()
    rules = on_paper(rules_of(campaign))
    keys = {field.key for field in campaign.fields}
    day = paper.written_on if paper.written_on <= clock.today() else None
    faults = sheet_faults(paper.content, paper.pen_name, day, rules, keys)
    if not has_consented:
        message = _l("Without the person's consent the idea cannot be published. Please ask first.")
        faults.append(Fault("has_consented", "no_consent", message))
    number = queries.next_number(campaign.id)
    if paper.key in queries.list_paper_keys(campaign.id):
        message = _l("An idea with this title, name and day has been entered already.")
        faults.append(Fault("title", "same_sheet", message))
    if faults:
        raise Invalid(*faults)
    keeper = accounts.get_account(actor.id)
    consent = text.one_line(consent_note)
    about = {"source": source.value, "consent": consent or True}
    return _enter(actor, campaign, paper, keeper, number, about)


def _may_enter(actor: Actor) -> Verdict:
    if actor.has(Permission.IDEA_MODERATE):
        return ALLOWED
    return refuse("not_permitted", _l("Only moderators enter ideas from paper."))


def _enter(
    actor: Actor,
    campaign: Campaign,
    paper: PaperIdea,
    keeper: Account,
    number: int,
    about: dict[str, Any] | None = None,
) -> Idea:
    received = _noon(paper.written_on)
    field = queries.find_field(campaign, paper.content.field)
    assert field is not None  # noqa: S101  # the sheet was checked
    idea = build(
        campaign,
        paper.content,
        number=number,
        author_id=keeper.id,
        at=received,
        field_id=field.id,
    )
    idea.pen_name = paper.pen_name
    session().add(idea)
    session().flush()
    keep_version(idea, editor_id=keeper.id, by_staff=False)
    change_state(idea, State.PUBLISHED)
    audit.record(actor, Tag.IDEA_IMPORTED, "idea", idea.id, diff=about)
    return idea


def _noon(day: date) -> datetime:
    return min(clock.day_start(day, _NOON), clock.now())
