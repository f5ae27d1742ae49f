"""The verbs of evaluations: ask, take back, decline, score unseen, write what is feasible, close, reopen.

Must not know answers: what the city says in the end is another's business.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.campaigns.models import Campaign
from ideas_app.campaigns.rules import rules_of
from ideas_app.core import clock, outbox, text
from ideas_app.core.db import session
from ideas_app.core.errors import Conflict, Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l
from ideas_app.evaluations import policy, queries
from ideas_app.evaluations.events import EvaluationAsked, EvaluationClosed
from ideas_app.evaluations.models import Evaluation
from ideas_app.evaluations.rules import Findings, criteria_of, faults_of, faults_of_scores
from ideas_app.ideas.models import Idea

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ideas_app.core.actor import Actor
    from ideas_app.evaluations.rules import Criterion
    from ideas_app.ideas.models import Family

PEOPLE_MOST = 12
"""People asked about one thing at a time."""
FAR = timedelta(days=366)
QUESTION_MOST = 300
WHY_LEAST = 5
WHY_MOST = 300


def ask(
    actor: Actor,
    subject: Idea | Family,
    account_ids: Sequence[int],
    due_on: date,
    question: str = "",
) -> list[Evaluation]:
    """Asks several colleagues at once to evaluate an idea or a family by a day; all of them or none.

    Nobody is asked twice about one thing while a request stands, nobody about an idea of their own; who
    declined may be asked again. Raises `Refused`, `Conflict` for a thing that is gone or was joined into a
    family, `Invalid`.
    """
    policy.may_ask(actor).require()
    _hold_subject(subject)
    _require_open(subject)
    faults = _asking_faults(subject, account_ids, due_on, question)
    if faults:
        raise Invalid(*faults)
    made = [
        Evaluation(
            idea_id=subject.id if isinstance(subject, Idea) else None,
            family_id=None if isinstance(subject, Idea) else subject.id,
            account_id=account_id,
            asked_by=actor.id,
            asked_at=clock.now(),
            due_on=due_on,
            question=text.normalise(question),
            scores={},
        )
        for account_id in dict.fromkeys(account_ids)
    ]
    session().add_all(made)
    session().flush()
    for evaluation in made:
        diff = {
            "idea": evaluation.idea_id,
            "family": evaluation.family_id,
            "account": evaluation.account_id,
            "due_on": due_on.isoformat(),
        }
        audit.record(actor, Tag.EVALUATION_ASKED, "evaluation", evaluation.id, diff=diff)
        outbox.publish(EvaluationAsked(evaluation.id))
    return made


def _hold_subject(subject: Idea | Family) -> None:
    """The row as it is now; two people who ask about it at once do so one after the other."""
    kind = type(subject)
    # not refresh(): it repeats the joins with which an idea was read, and an outer join cannot be locked
    query = select(kind).where(kind.id == subject.id).with_for_update()
    session().scalars(query.execution_options(populate_existing=True)).one()


def _require_open(subject: Idea | Family) -> None:
    if not queries.is_open(subject):
        message = _l("Only ideas that are public, and families that stand, are evaluated.")
        raise Conflict("subject_gone", message)
    if isinstance(subject, Idea) and queries.get_subject(idea_id=subject.id) is not subject:
        message = _l("This idea was joined into a family: ask about the family.")
        raise Conflict("in_family", message)


def _asking_faults(
    subject: Idea | Family, account_ids: Sequence[int], due_on: date, question: str
) -> list[Fault]:
    faults = []
    free = {one.id for one in queries.list_colleagues(subject) if one.is_free}
    if not account_ids:
        faults.append(Fault("people", "nobody", _l("Choose at least one colleague.")))
    elif len(set(account_ids)) > PEOPLE_MOST:
        message = _l("At most %(most)s people at a time.", most=PEOPLE_MOST)
        faults.append(Fault("people", "too_many", message))
    elif not free.issuperset(account_ids):
        message = _l(
            "Somebody you chose was asked already, wrote the idea, or evaluates no more. Look at the list again."
        )
        faults.append(Fault("people", "not_free", message))
    today = clock.today()
    if not today <= due_on <= today + FAR:
        message = _l("Choose a day from today on, within a year.")
        faults.append(Fault("due_on", "due_on", message))
    if text.length(question) > QUESTION_MOST:
        message = _l("Too long: at most %(most)s characters.", most=QUESTION_MOST)
        faults.append(Fault("question", "too_long", message))
    return faults


def take_back(actor: Actor, evaluation: Evaluation) -> None:
    """Withdraws a request that nobody has worked on yet. Raises `Refused`."""
    _hold(evaluation)
    policy.may_take_back(actor, evaluation).require()
    evaluation.taken_back_at = clock.now()
    audit.record(actor, Tag.EVALUATION_TAKEN_BACK, "evaluation", evaluation.id)


def decline(actor: Actor, evaluation: Evaluation, reason: str) -> None:
    """Says that one does not evaluate this, and why; the asker reads it and may ask somebody else.

    Raises `Refused`, `Invalid` without a reason.
    """
    _hold(evaluation)
    policy.may_decline(actor, evaluation).require()
    evaluation.decline_reason = _why(reason)
    evaluation.declined_at = clock.now()
    audit.record(
        actor,
        Tag.EVALUATION_DECLINED,
        "evaluation",
        evaluation.id,
        reason=evaluation.decline_reason,
    )


def score(actor: Actor, evaluation: Evaluation, scores: Mapping[str, int]) -> None:
    """Gives the scores, criterion key to 1 to 5: each criterion of the campaign, once, for good. Sending
    the same ones again changes nothing.

    The log says that scores were given, never which: it could be read by somebody who still owes theirs.
    Raises `Refused` (also for a second time), `Invalid` with a fault for each criterion left out.
    """
    _hold(evaluation)
    is_own = actor.id == evaluation.account_id
    if is_own and evaluation.scored_at and evaluation.scores == dict(scores):
        return  # the button was pressed twice
    subject = queries.subject_of(evaluation)
    policy.may_score(actor, evaluation, is_open=queries.is_open(subject)).require()
    criteria = criteria_for(subject)
    faults = faults_of_scores(scores, criteria)
    if faults:
        raise Invalid(*faults)
    evaluation.scores = {criterion.key: int(scores[criterion.key]) for criterion in criteria}
    evaluation.scored_at = clock.now()
    audit.record(actor, Tag.EVALUATION_SCORED, "evaluation", evaluation.id)


def criteria_for(subject: Idea | Family) -> tuple[Criterion, ...]:
    """The criteria of the campaign that an idea or a family belongs to."""
    campaign = session().get_one(Campaign, subject.campaign_id)
    return criteria_of(rules_of(campaign).evaluation_criteria)


def save(actor: Actor, evaluation: Evaluation, findings: Findings) -> None:
    """Keeps the second part as far as it is written; only its author sees it. Raises `Refused`, `Invalid`."""
    _write(actor, evaluation, findings, closing=False)
    evaluation.saved_at = clock.now()


def close(actor: Actor, evaluation: Evaluation, findings: Findings) -> None:
    """Finishes an evaluation: colleagues read it from now on. What it says is kept in the log. Sending the
    same again changes nothing.

    Raises `Refused`, `Invalid` with every fault: nothing is closed without its reason.
    """
    _hold(evaluation)
    is_own = actor.id == evaluation.account_id
    if is_own and evaluation.closed_at and queries.findings_of(evaluation) == findings.tidied():
        return  # the button was pressed twice
    _write(actor, evaluation, findings, closing=True)
    evaluation.closed_at = clock.now()
    evaluation.reopened_at = evaluation.saved_at = None
    audit.record(
        actor,
        Tag.EVALUATION_CLOSED,
        "evaluation",
        evaluation.id,
        diff=queries.findings_of(evaluation).to_json(),
    )
    outbox.publish(EvaluationClosed(evaluation.id))


def _write(actor: Actor, evaluation: Evaluation, findings: Findings, *, closing: bool) -> None:
    _hold(evaluation)
    is_open = queries.is_open(queries.subject_of(evaluation))
    policy.may_write(actor, evaluation, is_open=is_open).require()
    findings = findings.tidied()
    faults = faults_of(findings, closing=closing)
    if faults:
        raise Invalid(*faults)
    for name in Findings.__slots__:
        setattr(evaluation, name, getattr(findings, name))
    session().flush()


def reopen(actor: Actor, evaluation: Evaluation, reason: str) -> None:
    """Opens one's closed evaluation again; scores stay, and what it said is kept in the log with the reason.

    Raises `Refused`, `Invalid` without a reason.
    """
    _hold(evaluation)
    is_open = queries.is_open(queries.subject_of(evaluation))
    policy.may_reopen(actor, evaluation, is_open=is_open).require()
    said = queries.findings_of(evaluation).to_json()
    audit.record(
        actor,
        Tag.EVALUATION_REOPENED,
        "evaluation",
        evaluation.id,
        reason=_why(reason),
        diff=said,
    )
    evaluation.closed_at = None
    evaluation.reopened_at = clock.now()


def _why(reason: str) -> str:
    """A reason between a few words and a few sentences. Raises `Invalid` at `reason`."""
    words = text.normalise(reason)
    if text.length(words) < WHY_LEAST:
        message = _l("Say why, in a few words: your colleagues read it.")
        raise Invalid(Fault("reason", "reason_missing", message))
    if text.length(words) > WHY_MOST:
        message = _l("Too long: at most %(most)s characters.", most=WHY_MOST)
        raise Invalid(Fault("reason", "too_long", message))
    return words


def _hold(evaluation: Evaluation) -> None:
    """The row as it is now; nobody else changes it while this transaction runs."""
    session().refresh(evaluation, with_for_update=True)
