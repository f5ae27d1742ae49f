"""What waits at the desk, longest first, in bands of working days. Must not change anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, join, or_, select
from sqlalchemy.orm import aliased

from ideas_app.accounts.models import Account
from ideas_app.adapters.holidays import is_day_off
from ideas_app.campaigns.models import Campaign, Field
from ideas_app.campaigns.rules import CampaignRules, rules_of
from ideas_app.comments.models import Comment
from ideas_app.core import clock
from ideas_app.core.columns import Instant
from ideas_app.core.db import session
from ideas_app.core.paging import decode_cursor, encode_cursor
from ideas_app.core.workdays import working_days_between
from ideas_app.ideas.models import Idea, State
from ideas_app.ideas.rules import shown_number as number_of
from ideas_app.moderation.models import Appeal, DeskLock, Flag, Objection
from ideas_app.moderation.queries.filters import Filters, Tab, Whose
from ideas_app.moderation.rules import Band, Item, band_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Row, Select

PAGE = 60
"""Rows of the list at once: more than anybody reads, few enough to draw quickly."""


_STATE_OF = {Tab.NEW: State.SUBMITTED, Tab.RETURNED: State.RETURNED, Tab.HIDDEN: State.HIDDEN}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One waiting thing: `key` is the id of the idea, flag or appeal, by the tab."""

    key: int
    idea_id: int
    title: str
    number: str
    field: Field
    nickname: str
    since_at: datetime
    waited: int
    """Working days since then."""
    target: int
    """Working days within which the campaign wants it read."""
    band: Band
    flag_code: str | None = None
    is_comment: bool = False
    opened_by: str | None = None
    """The nickname of whoever has it open now."""
    opener_id: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the list, and the cursor of the rest."""

    rows: list[QueueRow] = field(default_factory=list)
    next: str | None = None

    def bands(self) -> list[tuple[Band, list[QueueRow]]]:
        """The rows by band, longest waits first; empty bands left out."""
        grouped = [(band, [row for row in self.rows if row.band is band]) for band in Band]
        return [(band, rows) for band, rows in grouped if rows]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, by list."""

    new: int
    flags: int
    appeals: int
    comments: int
    returned: int
    hidden: int
    objections: int

    @property
    def moderation(self) -> int:
        """What a moderator has to act on: returned ideas wait for their authors."""
        return self.new + self.flags + self.appeals + self.comments

    def bar(self) -> dict[str, int]:
        """The counts of the staff bar, by section."""
        return {"moderation": self.moderation, "families": self.objections}


def count_waiting() -> Waiting:
    """All counts of the desk in one statement."""

    def ideas(state: State) -> Any:
        return select(func.count(Idea.id)).where(Idea.state == state).scalar_subquery()

    def unsettled(kind: type[Flag | Appeal | Objection], *where: ColumnElement[bool]) -> Any:
        query = select(func.count(kind.id)).where(kind.settled_at.is_(None), *where)
        return query.scalar_subquery()

    row = (
        session()
        .execute(
            select(
                ideas(State.SUBMITTED),
                unsettled(Flag, Flag.comment_id.is_(None)),
                unsettled(Appeal),
                unsettled(Flag, Flag.comment_id.is_not(None)),
                ideas(State.RETURNED),
                ideas(State.HIDDEN),
                unsettled(Objection),
            )
        )
        .one()
    )
    return Waiting(*row)


def list_queue(filters: Filters, *, limit: int = PAGE, actor_id: int | None = None) -> Queue:
    """What waits under the filters, longest first; a cursor where more follows.

    `actor_id` is whose `own` rows are.
    """
    query, since, key = _query(filters, actor_id)
    after = _position(filters.after)
    if after:
        query = query.where(_beyond(since, key, *after))
    rows = session().execute(query.order_by(since, key).limit(limit + 1)).all()
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = encode_cursor(last.since_at.isoformat(), last.key)
    return Queue(_rows_of(rows[:limit]), more)


def shown_number(idea: Idea) -> str:
    """The number under which people know an idea, as in `2026-017`; its campaign must be loaded."""
    return number_of(idea.campaign.year, idea.number)


