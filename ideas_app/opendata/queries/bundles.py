"""Kept bundles: the present ones, the archive, and whether a file may still be handed out."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from ideas_app.answers.models import Answer
from ideas_app.campaigns.models import Campaign
from ideas_app.core.db import session
from ideas_app.core.errors import NotFound
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.ideas.models import Idea
from ideas_app.ideas.queries import readable_clause
from ideas_app.opendata.models import PRESENT, OpenBundle
from ideas_app.shortlists import queries as shortlists

if TYPE_CHECKING:
    from collections.abc import Sequence


def find_bundle(campaign_id: int, lang: str, edition: int = PRESENT) -> OpenBundle | None:
    """The bundle of a campaign in a language, without its content."""
    return session().scalar(
        select(OpenBundle).where(
            OpenBundle.campaign_id == campaign_id,
            OpenBundle.lang == lang,
            OpenBundle.edition == edition,
        )
    )


def get_bundle(slug: str, lang: str, edition: int = PRESENT) -> OpenBundle:
    """The bundle of an address, with its campaign. Raises `NotFound`."""
    found = session().scalar(
        select(OpenBundle)
        .join(OpenBundle.campaign)
        .where(Campaign.slug == slug, OpenBundle.lang == lang, OpenBundle.edition == edition)
        .options(contains_eager(OpenBundle.campaign))
    )
    if found is None:
        raise NotFound("no_data", _l("There is no such data yet."))
    return found


def read_content(bundle: OpenBundle) -> bytes:
    """The ZIP file of a bundle."""
    query = select(OpenBundle.content).where(OpenBundle.id == bundle.id)
    return session().scalars(query).one()


def list_present(lang: str) -> Sequence[OpenBundle]:
    """The present bundles in a language, the newest campaign first, each with its campaign."""
    return _listed(lang, OpenBundle.edition == PRESENT)


def list_archived(lang: str, year: int | None = None) -> Sequence[OpenBundle]:
    """Editions that are kept for good, the newest first; of one year or of all."""
    clauses = [OpenBundle.edition > PRESENT]
    if year is not None:
        clauses.append(Campaign.year == year)
    return _listed(lang, *clauses)


def _listed(lang: str, *clauses: object) -> Sequence[OpenBundle]:
    query = (
        select(OpenBundle)
        .join(OpenBundle.campaign)
        .where(OpenBundle.lang == lang, *clauses)  # type: ignore[arg-type]  # clauses they are
        .options(contains_eager(OpenBundle.campaign))
        .order_by(Campaign.year.desc(), Campaign.id.desc(), OpenBundle.edition.desc())
    )
    return session().scalars(query).all()


def find_newest_edition(campaign_id: int, lang: str) -> OpenBundle | None:
    """The last edition that was kept of a campaign, without its content."""
    query = select(OpenBundle).where(
        OpenBundle.campaign_id == campaign_id,
        OpenBundle.lang == lang,
        OpenBundle.edition > PRESENT,
    )
    return session().scalar(query.order_by(OpenBundle.edition.desc()).limit(1))


def is_withheld(bundle: OpenBundle) -> bool:
    """Whether an idea whose text a bundle holds is not on the public list any more, for whatever reason.

    Two statements along an index: asked for each file, so that nothing hidden is handed out for a moment.
    """
    holds = select(OpenBundle.holds).where(OpenBundle.id == bundle.id)
    listed = select(Idea.id).where(Idea.campaign_id == bundle.campaign_id, Idea.is_listed)
    return not set(session().scalars(holds).one()) <= set(session().scalars(listed))


def find_changed_editions() -> list[str]:
    """Kept editions whose file is not what their fingerprint says any more, one line each."""
    query = (
        select(Campaign.slug, OpenBundle.edition, OpenBundle.lang, OpenBundle.id, OpenBundle.digest)
        .join(OpenBundle.campaign)
        .where(OpenBundle.edition > PRESENT)
        .order_by(OpenBundle.id)
    )
    faults = []
    for slug, edition, lang, bundle_id, digest in session().execute(query).all():
        content = (
            session().scalars(select(OpenBundle.content).where(OpenBundle.id == bundle_id)).one()
        )
        if sha256(content).hexdigest() != digest:
            faults.append(
                f"{slug}, edition {edition} ({lang}): the file is not the one that was kept"
            )
    return faults


def list_campaigns_with_data() -> Sequence[Campaign]:
    """Campaigns with at least one idea that everybody may read, the newest first, with phases and fields."""
    has_ideas = select(Idea.id).where(Idea.campaign_id == Campaign.id, readable_clause()).exists()
    query = (
        select(Campaign)
        .where(has_ideas)
        .options(selectinload(Campaign.phases), selectinload(Campaign.fields))
        .order_by(Campaign.year.desc(), Campaign.id.desc())
    )
    return session().scalars(query).all()


def is_wholly_answered(campaign: Campaign) -> bool:
    """Whether everything on the published shortlist has its official answer."""
    round_ = shortlists.find_published(campaign.id)
    if round_ is None:
        return False
    elected = shortlists.list_elected(round_)
    about = or_(
        Answer.idea_id.in_([one.idea_id for one in elected if one.idea_id]),
        Answer.family_id.in_([one.family_id for one in elected if one.family_id]),
    )
    answered = select(func.count(Answer.id)).where(Answer.answered_at.is_not(None), about)
    return bool(elected) and session().scalar(answered) == len(elected)
