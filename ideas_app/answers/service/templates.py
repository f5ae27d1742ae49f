"""The words that officials begin from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ideas_app.answers import policy, queries
from ideas_app.answers.models import AnswerTemplate
from ideas_app.answers.rules import REASON_MAX
from ideas_app.answers.rules.drafts import LINE_MAX
from ideas_app.audit import service as audit
from ideas_app.audit.rules import Tag
from ideas_app.core import clock, text
from ideas_app.core.db import session
from ideas_app.core.errors import Fault, Invalid
from ideas_app.core.i18n import lazy_gettext as _l

if TYPE_CHECKING:
    from ideas_app.answers.models import Decision
    from ideas_app.core.actor import Actor

TITLE_MAX = 80


def save_template(
    actor: Actor,
    title: str,
    *,
    decision: Decision | None = None,
    headline: str = "",
    reason: str = "",
    template_id: int | None = None,
) -> AnswerTemplate:
    """Makes a template, or changes one. Raises `Refused`, `NotFound`, `Invalid` for a missing title or too
    many characters.
    """
    policy.may_write(actor).require()
    title, headline = text.one_line(title), text.one_line(headline)
    faults = []
    if not title:
        faults.append(Fault("title", "missing", _l("Give the template a title.")))
    lengths = (
        ("title", len(title), TITLE_MAX),
        ("headline", len(headline), LINE_MAX["headline"]),
        ("reason", text.length(reason), REASON_MAX),
    )
    for name, length, most in lengths:
        if length > most:
            message = _l("Too long: at most %(most)s characters.", most=most)
            faults.append(Fault(name, "too_long", message))
    if faults:
        raise Invalid(*faults)
    found = queries.get_template(template_id) if template_id else AnswerTemplate()
    found.title, found.decision, found.headline = title, decision, headline
    found.reason = text.normalise(reason)
    found.changed_by, found.changed_at = actor.id, clock.now()
    session().add(found)
    session().flush()
    _note(actor, found)
    return found


def remove_template(actor: Actor, template_id: int) -> None:
    """Takes a template away; answers that began from it stay as they are. Raises `Refused`, `NotFound`."""
    policy.may_write(actor).require()
    found = queries.get_template(template_id)
    _note(actor, found, is_gone=True)
    session().delete(found)
    session().flush()


def _note(actor: Actor, template: AnswerTemplate, *, is_gone: bool = False) -> None:
    diff = {"title": template.title, "is_gone": is_gone}
    audit.record(actor, Tag.ANSWER_TEMPLATE_CHANGED, "answer_template", template.id, diff=diff)
