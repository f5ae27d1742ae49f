"""The screen on which officials answer: what it shows around the form, and the way to the next one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import render_template, url_for

from ideas_app.accounts.queries import nicknames_of
from ideas_app.answers import policy, queries
from ideas_app.answers.forms import AnswerForm, ExtensionForm, ReviewForm
from ideas_app.answers.rules.desk import AMBER, stage_of, steps_of
from ideas_app.answers.rules.drafts import requirements_of, stems_of
from ideas_app.answers.views.frame import (
    ACT_NAMES,
    NEED_NAMES,
    STAGE_LOOKS,
    STAGE_NAMES,
    WHY_NAMES,
    present_filters,
)
from ideas_app.campaigns.rules import rules_of
from ideas_app.comments import queries as comments
from ideas_app.core import clock
from ideas_app.core.markup import render
from ideas_app.evaluations import queries as evaluations
from ideas_app.moderation import queries as moderation
from ideas_app.moderation.forms import NoteForm
from ideas_app.web.access import current_actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ideas_app.answers.models import AnswerWork
    from ideas_app.answers.queries import AnswerRow, DeskFilters
    from ideas_app.answers.rules import AnswerContent
    from ideas_app.comments.queries import Line
    from ideas_app.ideas.models import Idea

VOICES = 5
"""Comments of each stance beside the form."""


def address_of(answer_id: int, *, anchor: str | None = None) -> str:
    """The screen of an answer, filters kept."""
    values = present_filters().values()
    return url_for("answers.write", answer_id=answer_id, _anchor=anchor, **values)


def next_address(answer_id: int) -> str:
    """Where to go once an answer is done with: what comes after it under the same filters, else what came
    before, else the list.
    """
    filters = present_filters()
    before, after = queries.find_beside(filters, current_actor(), queries.get_row(answer_id))
    onward = after or before
    if onward is None:
        return url_for("answers.desk", **filters.values())
    return address_of(onward)


def render_screen(
    answer_id: int,
    *,
    form: AnswerForm | None = None,
    extension: ExtensionForm | None = None,
    review: ReviewForm | None = None,
    note: NoteForm | None = None,
    is_conflict: bool = False,
) -> str:
    """The whole screen; a form that was sent and has to be mended stands in the place of a fresh one."""
    row = queries.get_row(answer_id)
    work = queries.find_work(answer_id)
    filters = present_filters()
    stored = queries.draft_of(row.answer, work)
    form = form or AnswerForm.of(_with_department(stored, work), work.version)
    form.offer(queries.list_templates(), _others())
    ideas = queries.list_ideas_of(row.answer)
    voices = _voices(ideas)
    return render_template(
        "answers/write.html",
        row=row,
        answer=row.answer,
        work=work,
        ideas=ideas,
        panel=evaluations.panel_of(current_actor(), evaluations.subject_of(row.answer)),
        filters=filters,
        form=form,
        stored=stored if is_conflict else None,
        extension=extension or ExtensionForm(formdata=None, prefix="extend-"),
        extending=extension is not None,
        may_extend=policy.may_extend(current_actor(), row.answer),
        review=review or ReviewForm(formdata=None, version=work.version),
        reviewing=review is not None,
        needs=requirements_of(
            form.content(),
            [line.text for line in voices["against"]],
            has_promises=bool(row.answer.promises),
        ),
        need_names=NEED_NAMES,
        preview=form.content(),
        preview_html=render(form.content().reason),
        departments=queries.list_department_names(),
        posts=queries.list_posts(),
        amber=AMBER,
        **voices,
        **_beside(filters, row),
        **_gate(row, work),
        **_reading(row, ideas),
        **_notes(row, note),
    )


def _with_department(stored: AnswerContent, work: AnswerWork) -> AnswerContent:
    """An answer that nobody has begun is begun by the department whose turn it is."""
    own = stored.department or work.department or queries.department_of(current_actor().id)
    return replace(stored, department=own)


def _others() -> list[queries.Colleague]:
    return [one for one in queries.list_colleagues() if one.id != current_actor().id]


def _beside(filters: DeskFilters, row: AnswerRow) -> dict[str, Any]:
    before, after = queries.find_beside(filters, current_actor(), row)
    return {
        "before": address_of(before) if before else None,
        "after": address_of(after) if after else None,
    }


def _gate(row: AnswerRow, work: AnswerWork) -> dict[str, Any]:
    """Who must have looked before it goes out, and what the person here may do about it."""
    actor = current_actor()
    second = queries.needs_second(row.campaign)
    verdict = policy.may_publish(actor, work, needs_second=second)
    people = (work.assignee_id, work.saved_by, work.asked_of, work.reviewed_by, work.scheduled_by)
    return {
        "second": second,
        "may_publish": verdict,
        "may_alone": not verdict and bool(policy.may_publish_alone(actor)),
        "may_review": policy.may_review(actor, work),
        "stage": stage_of(
            has_draft=work.draft is not None,
            review=work.review,
            is_scheduled=work.publish_at is not None,
            assignee_id=work.assignee_id,
        ),
        "stage_names": STAGE_NAMES,
        "stage_looks": STAGE_LOOKS,
        "names": nicknames_of(people),
        "soonest": clock.now(),
    }


def _voices(ideas: Sequence[Idea]) -> dict[str, Any]:
    """What speaks for and against, the weightiest first: raised by the centre, then most replied to."""
    thread = comments.list_together([idea.id for idea in ideas], shown=VOICES)
    shown: dict[str, list[Line]] = {}
    counts = {}
    for name, column in zip(("in_favour", "against"), thread.columns, strict=False):
        lines = [line for line in column.lines if line.is_visible]
        shown[name] = sorted(
            lines, key=lambda line: (line.highlighted_at is None, -line.replies_count)
        )
        counts[f"{name}_count"] = column.count
    worry = shown["against"][0].text if shown["against"] else ""
    return {**shown, **counts, "voices_count": thread.count, "worry_stems": stems_of(worry)}


def _reading(row: AnswerRow, ideas: Sequence[Idea]) -> dict[str, Any]:
    """What helps to decide: numbers, who took part in what, answers given before, the answer's own story."""
    threshold = rules_of(row.campaign).answer_supports
    return {
        "steps": steps_of(row.supports, threshold),
        "authors": len({idea.author_id for idea in ideas}),
        "participants": queries.list_participants(ideas),
        "similar": queries.list_similar_answers(row, f"{row.idea.why}\n{row.idea.how}"),
        "why": queries.reason_of(row),
        "why_names": WHY_NAMES,
        "answer_days": rules_of(row.campaign).answer_days,
        "acts": queries.list_acts(row.answer.id),
        "act_names": ACT_NAMES,
    }


def _notes(row: AnswerRow, note: NoteForm | None) -> dict[str, Any]:
    """Notes of a family stand at its first member."""
    return {
        "idea": row.idea,
        "notes": moderation.list_notes(row.idea.id),
        "colleagues": moderation.list_colleagues(but=current_actor().id).values(),
        "note": note or NoteForm(formdata=None),
        "note_address": url_for(
            "answers.note", answer_id=row.answer.id, **present_filters().values()
        ),
    }