def waits_since(idea: Idea) -> datetime:
    """Since when an idea stands in its list: since it came, or since it was decided on."""
    if idea.state is State.SUBMITTED or idea.decided_at is None:
        return idea.submitted_at
    return idea.decided_at


def row_of(idea: Idea) -> QueueRow:
    """One idea (author, campaign and field loaded) as the list would show it: how long it waits."""
    since_at = waits_since(idea)
    waited = working_days_between(clock.local_date(since_at), clock.today(), is_day_off)
    target = rules_of(idea.campaign).review_target_days
    return QueueRow(
        key=idea.id,
        idea_id=idea.id,
        title=idea.title,
        number=shown_number(idea),
        field=idea.field,
        nickname=idea.pen_name or idea.author.nickname,
        since_at=since_at,
        waited=waited,
        target=target,
        band=band_of(waited, target),
    )


def find_next(
    filters: Filters, since_at: datetime, key: int, *, actor_id: int | None = None
) -> int | None:
    """The key of what waits next after a thing just decided, else of the first, else None.

    With `actor_id`, what a colleague has open is passed over.
    """
    query, since, column = _query(filters, actor_id)
    if actor_id is not None:
        query = query.where(_not_of_others(actor_id))
    ordered = query.order_by(since, column).limit(1)
    found = session().execute(ordered.where(_beyond(since, column, since_at, key))).first()
    found = found or session().execute(ordered).first()
    return found.key if found else None


def list_campaigns() -> Sequence[tuple[str, str, str]]:
    """Slug, title and English title of every campaign, newest first: for the filter."""
    rows = session().execute(
        select(Campaign.slug, Campaign.title, Campaign.title_en).order_by(Campaign.id.desc())
    )
    return [(row.slug, row.title, row.title_en) for row in rows]


def list_fields(campaign: str = "") -> list[Field]:
    """The fields of a campaign (its slug), or those of the newest campaign: for the filter."""
    chosen = select(Campaign.id).order_by(Campaign.id.desc()).limit(1)
    if campaign:
        chosen = select(Campaign.id).where(Campaign.slug == campaign)
    query = select(Field).where(Field.campaign_id == chosen.scalar_subquery())
    return list(session().scalars(query.order_by(Field.position)))


def _position(cursor: str) -> tuple[datetime, int] | None:
    """The place in the list that a cursor names; None for a missing or spoilt one."""
    parts = decode_cursor(cursor, str, int)
    if parts is None:
        return None
    try:
        since_at = datetime.fromisoformat(str(parts[0]))
    except ValueError:
        return None
    return (since_at, int(parts[1])) if since_at.tzinfo else None


def _beyond(since: Any, key: Any, since_at: datetime, last: int) -> ColumnElement[bool]:
    return or_(since > since_at, and_(since == since_at, key > last))


def _query(filters: Filters, actor_id: int | None = None) -> tuple[Select[Any], Any, Any]:
    """The list of a tab, with the columns that order it: since when, and the id."""
    if filters.tab in {Tab.FLAGS, Tab.COMMENTS}:
        query, since, key = _flags_query(on_comments=filters.tab is Tab.COMMENTS)
    elif filters.tab is Tab.APPEALS:
        since, key = Appeal.filed_at, Appeal.id
        source = join(Appeal, Idea, Idea.id == Appeal.idea_id)
        query = _columns(since, key).select_from(source)
        query = query.where(Appeal.settled_at.is_(None))
    else:
        key = Idea.id
        # what was decided waits since then; what was not, since it came
        decided = func.coalesce(Idea.decided_at, Idea.submitted_at, type_=Instant())
        since = Idea.submitted_at if filters.tab is Tab.NEW else decided
        query = _columns(since, key).select_from(Idea)
        query = query.where(Idea.state == _STATE_OF[filters.tab])
    if filters.campaign:
        query = query.where(Campaign.slug == filters.campaign)
    if filters.field:
        query = query.where(Field.key == filters.field)
    query = _with_locks(query, filters.item, key)
    if filters.band:
        query = query.where(_band_clause(filters.band, since))
    if filters.whose is Whose.OWN:
        query = query.where(DeskLock.account_id == actor_id)
    elif filters.whose is Whose.FREE:
        query = query.where(_not_of_others(actor_id))
    return query, since, key


