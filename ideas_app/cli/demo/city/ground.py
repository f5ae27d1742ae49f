"""What the whole of a made-up city stands on: its campaign, its people, and what all batches of ideas share.

Must not know ideas.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ideas_app.accounts import queries as account_queries
from ideas_app.accounts import service as accounts
from ideas_app.accounts.models import Account, Consent, Tie
from ideas_app.accounts.queries import actor_of
from ideas_app.accounts.rules import CONSENTS
from ideas_app.adapters.passwords import hash_password
from ideas_app.campaigns import service as campaigns
from ideas_app.campaigns.rules import rules_of
from ideas_app.campaigns.service import CampaignSpec
from ideas_app.cli.demo import CITY
from ideas_app.cli.demo.city.bulk import catch_up, insert_all, next_id
from ideas_app.cli.demo.city.phrases import Phrasebook
from ideas_app.cli.demo.gathering import FIELDS
from ideas_app.cli.demo.stage import SignIn, fresh_password, read
from ideas_app.cli.demo.year2026 import phases_of
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.permissions import Role
from ideas_app.core.places import NEIGHBOURHOODS
from ideas_app.ideas.models import Idea

LEAST_PEOPLE, MOST_PEOPLE = 2_400, 100_000
LARGE = 200_000
"""From so many ideas on each has fewer supports, readers and comments: people do not grow with the list."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How much people do with one idea, on average."""

    supports: int
    readers: int
    comments: float


def crowd_of(size: int) -> Crowd:
    """How busy a city of so many ideas is."""
    return Crowd(10, 4, 2.5) if size <= LARGE else Crowd(4, 1, 0.6)


def people_of(size: int) -> int:
    """How many people take part in a city of so many ideas."""
    return min(max(size // 2, LEAST_PEOPLE), MOST_PEOPLE)


@dataclass
class City:
    """What all batches share."""

    size: int
    seed: int
    campaign_id: int
    answer_supports: int
    answer_days: int
    field_ids: list[int]
    moderator_id: int
    book: Phrasebook
    reasons: dict[str, str]
    begins: datetime
    now: datetime
    people: range = field(default_factory=lambda: range(0))
    first_idea: int = 1

    def dice(self, what: str) -> random.Random:
        """Chance of its own for each part, so that a part can change and the others stay."""
        return random.Random(f"{self.seed}:{self.size}:{what}")  # noqa: S311  # a demonstration, not a secret


def found_city(size: int, seed: int) -> City:
    """Makes the campaign, open since two months. Nobody lives there yet."""
    document = read("city")
    today = clock.today()
    slug = f"{CITY}{today.year}"
    moderator = account_queries.find_by_email("moderator@example.org")
    admin = account_queries.find_by_email("admin@example.org")
    assert moderator is not None  # noqa: S101  # the caller has looked for the demonstration
    assert admin is not None  # noqa: S101
    begins = clock.day_start(today + document["phases"][0]["from_offset"] * _DAY, 9)
    with clock.at(begins):
        campaign = campaigns.create_campaign(actor_of(admin), _spec_of(document, slug, today))
    campaigns.follow_phases()
    session().flush()
    rules = rules_of(campaign)
    ideas = [*read("ideas_2025")["ideas"], *read("campaign_2026")["ideas"]]
    said = [entry["text"] for entry in read("comments_2025")["comments"]]
    return City(
        size=size,
        seed=seed,
        campaign_id=campaign.id,
        answer_supports=rules.answer_supports,
        answer_days=rules.answer_days,
        field_ids=[each.id for each in campaign.fields],
        moderator_id=moderator.id,
        book=Phrasebook(ideas, said, document),
        reasons=document["reasons"],
        begins=clock.day_start(today + document["phases"][1]["from_offset"] * _DAY, 9),
        now=clock.now(),
        first_idea=next_id(Idea),
    )


def _spec_of(document: dict[str, Any], slug: str, today: date) -> CampaignSpec:
    phases = phases_of(document, today)
    return CampaignSpec(
        slug=slug,
        title=document["title"],
        title_en=document["title_en"],
        text=document["text"],
        text_en=document["text_en"],
        year=today.year,
        phases=phases,
        fields=FIELDS,
        settings=document["settings"],
        eligibility=document["eligibility"],
    )


def settle_people(city: City) -> SignIn:
    """The people: old enough, confirmed, of one password that nobody knows but who loads the city."""
    dice = city.dice("people")
    password = fresh_password()
    hashed = hash_password(password)
    joined = city.begins - 10 * _DAY
    first = next_id(Account)
    city.people = range(first, first + people_of(city.size))
    for box in CONSENTS:
        if box.is_required:
            accounts.note_consent(city.moderator_id, box)  # keeps the words that they all saw
    for start in range(0, len(city.people), 5_000):
        rows, consents = [], []
        for number, key in enumerate(city.people[start : start + 5_000], start=start + 1):
            nickname = f"{dice.choice(NEIGHBOURHOODS)} {number}번째 이웃"
            email = f"city{number:06d}@example.org"
            rows.append(
                {
                    "id": key,
                    "email": email,
                    "email_key": email,
                    "password_hash": hashed,
                    "nickname": nickname,
                    "nickname_key": text.key(nickname),
                    "role": Role.YOUTH,
                    "born_on": date(
                        city.now.year - 20 - dice.randrange(18), 1 + dice.randrange(12), 1
                    ),
                    "tie": dice.choice((Tie.RESIDENT, Tie.WORKER, Tie.STUDENT)),
                    "created_at": joined,
                    "verified_at": joined,
                }
            )
            consents += [
                {"account_id": key, "kind": box.kind, "version": box.version, "given_at": joined}
                for box in CONSENTS
                if box.is_required
            ]
        insert_all(Account, rows)
        insert_all(Consent, consents)
    catch_up(Account)
    session().flush()
    return SignIn(Role.YOUTH, "city000001@example.org", f"1 - {len(city.people)}", password)
