"""Whatever several people do in whatever order, counters equal the rows."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ideas_app.core.db import session
from ideas_app.ideas.models import Family, Idea
from ideas_app.votes import queries
from ideas_app.votes.models import Support
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import make_family, support, take_back

STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=25
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_any_sequence_of_supports_leaves_counters_equal_to_their_rows(app, steps):
    _clear()
    campaign = make_campaign("hold")
    author = make_account("Author")
    voters = [make_account(f"Voter{number}") for number in range(3)]
    ideas = [make_idea(author, campaign).id for _ in range(4)]
    make_family(campaign, [queries.get_idea(idea_id) for idea_id in ideas[:2]])
    wanted: set[tuple[int, int]] = set()
    for gives, voter, place in steps:
        (support if gives else take_back)(voters[voter], ideas[place])
        (wanted.add if gives else wanted.discard)((voter, place))
    assert queries.find_wrong_counters() == []
    assert session().query(Support).count() == len(wanted)


def _clear() -> None:
    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign
    from ideas_app.core.db import transaction
    from ideas_app.ideas.models import Revision

    with transaction() as current:
        for table in (Support, Revision, Idea, Family, Campaign, Account):
            current.query(table).delete()
