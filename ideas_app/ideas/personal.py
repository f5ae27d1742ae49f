"""What ideas keep of a person: ideas with their versions, drafts, follows, and what they said while reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ideas_app.core.db import session
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.personal import Balance, Column, Holding, Room, Texts, Trace, declare
from ideas_app.ideas import service
from ideas_app.ideas.models import Draft, Follow, Idea, Reading, Revision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ideas_app.core.personal import Rows


def read_ideas(account_id: int) -> Rows:
    """The person's own ideas, as they stand now."""
    for idea in service.list_own(account_id):
        names = ("id", "title", "why", "how", "neighbourhood", "state_reason", "version")
        dates = ("submitted_at", "published_at", "edited_at", "decided_at")
        counts = ("supports_count", "comments_count", "readers_count")
        yield {
            **{name: getattr(idea, name) for name in (*names, *dates, *counts)},
            "state": idea.state.value,
            "code": idea.code.value if idea.code else None,
        }


def read_revisions(account_id: int) -> Rows:
    """Every version of the person's own ideas."""
    own = [idea.id for idea in service.list_own(account_id)]
    query = select(Revision).where(Revision.idea_id.in_(own))
    for row in session().scalars(query.order_by(Revision.idea_id, Revision.version)):
        names = ("idea_id", "version", "title", "why", "how", "by_staff", "made_at")
        yield {name: getattr(row, name) for name in names}


def read_drafts(account_id: int) -> Rows:
    """What is typed and not sent."""
    query = select(Draft).where(Draft.account_id == account_id).order_by(Draft.id)
    for row in session().scalars(query):
        said = {name: str(row.content.get(name) or "") for name in ("title", "why", "how")}
        yield {**said, "updated_at": row.updated_at}


def read_follows(account_id: int) -> Rows:
    """The ideas that the person follows."""
    query = (
        select(Idea.id, Idea.title, Follow.since_at)
        .join(Follow, Follow.idea_id == Idea.id)
        .where(Follow.account_id == account_id)
        .order_by(Follow.since_at, Idea.id)
    )
    for row in session().execute(query):
        yield {"id": row.id, "title": row.title, "since_at": row.since_at}


def read_readings(account_id: int) -> Rows:
    """The ideas that the person read, and what they said of them without supporting them."""
    query = (
        select(Idea.id, Idea.title, Reading.read_at, Reading.answer)
        .join(Reading, Reading.idea_id == Idea.id)
        .where(Reading.account_id == account_id)
        .order_by(Reading.read_at, Idea.id)
    )
    for row in session().execute(query):
        answer = row.answer.value if row.answer else None
        yield {"id": row.id, "title": row.title, "read_at": row.read_at, "answer": answer}


def preview(account_id: int) -> Iterable[Balance]:
    """Ideas by what becomes of them; drafts and follows go."""
    own = service.list_own(account_id)
    listed = [idea for idea in own if idea.is_listed]
    stay, go = (
        sum(not service.does_go(idea, texts) for idea in listed) for texts in (Texts.STAY, Texts.GO)
    )
    words = _l(
        "Ideas that somebody supported or discussed, that belong to a family, stand in a vote or have an answer "
        "always stay, without your name: others have built on them."
    )
    yield Balance(_l("Published ideas"), len(listed), stay, go, words)
    yield Balance(_l("Ideas that are not public"), len(own) - len(listed), 0, 0)
    for title, table in ((_l("Drafts"), Draft), (_l("Ideas you follow"), Follow)):
        query = select(func.count()).select_from(table).where(table.account_id == account_id)
        yield Balance(title, session().scalar(query) or 0, 0, 0)


_IDEA = (Column("id", _l("Idea"), "int"), Column("title", _l("Title")))
_COUNT_STAYS = _l("The count stays; where support is still open it is taken back.")

declare(
    Room(
        "ideas",
        holdings=(
            Holding(
                key="ideas",
                title=_l("Your ideas"),
                columns=(
                    *_IDEA,
                    Column("why", _l("Why")),
                    Column("how", _l("How")),
                    Column("neighbourhood", _l("Neighbourhood")),
                    Column("state", _l("Status")),
                    Column("code", _l("Code of the decision")),
                    Column("state_reason", _l("Reason")),
                    Column("version", _l("Version"), "int"),
                    Column("submitted_at", _l("Sent"), "datetime"),
                    Column("published_at", _l("Published"), "datetime"),
                    Column("edited_at", _l("Changed"), "datetime"),
                    Column("decided_at", _l("Decided"), "datetime"),
                    Column("supports_count", _l("Supports"), "int"),
                    Column("comments_count", _l("Comments"), "int"),
                    Column("readers_count", _l("Readers"), "int"),
                ),
                read=read_ideas,
                kept=_l("As long as the service tells what became of ideas."),
                leaving=_l(
                    "By your choice: without your name, or emptied. What is not public is always emptied."
                ),
                places=("idea.author_id",),
            ),
            Holding(
                key="idea_versions",
                title=_l("Every version of your ideas"),
                columns=(
                    Column("idea_id", _l("Idea"), "int"),
                    Column("version", _l("Version"), "int"),
                    Column("title", _l("Title")),
                    Column("why", _l("Why")),
                    Column("how", _l("How")),
                    Column("by_staff", _l("Mended by the centre"), "bool"),
                    Column("made_at", _l("Time"), "datetime"),
                ),
                read=read_revisions,
                kept=_l("As long as the idea."),
                leaving=_l("As the idea: without your name, or deleted."),
                places=("revision.editor_id",),
            ),
            Holding(
                key="drafts",
                title=_l("Your drafts"),
                columns=(
                    Column("title", _l("Title")),
                    Column("why", _l("Why")),
                    Column("how", _l("How")),
                    Column("updated_at", _l("Changed"), "datetime"),
                ),
                read=read_drafts,
                kept=_l("Until you send or drop it."),
                leaving=_l("Deleted at once."),
                places=("draft.account_id",),
            ),
            Holding(
                key="follows",
                title=_l("Ideas you follow"),
                columns=(*_IDEA, Column("since_at", _l("Since"), "datetime")),
                read=read_follows,
                kept=_l("Until you stop following it."),
                leaving=_l("Deleted at once."),
                places=("follow.account_id",),
            ),
            Holding(
                key="readings",
                title=_l("Ideas you read, and what you said of them"),
                columns=(
                    *_IDEA,
                    Column("read_at", _l("Read"), "datetime"),
                    Column("answer", _l("What you said")),
                ),
                read=read_readings,
                kept=_l("As long as the idea; nobody else sees it."),
                leaving=_COUNT_STAYS,
                places=("reading.account_id",),
            ),
        ),
        traces=(
            Trace(
                ("partaker.account_id",),
                "how many of the ideas, supports and comments that are listed elsewhere a campaign has of a person: "
                "so many people took part",
            ),
        ),
        forget=service.forget_author,
        preview=preview,
    )
)
