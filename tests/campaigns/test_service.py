"""Making campaigns, moving their phases, and the commands for both."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ideas_app.audit import queries as audit
from ideas_app.campaigns import queries, service
from ideas_app.campaigns.models import Activity, PhaseKind
from ideas_app.campaigns.rules import CampaignSpec, current_phase, usual_phases
from ideas_app.core import clock
from ideas_app.core.db import transaction
from ideas_app.core.errors import Invalid, NotFound, Refused
from tests.factories import make_campaign
from tests.statements import statements


def spec(slug: str = "ideas-2027", phase: PhaseKind = PhaseKind.GATHERING) -> CampaignSpec:
    phases = usual_phases(phase, clock.day_start(clock.today()))
    return CampaignSpec(slug=slug, title="2027 청년정책 아이디어", year=2027, phases=phases)


def create(actor, made: CampaignSpec):
    with transaction():
        return service.create_campaign(actor, made)


def test_a_campaign_comes_with_its_phases_fields_and_an_entry_in_the_log(cast):
    create(cast.dana, spec())
    campaign = queries.get_campaign("ideas-2027")
    assert [phase.kind for phase in campaign.phases] == [kind.value for kind in PhaseKind]
    assert [field.key for field in campaign.fields][:2] == ["job", "home"]
    assert current_phase(campaign.phases, clock.now()).kind == "gathering"
    assert [entry.tag for entry in audit.list_public()] == ["campaign:created"]


def test_an_address_is_given_once(cast):
    create(cast.dana, spec())
    with pytest.raises(Invalid) as refused:
        create(cast.dana, spec())
    assert refused.value.code == "slug_taken"


@pytest.mark.parametrize("who", ["visitor", "mina", "sora", "hyun"])
def test_others_make_no_campaign_and_move_no_phase(cast, who):
    campaign = make_campaign()
    with pytest.raises(Refused):
        create(getattr(cast, who), spec())
    with pytest.raises(Refused), transaction():
        service.move_to_phase(
            getattr(cast, who), queries.get_campaign(campaign.slug), PhaseKind.BALLOT
        )


def test_a_phase_begun_by_hand_runs_at_once_and_is_logged(cast):
    make_campaign("a", PhaseKind.GATHERING)
    with transaction():
        service.move_to_phase(cast.dana, queries.get_campaign("a"), PhaseKind.BALLOT)
    campaign = queries.get_campaign("a")
    assert current_phase(campaign.phases, clock.now()).kind == "ballot"
    entry = next(iter(audit.list_public()))
    assert entry.tag == "campaign:phase_changed"
    assert set(entry.diff["spans"]) >= {"gathering", "preparing", "ballot"}


def test_a_phase_that_a_campaign_does_not_have_cannot_begin(cast):
    make_campaign("a")
    with pytest.raises(Invalid), transaction():
        service.move_to_phase(cast.dana, queries.get_campaign("a"), "party")


def test_the_newest_open_campaign_is_found(cast):
    make_campaign("old", PhaseKind.TRACKING)
    make_campaign("new", PhaseKind.GATHERING)
    assert queries.find_open(Activity.SUBMIT, clock.now()).slug == "new"
    assert queries.find_open(Activity.BALLOT, clock.now()) is None


def test_a_campaign_costs_three_statements_however_many_phases(cast):
    make_campaign("a")
    with statements() as seen:
        queries.get_campaign("a")
    assert len(seen) <= 3


def test_an_unknown_campaign_is_not_found(app):
    with pytest.raises(NotFound):
        queries.get_campaign("nowhere")


# ---- the command line ----


@pytest.fixture
def flask(app):
    def run(*words: str, **more):
        return app.test_cli_runner().invoke(args=["campaigns", *words], **more)

    return run


def test_the_operator_makes_lists_and_moves_a_campaign(flask):
    made = flask("create", "--slug", "c", "--title", "모집", "--phase", "announced")
    assert made.exit_code == 0, made.output
    assert flask("phase", "--slug", "c", "gathering").exit_code == 0
    rows = json.loads(flask("list", "--json").output)
    assert [(row["slug"], row["phase"]) for row in rows] == [("c", "gathering")]
    assert "gathering" in flask("list").output


def test_a_campaign_is_made_from_a_file(flask, tmp_path):
    file = tmp_path / "campaign.json"
    phases = [{"kind": "gathering", "starts_on": "2027-03-01", "ends_on": "2027-03-31"}]
    file.write_text(
        json.dumps({"title": "제목", "phases": phases, "settings": {"seats": 3}}), encoding="utf-8"
    )
    made = flask("create", "--slug", "f", "--from", str(file), "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["year"] == 2027
    assert queries.get_campaign("f").settings == {"seats": 3}


@pytest.mark.parametrize("content", ["{", "[]", '{"phases": []}', '{"title": "t"}'])
def test_a_bad_file_ends_in_one_line(flask, tmp_path, content):
    file = tmp_path / "campaign.json"
    file.write_text(content, encoding="utf-8")
    answer = flask("create", "--slug", "f", "--from", str(file))
    assert answer.exit_code == 1
    assert answer.stderr.startswith("Error: ")
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_campaign_without_a_title_and_an_unknown_one_are_refused(flask):
    assert flask("create", "--slug", "c").exit_code == 1
    assert flask("phase", "--slug", "nowhere", "ballot").exit_code == 1
    assert flask("phase", "--slug", "nowhere", "party").exit_code == 2


def test_a_made_campaign_may_begin_anywhere(cast):
    create(cast.dana, replace(spec("late", PhaseKind.TRACKING), title_en="Late"))
    phase = current_phase(queries.get_campaign("late").phases, clock.now())
    assert phase.kind == "tracking"
    assert phase.title_en == "Tracking"
