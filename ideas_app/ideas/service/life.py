"""Sending an idea, changing it, taking it back; the one door through which its state changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.rules import allowance_of, rules_of
from ideas_app.core import clock, outbox
from ideas_app.core.db import insert_ignore, session
from ideas_app.core.errors import Conflict, Fault, Invalid, TooMany
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.core.markup import render
from ideas_app.ideas import policy, queries
from ideas_app.ideas.events import IdeaEdited, IdeaSubmitted, IdeaWithdrawn
from ideas_app.ideas.models import Follow, Idea, RejectCode, Revision, State
from ideas_app.ideas.rules import (
    LISTED,
    IdeaContent,
    faults_of,
    has_link,
    may_follow,
    revision_of,
)
from ideas_app.ideas.service.orders import place_in_orders
from ideas_app.programmes import queries as programmes
from ideas_app.programmes.models import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from ideas_app.campaigns.models import Campaign
    from ideas_app.campaigns.rules import Allowance
    from ideas_app.core.actor import Actor
    from ideas_app.programmes.models import Programme

_TEXTS = ("title", "why", "how")
_MOVING = ("state", "version", "published_at", "decided_at", *_TEXTS)


def change_state(
    idea: Idea, state: State, *, code: RejectCode | None = None, reason: str = ""
) -> Idea:
    """Moves an idea to a state that may follow its present one, with what depends on it.

    Raises `Conflict` where the state may not follow: somebody else was quicker.
    """
    if not may_follow(idea.state, state):
        message = _l("The idea is no longer in the state that this needs. Look at it again.")
        raise Conflict("state", message)
    now = clock.now()
    if state is State.HIDDEN and idea.state is not State.HIDDEN:
        idea.state_before_hidden = idea.state.value
    idea.state = state
    idea.is_listed = state in LISTED
    idea.code = code
    idea.state_reason = reason
    if state in {State.PUBLISHED, State.RETURNED, State.REJECTED}:
        idea.decided_at = now
    if idea.is_listed:
        idea.published_at = idea.published_at or now
        idea.active_at = now
    session().flush()
    place_in_orders([idea.id])
    return idea


def put_back(idea: Idea, values: dict[str, Any]) -> None:
    """An idea stands again as it did before a decision that its moderator took back at once.

    The second door beside `change_state`, for that only: `idea` is held, `values` are its columns as they
    were; versions made since go.
    """
    for name, value in values.items():
        setattr(idea, name, value)
    session().flush()
    made_since = (Revision.idea_id == idea.id, Revision.version > idea.version)
    session().execute(delete(Revision).where(*made_since))
    place_in_orders([idea.id])


def submit(
    actor: Actor, campaign: Campaign, content: IdeaContent, *, is_held: bool = False
) -> Idea:
    """Sends an idea to the desk and keeps its first version; the author follows it from then on.

    `is_held`: the campaign comes from `campaigns.find_held`, within this transaction.

    Raises `Refused` where the campaign is closed or the person not confirmed, `Invalid` with every fault,
    `TooMany` above the campaign's number of ideas a day.
    """
    now = clock.now()
    policy.may_submit(actor, campaign, now=now).require()
    assert actor.id is not None  # noqa: S101  # may_submit
    content = content.cleaned()
    allowed = allowance_of(rules_of(campaign), actor.joined_at, now)
    since = actor.joined_at if allowed.until and actor.joined_at else clock.day_start(clock.today())
    place = queries.place_of(campaign.id, content.field, actor.id, since=since, is_held=is_held)
    programme = _checked(content, campaign, {content.field} if place.field_id else set())
    _check_number(place.sent, allowed)
    _check_links(content, allowed)
    assert place.field_id is not None  # noqa: S101  # _checked
    idea = build(
        campaign,
        content,
        number=place.number,
        author_id=actor.id,
        at=now,
        programme=programme,
        field_id=place.field_id,
    )
    session().add(idea)
    session().flush()
    keep_version(idea, editor_id=actor.id, by_staff=False)
    insert_ignore(Follow, {"idea_id": idea.id, "account_id": actor.id, "since_at": now})
    audit.record(actor, Tag.IDEA_SUBMITTED, "idea", idea.id)
    outbox.publish(IdeaSubmitted(idea.id))
    return idea


def _check_links(content: IdeaContent, allowed: Allowance) -> None:
    """Raises `Invalid` at the field where a new account put a link."""
    if allowed.links:
        return
    message = policy.newcomer_links_reason(allowed)
    faults = [
        Fault(name, "newcomer_link", message) for name in _TEXTS if has_link(getattr(content, name))
    ]
    if faults:
        raise Invalid(*faults)


def _check_number(sent: int, allowed: Allowance) -> None:
    """Raises `TooMany` above the number of ideas a day, or of a new account; the day ends at local midnight."""
    most = allowed.ideas
    if sent < most:
        return
    now = clock.now()
    if allowed.until is not None:
        wait = max(int((allowed.until - now).total_seconds()), 1)
        reason = policy.newcomer_ideas_reason(allowed)
        raise TooMany("newcomer_ideas", reason, retry_after=wait)
    midnight = clock.day_start(clock.today() + timedelta(days=1))
    message = _l("You have sent %(most)s ideas today. Tomorrow you can send more.", most=most)
    seconds = max(int((midnight - now).total_seconds()), 1)
    raise TooMany("ideas_per_day", message, retry_after=seconds)


def check(content: IdeaContent, campaign: Campaign) -> Programme | None:
    """The programme that a content in normal form names. Raises `Invalid` with every fault."""
    return _checked(content, campaign, {field.key for field in campaign.fields})


def _checked(content: IdeaContent, campaign: Campaign, keys: set[str]) -> Programme | None:
    faults = faults_of(content, rules_of(campaign), keys)
    programme = programmes.find_programme(content.programme) if content.programme else None
    if content.programme and programme is None:
        message = _l("There is no such programme.")
        faults.append(Fault("programme", "unknown_programme", message))
    if programme is not None and programme.outcome is Outcome.COUNSELLING:
        message = _l("Counselling is never named here: nobody should learn who came for it.")
        faults.append(Fault("programme", "counselling", message))
    if faults:
        raise Invalid(*faults)
    return programme


def build(
    campaign: Campaign,
    content: IdeaContent,
    *,
    number: int,
    author_id: int,
    at: datetime,
    field_id: int,
    programme: Programme | None = None,
) -> Idea:
    """The row of a new idea whose content was checked; not yet in the session."""
    return Idea(
        campaign_id=campaign.id,
        number=number,
        field_id=field_id,
        author_id=author_id,
        programme_id=programme.id if programme else None,
        title=content.title,
        why=content.why,
        how=content.how,
        why_html=render(content.why),
        how_html=render(content.how),
        neighbourhood=content.neighbourhood,
        state=State.SUBMITTED,
        version=1,
        submitted_at=at,
        active_at=at,
    )


def keep_version(idea: Idea, *, editor_id: int, by_staff: bool) -> None:
    """Keeps the idea's present text as its present version."""
    texts = {name: getattr(idea, name) for name in _TEXTS}
    session().add(
        Revision(
            idea_id=idea.id,
            version=idea.version,
            editor_id=editor_id,
            by_staff=by_staff,
            made_at=clock.now(),
            **texts,
        )
    )
    session().flush()


