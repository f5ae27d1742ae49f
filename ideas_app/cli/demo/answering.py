"""The officials' desk on the first day: templates, answers that were taken, drafted, looked over, passed on.

Must not decide anything: every act goes through the service that a click would call.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ideas_app.answers import queries
from ideas_app.answers import service as answers
from ideas_app.answers.models import Decision
from ideas_app.answers.rules import AnswerContent, PromiseContent
from ideas_app.cli.demo.stage import read
from ideas_app.ideas.queries import get_idea

if TYPE_CHECKING:
    from ideas_app.answers.models import Answer
    from ideas_app.cli.demo.stage import Stage
    from ideas_app.core.actor import Actor

DECISIONS = {
    "반영": Decision.ADOPTED,
    "일부 반영": Decision.PARTLY,
    "추후 검토": Decision.LATER,
    "반영 곤란": Decision.HARD,
    "이미 시행": Decision.ALREADY,
    "타 기관 이송": Decision.PASSED_ON,
}


def fill_desk(stage: Stage) -> None:
    """Puts work on the desk. An idea that is owed no answer on this day is passed over."""
    document = read("desk_2026")
    people = {"official": stage.official, "official2": stage.second_official}
    for entry in document["templates"]:
        answers.save_template(
            stage.official,
            entry["title"],
            decision=DECISIONS[entry["decision"]],
            headline=entry["headline"],
            reason=entry["reason"],
        )
    for entry in document["works"]:
        idea_id = stage.idea_ids.get(entry["idea"])
        answer = queries.find_of_idea(get_idea(idea_id), published=False) if idea_id else None
        if answer is not None and answer.answered_at is None:
            _work(stage, people, answer, entry)


def _work(stage: Stage, people: dict[str, Actor], answer: Answer, entry: dict[str, Any]) -> None:
    if "take" in entry:
        person = people[entry["take"]]
        answers.assign(person, answer, person.id or 0)
        return
    person = people[entry["by"]]
    if "pass_on" in entry:
        answers.pass_on(person, answer, entry["pass_on"], entry["word"])
        return
    version = answers.save_draft(person, answer, _content(stage, entry)).version
    if "ask" in entry:
        answers.ask_review(person, answer, of=people[entry["ask"]].id)
    if "approve" in entry:
        answers.approve(people[entry["approve"]], answer, version=version)
    if "send_back" in entry:
        answers.send_back(people[entry["send_back"]], answer, entry["word"], version=version)


def _content(stage: Stage, entry: dict[str, Any]) -> AnswerContent:
    """Days of promises count from the day of loading."""
    next_on = entry.get("next_on")
    return AnswerContent(
        decision=DECISIONS[entry["decision"]],
        headline=entry["headline"],
        reason=entry["reason"],
        department=entry["department"],
        post=entry["post"],
        next_on=stage.today + timedelta(days=next_on) if next_on else None,
        promises=tuple(
            PromiseContent(words, stage.today + timedelta(days=days))
            for words, days in entry["promises"]
        ),
    )
