"""A bundle holds what a visitor may read, says so by the standard, and is the same as long as the data is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from config import ROOT
from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Refused
from ideas_app.ideas.models import Idea, RejectCode, State
from ideas_app.ideas.queries import get_idea
from ideas_app.ideas.service import withdraw
from ideas_app.opendata import jobs, queries, service
from ideas_app.opendata.events import BundleDue
from ideas_app.opendata.models import OpenBundle
from ideas_app.opendata.rules import TABLES
from tests.factories import make_campaign, make_idea, make_programme
from tests.moderation.scenes import decide
from tests.opendata.scenes import (
    answer,
    bundle_of,
    kept,
    make_public,
    refresh,
    whole_year,
)
from tests.shortlists.scenes import closed_ballot, computed, make_family

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.people import Cast

SECRET = "아무도 읽으면 안 되는 글"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_bundle_is_a_data_package_whose_types_keys_and_sums_hold(cast: Cast, lang: str) -> None:
    make_programme()
    whole_year(cast)
    bundle = bundle_of(lang=lang)
    bundle.check()
    assert bundle.resources.keys() >= {
        "ideas", "answers", "promises", "promise-steps", "shortlist", "ballot-entries", "ballots",
        "report", "ideas-json", "ballots-pabulib",
    }  # fmt: skip
    assert len(bundle.items("shortlist")) == 3
    assert len(bundle.items("promises")) == len(bundle.items("promise_steps")) == 3


def test_headers_are_korean_or_english_and_end_with_the_day_of_the_data(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    korean = bundle_of().text("csv/ideas.csv").splitlines()
    english = bundle_of(lang="en").text("csv/ideas.csv").splitlines()
    assert korean[0].startswith("글번호,제목,이유,")
    assert english[0].startswith("Number,Title,Why,")
    assert korean[0].endswith(",데이터기준일자")
    assert korean[1].endswith(f",{clock.today().isoformat()}")


def test_the_readme_says_what_everything_means_in_both_languages(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    readme = bundle_of(lang="en").text("README.md")
    for part in (
        "### 제안 (`ideas`)",
        "### Ideas (`ideas`)",
        "공공누리 제1유형",
        "`withdrawn` Withdrawn",
    ):
        assert part in readme


def test_the_same_data_is_the_same_file_on_any_day(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    refresh()
    before = queries.get_bundle("ideas-2026", "ko").digest
    tomorrow = clock.now() + timedelta(days=1)
    with clock.at(tomorrow):
        refresh()
        again = queries.get_bundle("ideas-2026", "ko")
        assert (again.digest, again.checked_at) == (before, tomorrow)
        assert service.build(get_campaign("ideas-2026"), "ko").package.digest == before
        make_idea(cast.mina, get_campaign("ideas-2026"))
        refresh()
        assert queries.get_bundle("ideas-2026", "ko").digest != before


def test_an_idea_is_data_just_when_everybody_may_read_it(cast: Cast, visitor: FlaskClient) -> None:
    campaign = make_campaign()
    made = {
        state: make_idea(cast.mina, campaign, title=f"{state}: {SECRET}", why=SECRET, state=state)
        for state in State
    }
    ids = {state: (idea.id, idea.is_listed) for state, idea in made.items()}
    rows = {row["title"].partition(":")[0]: row for row in bundle_of().items("ideas")}
    for state, (idea_id, listed) in ids.items():
        page = visitor.get(f"/ideas/{idea_id}", follow_redirects=True)
        assert (state.value in rows) is (page.status_code == 200)
        assert (SECRET in rows.get(state.value, {}).get("why", "")) is listed


def test_a_rejected_idea_is_data_without_its_text_and_not_at_all_where_it_harms(cast: Cast) -> None:
    campaign = make_campaign()
    told = make_idea(cast.mina, campaign, why=SECRET, state=State.REJECTED).id
    harmful = make_idea(cast.mina, campaign, why=SECRET, state=State.REJECTED).id
    with transaction() as current:
        current.get_one(Idea, told).code = RejectCode.COMPLAINT
        current.get_one(Idea, harmful).code = RejectCode.ABUSE
    (row,) = bundle_of().items("ideas")
    assert (row["code"], row["why"], row["how"]) == ("complaint", "", "")


def test_nobody_is_named_anywhere_in_a_bundle(cast: Cast) -> None:
    make_programme()
    whole_year(cast)
    for lang in ("ko", "en"):
        said = b"".join(bundle_of(lang=lang).members.values()).decode()
        assert "example.org" not in said
        assert not [name for name in ("Mina", "Jun", "Sora", "Hyun", "Dana") if name in said]


def test_supports_that_are_votes_stay_out_until_they_are_counted(cast: Cast) -> None:
    made = make_idea(cast.mina, make_campaign(settings={"source": "supports"}))
    with transaction() as current:
        current.get_one(Idea, made.id).supports_count = 42
    assert bundle_of().items("ideas")[0]["supports"] is None
    with clock.at(clock.now() + timedelta(days=30)):
        assert bundle_of().items("ideas")[0]["supports"] == 42


def test_few_ballots_are_not_data_and_their_result_is(cast: Cast) -> None:
    make_public(computed(cast, closed_ballot(cast, {"ab": 9, "c": 5})[0]).id)
    bundle = bundle_of()
    assert not bundle.resources.keys() & {"ballots", "ballots-pabulib"}
    assert sum(row["approvals"] for row in bundle.items("ballot_entries")) == 23


def test_ballots_are_those_of_the_published_file(cast: Cast) -> None:
    whole_year(cast)
    bundle = bundle_of()
    in_file = sum(len(line.split(";")[1].split(",")) for line in _votes(bundle.text("ballots.pb")))
    assert len(bundle.items("ballots")) == in_file == 12 + 12 + 3 + 4
    assert max(row["ballot"] for row in bundle.items("ballots")) == 15


def _votes(text: str) -> list[str]:
    return text.split("VOTES\n")[1].splitlines()[1:]


def test_a_round_that_is_not_published_is_no_data(cast: Cast) -> None:
    closed_ballot(cast)
    assert not bundle_of().resources.keys() & {"shortlist", "ballot-entries", "ballots"}


def test_a_hidden_idea_keeps_its_place_on_the_list_and_nothing_else(cast: Cast) -> None:
    ids = whole_year(cast)
    decide("hide", cast.sora, ids["a"], "abuse", "욕설이 있어 가렸습니다.")
    bundle = bundle_of()
    bundle.check()
    rows = [row for row in bundle.items("shortlist") if row["project"] == f"i{ids['a']}"]
    assert [(row["idea"], row["answered_on"]) for row in rows] == [("", None)]
    tables = ("ideas", "shortlist", "ballot_entries", "answers")
    assert not [row for table in tables for row in bundle.items(table) if row["title"] == "제안 a"]


def test_a_family_counts_and_names_only_ideas_that_can_be_read(cast: Cast) -> None:
    campaign = make_campaign()
    one, other, alone = (make_idea(cast.mina, campaign) for _ in range(3))
    make_family(campaign, [one, other], title="밤길을 밝게")
    make_family(campaign, [alone], title=SECRET)
    with transaction() as current:
        for idea in (other, alone):
            hidden = current.get_one(Idea, idea.id)
            hidden.state, hidden.is_listed = State.HIDDEN, False
    bundle = bundle_of()
    bundle.check()
    (family,) = bundle.items("families")
    assert (family["title"], family["members"]) == ("밤길을 밝게", 1)


def test_what_a_spreadsheet_would_compute_is_neutral_in_csv_and_untouched_in_json(
    cast: Cast,
) -> None:
    whole_year(cast, answered=1)
    bundle = bundle_of()
    assert "'=금요일부터" in bundle.text("csv/answers.csv")
    assert bundle.items("answers")[0]["reason"].startswith("=금요일부터")


@pytest.mark.parametrize("act", ["hide", "withdraw"])
def test_a_file_that_holds_what_is_hidden_now_is_closed_at_once_and_made_anew(
    cast: Cast, act: str
) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign)
    gone = make_idea(cast.mina, campaign, why=SECRET).id
    refresh()
    service.archive(cast.dana, campaign.id)
    outbox.drain()
    assert SECRET in kept().text("csv/ideas.csv")
    if act == "hide":
        decide("hide", cast.sora, gone, "abuse", "욕설이 있어 가렸습니다.")
    else:
        with transaction():
            withdraw(cast.mina, get_idea(gone))
    present, archived = (queries.get_bundle("ideas-2026", "ko", edition) for edition in (0, 1))
    assert queries.is_withheld(present)
    assert queries.is_withheld(archived)
    with clock.at(clock.now() + timedelta(minutes=1)):
        outbox.drain()
    assert not queries.is_withheld(queries.get_bundle("ideas-2026", "ko"))
    assert SECRET not in kept().text("csv/ideas.csv")
    assert queries.is_withheld(queries.get_bundle("ideas-2026", "ko", 1))


def test_other_ideas_that_are_hidden_close_no_file(cast: Cast) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign)
    refresh()
    later = make_idea(cast.mina, campaign).id
    decide("hide", cast.sora, later, "abuse", "욕설이 있어 가렸습니다.")
    assert not queries.is_withheld(queries.get_bundle("ideas-2026", "ko"))


def test_a_year_is_kept_once_its_whole_shortlist_is_answered_and_then_stays(cast: Cast) -> None:
    ids = whole_year(cast, answered=2)
    campaign_id = get_campaign("ideas-2026").id
    jobs.look_again(BundleDue(campaign_id))
    assert queries.list_archived("ko") == []
    answer(list(ids.values()))
    for _ in range(2):
        jobs.look_again(BundleDue(campaign_id))
    (edition,) = queries.list_archived("ko")
    before = (edition.edition, edition.digest)
    make_idea(cast.mina, get_campaign("ideas-2026"))
    jobs.look_again(BundleDue(campaign_id))
    (edition,) = queries.list_archived("ko")
    assert (edition.edition, edition.digest) == before
    kept(edition=1).check()
    said = session().scalars(
        select(AuditEntry.reason).where(AuditEntry.tag == "open_data:archived")
    )
    assert any(edition.digest in reason for reason in said)


def test_only_administrators_keep_an_edition_and_only_of_something_new(cast: Cast) -> None:
    campaign = make_campaign()
    with pytest.raises(Conflict):
        service.archive(SYSTEM, campaign.id)
    make_idea(cast.mina, campaign)
    refresh()
    for person in (cast.visitor, cast.mina, cast.sora, cast.hyun):
        with pytest.raises(Refused):
            service.archive(person, campaign.id)
    assert service.archive(cast.dana, campaign.id) == 1
    with pytest.raises(Conflict):
        service.archive(cast.dana, campaign.id)
    made = make_idea(cast.mina, get_campaign("ideas-2026")).id
    refresh()
    assert service.archive(cast.dana, campaign.id) == 2
    make_idea(cast.mina, get_campaign("ideas-2026"))
    refresh()
    decide("hide", cast.sora, made, "abuse", "욕설이 있어 가렸습니다.")
    with pytest.raises(Conflict) as closed:
        service.archive(cast.dana, campaign.id)
    assert closed.value.code == "withheld"


def test_a_worker_makes_a_bundle_in_each_language_for_every_campaign_with_ideas(cast: Cast) -> None:
    make_idea(cast.mina, make_campaign())
    make_campaign("empty-2026")
    with transaction():
        jobs.ask_for_all()
    outbox.drain()
    assert session().scalar(select(func.count(OpenBundle.id))) == 2


def test_the_guide_names_every_table_with_its_key() -> None:
    guide = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")
    for table in TABLES:
        key = ", ".join(f"`{one}`" for one in table.key)
        assert re.search(rf"^\| `{table.name}` \| [^|]+ \| {key} \|", guide, re.MULTILINE), (
            table.name
        )


def test_the_doctor_finds_a_kept_edition_that_was_exchanged(cast: Cast) -> None:
    campaign = make_campaign()
    make_idea(cast.mina, campaign)
    refresh()
    service.archive(SYSTEM, campaign.id)
    assert queries.find_changed_editions() == []
    with transaction() as current:
        current.get_one(OpenBundle, queries.get_bundle("ideas-2026", "en", 1).id).content = b"PK"
    (fault,) = queries.find_changed_editions()
    assert fault.startswith("ideas-2026, edition 1 (en)")
