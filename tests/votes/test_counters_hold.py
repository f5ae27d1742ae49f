"""Whatever several people do in whatever order, counters equal the rows."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ideas_app.campaigns.queries import get_campaign
from ideas_app.cli.doctor import examine
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict
from ideas_app.core.permissions import Role
from ideas_app.ideas.models import Family, Idea, Reading
from ideas_app.search import service as search
from ideas_app.votes import queries, service
from ideas_app.votes.models import AsideSupport, SetAside, SetAsideCause, Support
from ideas_app.votes.rules import Said, Suspicion
from tests.factories import make_campaign, make_idea
from tests.people import make_account
from tests.votes.scenes import make_family, support, take_back

STEPS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=25
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
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


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["support", "back", "unsure", "pass", "aside", "restore"]),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_reading_setting_aside_and_restoring_leave_counters_equal_to_their_rows(app, acts):
    _clear()
    campaign = make_campaign("hold", settings={"answer_supports": 2})
    sora = make_account("Sora", Role.MODERATOR)
    author = make_account("Author")
    voters = [make_account(f"Voter{number}", email=f"v@d{number}.org") for number in range(3)]
    ideas = [make_idea(author, campaign).id for _ in range(3)]
    make_family(campaign, [queries.get_idea(idea_id) for idea_id in ideas[:2]])
    standing: list[int] = []
    for act, voter, place in acts:
        _do(act, sora, voters[voter], ideas[place], standing, f"d{voter}.org")
        assert queries.find_wrong_counters() == []
    for act_id in standing:
        with transaction():
            service.restore(sora, queries.get_set_aside(act_id), "되돌려요.")
    assert examine() == []
    assert session().query(AsideSupport).count() == 0


def _do(act, sora, voter, idea_id, standing, domain):
    campaign = get_campaign("hold")
    if act == "aside":
        suspicion = Suspicion(domain=domain)
        count = len(queries.list_suspects(campaign, suspicion))
        if count:
            with transaction():
                made = service.set_aside(
                    sora,
                    get_campaign("hold"),
                    suspicion,
                    cause=SetAsideCause.BY_MACHINE,
                    reason="이상해요.",
                    expected=count,
                )
                standing.append(made.id)
    elif act == "restore":
        if standing:
            with transaction():
                service.restore(sora, queries.get_set_aside(standing.pop()), "되돌려요.")
    elif act == "back":
        take_back(voter, idea_id)
    else:
        said = {"support": Said.SUPPORT, "unsure": Said.UNSURE, "pass": Said.PASSED}[act]
        with suppress(Conflict), transaction():
            service.answer_reading(voter, queries.get_idea(idea_id), said)


def _clear() -> None:
    from ideas_app.accounts.models import Account
    from ideas_app.campaigns.models import Campaign
    from ideas_app.ideas.models import Revision

    with transaction() as current:
        for table in (
            AsideSupport,
            SetAside,
            Reading,
            Support,
            Revision,
            Idea,
            Family,
            Campaign,
            Account,
        ):
            current.query(table).delete()
        # rows deleted in bulk leave their entries in the index
        search.rebuild(lambda _kind, _number: None)
