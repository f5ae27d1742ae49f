"""What all journeys begin with: a campaign in a house, the cast, and their hands on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page
from sqlalchemy import select

from ideas_app.campaigns.models import PhaseKind
from ideas_app.campaigns.queries import get_campaign
from ideas_app.campaigns.service import move_to_phase
from ideas_app.core.actor import Actor
from ideas_app.core.db import session, transaction
from ideas_app.ideas.models import Idea
from ideas_app.votes.models import BallotEntry
from ideas_app.votes.queries import list_entries
from tests.browser_fixtures.house import House
from tests.browser_fixtures.windows import Windows
from tests.browser_fixtures.words import Words
from tests.factories import make_campaign, make_idea
from tests.people import Cast, make_account
from tests.votes.scenes import cast as cast_ballot

SETTINGS = {"ballot_min": 2, "ballot_max": 3, "seats": 2, "min_approval_percent": 0}
"""A ballot small enough for a test."""


@dataclass(frozen=True)
class Scene:
    """A campaign and its people, with the ideas that others have sent already."""

    windows: Windows
    house: House
    ko: Words
    slug: str
    cast: Cast
    others: tuple[Actor, ...]

    @classmethod
    def begin(
        cls, windows: Windows, house: House, ko: Words, *, slug: str, titles: Sequence[str] = ()
    ) -> Scene:
        """A gathering campaign; each of `titles` is a published idea of somebody else."""
        with house.inside():
            cast = Cast.assemble()
            campaign = make_campaign(slug, settings=SETTINGS)
            others = [make_account(f"{slug}-{number}") for number, _title in enumerate(titles)]
            for author, title in zip(others, titles, strict=True):
                make_idea(author, campaign, title=title)
        return cls(windows, house, ko, slug, cast, tuple(others))

    def move_to(self, phase: PhaseKind) -> None:
        """Dana begins a phase."""
        with self.house.inside(), transaction():
            move_to_phase(self.cast.dana, get_campaign(self.slug), phase)

    def vote(self, voter: Actor, *titles: str) -> None:
        """Somebody votes who is not seen in this story."""
        with self.house.inside():
            entries = [entry.id for entry in self.entries() if entry.title in titles]
            cast_ballot(voter, self.slug, entries)

    def entries(self) -> list[BallotEntry]:
        """The entries of the campaign's ballot."""
        return list(list_entries(get_campaign(self.slug)))

    def idea_id(self, title: str) -> int:
        """The id of an idea, by its title."""
        with self.house.inside():
            return session().scalars(select(Idea.id).where(Idea.title == title)).one()

    def press(self, page: Page, message: str, *, context: str | None = None) -> None:
        """Presses the button with these words in the page's own part."""
        self.button(page, message, context=context).click()

    def button(self, page: Page, message: str, *, context: str | None = None) -> Locator:
        """The button with these words, outside header and footer."""
        return page.get_by_role("main").get_by_role(
            "button", name=self.ko(message, context=context), exact=True
        )

    def field(self, page: Page, message: str) -> Locator:
        """A field of the page's first form, by its label."""
        return page.get_by_role("main").get_by_label(self.ko(message)).first
