"""Some hundred ideas of a made-up city with everything that hangs on them, ready to be stored in one transaction.

Every counter is as its rows say. Must not hold texts.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ideas_app.adapters.holidays import is_day_off
from ideas_app.answers.models import Answer
from ideas_app.answers.rules import due_on
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.audit.service import Act
from ideas_app.cli.demo.city.bulk import catch_up, insert_all, next_id
from ideas_app.cli.demo.city.ground import crowd_of
from ideas_app.comments.models import Comment, Stance
from ideas_app.core import clock
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import (
    Family,
    Follow,
    Idea,
    Reading,
    ReadingAnswer,
    RejectCode,
    Revision,
    State,
)
from ideas_app.ideas.rules import LISTED, order_keys
from ideas_app.moderation.models import FamilyMember
from ideas_app.votes.models import Support

if TYPE_CHECKING:
    from ideas_app.cli.demo.city.ground import City
    from ideas_app.cli.demo.city.phrases import Phrase

FAMILY_EVERY, FAMILY_SIZE = 100, 3
"""One family of so many ideas in each hundred."""
LIVELY, POPULAR = 0.0025, 0.01
"""Shares of the ideas that are discussed by fifty and more, and that gather many times the usual supports."""

_STATES = {
    State.PUBLISHED: 952,
    State.SUBMITTED: 10,
    State.RETURNED: 4,
    State.REJECTED: 20,
    State.WITHDRAWN: 10,
    State.HIDDEN: 4,
}
_CODES = {
    State.REJECTED: RejectCode.NOT_OUR_COMPETENCE,
    State.RETURNED: RejectCode.UNCLEAR,
    State.HIDDEN: RejectCode.PERSONAL_DATA,
}
_ACTS = {
    State.PUBLISHED: Tag.IDEA_PUBLISHED,
    State.REJECTED: Tag.IDEA_REJECTED,
    State.RETURNED: Tag.IDEA_RETURNED,
    State.HIDDEN: Tag.IDEA_HIDDEN,
}
_MOODS = ([ReadingAnswer.UNSURE, ReadingAnswer.PASSED, None], [4, 4, 2])
_STANCES = ([Stance.FOR, Stance.NEUTRAL, Stance.AGAINST], [6, 3, 1])
_DAY = timedelta(days=1)


class Batch:
    """The ideas from `start` to before `end`, with everything that hangs on them."""

    def __init__(self, city: City, start: int, end: int) -> None:
        self.city = city
        self.numbers = range(start, end)
        self.dice = city.dice(f"ideas {start}")
        self.crowd = crowd_of(city.size)
        self.ideas: list[dict[str, Any]] = []
        self.supporters: dict[int, list[int]] = {}
        self.rows: dict[type[Any], list[dict[str, Any]]] = {
            model: []
            for model in (Revision, Follow, Family, FamilyMember, Comment, Support, Reading, Answer)
        }
        self.acts: list[Act] = []
        self.next_comment = next_id(Comment)
        self.next_family = next_id(Family)

    def write(self) -> None:
        """Makes the rows and stores them, parents first. Call it in a transaction."""
        for number in self.numbers:
            self._add_idea(number)
        self._join_families()
        self._start_clocks()
        families = self.rows.pop(Family)
        insert_all(Family, families)
        insert_all(Idea, self.ideas)
        for model, rows in self.rows.items():
            insert_all(model, rows)
        catch_up(Idea, Family, Comment)
        audit.record_all(sorted(self.acts, key=lambda act: act.at))

    def _add_idea(self, number: int) -> None:
        city, dice = self.city, self.dice
        phrase = city.book.idea(number, dice)
        key = city.first_idea + number
        author = dice.choice(city.people)
        state = dice.choices(list(_STATES), list(_STATES.values()))[0]
        if self._is_to_join(number):
            state = State.PUBLISHED
        sent = (
            city.begins + (city.now - city.begins) * ((number + dice.random()) / city.size) * 0.97
        )
        decided = None if state is State.SUBMITTED else min(sent + _DAY * dice.random(), city.now)
        was_public = state in {State.PUBLISHED, State.WITHDRAWN, State.HIDDEN}
        published = decided if was_public else None
        reason = city.reasons.get(state.value, "")
        idea: dict[str, Any] = {
            "id": key,
            "campaign_id": city.campaign_id,
            "number": number + 1,
            "field_id": dice.choice(city.field_ids),
            "author_id": author,
            "family_id": None,
            "title": phrase.title,
            "why": phrase.why,
            "how": phrase.how,
            "why_html": phrase.why_html,
            "how_html": phrase.how_html,
            "neighbourhood": phrase.neighbourhood if dice.random() < 0.7 else None,
            "state": state,
            "is_listed": state in LISTED,
            "code": _CODES.get(state),
            "state_reason": reason,
            "state_before_hidden": State.PUBLISHED.value if state is State.HIDDEN else None,
            "version": 1,
            "submitted_at": sent,
            "decided_at": decided,
            "published_at": published,
            "active_at": decided or sent,
            "answer_due_latched_at": None,
            "answer_earned_at": None,
            "supports_count": 0,
            "comments_count": 0,
            "readers_count": 0,
            "unsure_count": 0,
            "concerns_count": 0,
        }
        self.ideas.append(idea)
        self._keep_first_version(idea, phrase, sent)
        self._log(idea, reason)
        if published is not None:
            self._gather(idea, published)
            self._discuss(idea, published)
        keys = order_keys(
            idea["supports_count"], idea["unsure_count"], idea["concerns_count"], published
        )
        idea["rated_key"], idea["rising_key"], idea["debated_key"] = keys

    def _keep_first_version(self, idea: dict[str, Any], phrase: Phrase, sent: datetime) -> None:
        self.rows[Revision].append(
            {
                "idea_id": idea["id"],
                "version": 1,
                "title": phrase.title,
                "why": phrase.why,
                "how": phrase.how,
                "editor_id": idea["author_id"],
                "by_staff": False,
                "made_at": sent,
            }
        )
        self.rows[Follow].append(
            {"idea_id": idea["id"], "account_id": idea["author_id"], "since_at": sent}
        )

    def _log(self, idea: dict[str, Any], reason: str) -> None:
        key, author, state = idea["id"], idea["author_id"], idea["state"]
        youth, moderator = Role.YOUTH.value, Role.MODERATOR.value
        sent, decided = idea["submitted_at"], idea["decided_at"]
        self.acts.append(Act(sent, author, youth, Tag.IDEA_SUBMITTED, "idea", key))
        if decided is None:
            return
        if idea["published_at"] is not None:
            diff = {"state": [State.SUBMITTED.value, State.PUBLISHED.value]}
            act = Act(
                decided,
                self.city.moderator_id,
                moderator,
                _ACTS[State.PUBLISHED],
                "idea",
                key,
                diff=diff,
            )
            self.acts.append(act)
        if state is State.WITHDRAWN:
            self.acts.append(Act(decided, author, youth, Tag.IDEA_WITHDRAWN, "idea", key))
        elif state is not State.PUBLISHED:
            act = Act(decided, self.city.moderator_id, moderator, _ACTS[state], "idea", key, reason)
            self.acts.append(act)

    def _gather(self, idea: dict[str, Any], since: datetime) -> None:
        """Supporters, who have all read it, and readers who did not support it."""
        dice, people = self.dice, self.city.people
        usual = dice.expovariate(1 / self.crowd.supports)
        if dice.random() < POPULAR or idea["number"] == 1:
            usual = max(usual, self.crowd.supports) * dice.randrange(5, 30)
        wanted = min(int(usual), len(people) // 2)
        more = min(int(dice.expovariate(1 / self.crowd.readers)), len(people) // 2)
        drawn = [key for key in dice.sample(people, wanted + more) if key != idea["author_id"]]
        supporters, others = drawn[:wanted], drawn[wanted:]
        span = self.city.now - since
        for key in supporters:
            at = since + span * dice.random() ** 2
            self.rows[Support].append({"idea_id": idea["id"], "account_id": key, "given_at": at})
            self._read(idea, key, at, None)
        for key in others:
            answer = dice.choices(*_MOODS)[0]
            self._read(idea, key, since + span * dice.random(), answer)
            idea["unsure_count"] += answer is ReadingAnswer.UNSURE
        idea["supports_count"], idea["readers_count"] = len(supporters), len(drawn)
        self.supporters[idea["id"]] = supporters
        if len(supporters) >= self.city.answer_supports:
            instants = sorted(row["given_at"] for row in self.rows[Support][-len(supporters) :])
            idea["answer_due_latched_at"] = instants[self.city.answer_supports - 1]
            idea["answer_earned_at"] = idea["answer_due_latched_at"]

    def _read(
        self, idea: dict[str, Any], key: int, at: datetime, answer: ReadingAnswer | None
    ) -> None:
        self.rows[Reading].append(
            {"idea_id": idea["id"], "account_id": key, "read_at": at, "answer": answer}
        )

    def _discuss(self, idea: dict[str, Any], since: datetime) -> None:
        dice, city = self.dice, self.city
        number = int(dice.expovariate(1 / self.crowd.comments))
        if dice.random() < LIVELY or idea["number"] == 1:
            number = 50 + dice.randrange(70)
        moments = sorted(dice.random() for _ in range(number))
        roots: list[int] = []
        concerned = set()
        for moment in moments:
            key, self.next_comment = self.next_comment, self.next_comment + 1
            author = dice.choice(city.people)
            parent = dice.choice(roots) if roots and dice.random() < 0.25 else None
            stance = Stance.NEUTRAL if parent else dice.choices(*_STANCES)[0]
            at = since + (city.now - since) * moment
            fate = dice.random()
            is_deleted, is_hidden = fate < 0.005, 0.005 <= fate < 0.01
            self.rows[Comment].append(
                {
                    "id": key,
                    "idea_id": idea["id"],
                    "author_id": author,
                    "parent_id": parent,
                    "stance": stance,
                    "text": "" if is_deleted else city.book.comment(dice),
                    "is_staff_voice": False,
                    "written_at": at,
                    "deleted_at": at if is_deleted else None,
                    "hidden_at": at if is_hidden else None,
                    "hidden_code": RejectCode.ABUSE.value if is_hidden else None,
                    "hidden_reason": city.reasons["hidden_comment"] if is_hidden else None,
                }
            )
            if parent is None:
                roots.append(key)
            if not is_deleted and not is_hidden:
                idea["comments_count"] += 1
                if stance is Stance.AGAINST:
                    concerned.add(author)
            if idea["is_listed"]:
                idea["active_at"] = max(idea["active_at"], at)
        idea["concerns_count"] = len(concerned)

    def _is_to_join(self, number: int) -> bool:
        return number % FAMILY_EVERY < FAMILY_SIZE and self.city.size >= FAMILY_EVERY

    def _join_families(self) -> None:
        """Neighbouring ideas become families; those count distinct people."""
        joining = [idea for idea in self.ideas if self._is_to_join(idea["number"] - 1)]
        for at in range(0, len(joining) - FAMILY_SIZE + 1, FAMILY_SIZE):
            self._form(joining[at : at + FAMILY_SIZE])

    def _form(self, members: list[dict[str, Any]]) -> None:
        city = self.city
        key, self.next_family = self.next_family, self.next_family + 1
        formed = max(member["published_at"] for member in members)
        until = formed + 7 * _DAY
        times = Counter(one for member in members for one in self.supporters[member["id"]])
        reason = city.reasons["family"]
        self.rows[Family].append(
            {
                "id": key,
                "campaign_id": city.campaign_id,
                "title": members[0]["title"],
                "text": " ".join(member["why"] for member in members),
                "reason": reason,
                "formed_at": formed,
                "objection_until": until,
                "supports_count": len(times),
            }
        )
        for member in members:
            member["family_id"] = key
            if len(times) >= city.answer_supports:
                member["answer_due_latched_at"] = member["answer_due_latched_at"] or formed
            self.rows[FamilyMember].append(
                {
                    "family_id": key,
                    "idea_id": member["id"],
                    "joined_at": formed,
                    "objection_until": until,
                }
            )
        diff = {"ideas": [member["id"] for member in members], "people": len(times)}
        moderator = Role.MODERATOR.value
        act = Act(
            formed, city.moderator_id, moderator, Tag.FAMILY_FORMED, "family", key, reason, diff
        )
        self.acts.append(act)

    def _start_clocks(self) -> None:
        """What the worker does while a service runs: an answer that is owed has its clock, a family one for all."""
        owed: dict[tuple[str, int], datetime] = {}
        for idea in self.ideas:
            latched = idea["answer_due_latched_at"]
            if latched is not None:
                family = idea["family_id"]
                subject = ("family_id", family) if family else ("idea_id", idea["id"])
                owed[subject] = min(latched, owed.get(subject, latched))
        for (column, key), latched in owed.items():
            received = clock.local_date(latched)
            self.rows[Answer].append(
                {
                    "idea_id": key if column == "idea_id" else None,
                    "family_id": key if column == "family_id" else None,
                    "received_on": received,
                    "due_on": due_on(received, self.city.answer_days, is_day_off),
                }
            )