def edit(actor: Actor, idea: Idea, content: IdeaContent, *, seen: str | None = None) -> Idea:
    """Changes an idea's text. Before publication and shortly after it the version stays; later a new one
    is kept and the supporters are told. A returned idea goes back to the desk.

    `idea` comes from `queries.get_idea`; `seen` is the `revision_of` of the texts that the author began
    from. Raises `Refused`, `Invalid`, `Conflict` where these are no longer the same.
    """
    _hold(idea)
    now = clock.now()
    policy.may_edit(actor, idea, now=now).require()
    if seen is not None and seen != revision_of(idea.version, idea.title, idea.why, idea.how):
        message = _l(
            "The text was changed since you read it. Nothing was overwritten: read it again, then send your change."
        )
        raise Conflict("changed_meanwhile", message)
    changed = _rewrite(idea, content)
    assert actor.id is not None  # noqa: S101  # may_edit
    if idea.state is State.RETURNED:
        change_state(idea, State.SUBMITTED)
        idea.submitted_at = now
        outbox.publish(IdeaSubmitted(idea.id))
    if changed:
        _note_version(idea, actor.id, now)
        _record_edit(actor, idea, changed)
    return idea


def fix_text(actor: Actor, idea: Idea, content: IdeaContent) -> Idea:
    """A moderator mends a typing error: always a new version, marked as made by staff.

    The caller has asked its policy. Raises `Invalid`.
    """
    _hold(idea)
    changed = _rewrite(idea, content)
    if changed and actor.id is not None:
        idea.version += 1
        idea.edited_at = clock.now()
        keep_version(idea, editor_id=actor.id, by_staff=True)
        _record_edit(actor, idea, changed)
    return idea