def _with_locks(query: Select[Any], item: Item, key: Any) -> Select[Any]:
    """Who has each row open, beside it."""
    is_open = and_(
        DeskLock.kind == item.value, DeskLock.thing_id == key, DeskLock.until > clock.now()
    )
    opener = aliased(Account)
    return (
        query.outerjoin(DeskLock, is_open)
        .outerjoin(opener, opener.id == DeskLock.account_id)
        .add_columns(opener.nickname.label("opened_by"), DeskLock.account_id.label("opener_id"))
    )


def _not_of_others(actor_id: int | None) -> ColumnElement[bool]:
    return or_(DeskLock.account_id.is_(None), DeskLock.account_id == actor_id)


def _band_clause(band: Band, since: Any) -> ColumnElement[bool]:
    """The rows of a band: each campaign has its own target, so each has its own days. One statement more."""
    return or_(
        *(
            and_(Idea.campaign_id == campaign.id, _band_days(band, rules_of(campaign), since))
            for campaign in session().scalars(select(Campaign))
        ),
        false(),
    )


def _band_days(band: Band, rules: CampaignRules, since: Any) -> ColumnElement[bool]:
    due_from = clock.day_start(_earliest(rules.review_target_days))
    fresh_from = clock.day_start(_earliest(rules.review_target_days - 1))
    if band is Band.LATE:
        return since < due_from  # type: ignore[no-any-return]  # a column that is not typed
    if band is Band.DUE:
        return and_(since >= due_from, since < fresh_from)
    return since >= fresh_from  # type: ignore[no-any-return]  # a column that is not typed


def _earliest(waited: int) -> date:
    """The earliest day since which no more than so many working days have passed; tomorrow below 0."""
    day = clock.today() + timedelta(days=1)
    while working_days_between(day - timedelta(days=1), clock.today(), is_day_off) <= waited:
        day -= timedelta(days=1)
    return day


def _columns(since: Any, key: Any) -> Select[Any]:
    """The columns of a row; to be selected from whatever leads to `Idea`."""
    return (
        select(
            key.label("key"),
            since.label("since_at"),
            Idea.id.label("idea_id"),
            Idea.title,
            Idea.number,
            Campaign,
            Field,
            func.coalesce(Idea.pen_name, Account.nickname).label("nickname"),
        )
        .join(Campaign, Campaign.id == Idea.campaign_id)
        .join(Field, Field.id == Idea.field_id)
        .join(Account, Account.id == Idea.author_id)
    )


def _flags_query(*, on_comments: bool) -> tuple[Select[Any], Any, Any]:
    """Open flags on ideas or on comments; a comment shows its words and stands with its idea."""
    since, key = Flag.raised_at, Flag.id
    source = join(Flag, Comment, Comment.id == Flag.comment_id, isouter=True).join(
        Idea, Idea.id == func.coalesce(Flag.idea_id, Comment.idea_id)
    )
    query = _columns(since, key).select_from(source).where(Flag.settled_at.is_(None))
    query = query.where(Flag.comment_id.is_not(None) if on_comments else Flag.comment_id.is_(None))
    more = (Flag.code, Flag.comment_id, Comment.text.label("comment_text"))
    return query.add_columns(*more), since, key


def _rows_of(rows: Sequence[Row[Any]]) -> list[QueueRow]:
    today = clock.today()
    rules: dict[int, CampaignRules] = {}
    made = []
    for row in rows:
        target = rules.setdefault(row.Campaign.id, rules_of(row.Campaign)).review_target_days
        waited = working_days_between(clock.local_date(row.since_at), today, is_day_off)
        comment_id = getattr(row, "comment_id", None)
        made.append(
            QueueRow(
                key=row.key,
                idea_id=row.idea_id,
                title=row.comment_text[:80] if comment_id else row.title,
                number=number_of(row.Campaign.year, row.number),
                field=row.Field,
                nickname=row.nickname,
                since_at=row.since_at,
                waited=waited,
                target=target,
                band=band_of(waited, target),
                flag_code=getattr(row, "code", None),
                is_comment=comment_id is not None,
                opened_by=row.opened_by,
                opener_id=row.opener_id,
            )
        )
    return made
