"""What the page of a round is told, in few statements."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ideas_app.core.db import session, transaction
from ideas_app.core.errors import NotFound
from ideas_app.ideas import service as ideas
from ideas_app.ideas.models import Idea, State
from ideas_app.shortlists import queries
from tests.people import Cast
from tests.shortlists.scenes import closed_ballot, computed, published
from tests.votes.scenes import counted_statements


def test_the_figures_are_those_that_the_ballots_give_by_hand(cast: Cast) -> None:
    campaign, found = closed_ballot(cast)
    round_ = computed(cast, campaign)
    page = queries.read_page(round_)
    chosen = {found_letter(found, line.shown.entry.idea_id) for line in page.lines}
    camps = {"ab": 60, "abc": 40, "d": 30, "de": 20}
    covered = sum(count for ticks, count in camps.items() if chosen & set(ticks))
    hits = sum(count * len(chosen & set(ticks)) for ticks, count in camps.items())
    assert (page.ours.n, page.ours.covered) == (150, covered)
    assert page.ours.mean == Fraction(hits, 150)
    assert page.quota == 50
    for line in page.lines:
        assert line.first + line.second + line.later == line.shown.entry.approvals


def found_letter(ideas: dict[str, Idea], idea_id: int | None) -> str:
    return next(letter for letter, idea in ideas.items() if idea.id == idea_id)


def test_what_most_votes_alone_would_have_given_stands_beside(cast: Cast) -> None:
    campaign, _found = closed_ballot(cast, {"abc": 100, "d": 50})
    page = queries.read_page(computed(cast, campaign))
    assert [one.entry.approvals for one in page.top] == [100, 100, 100]
    assert (page.differing, page.gained) == (1, 50)
    assert [line.shown.entry.approvals for line in page.lines if line.is_only_here] == [50]


def test_every_family_of_entries_takes_the_same_few_statements(cast: Cast) -> None:
    campaign, _found = closed_ballot(cast)
    round_id = computed(cast, campaign).id
    session().expire_all()
    with counted_statements() as seen:
        queries.read_page(queries.get_round(round_id))
    assert len(seen) <= 7, seen
    with counted_statements() as seen:
        queries.list_rounds(published_only=False)
    assert len(seen) == 1
    assert "snapshot" not in seen[0]


def test_the_title_of_an_idea_that_was_hidden_since_is_shown_to_nobody(cast: Cast) -> None:
    campaign, _found = closed_ballot(cast)
    round_ = published(cast, campaign)
    winner = queries.list_elected(round_)[0]
    with transaction() as current:
        ideas.change_state(current.get_one(Idea, winner.idea_id), State.HIDDEN)
    page = queries.read_page(queries.get_round(round_.id))
    line = page.lines[0]
    assert line.shown.link is not None
    assert line.shown.link.is_hidden
    assert line.shown.entry.title not in str(line.shown.title)


def test_a_round_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        queries.get_round(4711)


def test_only_published_rounds_are_listed_for_everybody(cast: Cast) -> None:
    campaign, _found = closed_ballot(cast)
    computed(cast, campaign)
    assert queries.list_rounds(published_only=True) == []
    assert queries.find_published(campaign.id) is None
    round_id = published(cast, campaign).id
    assert [row.round.id for row in queries.list_rounds(published_only=True)] == [round_id]
    assert len(queries.list_rounds(published_only=False)) == 2