def _record_edit(actor: Actor, idea: Idea, changed: dict[str, list[str]]) -> None:
    """Which texts changed and in which version; the texts themselves are in the versions, for the log can never
    forget what its writer may take away.
    """
    told = {"fields": sorted(changed), "version": idea.version}
    audit.record(actor, Tag.IDEA_EDITED, "idea", idea.id, diff=told)


def _hold(idea: Idea) -> None:
    """What moves, as it is now; nobody else changes it until the transaction ends."""
    session().refresh(idea, _MOVING, with_for_update=True)


def _rewrite(idea: Idea, content: IdeaContent) -> dict[str, list[str]]:
    """Puts a new content in; the texts that changed, with what they were. Raises `Invalid`."""
    content = content.cleaned()
    programme = check(content, idea.campaign)
    field = queries.find_field(idea.campaign, content.field)
    assert field is not None  # noqa: S101  # check
    changed = {
        name: [getattr(idea, name), getattr(content, name)]
        for name in _TEXTS
        if getattr(idea, name) != getattr(content, name)
    }
    idea.field = field
    idea.programme = programme
    idea.neighbourhood = content.neighbourhood
    idea.title, idea.why, idea.how = content.title, content.why, content.how
    idea.why_html, idea.how_html = render(content.why), render(content.how)
    session().flush()
    return changed


def _note_version(idea: Idea, editor_id: int, now: datetime) -> None:
    """A version of its own once the idea has been public longer than the time for quiet edits, or when the
    version before was made by staff; else the present one is written over.
    """
    minutes = rules_of(idea.campaign).edit_minutes
    was_public = idea.published_at is not None
    is_quiet = (
        idea.published_at is None or (now - idea.published_at).total_seconds() <= 60 * minutes
    )
    latest = queries.list_revisions(idea.id)[0]
    if is_quiet and not latest.by_staff:
        latest.title, latest.why, latest.how = idea.title, idea.why, idea.how
        session().flush()
        return
    idea.version += 1
    idea.edited_at = now
    if was_public:
        idea.active_at = now
    keep_version(idea, editor_id=editor_id, by_staff=False)
    if not is_quiet:
        outbox.publish(IdeaEdited(idea.id, idea.version))


def withdraw(actor: Actor, idea: Idea) -> Idea:
    """The author takes an idea back; its page stays and says so. Raises `Refused`."""
    _hold(idea)
    policy.may_withdraw(actor, idea, now=clock.now()).require()
    change_state(idea, State.WITHDRAWN)
    audit.record(actor, Tag.IDEA_WITHDRAWN, "idea", idea.id)
    outbox.publish(IdeaWithdrawn(idea.id))
    return idea
