"""Asking, scoring unseen, closing with a reason; nobody sees what they must not see yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ideas_app.accounts.models import Account
from ideas_app.audit.models import AuditEntry
from ideas_app.campaigns.queries import get_campaign
from ideas_app.core import clock, outbox
from ideas_app.core.actor import SYSTEM
from ideas_app.core.db import session, transaction
from ideas_app.core.errors import Conflict, Invalid, Refused
from ideas_app.evaluations import policy, queries, service
from ideas_app.evaluations.events import EvaluationAsked, EvaluationClosed
from ideas_app.evaluations.models import Cost, Evaluation, Feasibility
from ideas_app.evaluations.queries import State
from ideas_app.evaluations.rules import Findings, Standing, Tally
from ideas_app.ideas.models import Idea
from ideas_app.ideas.models import State as Life
from tests.evaluations.scenes import (
    ask,
    close,
    colleague,
    evaluated,
    findings,
    panel,
    score,
)
from tests.factories import make_campaign, make_idea, reload
from tests.people import Actor, Cast
from tests.shortlists.scenes import make_family
from tests.statements import statements


@pytest.fixture
def idea(cast: Cast) -> Idea:
    return make_idea(cast.mina, make_campaign())


def entries(evaluation_id: int) -> list[AuditEntry]:
    query = select(AuditEntry).where(
        AuditEntry.subject_type == "evaluation", AuditEntry.subject_id == evaluation_id
    )
    return list(session().scalars(query.order_by(AuditEntry.id)))


def standing_of(evaluation_id: int) -> Standing:
    return queries.get_row(evaluation_id).standing


# --- asking


def test_several_colleagues_are_asked_at_once_and_each_once(cast: Cast, idea: Idea) -> None:
    noah = colleague()
    made = ask(cast.sora, idea, cast.hyun, noah)
    assert [row.id for row in queries.list_waiting(cast.hyun.id)] == [made[0]]
    assert [row.id for row in queries.list_asked(cast.sora.id, State.ALL)] == made[::-1]
    with pytest.raises(Invalid) as refused:
        ask(cast.sora, idea, cast.dana, noah)
    assert refused.value.code == "not_free"
    assert queries.count_waiting(cast.dana.id) == 0, "all or nobody"


def test_the_database_itself_refuses_a_second_request(cast: Cast, idea: Idea) -> None:
    ask(cast.sora, idea, cast.hyun)
    same = {"idea_id": idea.id, "account_id": cast.hyun.id, "scores": {}}
    with pytest.raises(IntegrityError), transaction() as current:
        current.add(Evaluation(**same, asked_at=clock.now(), due_on=clock.today()))


@pytest.mark.parametrize("name", ["mina", "jun", "visitor"])
def test_a_stranger_neither_asks_nor_reads(cast: Cast, idea: Idea, name: str) -> None:
    stranger = getattr(cast, name)
    with pytest.raises(Refused):
        ask(stranger, idea, cast.hyun)
    with pytest.raises(Refused):
        panel(stranger, idea)


def test_neither_a_youth_nor_the_author_nor_somebody_whose_account_is_closed_is_asked(
    cast: Cast,
) -> None:
    campaign = make_campaign()
    own = make_idea(cast.hyun, campaign)
    family = make_family(campaign, [own, make_idea(cast.mina, campaign)])
    unproved = colleague("Unproved", verified=False)
    for subject, person in ((family, cast.hyun), (family, cast.mina), (family, unproved)):
        with pytest.raises(Invalid):
            ask(cast.sora, subject, person)
    assert ask(cast.sora, family, cast.dana)


def test_colleagues_are_found_by_name_or_department(cast: Cast, idea: Idea) -> None:
    noah = colleague()
    with transaction():
        session().get_one(Account, noah.id).department = "교통행정과"
    for words, names in (("교통 행정", ["Noah"]), ("noa", ["Noah"]), ("없는과", [])):
        assert [one.name for one in queries.list_colleagues(idea, words)] == names
    assert len(queries.list_colleagues(idea)) == 4


@pytest.mark.parametrize("days", [-1, 400])
def test_the_day_is_neither_past_nor_far(cast: Cast, idea: Idea, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        ask(cast.sora, idea, cast.hyun, days=days)
    assert refused.value.code == "due_on"


def test_only_what_is_public_is_evaluated_and_a_joined_idea_with_its_family(cast: Cast) -> None:
    campaign = make_campaign()
    hidden = make_idea(cast.mina, campaign, state=Life.HIDDEN)
    joined = make_idea(cast.mina, campaign)
    make_family(campaign, [joined])
    for subject, code in ((hidden, "subject_gone"), (joined, "in_family")):
        with pytest.raises(Conflict) as refused:
            ask(cast.sora, subject, cast.hyun)
        assert refused.value.code == code


def test_a_request_is_taken_back_by_its_asker_until_somebody_has_worked(
    cast: Cast, idea: Idea
) -> None:
    noah = colleague()
    first, second = ask(cast.sora, idea, cast.hyun, noah)
    score(noah, second, 3)
    for person, evaluation_id in ((cast.hyun, first), (cast.sora, second)):
        with pytest.raises(Refused), transaction():
            service.take_back(person, queries.get_evaluation(evaluation_id))
    with transaction():
        service.take_back(cast.sora, queries.get_evaluation(first))
    assert queries.list_waiting(cast.hyun.id) == []
    with pytest.raises(Refused, match="taken_back"):
        score(cast.hyun, first, 3)
    assert ask(cast.sora, idea, cast.hyun), "and asked again"


def test_declining_needs_a_reason_and_somebody_else_may_be_asked(cast: Cast, idea: Idea) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    with pytest.raises(Invalid), transaction():
        service.decline(cast.hyun, queries.get_evaluation(evaluation_id), " ")
    with pytest.raises(Refused), transaction():
        service.decline(cast.dana, queries.get_evaluation(evaluation_id), "제 일이 아닙니다.")
    with transaction():
        service.decline(cast.hyun, queries.get_evaluation(evaluation_id), "제 일이 아닙니다.")
    seen = panel(cast.sora, idea)
    assert [person.row.decline_reason for person in seen.declined] == ["제 일이 아닙니다."]
    assert (seen.tally, seen.people) == (Tally(0, 0), ())
    assert [row.id for row in queries.list_asked(cast.sora.id, State.WAITING)] == [evaluation_id]
    with transaction():
        service.take_back(cast.sora, queries.get_evaluation(evaluation_id))
    assert queries.list_asked(cast.sora.id, State.ALL) == []


# --- blind first


def test_scores_are_given_once_and_for_every_criterion(cast: Cast, idea: Idea) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    with pytest.raises(Invalid) as refused, transaction():
        service.score(cast.hyun, queries.get_evaluation(evaluation_id), {"need": 3, "effect": 9})
    assert len(refused.value.faults) == 4
    with pytest.raises(Refused, match="not_asked"):
        score(cast.sora, evaluation_id, 3)
    score(cast.hyun, evaluation_id, 1, 2, 3, 4, 5)
    score(cast.hyun, evaluation_id, 1, 2, 3, 4, 5)
    assert len(entries(evaluation_id)) == 2, "pressed twice is given once"
    with pytest.raises(Refused, match="scored"):
        score(cast.hyun, evaluation_id, 5)
    assert list(queries.get_evaluation(evaluation_id).scores.values()) == [1, 2, 3, 4, 5]


def test_the_log_says_that_scores_were_given_and_never_which(cast: Cast, idea: Idea) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    score(cast.hyun, evaluation_id, 5)
    asked, scored = entries(evaluation_id)
    assert (asked.tag, scored.tag, scored.diff) == ("evaluation:asked", "evaluation:scored", {})
    assert not asked.is_public
    assert not scored.is_public


@pytest.mark.parametrize("name", ["hyun", "sora", "dana"])
def test_nobody_sees_the_scores_of_others_before_having_given_their_own(
    cast: Cast, idea: Idea, name: str
) -> None:
    """Not the official, nor the asker who evaluates, nor the administrator."""
    noah, reader = colleague(), getattr(cast, name)
    evaluated(cast.sora, idea, noah, 2)
    (own,) = ask(cast.sora, idea, reader)
    before = panel(reader, idea)
    assert before.is_blind
    assert [(one.scores, one.findings) for one in before.people] == [(None, None)] * 2
    assert [line.spread for line in before.lines] == [None] * 5
    assert before.parts_apart == ()
    assert before.tally == Tally(1, 2), "how far people are is no secret"
    score(reader, own, 4)
    after = panel(reader, idea)
    assert not after.is_blind
    assert [one.scores["need"] for one in after.people if one.scores] == [2, 4]
    assert after.told[0].findings == findings()


def test_what_hangs_together_is_hidden_together(cast: Cast) -> None:
    """Somebody who owes scores for a family does not look them up at one of its ideas, nor the reverse."""
    campaign, noah = make_campaign(), colleague()
    idea, other = make_idea(cast.mina, campaign), make_idea(cast.mina, campaign)
    evaluated(cast.sora, idea, noah, 2)
    ask(cast.sora, other, cast.dana)
    family = make_family(campaign, [idea, other])
    ask(cast.sora, family, cast.hyun)
    evaluated(cast.sora, family, noah, 3)
    for reader in (cast.hyun, cast.dana):
        for subject in (family, other, idea) if reader is cast.hyun else (family, other):
            assert panel(reader, reload(type(subject), subject.id)).is_blind
    assert panel(cast.sora, family).members[0].tally == Tally(1, 1)


def test_a_file_is_as_blind_as_a_page(cast: Cast, idea: Idea) -> None:
    evaluated(cast.sora, idea, colleague(), 2)
    ask(cast.sora, idea, cast.hyun)
    campaign = get_campaign("ideas-2026")

    def told(reader: Actor) -> list[bool]:
        rows = queries.list_for_export(reader, campaign)
        return [person.scores is not None or person.findings is not None for person in rows]

    assert told(cast.hyun) == [False, False]
    assert told(cast.dana) == told(SYSTEM) == [True, False]


def test_a_draft_is_nobody_elses(cast: Cast, idea: Idea) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    score(cast.hyun, evaluation_id, 3)
    with transaction():
        service.save(cast.hyun, queries.get_evaluation(evaluation_id), Findings(reason="아직"))
    (person,) = panel(cast.sora, idea).people
    assert (person.row.standing, person.findings) == (Standing.SCORED, None)


# --- closing


def test_what_is_feasible_is_written_after_the_scores_by_whoever_was_asked(
    cast: Cast, idea: Idea
) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    with pytest.raises(Refused, match="not_scored"):
        close(cast.hyun, evaluation_id)
    score(cast.hyun, evaluation_id, 3)
    with pytest.raises(Refused, match="not_asked"):
        close(cast.dana, evaluation_id)
    with pytest.raises(Invalid) as refused:
        close(cast.hyun, evaluation_id, reason="")
    assert refused.value.code == "reason_missing"
    assert standing_of(evaluation_id) is Standing.SCORED
    close(cast.hyun, evaluation_id)
    close(cast.hyun, evaluation_id)
    assert len(entries(evaluation_id)) == 3, "pressed twice is closed once"
    with pytest.raises(Refused, match="closed"):
        close(cast.hyun, evaluation_id, cost=Cost.MORE)


def test_a_closed_one_is_opened_with_a_reason_and_the_log_keeps_what_it_said(
    cast: Cast, idea: Idea
) -> None:
    evaluation_id = evaluated(cast.sora, idea, cast.hyun, 3, cost=Cost.NONE)
    for person, reason, fault in (
        (cast.hyun, "", Invalid),
        (cast.sora, "다시 봅니다.", Refused),
    ):
        with pytest.raises(fault), transaction():
            service.reopen(person, queries.get_evaluation(evaluation_id), reason)
    with transaction():
        service.reopen(cast.hyun, queries.get_evaluation(evaluation_id), "인건비를 빠뜨렸습니다.")
    seen = panel(cast.sora, idea)
    assert (seen.tally, seen.told) == (Tally(0, 1), ())
    assert seen.people[0].scores == dict.fromkeys(queries.get_evaluation(evaluation_id).scores, 3)
    close(cast.hyun, evaluation_id, cost=Cost.UNDER_50M)
    said = [(one.tag, one.diff.get("cost"), one.reason) for one in entries(evaluation_id)[2:]]
    assert said == [
        ("evaluation:closed", "none", ""),
        ("evaluation:reopened", "none", "인건비를 빠뜨렸습니다."),
        ("evaluation:closed", "under_50m", ""),
    ]


def test_colleagues_who_differ_are_shown_where(cast: Cast, idea: Idea) -> None:
    evaluated(cast.sora, idea, cast.hyun, 4, 4, 4, 4, 4)
    evaluated(cast.sora, idea, colleague(), 4, 5, 1, 4, 4, feasibility=Feasibility.NOT)
    evaluated(cast.sora, idea, cast.dana, 4, 4, 4, 3, 4)
    seen = panel(cast.sora, idea)
    assert [(line.criterion.key, line.apart) for line in seen.criteria_apart] == [
        ("feasibility", ("Noah",))
    ]
    assert seen.parts_apart == ("feasibility",)


def test_an_idea_that_is_gone_asks_nothing_of_anybody(cast: Cast, idea: Idea) -> None:
    (evaluation_id,) = ask(cast.sora, idea, cast.hyun)
    with transaction():
        session().get_one(Idea, idea.id).is_listed = False
    assert queries.list_waiting(cast.hyun.id) == []
    assert queries.list_subjects(State.ALL) == []
    with pytest.raises(Refused, match="subject_gone"):
        score(cast.hyun, evaluation_id, 3)


# --- lists and events


def test_what_waits_stands_by_its_day_and_counts_cost_one_statement(cast: Cast, idea: Idea) -> None:
    other = make_idea(cast.mina, make_campaign("ideas-2027"))
    late = ask(cast.sora, idea, cast.hyun, days=9)
    soon = ask(cast.dana, other, cast.hyun, days=2)
    assert [row.id for row in queries.list_waiting(cast.hyun.id)] == soon + late
    evaluated(cast.sora, other, colleague(), 3)
    assert [row.idea_id for row in queries.list_subjects(State.ALL)] == [other.id, idea.id]
    assert queries.list_subjects(State.DONE) == []
    everything = [queries.get_row(evaluation_id) for evaluation_id in soon + late]
    with statements() as seen:
        counts = queries.counts_of(everything)
    assert len(seen) == 1
    assert counts == {(other.id, None): Tally(1, 2), (idea.id, None): Tally(0, 1)}
    assert queries.counts_of([]) == {}


def test_days_are_working_days_and_one_past_is_late(cast: Cast, idea: Idea) -> None:
    friday = clock.day_start(clock.today() + timedelta(days=(4 - clock.today().weekday()) % 7), 9)
    with clock.at(friday):
        (evaluation_id,) = ask(cast.sora, idea, cast.hyun, days=0)
        assert queries.get_row(evaluation_id).days_left == 0
    with clock.at(friday + timedelta(days=1)):
        assert queries.get_row(evaluation_id).days_left < 0


def test_asking_and_closing_are_told(
    cast: Cast, idea: Idea, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(outbox, "publish", told.append)
    evaluation_id = evaluated(cast.sora, idea, cast.hyun, 3)
    assert told == [EvaluationAsked(evaluation_id), EvaluationClosed(evaluation_id)]


def test_what_was_taken_back_is_not_taken_back_again(cast: Cast, idea: Idea) -> None:
    (number,) = ask(cast.sora, idea, cast.hyun)
    for code in ("", "over"):
        with transaction():
            verdict = policy.may_take_back(cast.sora, queries.get_evaluation(number))
            assert verdict.code == (code or "ok")
            if verdict:
                service.take_back(cast.sora, queries.get_evaluation(number))
