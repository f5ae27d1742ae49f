"""What groups of voters get: from the accounts, as totals, and never beside a ballot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ideas_app.accounts.models import Account, Consent, Tie
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock
from ideas_app.core.db import session, transaction
from ideas_app.programmes.models import Outcome, Participation, Person
from ideas_app.shortlists import queries
from ideas_app.shortlists.models import Round, Source
from ideas_app.votes.models import Support
from tests.factories import make_programme
from tests.shortlists.scenes import CAMPS, closed_ballot, computed, give_voters, published

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from ideas_app.campaigns.models import Campaign
    from tests.people import Cast

COUNTED = sum(CAMPS.values()) - CAMPS["f"]
"""Nobody but one chose f: under the least approval, so that ballot counts as empty."""
TWO_CAMPS = {"ab": 60, "abc": 40, "d": 30, "de": 22}
"""With two places equal shares give one to each camp, whatever the lot says."""
KINDS: list[tuple[int, dict[str, Any]]] = [
    (60, {"born_on": date(2004, 3, 1), "tie": Tie.STUDENT, "neighbourhood": "나운3동"}),
    (40, {"born_on": date(1990, 3, 1), "tie": Tie.WORKER, "neighbourhood": "수송동"}),
    (42, {"born_on": date(1985, 3, 1), "tie": Tie.RESIDENT, "neighbourhood": "조촌동"}),
    (9, {"born_on": date(1998, 3, 1), "tie": Tie.OTHER, "neighbourhood": "옥도면"}),
]
"""For the ballots of CAMPS: 60 chose a and b, 40 a, b and c, 42 d (some e, too), 9 others d, e or f."""


def table_of(round_: Round, name: str) -> dict[str | None, dict[str, Any]]:
    for table in round_.result["groups"]["tables"]:
        if table["name"] == name:
            return {line["group"]: line for line in table["lines"]}
    return {}


def test_ages_are_those_of_the_last_day_of_the_vote(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    ballot = next(phase for phase in campaign.phases if phase.kind == "ballot")
    last = clock.local_date(ballot.ends_at - timedelta(seconds=1))
    turns = last.replace(year=last.year - 20)
    give_voters(campaign, [(20, {"born_on": turns}), (20, {"born_on": turns + timedelta(days=1)})])
    lines = table_of(computed(cast, campaign), "age")
    assert {group: line["people"] for group, line in lines.items()} == {
        "-19": 20,
        "20-24": 20,
        None: COUNTED - 40,
    }


def test_each_group_is_told_what_both_lists_give_it(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast, TWO_CAMPS, seats=2)
    give_voters(campaign, KINDS)
    round_ = computed(cast, campaign)
    names = {f"i{idea.id}": letter for letter, idea in ideas.items()}
    ours = {names[project] for project in round_.result["chosen"]["winners"]}
    top = {names[project] for project in round_.result["top"]}
    assert (ours & {"d"}, top) == ({"d"}, {"a", "b"})  # equal shares see the second camp
    student = table_of(round_, "tie")["student"]
    assert student["people"] == 60
    assert student["ours"] == [60, 60 * len(ours & {"a", "b"})]
    assert student["top"] == [60, 120]
    resident = table_of(round_, "tie")["resident"]
    assert (resident["ours"], resident["top"]) == ([42, 42], [0, 0])


def test_a_small_group_is_shown_nowhere_and_cannot_be_had_from_the_rest(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    give_voters(campaign, KINDS)
    round_ = published(cast, campaign)
    assert "옥도면" not in str(round_.result)
    places = table_of(round_, "neighbourhood")
    hidden = COUNTED - sum(line["people"] for line in places.values())
    assert hidden >= 10
    assert len(places) < 3
    assert "25-29" not in table_of(round_, "age")
    page = visitor.get(f"/shortlists/{round_.id}?lang=ko").text
    assert "옥도면" not in page
    assert "나운3동" in page or "수송동" in page


def test_programmes_count_those_who_agreed_to_totals_and_never_counselling(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    accounts = give_voters(campaign, KINDS)
    course = make_programme("course", title="용접 과정", title_en="Welding")
    talks = make_programme("talks", title="상담", outcome=Outcome.COUNSELLING)
    take_part(accounts[:30], (course.id, talks.id), version=2)
    take_part(accounts[30:50], (course.id,), version=1)
    take_part(accounts[50:60], (course.id,), version=2, withdrawn=True)
    round_ = computed(cast, campaign)
    titles = [table.get("title") for table in round_.result["groups"]["tables"]]
    assert ("용접 과정" in titles, "상담" in titles) == (True, False)
    lines = table_of(round_, "programme")
    assert (lines["yes"]["people"], lines["no"]["people"]) == (30, COUNTED - 30)
    assert lines["yes"]["top"] == [30, 60]


def take_part(
    accounts: list[int], programmes: tuple[int, ...], *, version: int, withdrawn: bool = False
) -> None:
    now = clock.now()
    with transaction() as current:
        for account_id in accounts:
            person = Person(
                name="가", name_key="가", match_key=f"k{account_id}", account_id=account_id,
                created_at=now,
            )  # fmt: skip
            current.add(person)
            current.flush()
            current.add_all(
                Participation(person_id=person.id, programme_id=programme_id, created_at=now)
                for programme_id in programmes
            )
            current.add(
                Consent(
                    account_id=account_id,
                    kind="participation_link",
                    version=version,
                    given_at=now,
                    withdrawn_at=now if withdrawn else None,
                )
            )


def test_neither_the_file_nor_an_export_of_it_knows_a_group(
    cast: Cast, visitor: FlaskClient
) -> None:
    campaign, _ideas = closed_ballot(cast)
    without = computed(cast, campaign)
    give_voters(campaign, KINDS)
    round_ = published(cast, campaign)
    assert round_.snapshot == without.snapshot
    content = visitor.get(f"/shortlists/{round_.id}/ballots.pb").data.decode()
    for word in ("나운3동", "수송동", "student", "worker", "2004", "age", "neighbourhood"):
        assert word not in content


def test_what_was_added_up_stays_when_the_people_change_or_leave(cast: Cast) -> None:
    campaign, _ideas = closed_ballot(cast)
    accounts = give_voters(campaign, KINDS)
    round_ = computed(cast, campaign)
    before = round_.result["groups"]
    with transaction():
        for account_id in accounts:
            session().get_one(Account, account_id).neighbourhood = None
    assert queries.get_round(round_.id).result["groups"] == before


def test_on_paper_alone_there_are_no_groups(cast: Cast, visitor: FlaskClient) -> None:
    campaign, _ideas = closed_ballot(cast)
    round_ = published(cast, campaign)
    assert round_.result["groups"]["tables"] == []
    assert queries.read_group_tables(round_) is None
    assert 'id="groups"' not in visitor.get(f"/shortlists/{round_.id}").text


def test_supporters_are_grouped_where_supports_are_what_counts(cast: Cast) -> None:
    campaign, ideas = closed_ballot(cast)
    accounts = give_voters(campaign, KINDS)
    support(campaign, accounts[:45], ideas["d"].id)
    round_ = computed(cast, campaign, source=Source.SUPPORTS, seats=1)
    assert table_of(round_, "tie")["student"] == {
        "group": "student",
        "people": 45,
        "ours": [45, 45],
        "top": [45, 45],
    }


def support(campaign: Campaign, accounts: list[int], idea_id: int) -> None:
    assert get_campaign(campaign.slug).id == campaign.id
    with transaction() as current:
        current.add_all(
            Support(idea_id=idea_id, account_id=account_id, given_at=clock.now())
            for account_id in accounts
        )


@pytest.mark.parametrize(("lang", "word"), [("ko", "20~24세"), ("en", "20 to 24")])
def test_the_page_names_the_least_represented_group_of_each_list(
    cast: Cast, visitor: FlaskClient, lang: str, word: str
) -> None:
    campaign, _ideas = closed_ballot(cast, TWO_CAMPS, seats=2)
    give_voters(campaign, KINDS[:3])
    round_ = published(cast, campaign)
    groups = queries.read_group_tables(round_)
    assert groups is not None
    assert (groups.top.served.covered, groups.top.served.people) == (0, 42)
    assert groups.ours.served.coverage > 0
    page = visitor.get(f"/shortlists/{round_.id}?lang={lang}").text
    assert str(groups.min_cell) in page
    ages = page[page.index('id="grp-age"') : page.index('id="grp-tie"')]
    assert word in ages
