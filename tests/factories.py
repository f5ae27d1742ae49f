"""Things that stories need, made as rows with as few words as possible."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, inspect, select
from sqlalchemy.orm import selectinload

from ideas_app.campaigns.models import Activity, Campaign, Field, Phase, PhaseKind
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.core.markup import render as render_anew
from ideas_app.ideas.models import Idea, Revision, State
from ideas_app.ideas.rules import order_keys
from ideas_app.programmes.models import Outcome, Programme

if TYPE_CHECKING:
    from ideas_app.core.actor import Actor

_numbers = count(1)
render = cache(render_anew)

_OPEN_IN: dict[PhaseKind, tuple[Activity, ...]] = {
    PhaseKind.ANNOUNCED: (),
    PhaseKind.GATHERING: (Activity.SUBMIT, Activity.COMMENT, Activity.SUPPORT),
    PhaseKind.PREPARING: (Activity.COMMENT,),
    PhaseKind.BALLOT: (Activity.COMMENT, Activity.BALLOT),
    PhaseKind.SHORTLISTING: (Activity.COMMENT,),
    PhaseKind.ANSWERING: (Activity.COMMENT, Activity.ANSWER),
    PhaseKind.TRACKING: (Activity.COMMENT, Activity.ANSWER),
    PhaseKind.CLOSED: (),
}
_LISTED = frozenset(State) - {
    State.SUBMITTED,
    State.RETURNED,
    State.HIDDEN,
    State.REJECTED,
    State.WITHDRAWN,
}

# plain rows: what a story needs first is made two thousand times in a run
_CAMPAIGN = insert(Campaign.__table__).returning(Campaign.__table__.c.id)
_PHASES = insert(Phase.__table__)
_FIELDS = insert(Field.__table__)
_REVISION = insert(Revision.__table__)


def make_campaign(
    slug: str = "ideas-2026",
    phase: PhaseKind = PhaseKind.GATHERING,
    *,
    settings: dict[str, Any] | None = None,
    eligibility: dict[str, Any] | None = None,
) -> Campaign:
    """A campaign whose given phase is now: earlier phases are past, later ones to come, each ten days long."""
    kinds = list(PhaseKind)
    now = clock.now()
    with transaction() as current:
        made = current.execute(
            _CAMPAIGN,
            {
                "slug": slug,
                "title": "2026 청년정책 아이디어",
                "title_en": "Youth policy ideas 2026",
                "text": "군산에서 느낀 불편과 바람을 들려주세요.",
                "year": 2026,
                "created_at": now - timedelta(days=100),
                "settings": settings or {},
                "eligibility": eligibility or {},
            },
        ).scalar_one()
        starts = [
            now + timedelta(days=10 * (position - kinds.index(phase)) - 5)
            for position in range(len(kinds))
        ]
        current.execute(
            _PHASES,
            [
                {
                    "campaign_id": made,
                    "position": position,
                    "kind": kind.value,
                    "title": kind.value,
                    "title_en": kind.value.title(),
                    "starts_at": starts[position],
                    "ends_at": starts[position] + timedelta(days=10),
                    "activities": [activity.value for activity in _OPEN_IN[kind]],
                }
                for position, kind in enumerate(kinds)
            ],
        )
        current.execute(
            _FIELDS,
            [
                {"campaign_id": made, "position": at, "key": key, "name": name, "name_en": english}
                for at, (key, name, english) in enumerate(
                    (
                        ("job", "일자리", "Jobs"),
                        ("home", "주거", "Housing"),
                        ("move", "교통", "Transport"),
                    )
                )
            ],
        )
    return reload(Campaign, made)


def reload(kind: type[Any], key: int) -> Any:
    """The row as the database has it now, with every relation that is not asked for closed."""
    query = select(kind).where(kind.id == key)
    if kind is Campaign:
        query = query.options(selectinload(Campaign.phases), selectinload(Campaign.fields))
    return session().scalars(query.execution_options(populate_existing=True)).one()


_PLACE = select(
    Field.__table__.c.id,
    select(func.max(Idea.number))
    .where(Idea.campaign_id == bindparam("campaign_id"))
    .scalar_subquery(),
).where(
    Field.__table__.c.campaign_id == bindparam("campaign_id"),
    Field.__table__.c.position == bindparam("position"),
)
"""A field of a campaign by its place, and the highest number of an idea there."""


def make_idea(
    author: Actor,
    campaign: Campaign,
    *,
    title: str | None = None,
    why: str = "막차가 열 시에 끊겨서 야간 근무자는 택시를 타야 해요.",
    how: str = "금요일과 토요일만이라도 한 시간 늦춰 주세요.",
    state: State = State.PUBLISHED,
    field: int = 0,
    programme: Programme | None = None,
) -> Idea:
    """An idea as a row in the given state, with its first revision."""
    number = next(_numbers)
    title = title or f"버스 막차를 밤 열한 시 반까지 늦춰 주세요 {number}"
    now = clock.now()
    # its attributes may have expired: asking for them would load them all
    campaign_id = inspect(campaign).identity[0] if isinstance(campaign, Campaign) else campaign.id
    with transaction() as current:
        field_id, number_before = current.execute(
            _PLACE, {"campaign_id": campaign_id, "position": field}
        ).one()
        decided = state is not State.SUBMITTED
        published_at = now if state in _LISTED else None
        rated, rising, debated = order_keys(0, 0, 0, published_at)
        idea = Idea(
            campaign_id=campaign_id,
            number=(number_before or 0) + 1,
            field_id=field_id,
            author_id=author.id,
            programme_id=programme.id if programme else None,
            title=title,
            why=why,
            how=how,
            why_html=render(why),
            how_html=render(how),
            state=state,
            is_listed=state in _LISTED,
            submitted_at=now,
            decided_at=now if decided else None,
            published_at=published_at,
            active_at=now,
            rated_key=rated,
            rising_key=rising,
            debated_key=debated,
        )
        current.add(idea)
        current.flush()
        made = idea.id
        current.execute(
            _REVISION,
            {
                "idea_id": made,
                "version": 1,
                "title": title,
                "why": why,
                "how": how,
                "editor_id": author.id,
                "made_at": now,
            },
        )
    return reload(Idea, made)  # type: ignore[no-any-return]


def make_programme(slug: str = "ai-pot-2", **more: Any) -> Programme:
    """A programme of 2026."""
    values: dict[str, Any] = {
        "title": "AI-POT 2급 과정",
        "title_en": "AI-POT grade 2 course",
        "year": 2026,
        "outcome": Outcome.CERTIFICATE,
        "created_at": clock.now(),
        **more,
    }
    with transaction() as current:
        programme = Programme(slug=slug, **values)
        current.add(programme)
    return reload(Programme, programme.id)  # type: ignore[no-any-return]
